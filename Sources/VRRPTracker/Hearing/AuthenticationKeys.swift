/// The labels of the passwords seen, in order of first appearance.
package struct AuthenticationKeys: Sendable {
    /// The number of keys that are told apart.
    ///
    /// Further ones share the last label.
    package static let most = 1024

    private var numbers: [UInt64: Int] = [:]

    package init() {}

    /// The label of a password: the eight bytes of RFC 2338 section 5.3.10 as a big-endian number.
    package mutating func key(for secret: UInt64) -> AuthenticationKey {
        if let number = numbers[secret] { return AuthenticationKey(number: number, secret: secret) }
        let number = min(numbers.count + 1, Self.most)
        if numbers.count < Self.most { numbers[secret] = number }
        return AuthenticationKey(number: number, secret: secret)
    }
}
