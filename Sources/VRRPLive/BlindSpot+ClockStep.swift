internal import VRRPFacts
package import VRRPWire

extension BlindSpot {
    /// What a jump of the clock against the time that passed leaves out: the time over which it jumped, which was not observed.
    ///
    /// `step` is forward if positive, `instant` by the clock after the jump. There is nothing to note of a clock that was
    /// set back by more than a second, which the tracker notices by itself.
    package init?(clockStep step: TimeSpan, at instant: CaptureInstant) {
        guard step >= .seconds(-1) else { return nil }
        self.init(from: instant - max(step, .zero), to: instant, .clockStep)
    }
}
