package import VRRPWire

/// An `auth_hmac` block of keepalived, 2.4.0 and later (keepalived, vrrp_auth_hmac.h).
package struct ConfiguredHMAC: Hashable, Sendable {
    /// The keys by their numbers.
    package var keys: [UInt8: Key] = [:]
    /// The number of the key that signs; `nil` where none is named.
    package var activeKey: UInt8?
    package var mode: Mode = .enforce
    package var antiReplay: AntiReplay = .time
    /// The distance of clocks that is allowed; `nil` for three intervals, and 5 s at least.
    package var window: TimeSpan?

    package init() {}

    /// The lengths that a key may have, in bytes (`VRRP_AUTH_HMAC_KEY_MIN` and `VRRP_AUTH_HMAC_KEY_MAX`).
    static let keyLengths = 32...64

    package enum Mode: String, Hashable, Sendable {
        /// Signs, and rejects what is not signed.
        case enforce
        /// Signs, and accepts what is not signed.
        case permissive
        /// Does not sign, and accepts what is not signed.
        case receiveOnly = "receive-only"
    }

    /// The order that advertisements of one sender must keep.
    package enum AntiReplay: String, Hashable, Sendable {
        /// Later than the one before, and near the receiver's clock.
        case time
        /// Later than the one before.
        case monotonic
    }

    /// Whether its advertisements carry a trailer.
    package var signs: Bool { mode != .receiveOnly }

    /// A key, which prints as nothing, so that it does not end up in output by accident.
    package enum Key: Hashable, Sendable, CustomStringConvertible {
        case bytes([UInt8])
        /// In a file of the router, or decided there: it is equal to nothing and different from nothing.
        case elsewhere

        /// Text, or `hex:` with pairs of digits, between which blanks may stand (keepalived, `read_hex_str` in
        /// lib/parser.c); `nil` where something else stands there.
        init?(_ text: String) {
            guard text.hasPrefix("hex:") else {
                self = .bytes(Array(text.utf8))
                return
            }
            var bytes: [UInt8] = []
            for digits in text.dropFirst(4).split(whereSeparator: \.isKeepalivedBlank) {
                var rest = digits
                while !rest.isEmpty {
                    // A sign would be taken for part of the number.
                    guard rest.prefix(2).allSatisfy(\.isHexDigit), let byte = UInt8(rest.prefix(2), radix: 16) else {
                        return nil
                    }
                    bytes.append(byte)
                    rest = rest.dropFirst(2)
                }
            }
            self = .bytes(bytes)
        }

        /// In bytes; `nil` where it is not known.
        var length: Int? {
            if case .bytes(let bytes) = self { bytes.count } else { nil }
        }

        /// Whether two keys are known and are not the same.
        package func provablyDiffers(from other: Self) -> Bool {
            if case .bytes(let left) = self, case .bytes(let right) = other { left != right } else { false }
        }

        package var description: String { "(hidden)" }
    }
}
