package import VRRPWire

/// The thresholds in time that a judgement came upon and that are not crossed yet.
///
/// A rule asks here whether a stretch lasted long enough. That says the threshold once: the answer makes the finding, and
/// where the answer is "not yet" the instant of the other answer is kept, at which a live session judges again.
package struct Pending: Sendable {
    /// The end of what was observed.
    package let now: CaptureInstant
    /// The earliest instant after which an answer is another one, if nothing new is seen; `nil` for none.
    private var earliest: CaptureInstant?

    package init(at now: CaptureInstant) { self.now = now }

    /// The first instant at which an answer is another one, if nothing new is seen; `nil` for none.
    package var nextChange: CaptureInstant? { earliest.map { $0 + TimeSpan(nanoseconds: 1) } }

    /// Whether a stretch lasted longer than a limit; one that goes on up to now and did not is pending.
    package mutating func isLonger(
        than limit: TimeSpan,
        from start: CaptureInstant,
        to end: CaptureInstant
    ) -> Bool {
        isPast(start + limit, at: end)
    }

    /// Whether an instant lies before the end of a stretch; where the stretch goes on up to now and it does not, it is pending.
    ///
    /// - Parameters:
    ///   - instant: the threshold.
    ///   - end: the end of the stretch; `nil` for now.
    /// - Returns: whether the threshold is crossed.
    package mutating func isPast(_ instant: CaptureInstant, at end: CaptureInstant? = nil) -> Bool {
        let end = end ?? now
        guard end <= instant else { return true }
        if end >= now { earliest = min(earliest ?? instant, instant) }
        return false
    }
}
