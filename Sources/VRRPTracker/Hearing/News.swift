/// Whether something happened to a virtual router that shows in its history or decides about a finding.
///
/// Every function of the tracker that notes something returns it, and the compiler refuses to drop it: an input that
/// forgot its news would never be looked at live.
struct News: Hashable, Sendable {
    private var isSome: Bool

    static let none = Self(isSome: false)
    static let some = Self(isSome: true)

    private init(isSome: Bool) {
        self.isSome = isSome
    }

    /// News where a condition holds.
    init(_ isSome: Bool) {
        self.isSome = isSome
    }

    static func |= (left: inout Self, right: Self) {
        left.isSome = left.isSome || right.isSome
    }
}
