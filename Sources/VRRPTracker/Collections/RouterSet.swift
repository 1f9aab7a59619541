/// A set of routers of one virtual router, or of captures, by position.
///
/// Positions are below ``Tracker/mostRoutersEach``, so one word holds them.
struct RouterSet: Hashable, Sendable {
    private var bits: UInt64 = 0

    init() {}

    /// One router.
    init(_ position: Int) { insert(position) }

    var isEmpty: Bool { bits == 0 }

    func intersects(_ other: Self) -> Bool { bits & other.bits != 0 }

    func contains(_ position: Int) -> Bool { bits & 1 << UInt64(position) != 0 }

    /// Adds a router, and returns whether it was missing.
    @discardableResult
    mutating func insert(_ position: Int) -> Bool {
        defer { bits |= 1 << UInt64(position) }
        return !contains(position)
    }

    /// The positions in it, in order.
    var positions: [Int] {
        var rest = bits
        var positions: [Int] = []
        while rest != 0 {
            positions.append(rest.trailingZeroBitCount)
            rest &= rest - 1
        }
        return positions
    }

    mutating func remove(_ position: Int) {
        bits &= ~(1 << UInt64(position))
    }
}
