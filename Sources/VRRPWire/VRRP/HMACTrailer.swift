/// The fields of keepalived's `auth_hmac` trailer besides its digest (draft-cassen-vrrp-auth-hmac, `vrrp_auth_hmac.h`).
///
///      0                   1                   2                   3
///      0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
///     +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
///     |  Type = 1     |    Key ID     |         Reserved = 0          |
///     +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
///     |                    Seconds since 1970, UTC                    |
///     +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
///     |    1/65536 of a second        |            Counter            |   2.4.1 and later
///     |                            Counter                            |   2.4.0
///     +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
///     |             HMAC-SHA-256, its first 16 bytes                  |
///
/// Nothing in the trailer says which of the two layouts it has; ``hasFraction`` is as far as one advertisement tells.
package struct HMACTrailer: Hashable, Sendable {
    package static let length = 28
    /// The offset of the digest.
    package static let digestOffset = 12

    private enum Offset {
        static let keyID = 1
        static let seconds = 4
        static let rest = 8
    }

    /// The number of the sender's key, 1 to 255.
    package var keyID: UInt8
    /// Seconds since 1970, modulo 2^32.
    package var seconds: UInt32
    /// The word behind the seconds, as a whole.
    private var rest: UInt32

    package init(keyID: UInt8, seconds: UInt32, fraction: UInt16, counter: UInt16) {
        self.keyID = keyID
        self.seconds = seconds
        rest = UInt32(fraction) << 16 | UInt32(counter)
    }

    /// Reads a trailer; there must be ``length`` bytes.
    init(_ bytes: Span<UInt8>) {
        keyID = bytes[Offset.keyID]
        seconds = bytes.uint32(at: Offset.seconds)
        rest = bytes.uint32(at: Offset.rest)
    }

    /// The part of a second in 1/65536; 0 in the layout of 2.4.0 for the first 65536 counts.
    package var fraction: UInt16 { UInt16(rest >> 16) }
    /// The number that tells advertisements of one instant apart.
    package var counter: UInt16 { UInt16(rest & 0xffff) }

    /// Whether the layout is that of keepalived 2.4.1 and later for sure, which has parts of a second.
    package var hasFraction: Bool { fraction != 0 }

    /// The number that grows from each advertisement of a sender to its next, in the serial arithmetic of RFC 1982.
    package var sequence: UInt64 { UInt64(seconds) << 32 | UInt64(rest) }

    /// The time by which the sender's clock is behind another clock, which must be less than 68 years off.
    package func clockLag(behind instant: CaptureInstant) -> TimeSpan {
        let (whole, part) = instant.nanoseconds.quotientAndRemainder(dividingBy: 1_000_000_000)
        let apart = Int32(bitPattern: UInt32(truncatingIfNeeded: whole) &- seconds)
        return .seconds(Int64(apart)) + TimeSpan(nanoseconds: part - Int64(fraction) * 1_000_000_000 / 65_536)
    }
}
