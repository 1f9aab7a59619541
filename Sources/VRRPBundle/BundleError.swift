/// The reason why a bundle cannot be read on.
package struct BundleError: Error, Hashable, Sendable, CustomStringConvertible {
    /// One clause without a full stop; names in it are as the file has them.
    package var reason: String
    /// Whether the file is a bundle at all, so that the fault is damage.
    package var isDamage: Bool

    package init(_ reason: String, isDamage: Bool = true) {
        self.reason = reason
        self.isDamage = isDamage
    }

    package var description: String { reason }
}
