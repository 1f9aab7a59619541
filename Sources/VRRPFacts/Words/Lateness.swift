package import VRRPWire

/// The one meaning of a late takeover, for text, pages and whatever else judges one.
package enum Lateness {
    /// The time by which a takeover may exceed its bound before it is late: a tenth of the bound, and at least 50 ms.
    ///
    /// The bound is what the timers of the protocol allow. A machine that is busy adds milliseconds of its own, and the
    /// capture adds those of its clock; neither is worth a warning.
    package static func allowance(beyond bound: TimeSpan) -> TimeSpan { max(bound / 10, .milliseconds(50)) }

    /// Whether a takeover took clearly longer than the timers of the protocol allow.
    package static func isLate(_ outage: TimeSpan, bound: TimeSpan) -> Bool {
        outage > bound + allowance(beyond: bound)
    }
}
