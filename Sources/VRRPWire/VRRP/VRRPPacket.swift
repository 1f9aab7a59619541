/// A zero-copy view of a VRRP message, version 2 or 3.
///
///      0                   1                   2                   3
///      0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
///     +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
///     |Version| Type  | Virtual Rtr ID|   Priority    | Count IP Addrs|
///     +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
///     |   Auth Type   |   Adver Int   |          Checksum             |   version 2
///     |(rsvd) |   Max Adver Int       |          Checksum             |   version 3
///     +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
///     |                  IPv4 or IPv6 addresses (1..n)                |
///     |      Authentication Data (8 bytes, version 2 over IPv4)       |
///
/// RFC 2338 and 3768 section 5.1, RFC 9568 section 5.1. keepalived speaks version 2 over IPv6 without authentication
/// data (`vrrp_pkt_len` in vrrp.c).
///
/// A view exists when the first eight bytes do. ``stop`` says why the rest could not be read, and every accessor gives
/// as much as there is.
package struct VRRPPacket: ~Escapable {
    private enum Offset {
        static let versionAndType = 0
        static let virtualRouterID = 1
        static let priority = 2
        static let addressCount = 3
        static let authenticationType = 4
        static let advertisementInterval = 5
        static let checksum = 6
        static let addresses = 8
    }

    /// The message as captured, without what follows its IP length.
    package let bytes: Span<UInt8>
    package let family: AddressFamily
    /// The number of whole addresses that could be read; ``addressCount`` is the number that the header claims.
    package let readableAddressCount: Int
    /// Bytes between the message's own end and the end of the IP payload: a fact, not an error (RFC 9568 section 7.1
    /// asks for the complete packet, keepalived's `auth_hmac` and Cisco's MD5 block follow it).
    package let trailingByteCount: Int
    /// The message's length in bytes by the address count: header, addresses, authentication data.
    package let messageLength: Int
    package let checksumKind: ChecksumKind
    package let stop: DecodeError?

    /// Reads a message.
    ///
    /// - Parameters:
    ///   - payload: the IP payload as captured.
    ///   - header: the IP header, whose payload length rules over the number of captured bytes.
    /// - Throws: ``DecodeError`` when not even the first eight bytes are there.
    @_lifetime(copy payload)
    package init(_ payload: Span<UInt8>, in header: IPHeader) throws(DecodeError) {
        guard payload.count >= Offset.addresses, header.payloadLength >= Offset.addresses else {
            throw Self.cutShort(payload, in: header)
        }
        let bytes = payload.extracting(first: min(payload.count, header.payloadLength))
        let version = bytes[Offset.versionAndType] >> 4
        let family = header.source.family
        let width = family == .ipv4 ? 4 : 16
        let count = Int(bytes[Offset.addressCount])
        let authenticationLength = version == 2 && family == .ipv4 ? 8 : 0
        let length = Offset.addresses + width * count + authenticationLength
        self.bytes = bytes
        self.family = family
        readableAddressCount = min(count, (bytes.count - Offset.addresses) / width)
        trailingByteCount = max(0, header.payloadLength - length)
        messageLength = length
        stop = Self.fault(bytes, length, header)
        checksumKind = Self.checksumKind(bytes, length, header)
    }

    /// The error of a payload that is too short for the first eight bytes.
    private static func cutShort(_ payload: Span<UInt8>, in header: IPHeader) -> DecodeError {
        DecodeError(
            .vrrp,
            offset: 0,
            .truncated(
                needed: Offset.addresses,
                available: min(payload.count, header.payloadLength),
                limit: header.payloadLength < Offset.addresses ? .headerField(header.layer) : .capture
            )
        )
    }

    /// The first fault of a message, given its length by the address count; `nil` where there is none.
    private static func fault(_ bytes: Span<UInt8>, _ length: Int, _ header: IPHeader) -> DecodeError? {
        let version = bytes[Offset.versionAndType] >> 4
        let type = bytes[Offset.versionAndType] & 0xf
        if version != 2, version != 3 {
            return DecodeError(.vrrp, offset: Offset.versionAndType, .unsupportedVersion(version))
        }
        if type != 1 { return DecodeError(.vrrp, offset: Offset.versionAndType, .unsupportedType(type)) }
        if bytes[Offset.virtualRouterID] == 0 {
            return DecodeError(.vrrp, offset: Offset.virtualRouterID, .invalidVirtualRouterID)
        }
        // The IP length comes first: only what it leaves can be the capture's fault.
        let isCutByHeader = header.payloadLength < length
        guard isCutByHeader || bytes.count < length else { return nil }
        return DecodeError(
            .vrrp,
            offset: Offset.addresses,
            .truncated(
                needed: length,
                available: isCutByHeader ? header.payloadLength : bytes.count,
                limit: isCutByHeader ? .headerField(header.layer) : .capture
            )
        )
    }

    /// The checksum convention that fits a message, given its length by the address count.
    private static func checksumKind(_ bytes: Span<UInt8>, _ length: Int, _ header: IPHeader) -> ChecksumKind {
        guard bytes.count >= min(length, header.payloadLength) else { return .unknown }
        let kind = ChecksumKind(
            of: bytes,
            messageLength: min(length, bytes.count),
            payloadLength: header.payloadLength,
            version: bytes[Offset.versionAndType] >> 4,
            source: header.source,
            destination: header.destination
        )
        // The sum may cover a trailer, which the capture may have cut.
        return kind == .invalid && bytes.count < header.payloadLength ? .unknown : kind
    }

    package var version: UInt8 { bytes[Offset.versionAndType] >> 4 }
    package var type: UInt8 { bytes[Offset.versionAndType] & 0xf }
    package var virtualRouterID: UInt8 { bytes[Offset.virtualRouterID] }
    package var priority: UInt8 { bytes[Offset.priority] }
    package var addressCount: Int { Int(bytes[Offset.addressCount]) }
    package var checksum: UInt16 { bytes.uint16(at: Offset.checksum) }

    /// The Auth Type of version 2; zero in version 3, which has none.
    package var authenticationType: UInt8 { version == 2 ? bytes[Offset.authenticationType] : 0 }

    /// The advertised interval: whole seconds in version 2, centiseconds in the low 12 bits in version 3.
    package var advertisementInterval: TimeSpan {
        version == 2
            ? .seconds(Int64(bytes[Offset.advertisementInterval]))
            : .centiseconds(Int64(bytes.uint16(at: Offset.authenticationType) & 0xfff))
    }

    private var addressWidth: Int { family == .ipv4 ? 4 : 16 }

    /// The address at an index below ``readableAddressCount``.
    package func address(at index: Int) -> IPAddress {
        precondition(index >= 0 && index < readableAddressCount)
        return IPAddress(family, bytes, at: Offset.addresses + addressWidth * index)
    }

    /// The 8 bytes behind the addresses in version 2 over IPv4, as one big-endian number; `nil` where there are none.
    ///
    /// With simple text authentication they are the password, padded with zeros (RFC 2338 section 5.3.10).
    package var authenticationData: UInt64? {
        let offset = Offset.addresses + addressWidth * addressCount
        guard version == 2, family == .ipv4, bytes.count >= offset + 8 else { return nil }
        return bytes.uint64(at: offset)
    }

    /// Whether the trailing bytes have the shape of keepalived's `auth_hmac` (draft-cassen-vrrp-auth-hmac,
    /// `vrrp_auth_hmac.h`): 28 bytes, extension type 1, reserved field 0.
    package var hasHMACTrailer: Bool {
        // The capture may have cut it; its first four bytes tell.
        guard trailingByteCount == HMACTrailer.length, stop == nil, bytes.count >= messageLength + 4 else {
            return false
        }
        return bytes[messageLength] == 1 && bytes.uint16(at: messageLength + 2) == 0
    }

    /// keepalived's `auth_hmac` trailer; `nil` where there is none, or the capture cut it.
    package var hmacTrailer: HMACTrailer? {
        guard hasHMACTrailer, bytes.count >= messageLength + HMACTrailer.length else { return nil }
        return HMACTrailer(bytes.extracting(droppingFirst: messageLength))
    }

    /// Whether the trailing bytes are as long as the digest that Cisco's MD5 authentication puts there; how it is
    /// computed is not published.
    package var hasCiscoMD5Block: Bool { authentication == .ciscoMD5 && trailingByteCount == 16 && stop == nil }

    package var authentication: AuthenticationKind {
        if hasHMACTrailer { return .hmac }
        guard version == 2 else { return .none }
        switch authenticationType {
        case 0: return .none
        case 1: return .simpleText
        case 2: return .ah
        case 254: return .ciscoMD5
        default: return .unknown
        }
    }
}

/// The authentication of an advertisement; the raw values are the report's words.
package enum AuthenticationKind: String, Hashable, Sendable {
    case none
    case simpleText = "simple-text"
    case ah
    case ciscoMD5 = "cisco-md5"
    case hmac
    case unknown
}
