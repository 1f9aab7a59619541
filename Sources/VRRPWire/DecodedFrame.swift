/// Everything a frame could be read as, and why reading stopped.
///
/// Decoding never fails as a whole: a frame with a broken VRRP header still has its addresses. Nothing is judged here and
/// nothing is allocated; a frame without anything this program is about is left at its IP protocol number.
package struct DecodedFrame: ~Escapable {
    /// What the innermost layer carries.
    package enum Payload: ~Escapable {
        /// Nothing of interest, or ``DecodedFrame/stop`` says why it could not be read.
        case none
        case vrrp(VRRPPacket)
        case carp(CARPPacket)
        case arp(ARPPacket)
        case neighborAdvertisement(NeighborAdvertisement)
    }

    package private(set) var sourceMAC: MACAddress?
    /// `nil` in Linux cooked captures, which do not record it.
    package private(set) var destinationMAC: MACAddress?
    package private(set) var vlans = VLANStack()
    package private(set) var ip: IPHeader?
    package private(set) var payload: Payload
    /// The first thing that could not be read, with everything before it intact.
    package private(set) var stop: DecodeError?

    /// Decodes a captured frame.
    ///
    /// - Parameters:
    ///   - bytes: the frame as captured, from the first byte of its link-layer header.
    ///   - linkType: what that header is.
    @_lifetime(copy bytes)
    package init(_ bytes: Span<UInt8>, linkType: LinkType) {
        payload = .none
        do throws(DecodeError) {
            switch linkType {
            case .ethernet: try readEthernet(bytes)
            case .linuxSLL: try readLinuxCooked(bytes)
            case .linuxSLL2: try readLinuxCooked2(bytes)
            case .raw, .ipv4, .ipv6, LinkType(rawValue: 12), LinkType(rawValue: 14): try readIP(bytes)
            case .null, .loop:
                // The address family's value and byte order differ by system; the IP version nibble behind it does not.
                try Self.require(4, of: bytes, .link)
                try readIP(bytes.extracting(droppingFirst: 4))
            default: throw DecodeError(.link, offset: 0, .unsupportedLinkType(linkType))
            }
        } catch {
            stop = error
        }
    }

    /// Whether the frame carries, or was broken while carrying, a protocol this program is about.
    package var isRelevant: Bool {
        switch payload {
        case .none: stop != nil && (ip?.payloadProtocol == .vrrp || ip?.payloadProtocol == .ah)
        case .vrrp, .carp, .arp, .neighborAdvertisement: true
        }
    }

    private static func require(_ needed: Int, of bytes: Span<UInt8>, _ layer: DecodeError.Layer) throws(DecodeError) {
        guard bytes.count >= needed else {
            throw DecodeError(layer, offset: 0, .truncated(needed: needed, available: bytes.count, limit: .capture))
        }
    }

    // MARK: Link layers

    private enum EtherType {
        static let ipv4: UInt16 = 0x0800
        static let arp: UInt16 = 0x0806
        static let ipv6: UInt16 = 0x86dd
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

    @_lifetime(self: copy bytes)
    private mutating func readEthernet(_ bytes: Span<UInt8>) throws(DecodeError) {
        try Self.require(14, of: bytes, .link)
        destinationMAC = MACAddress(bytes, at: 0)
        sourceMAC = MACAddress(bytes, at: 6)
        try readEtherType(bytes.uint16(at: 12), bytes.extracting(droppingFirst: 14))
    }

    /// Linux cooked capture v1: packet type, ARPHRD, address length, address (8 bytes), protocol.
    @_lifetime(self: copy bytes)
    private mutating func readLinuxCooked(_ bytes: Span<UInt8>) throws(DecodeError) {
        try Self.require(16, of: bytes, .link)
        if bytes.uint16(at: 4) == 6 { sourceMAC = MACAddress(bytes, at: 6) }
        try readEtherType(bytes.uint16(at: 14), bytes.extracting(droppingFirst: 16))
    }

    /// Linux cooked capture v2: protocol, reserved, interface index, ARPHRD, packet type, address length, address.
    @_lifetime(self: copy bytes)
    private mutating func readLinuxCooked2(_ bytes: Span<UInt8>) throws(DecodeError) {
        try Self.require(20, of: bytes, .link)
        if bytes[11] == 6 { sourceMAC = MACAddress(bytes, at: 12) }
        try readEtherType(bytes.uint16(at: 0), bytes.extracting(droppingFirst: 20))
    }

    @_lifetime(self: copy bytes)
    private mutating func readEtherType(_ type: UInt16, _ bytes: Span<UInt8>) throws(DecodeError) {
        var type = type
        var rest = bytes
        while EtherType.isVLAN(type) {
            try Self.require(4, of: rest, .vlan)
            guard vlans.count < VLANStack.capacity else { throw DecodeError(.vlan, offset: 0, .tooDeep) }
            vlans.append(rest.uint16(at: 0) & 0xfff)
            type = rest.uint16(at: 2)
            rest = rest.extracting(droppingFirst: 4)
        }
        switch type {
        case EtherType.ipv4, EtherType.ipv6: try readIP(rest)
        case EtherType.arp: payload = .arp(try ARPPacket(rest))
        case ...EtherType.largestLength: try readSNAP(rest)
        default: break
        }
    }

    /// LLC with a SNAP header of an EtherType (RFC 1042); other LLC is none of ours.
    @_lifetime(self: copy bytes)
    private mutating func readSNAP(_ bytes: Span<UInt8>) throws(DecodeError) {
        guard bytes.count >= 8, bytes.uint32(at: 0) == 0xaaaa_0300 else { return }
        guard bytes.uint16(at: 4) == 0 || bytes.uint16(at: 4) == 0x00f8 else { return }
        let type = bytes.uint16(at: 6)
        // A length in a SNAP header would lead back here without end.
        guard type > EtherType.largestLength else { return }
        try readEtherType(type, bytes.extracting(droppingFirst: 8))
    }

    // MARK: Network layers

    @_lifetime(self: copy bytes)
    private mutating func readIP(_ bytes: Span<UInt8>) throws(DecodeError) {
        try Self.require(1, of: bytes, .ipv4)
        switch bytes[0] >> 4 {
        case 4: try readIPv4(bytes)
        case 6: try readIPv6(bytes)
        default: throw DecodeError(.ipv4, offset: 0, .unsupportedVersion(bytes[0] >> 4))
        }
    }

    /// IPv4 (RFC 791), with options stepped over.
    @_lifetime(self: copy bytes)
    private mutating func readIPv4(_ bytes: Span<UInt8>) throws(DecodeError) {
        try Self.require(20, of: bytes, .ipv4)
        var next = IPProtocol(rawValue: bytes[9])
        guard next == .vrrp || next == .ah else { return }
        let headerLength = 4 * Int(bytes[0] & 0xf)
        guard headerLength >= 20 else { throw DecodeError(.ipv4, offset: 0, .invalidHeaderLength(headerLength)) }
        var header = IPHeader(
            source: IPAddress(.ipv4, bytes, at: 12),
            destination: IPAddress(.ipv4, bytes, at: 16),
            ttl: bytes[8],
            identification: bytes.uint16(at: 4),
            payloadProtocol: next,
            payloadLength: Int(bytes.uint16(at: 2)) - headerLength,
            authenticationHeader: nil
        )
        ip = header
        guard header.payloadLength >= 0 else {
            throw DecodeError(
                .ipv4,
                offset: 2,
                .truncated(needed: headerLength, available: Int(bytes.uint16(at: 2)), limit: .headerField(.ipv4))
            )
        }
        // More Fragments, or an offset (RFC 791 section 3.1).
        guard bytes.uint16(at: 6) & 0x3fff == 0 else { throw DecodeError(.ipv4, offset: 6, .fragment) }
        try Self.require(headerLength, of: bytes, .ipv4)
        var rest = bytes.extracting(droppingFirst: headerLength)
        if next == .ah {
            let length = try Self.readAH(rest, in: &header)
            rest = rest.extracting(droppingFirst: length)
            next = header.payloadProtocol
            ip = header
        }
        try readPayload(rest, header)
    }

    /// IPv6 (RFC 8200), with extension headers stepped over, at most sixteen of them.
    @_lifetime(self: copy bytes)
    private mutating func readIPv6(_ bytes: Span<UInt8>) throws(DecodeError) {
        try Self.require(40, of: bytes, .ipv6)
        var next = IPProtocol(rawValue: bytes[6])
        switch next {
        case .vrrp, .ah, .icmpv6, .hopByHop, .routing, .destinationOptions, .fragment, .mobility, .hip, .shim6: break
        default: return
        }
        var header = IPHeader(
            source: IPAddress(.ipv6, bytes, at: 8),
            destination: IPAddress(.ipv6, bytes, at: 24),
            ttl: bytes[7],
            identification: nil,
            payloadProtocol: next,
            payloadLength: Int(bytes.uint16(at: 4)),
            authenticationHeader: nil
        )
        var rest = bytes.extracting(droppingFirst: 40)
        var depth = 0
        walk: while true {
            let length: Int
            switch next {
            case .hopByHop, .routing, .destinationOptions, .mobility, .hip, .shim6:
                try Self.require(2, of: rest, .ipv6)
                next = IPProtocol(rawValue: rest[0])
                length = 8 * (Int(rest[1]) + 1)
            case .fragment:
                try Self.require(8, of: rest, .ipv6)
                next = IPProtocol(rawValue: rest[0])
                // An atomic fragment (RFC 6946) is whole; any other is a part.
                guard rest.uint16(at: 2) & 0xfff9 == 0 else {
                    guard next == .vrrp || next == .ah else { return }
                    header.payloadProtocol = next
                    ip = header
                    throw DecodeError(.ipv6, offset: 0, .fragment)
                }
                length = 8
            case .ah:
                length = try Self.readAH(rest, in: &header)
                next = header.payloadProtocol
                // The length of AH was already taken off.
                header.payloadLength += length
            case .vrrp, .icmpv6: break walk
            default: return
            }
            depth += 1
            guard depth <= 16 else { throw DecodeError(.ipv6, offset: 0, .tooDeep) }
            guard header.payloadLength >= length else {
                throw DecodeError(
                    .ipv6,
                    offset: 4,
                    .truncated(needed: length, available: header.payloadLength, limit: .headerField(.ipv6))
                )
            }
            header.payloadLength -= length
            try Self.require(length, of: rest, .ipv6)
            rest = rest.extracting(droppingFirst: length)
        }
        header.payloadProtocol = next
        ip = header
        try readPayload(rest, header)
    }

    /// Reads an Authentication Header (RFC 4302 section 2), takes it off the payload's length, and returns its own.
    private static func readAH(_ bytes: Span<UInt8>, in header: inout IPHeader) throws(DecodeError) -> Int {
        try require(12, of: bytes, .ah)
        let length = 4 * (Int(bytes[1]) + 2)
        guard length >= 12 else { throw DecodeError(.ah, offset: 1, .invalidHeaderLength(length)) }
        guard header.payloadLength >= length else {
            throw DecodeError(
                .ah,
                offset: 1,
                .truncated(
                    needed: length,
                    available: header.payloadLength,
                    limit: .headerField(header.source.family == .ipv4 ? .ipv4 : .ipv6)
                )
            )
        }
        try require(length, of: bytes, .ah)
        header.payloadProtocol = IPProtocol(rawValue: bytes[0])
        header.payloadLength -= length
        header.authenticationHeader = AuthenticationHeader(spi: bytes.uint32(at: 4), sequence: bytes.uint32(at: 8))
        return length
    }

    @_lifetime(self: copy bytes)
    private mutating func readPayload(_ bytes: Span<UInt8>, _ header: IPHeader) throws(DecodeError) {
        switch header.payloadProtocol {
        case .vrrp:
            if let carp = CARPPacket(bytes, payloadLength: header.payloadLength) {
                payload = .carp(carp)
                return
            }
            let packet = try VRRPPacket(bytes, in: header)
            stop = packet.stop
            payload = .vrrp(packet)
        case .icmpv6:
            guard let advertisement = try NeighborAdvertisement(bytes, payloadLength: header.payloadLength) else {
                return
            }
            payload = .neighborAdvertisement(advertisement)
        default: break
        }
    }
}
