internal import VRRPFacts
package import VRRPWire

extension BlindSpot {
    /// Creates the blind spot of a jump of the clock: the time over which the clock jumped, which was not observed.
    ///
    /// `step` is forward if positive; `instant` is by the clock after the jump. The result is `nil` for a clock that
    /// was set back by more than a second, which the tracker notices by itself.
    package init?(clockStep step: TimeSpan, at instant: CaptureInstant) {
        guard step >= .seconds(-1) else { return nil }
        self.init(from: instant - max(step, .zero), to: instant, .clockStep)
    }
}
