// Tunnels over IP. Each reads its header, makes what was read so far the path to it, and hands on what it holds. A mirror
// or an overlay carries ordinary frames for the most part, so those are left before anything is stored here as well.

extension DecodedFrame {
    // MARK: UDP

    /// Ports of UDP destinations; the source port of a tunnel is a hash of the flow inside.
    private enum Port {
        static let vxlan: UInt16 = 4789
        static let vxlanGPE: UInt16 = 4790
        static let geneve: UInt16 = 6081
        /// Linux's before there was a number (vxlan.rst of the kernel), and flannel's to this day.
        static let vxlanOfLinux: UInt16 = 8472
    }

    /// Whether a UDP header is there, and is for a port that is read.
    static func isKnownPort(_ bytes: Span<UInt8>, udpAt offset: Int) -> Bool {
        guard bytes.count >= offset + 8 else { return false }
        switch bytes.uint16(at: offset + 2) {
        case Port.vxlan, Port.vxlanGPE, Port.geneve, Port.vxlanOfLinux, HSRPPacket.port, HSRPPacket.portIPv6,
            GLBPPacket.port:
            return true
        default: return false
        }
    }

    @_lifetime(self: copy bytes)
    mutating func readUDP(_ bytes: Span<UInt8>, _ header: IPHeader) throws(DecodeError) {
        try Self.require(8, of: bytes, .udp)
        let rest = bytes.extracting(droppingFirst: 8)
        switch bytes.uint16(at: 2) {
        case Port.vxlan, Port.vxlanOfLinux: try readVXLAN(rest, header)
        case Port.vxlanGPE: try readVXLANGPE(rest, header)
        case Port.geneve: try readGENEVE(rest, header)
        case HSRPPacket.port, HSRPPacket.portIPv6:
            try readHSRP(rest, header)
        case GLBPPacket.port:
            guard let packet = try GLBPPacket(rest, to: header.destination) else { return }
            ip = header
            payload = .glbp(packet)
        default: break
        }
    }

    @_lifetime(self: copy bytes)
    private mutating func readHSRP(_ bytes: Span<UInt8>, _ header: IPHeader) throws(DecodeError) {
        // A message about an interface may hold a group's state as well, which counts more.
        sidenote = HSRPPacket.sidenote(bytes, to: header.destination)
        guard let packet = try HSRPPacket(bytes, to: header.destination) else { return }
        ip = header
        payload = .hsrp(packet)
    }

    /// VXLAN (RFC 7348 section 5): flags, reserved, the VNI, reserved; then Ethernet.
    @_lifetime(self: copy bytes)
    private mutating func readVXLAN(_ bytes: Span<UInt8>, _ carrier: IPHeader) throws(DecodeError) {
        try Self.require(8, of: bytes, .vxlan)
        // Without a valid VNI it is to be dropped, and is most likely no VXLAN.
        guard bytes[0] & 0x08 != 0 else { return }
        let rest = bytes.extracting(droppingFirst: 8)
        guard !rest.isOrdinaryEthernet else { return }
        try enter(.vxlan, bytes.uint32(at: 4) >> 8, .vxlan, carrier: carrier)
        try readEthernet(rest)
    }

    /// VXLAN-GPE (draft-ietf-nvo3-vxlan-gpe section 3): VXLAN that says what follows.
    @_lifetime(self: copy bytes)
    private mutating func readVXLANGPE(_ bytes: Span<UInt8>, _ carrier: IPHeader) throws(DecodeError) {
        try Self.require(8, of: bytes, .vxlan)
        let vni = bytes[0] & 0x08 != 0 ? bytes.uint32(at: 4) >> 8 : nil
        let rest = bytes.extracting(droppingFirst: 8)
        // Without the P bit nothing is said, and it is Ethernet as in VXLAN.
        let next = bytes[0] & 0x04 != 0 ? bytes[3] : 3
        guard next == 1 || next == 2 || next == 3 || next == 5 else { return }
        try enter(.vxlanGPE, vni, .vxlan, carrier: carrier)
        switch next {
        case 1: try readIPv4(rest)
        case 2: try readIPv6(rest)
        case 3: try readEthernet(rest)
        default: try readMPLS(rest)
        }
    }

    /// GENEVE (RFC 8926 section 3.4): version and length of the options, flags, an EtherType, the VNI, the options.
    @_lifetime(self: copy bytes)
    private mutating func readGENEVE(_ bytes: Span<UInt8>, _ carrier: IPHeader) throws(DecodeError) {
        try Self.require(8, of: bytes, .geneve)
        guard bytes[0] >> 6 == 0 else { return }
        let length = 8 + 4 * Int(bytes[0] & 0x3f)
        try Self.require(length, of: bytes, .geneve)
        let type = bytes.uint16(at: 2)
        let rest = bytes.extracting(droppingFirst: length)
        guard type != EtherType.ethernet || !rest.isOrdinaryEthernet else { return }
        try enter(.geneve, bytes.uint32(at: 4) >> 8, .geneve, carrier: carrier)
        try readEtherType(type, rest)
    }

    // MARK: GRE

    private enum GRE {
        static let hasChecksum: UInt16 = 0x8000
        static let hasRouting: UInt16 = 0x4000
        static let hasKey: UInt16 = 0x2000
        static let hasSequence: UInt16 = 0x1000
        /// The flag of an acknowledgment number, in version 1 only.
        static let hasAcknowledgment: UInt16 = 0x0080
        static let version: UInt16 = 0x0007

        static let erspan: UInt16 = 0x88be
        static let erspan3: UInt16 = 0x22eb
        static let ppp: UInt16 = 0x880b
    }

    /// GRE version 0 with the options of RFC 1701 and RFC 2890.
    ///
    /// The key is taken whole. Where it is NVGRE's (RFC 7637 section 3.2) its last byte is a hash of the flow, which
    /// nothing in the header tells.
    @_lifetime(self: copy bytes)
    mutating func readGRE(_ bytes: Span<UInt8>, _ carrier: IPHeader) throws(DecodeError) {
        try Self.require(4, of: bytes, .gre)
        let flags = bytes.uint16(at: 0)
        let type = bytes.uint16(at: 2)
        guard flags & GRE.version == 0 else { return try readPPTP(bytes, carrier) }
        var length = 4
        if flags & (GRE.hasChecksum | GRE.hasRouting) != 0 { length += 4 }
        let keyOffset = length
        if flags & GRE.hasKey != 0 { length += 4 }
        if flags & GRE.hasSequence != 0 { length += 4 }
        try Self.require(length, of: bytes, .gre)
        let key = flags & GRE.hasKey != 0 ? bytes.uint32(at: keyOffset) : nil
        var rest = bytes.extracting(droppingFirst: length)
        if flags & GRE.hasRouting != 0 { rest = try routed(rest) }
        switch type {
        case GRE.erspan where flags & GRE.hasSequence == 0:
            // Type I has no header of its own; neither has it a session.
            guard !rest.isOrdinaryEthernet else { return }
            try enter(.erspan, nil, .erspan, carrier: carrier)
            try readEthernet(rest)
        case GRE.erspan: try readERSPAN2(rest, carrier)
        case GRE.erspan3: try readERSPAN3(rest, carrier)
        default:
            try enter(.gre, key, .gre, carrier: carrier)
            try readEtherType(type, rest)
        }
    }

    /// Steps over source routes (RFC 1701): entries of family, offset, length and address, ended by an empty one.
    @_lifetime(copy bytes)
    private mutating func routed(_ bytes: Span<UInt8>) throws(DecodeError) -> Span<UInt8> {
        var rest = bytes
        while true {
            try Self.require(4, of: rest, .gre)
            try countHeader(.gre)
            let length = 4 + Int(rest[3])
            let isLast = rest.uint16(at: 0) == 0 && rest[3] == 0
            try Self.require(length, of: rest, .gre)
            rest = rest.extracting(droppingFirst: length)
            if isLast { return rest }
        }
    }

    /// GRE version 1 (RFC 2637 section 4.1): payload length and call in place of a key, then PPP.
    @_lifetime(self: copy bytes)
    private mutating func readPPTP(_ bytes: Span<UInt8>, _ carrier: IPHeader) throws(DecodeError) {
        let flags = bytes.uint16(at: 0)
        // Without a sequence number it only acknowledges.
        guard flags & GRE.version == 1, bytes.uint16(at: 2) == GRE.ppp, flags & GRE.hasSequence != 0 else { return }
        let length = 12 + (flags & GRE.hasAcknowledgment != 0 ? 4 : 0)
        try Self.require(length, of: bytes, .gre)
        try enter(.pptp, nil, .gre, carrier: carrier)
        try readPPP(bytes.extracting(droppingFirst: length))
    }

    /// ERSPAN type II (draft-foschiano-erspan-03 section 4.2): version and VLAN, flags and session, index; Ethernet.
    @_lifetime(self: copy bytes)
    private mutating func readERSPAN2(_ bytes: Span<UInt8>, _ carrier: IPHeader) throws(DecodeError) {
        try Self.require(8, of: bytes, .erspan)
        let rest = bytes.extracting(droppingFirst: 8)
        guard bytes[0] >> 4 == 1, !rest.isOrdinaryEthernet else { return }
        try enterMirror(bytes, carrier)
        try readEthernet(rest)
    }

    /// ERSPAN type III (section 4.3): as type II, then a timestamp, a group tag and flags; Ethernet or IP.
    @_lifetime(self: copy bytes)
    private mutating func readERSPAN3(_ bytes: Span<UInt8>, _ carrier: IPHeader) throws(DecodeError) {
        try Self.require(12, of: bytes, .erspan)
        guard bytes[0] >> 4 == 2 else { return }
        let flags = bytes.uint16(at: 10)
        // The O bit says that a subheader of the platform follows.
        let length = flags & 1 != 0 ? 20 : 12
        try Self.require(length, of: bytes, .erspan)
        let rest = bytes.extracting(droppingFirst: length)
        switch flags >> 10 & 0x1f {
        case 0:
            guard !rest.isOrdinaryEthernet else { return }
            try enterMirror(bytes, carrier)
            try readEthernet(rest)
        case 2:
            try enterMirror(bytes, carrier)
            if mirroredVLAN != 0 { vlans.append(mirroredVLAN) }
            try readIP(rest)
        default: break
        }
    }

    private mutating func enterMirror(_ bytes: Span<UInt8>, _ carrier: IPHeader) throws(DecodeError) {
        try enter(.erspan, UInt32(bytes.uint16(at: 2) & 0x3ff), .erspan, carrier: carrier)
        mirroredVLAN = bytes.uint16(at: 0) & 0xfff
    }

    // MARK: IP in IP

    /// A packet right behind an IP header, whose protocol number says of which version it is.
    @_lifetime(self: copy bytes)
    mutating func readIPInIP(_ bytes: Span<UInt8>, _ carrier: IPHeader) throws(DecodeError) {
        let isIPv4 = carrier.payloadProtocol == .ipv4
        try Self.require(1, of: bytes, isIPv4 ? .ipv4 : .ipv6)
        guard bytes[0] >> 4 == (isIPv4 ? 4 : 6) else { return }
        try enter(.ipInIP, nil, isIPv4 ? .ipv4 : .ipv6, carrier: carrier)
        if isIPv4 { try readIPv4(bytes) } else { try readIPv6(bytes) }
    }
}
