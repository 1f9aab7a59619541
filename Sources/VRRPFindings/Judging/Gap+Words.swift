internal import VRRPFacts
internal import VRRPTracker
internal import VRRPWire

extension Router.Gap {
    /// What the sender's own clock says about the gap, behind a blank; empty where its advertisements do not tell the time.
    ///
    /// A sender that stalls and packets that wait on the way look the same to whoever receives them.
    var senderClockSentence: String {
        guard let step = senderClockStep else { return "" }
        let wait = end - start - step
        guard wait.magnitude > interval / 4 else {
            return " By its own clock it sent the two \(text(step)) apart: they did not wait on the way."
        }
        return " By its own clock it sent the two \(text(step)) apart: "
            + (wait > .zero ? "the later one waited \(text(wait)) on the way" : "the earlier one waited on the way")
            + ", or its clock was set."
    }
}
