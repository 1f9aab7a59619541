internal import VRRPFacts
package import VRRPTracker
internal import VRRPWire

extension Subject {
    /// Whether a router rejects advertisements of another one, which may have kept it silent.
    func isHeldBack(_ position: Int) -> Bool {
        history.isHeldBackByKeys(position)
            || masters.contains { $0 != position && history.rejection(by: position, of: $0, in: virtualRouter) != nil }
    }
}

extension Router.Gap {
    /// The longest silence, in intervals, behind which a step of the identification larger than one tells of lost
    /// advertisements: after a longer one it may as well be a restart.
    private static let longestLoss: Int64 = 64

    /// Whether the router went on after the silence, and was not restarted: it goes on to count where it was.
    ///
    /// Where the identifications tell nothing, a short silence counts as such a one.
    ///
    /// - Parameter series: the identifications of the router.
    /// - Returns: whether it went on.
    package func isContinued(in series: IdentificationSeries) -> Bool {
        let isShort = end - start <= interval * Self.longestLoss
        guard series.counts, let step = identificationStep else { return isShort }
        return step == 1 || (isShort && step > 1 && Int(step) <= due + 1)
    }

    /// The number of advertisements that were due between the two.
    package var due: Int { max(0, Int(((end - start) / interval).rounded()) - 1) }

    /// The sentence on what the sender's own clock says about the gap, with a blank in front; empty where its
    /// advertisements do not tell the time.
    ///
    /// To a receiver, a sender that stalls looks the same as packets that wait on the way.
    var senderClockSentence: String {
        guard let step = senderClockStep else { return "" }
        let wait = end - start - step
        guard wait.magnitude > interval / 4 else {
            return
                " By its own clock the router sent the two advertisements \(text(step)) apart: they did not wait on the way."
        }
        return " By its own clock the router sent the two advertisements \(text(step)) apart: "
            + (wait > .zero ? "the later one waited \(text(wait)) on the way" : "the earlier one waited on the way")
            + ", or somebody set the router's clock."
    }
}
