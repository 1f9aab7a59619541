/// The labels of the passwords seen, in order of first appearance.
package struct AuthenticationKeys: Sendable {
    /// The number of keys that get a label of their own.
    ///
    /// Further ones get none, so that a label never stands for two keys.
    package static let most = 16_384

    private var numbers: [UInt64: Int] = [:]

    package init() {}

    /// The label of a password: the eight bytes of RFC 2338 section 5.3.10 as a big-endian number.
    package mutating func key(for secret: UInt64) -> AuthenticationKey {
        if let number = numbers[secret] { return AuthenticationKey(number: number, secret: secret) }
        guard numbers.count < Self.most else { return AuthenticationKey(number: nil, secret: secret) }
        let number = numbers.count + 1
        numbers[secret] = number
        return AuthenticationKey(number: number, secret: secret)
    }
}
