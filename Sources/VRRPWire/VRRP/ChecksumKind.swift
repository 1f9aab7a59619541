/// The checksum convention that a VRRP message follows; the raw values are the report's words.
///
/// Version 2 sums the message alone (RFC 3768 section 5.3.8) and version 3 over IPv6 adds the pseudo-header of RFC 8200
/// section 8.1: there is one way, and it is ``valid``. Version 3 over IPv4 has three in the field: RFC 9568 section
/// 5.2.8 sums the message only, readers of RFC 5798 (keepalived, FRR) add a pseudo-header with the real destination, and
/// keepalived up to 1.3.6 put 224.0.0.18 there even for unicast.
package enum ChecksumKind: String, Hashable, Sendable {
    /// The only convention there is fits, or more than one of three does.
    case valid
    case messageOnly = "message-only"
    case pseudoHeader = "pseudo-header"
    case multicastPseudoHeader = "multicast-pseudo-header"
    case invalid
    /// The capture cut the message short of what the checksum covers.
    case unknown

    /// Finds the convention that fits.
    ///
    /// - Parameters:
    ///   - payload: the captured IP payload, all of it.
    ///   - messageLength: the message's length by its address count.
    ///   - payloadLength: the IP payload's length, with trailing bytes.
    ///   - version: the VRRP version.
    ///   - source: the IP source.
    ///   - destination: the IP destination.
    init(
        of payload: Span<UInt8>,
        messageLength: Int,
        payloadLength: Int,
        version: UInt8,
        source: IPAddress,
        destination: IPAddress
    ) {
        var message = InternetChecksum()
        message.add(payload.extracting(first: messageLength))
        // A trailer is outside the sum in keepalived's HMAC over IPv4, inside in Cisco's MD5 and over IPv6.
        var whole = message
        whole.add(payload.extracting(droppingFirst: messageLength))

        switch (version, source.family) {
        case (3, .ipv4):
            let messageOnly = message.isValid || whole.isValid
            let pseudo = Self.fits(message, messageLength, source, destination)
            if messageOnly {
                self = pseudo ? .valid : .messageOnly
            } else if pseudo {
                self = .pseudoHeader
            } else {
                let multicast = Self.fits(message, messageLength, source, .vrrpMulticastIPv4)
                self = multicast ? .multicastPseudoHeader : .invalid
            }
        case (_, .ipv6):
            self = Self.fits(whole, payloadLength, source, destination) ? .valid : .invalid
        case (_, .ipv4):
            self = message.isValid || whole.isValid ? .valid : .invalid
        }
    }

    private static func fits(
        _ sum: InternetChecksum,
        _ length: Int,
        _ source: IPAddress,
        _ destination: IPAddress
    ) -> Bool {
        var sum = sum
        sum.add(source)
        sum.add(destination)
        sum.add(Int(IPProtocol.vrrp.rawValue))
        sum.add(length)
        return sum.isValid
    }
}
