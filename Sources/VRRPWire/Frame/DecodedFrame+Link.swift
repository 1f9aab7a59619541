// The headers below IP. Each reader is given the bytes from its own header on and hands the rest to the next reader. The
// readers lead back to one another only through headers that are counted.

extension DecodedFrame {
    /// Reads a frame from the first byte of its link layer on.
    @_lifetime(self: copy bytes)
    mutating func readLinkLayer(_ layer: LinkLayer, _ bytes: Span<UInt8>) throws(DecodeError) {
        switch layer {
        case .ethernet: try readEthernet(bytes)
        case .linuxSLL: try readLinuxCooked(bytes)
        case .linuxSLL2: try readLinuxCooked2(bytes)
        case .raw, .rawOfBSD, .rawOfOpenBSD, .ipv4, .ipv6: try readIP(bytes)
        case .null, .loop: try readLoopback(bytes)
        case .ppp: try readPPP(bytes)
        case .pppHDLC: try readPPPOrCiscoHDLC(bytes)
        case .pppoe: try readPPPoE(bytes)
        case .ciscoHDLC: try readCiscoHDLC(bytes)
        case .wlan: try readWLAN(bytes, isPadded: false)
        case .wlanRadiotap: try readRadiotap(bytes)
        case .wlanPrism, .wlanAVS: try readPrism(bytes)
        }
    }

    /// A loopback header: four bytes of address family, then IP.
    ///
    /// The family's value and byte order differ by system. The version in the IP header does not, so it decides.
    @_lifetime(self: copy bytes)
    private mutating func readLoopback(_ bytes: Span<UInt8>) throws(DecodeError) {
        try Self.require(4, of: bytes, .link)
        try readIP(bytes.extracting(droppingFirst: 4))
    }

    enum EtherType {
        static let ipv4: UInt16 = 0x0800
        static let arp: UInt16 = 0x0806
        /// Transparent Ethernet bridging (RFC 1701), in tunnels only.
        static let ethernet: UInt16 = 0x6558
        static let ipv6: UInt16 = 0x86dd
        /// The I-TAG of a provider backbone bridge (IEEE 802.1ah).
        static let backbone: UInt16 = 0x88e7
        /// RFC 3032 section 5; the second number was once multicast's.
        static let mpls: UInt16 = 0x8847
        static let mplsMulticast: UInt16 = 0x8848
        static let pppoeSession: UInt16 = 0x8864
        /// Values up to this are 802.3 lengths (RFC 1042).
        static let largestLength: UInt16 = 1500

        /// 802.1Q, 802.1ad, and the numbers that older QinQ gear uses.
        static func isVLAN(_ type: UInt16) -> Bool {
            switch type {
            case 0x8100, 0x88a8, 0x9100, 0x9200, 0x9300: true
            default: false
            }
        }
    }

    // MARK: Ethernet

    @_lifetime(self: copy bytes)
    mutating func readEthernet(_ bytes: Span<UInt8>) throws(DecodeError) {
        try Self.require(14, of: bytes, .link)
        destinationMAC = MACAddress(bytes, at: 0)
        sourceMAC = MACAddress(bytes, at: 6)
        try readEtherType(bytes.uint16(at: 12), bytes.extracting(droppingFirst: 14))
    }

    /// Linux cooked capture v1: packet type, ARPHRD, address length, address (8 bytes), protocol.
    @_lifetime(self: copy bytes)
    mutating func readLinuxCooked(_ bytes: Span<UInt8>) throws(DecodeError) {
        try Self.require(16, of: bytes, .link)
        if bytes.uint16(at: 4) == 6 { sourceMAC = MACAddress(bytes, at: 6) }
        try readEtherType(bytes.uint16(at: 14), bytes.extracting(droppingFirst: 16))
    }

    /// Linux cooked capture v2: protocol, reserved, interface index, ARPHRD, packet type, address length, address.
    @_lifetime(self: copy bytes)
    mutating func readLinuxCooked2(_ bytes: Span<UInt8>) throws(DecodeError) {
        try Self.require(20, of: bytes, .link)
        if bytes[11] == 6 { sourceMAC = MACAddress(bytes, at: 12) }
        try readEtherType(bytes.uint16(at: 0), bytes.extracting(droppingFirst: 20))
    }

    @_lifetime(self: copy bytes)
    mutating func readEtherType(_ type: UInt16, _ bytes: Span<UInt8>) throws(DecodeError) {
        var type = type
        var rest = bytes
        while EtherType.isVLAN(type) {
            try Self.require(4, of: rest, .vlan)
            try countHeader(.vlan)
            guard vlans.count < VLANStack.capacity else { throw DecodeError(.vlan, offset: 0, .tooDeep) }
            vlans.append(rest.uint16(at: 0) & 0xfff)
            type = rest.uint16(at: 2)
            rest = rest.extracting(droppingFirst: 4)
        }
        if mirroredVLAN != 0, vlans.withoutPriorityTags.isEmpty { vlans = VLANStack([mirroredVLAN]) }
        switch type {
        case EtherType.ipv4, EtherType.ipv6: try readIP(rest)
        case EtherType.arp: try readARP(rest)
        case EtherType.mpls, EtherType.mplsMulticast: try readMPLS(rest)
        case EtherType.pppoeSession: try readPPPoE(rest)
        case EtherType.backbone: try readBackbone(rest)
        case EtherType.ethernet where tunnel != nil:
            // Only behind the header of a tunnel is a whole frame expected: without a count there is no way back.
            try countHeader(.link)
            try readEthernet(rest)
        case ...EtherType.largestLength: try readSNAP(rest)
        default: break
        }
    }

    private mutating func readARP(_ bytes: Span<UInt8>) throws(DecodeError) {
        do throws(DecodeError) {
            payload = .arp(try ARPPacket(bytes))
        } catch {
            if error.reason == .notEthernetIPv4 { sidenote = .otherARP(hardware: bytes.uint16(at: 0)) }
            throw error
        }
    }

    /// An I-TAG (IEEE 802.1Q section 9.7): flags, the number of the service (I-SID), then the customer's whole frame.
    ///
    /// The B-TAG before it is an 802.1ad tag and was read as one.
    @_lifetime(self: copy bytes)
    private mutating func readBackbone(_ bytes: Span<UInt8>) throws(DecodeError) {
        try Self.require(4, of: bytes, .vlan)
        let rest = bytes.extracting(droppingFirst: 4)
        guard !rest.isOrdinaryEthernet else { return }
        try enter(.backbone, bytes.uint32(at: 0) & 0xff_ffff, .vlan, carrier: nil)
        try readEthernet(rest)
    }

    /// LLC with a SNAP header of an EtherType (RFC 1042); other LLC is left alone.
    @_lifetime(self: copy bytes)
    private mutating func readSNAP(_ bytes: Span<UInt8>) throws(DecodeError) {
        guard Self.isSNAP(bytes) else { return }
        let type = bytes.uint16(at: 6)
        // A length in a SNAP header would lead back here without end.
        guard type > EtherType.largestLength else { return }
        try readEtherType(type, bytes.extracting(droppingFirst: 8))
    }

    /// Whether an EtherType follows: the OUI is RFC 1042's, or 802.1H's for bridge tunnels.
    private static func isSNAP(_ bytes: Span<UInt8>) -> Bool {
        guard bytes.count >= 8, bytes.uint32(at: 0) == 0xaaaa_0300 else { return false }
        return bytes.uint16(at: 4) == 0 || bytes.uint16(at: 4) == 0x00f8
    }

    // MARK: Serial lines

    /// PPP (RFC 1661), whose address and control bytes (RFC 1662) and upper protocol byte may be left out.
    @_lifetime(self: copy bytes)
    mutating func readPPP(_ bytes: Span<UInt8>) throws(DecodeError) {
        try Self.require(2, of: bytes, .ppp)
        var rest = bytes
        if rest.uint16(at: 0) == 0xff03 { rest = rest.extracting(droppingFirst: 2) }
        try Self.require(2, of: rest, .ppp)
        let isCompressed = rest[0] & 1 == 1
        let number = isCompressed ? UInt16(rest[0]) : rest.uint16(at: 0)
        rest = rest.extracting(droppingFirst: isCompressed ? 1 : 2)
        switch number {
        case 0x0021: try readIPv4(rest)
        case 0x0057: try readIPv6(rest)
        // RFC 3032 section 4.
        case 0x0281, 0x0283: try readMPLS(rest)
        default: break
        }
    }

    /// Cisco's HDLC: an address, a control byte, an EtherType.
    @_lifetime(self: copy bytes)
    mutating func readCiscoHDLC(_ bytes: Span<UInt8>) throws(DecodeError) {
        try Self.require(4, of: bytes, .link)
        try readEtherType(bytes.uint16(at: 2), bytes.extracting(droppingFirst: 4))
    }

    /// The two framings of serial lines that one link type stands for, told apart by Cisco's addresses.
    @_lifetime(self: copy bytes)
    mutating func readPPPOrCiscoHDLC(_ bytes: Span<UInt8>) throws(DecodeError) {
        try Self.require(1, of: bytes, .link)
        switch bytes[0] {
        // Unicast and multicast.
        case 0x0f, 0x8f: try readCiscoHDLC(bytes)
        default: try readPPP(bytes)
        }
    }

    /// A PPPoE session's header (RFC 2516 section 4): version and type, code, session, length.
    @_lifetime(self: copy bytes)
    mutating func readPPPoE(_ bytes: Span<UInt8>) throws(DecodeError) {
        try Self.require(6, of: bytes, .pppoe)
        guard bytes[0] == 0x11, bytes[1] == 0 else { return }
        try enter(.pppoe, UInt32(bytes.uint16(at: 2)), .pppoe, carrier: nil)
        let length = Int(bytes.uint16(at: 4))
        try readPPP(bytes.extracting(droppingFirst: 6).extracting(first: min(length, bytes.count - 6)))
    }

    // MARK: MPLS

    /// A stack of MPLS labels (RFC 3032 section 2.1) with IP or a pseudowire behind it.
    @_lifetime(self: copy bytes)
    mutating func readMPLS(_ bytes: Span<UInt8>) throws(DecodeError) {
        var rest = bytes
        while true {
            try Self.require(4, of: rest, .mpls)
            try countHeader(.mpls)
            let entry = rest.uint32(at: 0)
            rest = rest.extracting(droppingFirst: 4)
            guard entry & 0x100 != 0 else { continue }
            try enter(.mpls, entry >> 12, .mpls, carrier: nil)
            break
        }
        try Self.require(1, of: rest, .mpls)
        switch rest[0] >> 4 {
        case 4: try readIPv4(rest)
        case 6: try readIPv6(rest)
        default: try readPseudowire(rest)
        }
    }

    /// An Ethernet pseudowire (RFC 4448), with a control word or without: only the path's ends know.
    ///
    /// The control word is four bits of zero, twelve that should be, and a sequence number. A MAC address can look alike,
    /// 01:00:5e:00:00:12 for one, so the place of the EtherType decides. A frame with a VLAN tag and no control word has
    /// one at both places; otherwise, should both fit, the reserved bits decide.
    @_lifetime(self: copy bytes)
    private mutating func readPseudowire(_ bytes: Span<UInt8>) throws(DecodeError) {
        let mayBeBare = Self.isEthernet(bytes)
        let mayHaveControlWord =
            bytes.count >= 4 && bytes[0] >> 4 == 0 && Self.isEthernet(bytes.extracting(droppingFirst: 4))
        if mayBeBare, !mayHaveControlWord || bytes.uint16(at: 0) != 0 || EtherType.isVLAN(bytes.uint16(at: 12)) {
            try readEthernet(bytes)
        } else if mayHaveControlWord {
            try readEthernet(bytes.extracting(droppingFirst: 4))
        }
    }

    /// Whether bytes look like an Ethernet frame that could carry what this program is about.
    private static func isEthernet(_ bytes: Span<UInt8>) -> Bool {
        guard bytes.count >= 14 else { return false }
        let type = bytes.uint16(at: 12)
        switch type {
        case EtherType.ipv4, EtherType.arp, EtherType.ipv6, EtherType.mpls, EtherType.pppoeSession, EtherType.backbone:
            return true
        case ...EtherType.largestLength: return isSNAP(bytes.extracting(droppingFirst: 14))
        default: return EtherType.isVLAN(type)
        }
    }

    // MARK: Wireless

    /// An 802.11 frame: data frames with LLC behind them, of any of the four address forms, with QoS or without.
    ///
    /// IEEE 802.11-2020 section 9.3.2.1. Of an aggregate (A-MSDU) the first frame is read; multicast is never
    /// aggregated. A padded header is filled to a multiple of four bytes, as some drivers do.
    @_lifetime(self: copy bytes)
    mutating func readWLAN(_ bytes: Span<UInt8>, isPadded: Bool) throws(DecodeError) {
        try Self.require(2, of: bytes, .wlan)
        let control = bytes[0]
        let flags = bytes[1]
        // Version 0, type 2, and not one of the subtypes without data.
        guard control & 0x0f == 0x08, control & 0x40 == 0 else { return }
        let isToSystem = flags & 0x01 != 0
        let isFromSystem = flags & 0x02 != 0
        let isQoS = control & 0x80 != 0
        let qosOffset = isToSystem && isFromSystem ? 30 : 24
        var length = qosOffset
        if isQoS { length += flags & 0x80 != 0 ? 6 : 2 }
        try Self.require(length, of: bytes, .wlan)
        // Only the first fragment begins with LLC.
        guard bytes.littleEndianUInt16(at: 22) & 0xf == 0 else { return }
        destinationMAC = MACAddress(bytes, at: isToSystem ? 16 : 4)
        sourceMAC = MACAddress(bytes, at: !isFromSystem ? 10 : isToSystem ? 24 : 16)
        guard flags & 0x40 == 0 else { throw DecodeError(.wlan, offset: 1, .encrypted) }
        let isAggregate = isQoS && bytes[qosOffset] & 0x80 != 0
        if isPadded { length = (length + 3) & ~3 }
        try Self.require(length, of: bytes, .wlan)
        let rest = bytes.extracting(droppingFirst: length)
        if isAggregate {
            try readEthernet(rest)
        } else if isQoS, bytes[qosOffset + 1] & 1 != 0, !Self.isSNAP(rest) {
            try readMesh(rest)
        } else {
            try readSNAP(rest)
        }
    }

    /// A mesh control field (IEEE 802.11-2020 section 9.2.4.7.3): flags, TTL, a sequence number, further addresses; then LLC.
    ///
    /// Outside of a mesh the bit that announces the field is part of a number, so LLC was looked for without it first.
    @_lifetime(self: copy bytes)
    private mutating func readMesh(_ bytes: Span<UInt8>) throws(DecodeError) {
        try Self.require(6, of: bytes, .wlan)
        // The number of further addresses: none, the source alone, or destination and source (table 9-20).
        let further = Int(bytes[0] & 3)
        guard further < 3 else { return }
        let length = 6 + 6 * further
        try Self.require(length, of: bytes, .wlan)
        if further == 1 { sourceMAC = MACAddress(bytes, at: 6) }
        if further == 2 {
            destinationMAC = MACAddress(bytes, at: 6)
            sourceMAC = MACAddress(bytes, at: 12)
        }
        try readSNAP(bytes.extracting(droppingFirst: length))
    }

    /// A radiotap header (radiotap.org): version, padding, length, one or more words of what is present, the fields.
    @_lifetime(self: copy bytes)
    mutating func readRadiotap(_ bytes: Span<UInt8>) throws(DecodeError) {
        try Self.require(8, of: bytes, .wlan)
        let length = Int(bytes.littleEndianUInt16(at: 2))
        guard length >= 8 else { throw DecodeError(.wlan, offset: 2, .invalidHeaderLength(length)) }
        try Self.require(length, of: bytes, .wlan)
        let present = bytes.littleEndianUInt32(at: 4)
        var offset = 8
        var word = present
        // The last bit says that another word follows.
        while word >> 31 == 1, offset + 4 <= length {
            word = bytes.littleEndianUInt32(at: offset)
            offset += 4
        }
        // A timestamp of eight bytes, aligned, comes before the flags.
        if present & 1 != 0 { offset = (offset + 7) & ~7 + 8 }
        let isPadded = present & 2 != 0 && offset < length && bytes[offset] & 0x20 != 0
        try readWLAN(bytes.extracting(droppingFirst: length), isPadded: isPadded)
    }

    /// A Prism header, in the order of bytes of the capturing host, or AVS's, in the network's: a cookie, a length.
    @_lifetime(self: copy bytes)
    mutating func readPrism(_ bytes: Span<UInt8>) throws(DecodeError) {
        try Self.require(8, of: bytes, .wlan)
        let length = Int(min(bytes.uint32(at: 4), bytes.littleEndianUInt32(at: 4)))
        guard length >= 8 else { throw DecodeError(.wlan, offset: 4, .invalidHeaderLength(length)) }
        try Self.require(length, of: bytes, .wlan)
        try readWLAN(bytes.extracting(droppingFirst: length), isPadded: false)
    }
}
