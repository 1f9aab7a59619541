/// The sequence of the IPv4 identifications of one source address.
///
/// keepalived counts its advertisements in the identification (`vrrp_update_pkt` in vrrp.c), so a step tells how many
/// were sent. Two machines behind one address show as two series that alternate.
package struct IdentificationSeries: Sendable {
    /// Steps of exactly one, and all others.
    package private(set) var steps = (byOne: 0, other: 0)
    /// The number of changes from one counting series to the other.
    package private(set) var alternations = 0
    private var current: UInt16?
    private var other: UInt16?

    package init() {}

    @inline(__always)
    mutating func add(_ identification: UInt16) {
        defer { current = identification }
        guard let current else { return }
        if Self.step(from: current, to: identification) == 1 {
            steps.byOne += 1
        } else if let other, Self.step(from: other, to: identification) == 1 {
            steps.byOne += 1
            alternations += 1
            self.other = current
        } else {
            steps.other += 1
            other = current
        }
    }

    /// The number of advertisements from one identification to a later one, modulo 2^16.
    ///
    /// Behind 65,535 keepalived goes on with 1, since the kernel replaces 0 (`vrrp_update_pkt` in vrrp.c); others go on with 0.
    @inline(__always)
    static func step(from earlier: UInt16, to later: UInt16) -> UInt16 {
        later < earlier && later > 0 ? later &- earlier &- 1 : later &- earlier
    }

    /// Whether a number follows another at once; false where either is not known.
    static func isNext(_ later: UInt16?, after earlier: UInt16?) -> Bool {
        guard let earlier, let later else { return false }
        return step(from: earlier, to: later) == 1
    }

    /// Whether the sender seems to count its advertisements, though many were lost or it was restarted often.
    var mayCount: Bool { steps.byOne > 0 && steps.byOne * 10 > 4 * (steps.byOne + steps.other) }

    /// Whether nothing is known of how the sender counts: it sent one advertisement at most.
    var isUnknown: Bool { steps == (byOne: 0, other: 0) }

    /// Whether no step was one of one: the identification stays the same, or tells nothing.
    package var isConstant: Bool { steps.byOne == 0 && steps.other > 0 }

    /// Whether an identification can be no echo's: it is the next one, or those of the sender tell nothing.
    @inline(__always)
    func isInOrder(_ identification: UInt16) -> Bool {
        guard let current else { return false }
        return identification == current &+ 1 || !(mayCount || isUnknown)
    }

    /// Whether the sender counts its advertisements, so that a larger step means more of them were sent.
    package var counts: Bool { steps.byOne > 0 && steps.byOne >= 4 * steps.other }
}
