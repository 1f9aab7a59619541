internal import Crypto

/// Stand-ins for passwords: the same password gets the same one in every bundle, and nothing leads back.
///
/// A stand-in is sixteen bits of a slow digest. They tell equal from different passwords, with one chance in 65,536 to take two
/// different ones for the same, and are too few to tell which of many passwords it was. Who guesses a password can still hold
/// the guess against them.
package struct SecretMask {
    /// The length of a password on the wire, in bytes (RFC 2338 section 5.3.10).
    static let length = 8
    /// The rounds of the digest, a few milliseconds for a password.
    private static let rounds = 1 << 13
    /// The most passwords that are told apart; others share one stand-in, so that nobody can make this take for ever.
    private static let most = 256
    private static let salt: [UInt8] = Array("vrrpwatch bundle 1".utf8)

    private var known: [[UInt8]: String] = [:]

    package init() {}

    /// Finds the stand-in for the bytes of a password.
    ///
    /// - Parameter secret: the bytes; beyond eight, and zeros at the end, they do not count. It is not empty.
    /// - Returns: eight ASCII characters, such as `hid-3fa9`.
    package mutating func standIn(for secret: some Collection<UInt8>) -> String {
        var bytes = Array(secret.prefix(Self.length))
        while bytes.last == 0 { bytes.removeLast() }
        if let standIn = known[bytes] { return standIn }
        // What is masked already stays, so that masking twice changes nothing.
        if Self.isStandIn(bytes) { return String(decoding: bytes, as: UTF8.self) }
        guard known.count < Self.most else { return "hid-more" }
        var digest = Array(SHA256.hash(data: Self.salt + bytes))
        for _ in 0..<Self.rounds { digest = Array(SHA256.hash(data: digest + bytes)) }
        let digits = String(UInt16(digest[0]) << 8 | UInt16(digest[1]), radix: 16)
        let standIn = "hid-" + String(repeating: "0", count: 4 - digits.count) + digits
        known[bytes] = standIn
        return standIn
    }

    /// Whether bytes are a stand-in.
    static func isStandIn(_ bytes: some Collection<UInt8>) -> Bool {
        guard bytes.count == length, bytes.starts(with: "hid-".utf8) else { return false }
        let rest = bytes.dropFirst(4)
        return rest.elementsEqual("more".utf8) || rest.allSatisfy { 0x30...0x39 ~= $0 || 0x61...0x66 ~= $0 }
    }
}
