/// An ICMP error by which a host refuses an advertisement, with what the error quotes of it.
///
/// RFC 792 and RFC 1812 section 5.2.7.1 for IPv4, RFC 4443 sections 3.1 and 3.4 for IPv6. Other errors, such as "host
/// unreachable", say something about the way and nothing about the receiver.
package struct ICMPError: Hashable, Sendable {
    /// The meaning of type and code, whichever the IP version.
    package enum Meaning: Hashable, Sendable {
        /// Nothing on the host takes packets of the protocol.
        case unknownProtocol
        /// A filter rejects the packet.
        case filtered
    }

    private enum Offset {
        static let type = 0
        static let code = 1
        /// The place of the quoted IP header.
        static let quote = 8
        /// Within the quoted header.
        static let protocolOfIPv4 = 9
        static let protocolOfIPv6 = 6
        static let sourceOfIPv4 = 12
        static let sourceOfIPv6 = 8
        static let endOfIPv4 = 20
        static let endOfIPv6 = 40
    }

    package var type: UInt8
    package var code: UInt8
    package var meaning: Meaning
    /// The sender of the refused advertisement.
    package var source: IPAddress
    /// The address that the refused advertisement was sent to.
    package var destination: IPAddress
    /// The VRID of the refused advertisement; `nil` where the quote ends before it.
    package var virtualRouterID: UInt8?

    /// Whether the ICMP message at an offset of an IPv4 packet quotes a packet that may be an advertisement.
    ///
    /// Three bytes show it, before anything else is read.
    static func mayBe(_ packet: Span<UInt8>, icmpAt offset: Int) -> Bool {
        guard packet.count >= offset + Offset.quote + Offset.endOfIPv4, packet[offset] == 3 else { return false }
        let quoted = IPProtocol(rawValue: packet[offset + Offset.quote + Offset.protocolOfIPv4])
        return quoted == .vrrp || quoted == .ah
    }

    /// Reads an ICMP message; `nil` unless a host refuses an advertisement by it.
    ///
    /// - Parameters:
    ///   - message: the ICMP message, or the part of it that was captured.
    ///   - family: the IP version that it is of.
    init?(_ message: Span<UInt8>, _ family: AddressFamily) {
        let end = family == .ipv4 ? Offset.endOfIPv4 : Offset.endOfIPv6
        guard message.count >= Offset.quote + end else { return nil }
        type = message[Offset.type]
        code = message[Offset.code]
        guard let meaning = Self.meaning(type, code, family) else { return nil }
        self.meaning = meaning
        let quote = message.extracting(droppingFirst: Offset.quote)
        let length: Int
        let quoted: IPProtocol
        switch family {
        case .ipv4:
            guard quote[0] >> 4 == 4 else { return nil }
            length = 4 * Int(quote[0] & 0xf)
            quoted = IPProtocol(rawValue: quote[Offset.protocolOfIPv4])
            source = IPAddress(.ipv4, quote, at: Offset.sourceOfIPv4)
            destination = IPAddress(.ipv4, quote, at: Offset.sourceOfIPv4 + 4)
        case .ipv6:
            guard quote[0] >> 4 == 6 else { return nil }
            length = Offset.endOfIPv6
            quoted = IPProtocol(rawValue: quote[Offset.protocolOfIPv6])
            source = IPAddress(.ipv6, quote, at: Offset.sourceOfIPv6)
            destination = IPAddress(.ipv6, quote, at: Offset.sourceOfIPv6 + 16)
        }
        guard length >= Offset.endOfIPv4, quoted == .vrrp || quoted == .ah else { return nil }
        guard let start = Self.advertisement(in: quote, behind: length, quoted) else { return nil }
        virtualRouterID = quote.count > start + 1 ? quote[start + 1] : nil
    }

    /// The offset of the quoted VRRP message; `nil` where something else is behind an Authentication Header.
    private static func advertisement(in quote: Span<UInt8>, behind length: Int, _ quoted: IPProtocol) -> Int? {
        guard quoted == .ah else { return length }
        guard quote.count > length + 1, IPProtocol(rawValue: quote[length]) == .vrrp else { return nil }
        return length + 4 * (Int(quote[length + 1]) + 2)
    }

    private static func meaning(_ type: UInt8, _ code: UInt8, _ family: AddressFamily) -> Meaning? {
        switch (family, type, code) {
        case (.ipv4, 3, 2), (.ipv6, 4, 1): .unknownProtocol
        case (.ipv4, 3, 3), (.ipv4, 3, 9), (.ipv4, 3, 10), (.ipv4, 3, 13): .filtered
        // Codes 5 and 6 are finer forms of code 1 (RFC 4443 section 3.1).
        case (.ipv6, 1, 1), (.ipv6, 1, 4), (.ipv6, 1, 5), (.ipv6, 1, 6): .filtered
        default: nil
        }
    }

    /// The error in the words of its RFC, such as `protocol unreachable`.
    package var words: String {
        switch (source.family, type, code) {
        case (.ipv4, _, 2): "protocol unreachable"
        case (.ipv4, _, 3), (.ipv6, 1, 4): "port unreachable"
        case (.ipv4, _, 9): "network administratively prohibited"
        case (.ipv4, _, 10): "host administratively prohibited"
        case (.ipv6, 4, _): "unrecognized next header"
        case (.ipv6, 1, 5): "source address failed policy"
        case (.ipv6, 1, 6): "reject route"
        default: "administratively prohibited"
        }
    }
}
