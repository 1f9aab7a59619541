internal import Crypto
internal import FoundationEssentials
package import VRRPTracker
package import VRRPWire

/// The integrity check value of an IP Authentication Header before a VRRP message: HMAC-MD5-96 (RFC 2402, RFC 2403).
///
/// It covers the IPv4 header with what changes on the way zeroed, AH with the value itself zeroed, and the message.
package struct AHIntegrityValue {
    /// The length of an HMAC-MD5-96 value in bytes.
    package static let length = 12

    /// IPv4 header, AH and message, with type of service, flags, fragment offset, header checksum and value zeroed.
    private var covered: [UInt8]
    private let ipHeaderLength: Int
    private let received: ArraySlice<UInt8>

    private enum Offset {
        static let typeOfService = 1
        static let fragment = 6..<8
        static let ttl = 8
        static let checksum = 10..<12
        static let options = 20
    }

    /// Takes the value and what it covers out of a frame; `nil` where the value has another length, or the network is
    /// IPv6, for which keepalived has no AH.
    ///
    /// - Parameters:
    ///   - header: the Authentication Header.
    ///   - packet: the message behind it, whole.
    ///   - bytes: the frame that holds both.
    package init?(_ header: AuthenticationHeader, _ packet: borrowing VRRPPacket, in bytes: Span<UInt8>) {
        guard header.integrityValueLength == Self.length, header.distanceFromIPv4 > 0,
            let message = bytes.indices(of: packet.bytes), message.lowerBound >= header.distanceFromIPv4
        else { return nil }
        let start = message.lowerBound - header.distanceFromIPv4
        var covered = (start..<message.upperBound).map { bytes[$0] }
        let valueEnd = header.distanceFromIPv4
        received = covered[(valueEnd - Self.length)..<valueEnd]
        ipHeaderLength = 4 * Int(covered[0] & 0xf)
        covered[Offset.typeOfService] = 0
        for offset in Offset.fragment { covered[offset] = 0 }
        for offset in Offset.checksum { covered[offset] = 0 }
        for offset in received.indices { covered[offset] = 0 }
        self.covered = covered
    }

    /// The way in which the value was made with a key; `nil` if it was not made with that key.
    ///
    /// keepalived cuts the key to eight bytes, keeps TTL for multicast and options always; others do as the RFC says.
    package func method(for key: [UInt8]) -> KeyProof.Method? {
        let first = key.prefix(8)
        for method in methods where received.elementsEqual(value(with: first, method)) { return method }
        guard first.count < key.count else { return nil }
        for method in methods where received.elementsEqual(value(with: key[...], method)) {
            return method.union(.wholeKey)
        }
        return nil
    }

    private var methods: [KeyProof.Method] {
        let ttl: [KeyProof.Method] = [[], .zeroedTTL]
        return ipHeaderLength > Offset.options ? ttl + ttl.map { $0.union(.zeroedOptions) } : ttl
    }

    /// The value that a sender puts there who has exactly this key, in the way of a method.
    package func value(with key: ArraySlice<UInt8>, _ method: KeyProof.Method) -> ArraySlice<UInt8> {
        var covered = covered
        if method.contains(.zeroedTTL) { covered[Offset.ttl] = 0 }
        if method.contains(.zeroedOptions) { zeroMutableOptions(&covered) }
        let code = HMAC<Insecure.MD5>.authenticationCode(for: covered, using: SymmetricKey(data: key))
        return Array(code).prefix(Self.length)
    }

    /// RFC 4302 section A.1: the options that routers on the way leave as they are.
    private static let immutableOptions: Set<UInt8> = [0, 1, 130, 133, 134, 148, 149]

    private func zeroMutableOptions(_ covered: inout [UInt8]) {
        var offset = Offset.options
        while offset < ipHeaderLength {
            let kind = covered[offset]
            // End of Options List and No Operation are one byte; every other option states its length (RFC 791 section 3.1).
            let stated = kind < 2 || offset + 1 >= ipHeaderLength ? 1 : Int(covered[offset + 1])
            let end = min(ipHeaderLength, offset + max(stated, 1))
            if !Self.immutableOptions.contains(kind) {
                for index in offset..<end { covered[index] = 0 }
            }
            offset = end
        }
    }
}

/// The digest of keepalived's `auth_hmac` trailer: the first 16 bytes of HMAC-SHA-256 (`pdu_hmac` in vrrp_auth_hmac.c).
///
/// It covers family, version, VRID and source, the message with its checksum taken for zero, and the trailer with the
/// digest taken for zero; of the IP header nothing else.
package struct TrailerDigest {
    package static let length = 16

    private let covered: [UInt8]
    private let digest: ArraySlice<UInt8>

    /// Takes the digest and what it covers out of a message; `nil` where there is no whole trailer.
    package init?(_ packet: borrowing VRRPPacket, source: IPAddress) {
        guard packet.hmacTrailer != nil else { return nil }
        let message = (0..<packet.bytes.count).map { packet.bytes[$0] }
        let digestStart = packet.messageLength + HMACTrailer.digestOffset
        digest = message[digestStart..<(digestStart + Self.length)]
        var covered: [UInt8] = [source.family == .ipv4 ? 4 : 6, packet.version, packet.virtualRouterID, 0]
        covered += source.bytesFilledTo16
        covered += message[..<6] + [0, 0] + message[8..<digestStart]
        covered += Array(repeating: 0, count: Self.length)
        self.covered = covered
    }

    package func fits(_ key: [UInt8]) -> Bool { digest.elementsEqual(value(with: key)) }

    /// The digest that a sender with a key puts there.
    package func value(with key: [UInt8]) -> ArraySlice<UInt8> {
        let code = HMAC<SHA256>.authenticationCode(for: covered, using: SymmetricKey(data: key))
        return Array(code).prefix(Self.length)
    }
}

extension IPAddress {
    /// Its bytes, IPv4 first and zeros behind.
    fileprivate var bytesFilledTo16: [UInt8] {
        let bits = family == .ipv4 ? [low << 32, 0] : [high, low]
        return bits.flatMap { word in (0..<8).map { UInt8(truncatingIfNeeded: word >> UInt64(56 - 8 * $0)) } }
    }
}
