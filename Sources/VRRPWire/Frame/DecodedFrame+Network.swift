// IP and what it carries. Most frames are of no interest, so the protocol number, and of UDP the port, is looked at before
// anything else is.

extension IPHeader {
    /// The header at the start of an IPv4 packet, of which 20 bytes must be there.
    ///
    /// - Parameters:
    ///   - bytes: the packet.
    ///   - length: the header's length in bytes, with options.
    fileprivate init(ipv4 bytes: Span<UInt8>, length: Int) {
        self.init(
            source: IPAddress(.ipv4, bytes, at: 12),
            destination: IPAddress(.ipv4, bytes, at: 16),
            ttl: bytes[8],
            identification: bytes.uint16(at: 4),
            trafficClass: bytes[1],
            forbidsFragments: bytes[6] & 0x40 != 0,
            payloadProtocol: IPProtocol(rawValue: bytes[9]),
            payloadLength: Int(bytes.uint16(at: 2)) - length,
            authenticationHeader: nil
        )
    }

    /// The header at the start of an IPv6 packet, of which 40 bytes must be there.
    fileprivate init(ipv6 bytes: Span<UInt8>) {
        self.init(
            source: IPAddress(.ipv6, bytes, at: 8),
            destination: IPAddress(.ipv6, bytes, at: 24),
            ttl: bytes[7],
            identification: nil,
            trafficClass: UInt8(truncatingIfNeeded: bytes.uint16(at: 0) >> 4),
            forbidsFragments: false,
            payloadProtocol: IPProtocol(rawValue: bytes[6]),
            payloadLength: Int(bytes.uint16(at: 4)),
            authenticationHeader: nil
        )
    }
}

extension DecodedFrame {
    /// The most IPv6 extension headers that are stepped over.
    private static var mostExtensions: Int { 16 }

    /// A packet whose first four bits say of which version it is.
    @_lifetime(self: copy bytes)
    mutating func readIP(_ bytes: Span<UInt8>) throws(DecodeError) {
        try Self.require(1, of: bytes, .ipv4)
        switch bytes[0] >> 4 {
        case 4: try readIPv4(bytes)
        case 6: try readIPv6(bytes)
        default: throw DecodeError(.ipv4, offset: 0, .unsupportedVersion(bytes[0] >> 4))
        }
    }

    /// IPv4 (RFC 791), with options stepped over.
    @_lifetime(self: copy bytes)
    mutating func readIPv4(_ bytes: Span<UInt8>) throws(DecodeError) {
        try Self.require(20, of: bytes, .ipv4)
        let headerLength = 4 * Int(bytes[0] & 0xf)
        switch IPProtocol(rawValue: bytes[9]) {
        case .vrrp, .ah: break
        case .udp: guard Self.isKnownPort(bytes, udpAt: headerLength) else { return }
        case .gre, .ipv4, .ipv6: break
        case .icmp: guard ICMPError.mayBe(bytes, icmpAt: headerLength) else { return }
        default: return
        }
        guard headerLength >= 20 else { throw DecodeError(.ipv4, offset: 0, .invalidHeaderLength(headerLength)) }
        var header = IPHeader(ipv4: bytes, length: headerLength)
        if header.carriesVRRP { ip = header }
        guard header.payloadLength >= 0 else {
            throw DecodeError(
                .ipv4,
                offset: 2,
                .truncated(needed: headerLength, available: Int(bytes.uint16(at: 2)), limit: .headerField(.ipv4))
            )
        }
        // More Fragments, or an offset (RFC 791 section 3.1). The first fragment of a tunnel may hold a whole packet.
        if header.carriesVRRP {
            guard bytes.uint16(at: 6) & 0x3fff == 0 else { throw DecodeError(.ipv4, offset: 6, .fragment) }
        } else {
            guard bytes.uint16(at: 6) & 0x1fff == 0 else { return }
        }
        try Self.require(headerLength, of: bytes, .ipv4)
        var rest = bytes.extracting(droppingFirst: headerLength)
        if header.payloadProtocol == .ah {
            let length = try Self.readAH(rest, in: &header)
            header.authenticationHeader?.distanceFromIPv4 = headerLength + length
            rest = rest.extracting(droppingFirst: length)
            ip = header
        }
        try readPayload(rest, header)
    }

    /// IPv6 (RFC 8200), with extension headers stepped over.
    @_lifetime(self: copy bytes)
    mutating func readIPv6(_ bytes: Span<UInt8>) throws(DecodeError) {
        try Self.require(40, of: bytes, .ipv6)
        switch IPProtocol(rawValue: bytes[6]) {
        case .vrrp, .ah, .icmpv6, .hopByHop, .routing, .destinationOptions, .fragment, .mobility, .hip, .shim6: break
        case .udp: guard Self.isKnownPort(bytes, udpAt: 40) else { return }
        case .gre, .ipv4, .ipv6: break
        default: return
        }
        var header = IPHeader(ipv6: bytes)
        let rest = try stepOverExtensions(bytes.extracting(droppingFirst: 40), &header)
        switch header.payloadProtocol {
        case .vrrp, .icmpv6: ip = header
        case .udp, .gre, .ipv4, .ipv6: break
        default:
            if header.authenticationHeader != nil { sidenote = .otherBehindAH }
            return
        }
        try readPayload(rest, header)
    }

    /// Steps over the headers between an IPv6 header and its payload, and takes them off the payload's length.
    ///
    /// - Returns: the bytes behind the last one. The header's protocol is then that of the payload, or
    ///   ``IPProtocol/fragment`` where there is only part of a payload.
    @_lifetime(copy bytes)
    private mutating func stepOverExtensions(
        _ bytes: Span<UInt8>,
        _ header: inout IPHeader
    ) throws(DecodeError) -> Span<UInt8> {
        var rest = bytes
        var count = 0
        while let length = try stepOverExtension(rest, &header) {
            count += 1
            guard count <= Self.mostExtensions else { throw DecodeError(.ipv6, offset: 0, .tooDeep) }
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
        return rest
    }

    /// Makes the protocol behind an extension header that of the IP header.
    ///
    /// - Returns: the extension header's length in bytes; `nil` where no whole payload lies behind it, or where the bytes
    ///   are the payload.
    private mutating func stepOverExtension(_ bytes: Span<UInt8>, _ header: inout IPHeader) throws(DecodeError) -> Int?
    {
        switch header.payloadProtocol {
        case .hopByHop, .routing, .destinationOptions, .mobility, .hip, .shim6:
            try Self.require(2, of: bytes, .ipv6)
            header.payloadProtocol = IPProtocol(rawValue: bytes[0])
            return 8 * (Int(bytes[1]) + 1)
        case .fragment:
            try Self.require(8, of: bytes, .ipv6)
            let next = IPProtocol(rawValue: bytes[0])
            // An atomic fragment (RFC 6946) is whole; any other is a part.
            guard bytes.uint16(at: 2) & 0xfff9 == 0 else {
                guard next == .vrrp || next == .ah else { return nil }
                header.payloadProtocol = next
                ip = header
                throw DecodeError(.ipv6, offset: 0, .fragment)
            }
            header.payloadProtocol = next
            return 8
        case .ah:
            let length = try Self.readAH(bytes, in: &header)
            // The length of AH was already taken off.
            header.payloadLength += length
            return length
        default: return nil
        }
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
                    limit: .headerField(header.layer)
                )
            )
        }
        try require(length, of: bytes, .ah)
        header.payloadProtocol = IPProtocol(rawValue: bytes[0])
        header.payloadLength -= length
        header.authenticationHeader = AuthenticationHeader(
            spi: bytes.uint32(at: 4),
            sequence: bytes.uint32(at: 8),
            integrityValueLength: length - 12,
            distanceFromIPv4: 0
        )
        return length
    }

    @_lifetime(self: copy bytes)
    mutating func readPayload(_ bytes: Span<UInt8>, _ header: IPHeader) throws(DecodeError) {
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
            if let advertisement = try NeighborAdvertisement(bytes, payloadLength: header.payloadLength) {
                payload = .neighborAdvertisement(advertisement)
            } else {
                readICMPError(bytes, header)
            }
        case .icmp: readICMPError(bytes, header)
        case .udp: try readUDP(bytes.extracting(first: min(bytes.count, header.payloadLength)), header)
        case .gre: try readGRE(bytes.extracting(first: min(bytes.count, header.payloadLength)), header)
        case .ipv4, .ipv6: try readIPInIP(bytes.extracting(first: min(bytes.count, header.payloadLength)), header)
        default: if header.authenticationHeader != nil { sidenote = .otherBehindAH }
        }
    }

    /// An ICMP error, if it refuses an advertisement.
    private mutating func readICMPError(_ bytes: Span<UInt8>, _ header: IPHeader) {
        let message = bytes.extracting(first: min(bytes.count, header.payloadLength))
        guard let error = ICMPError(message, header.source.family) else { return }
        ip = header
        payload = .icmpError(error)
    }
}
