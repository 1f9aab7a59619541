internal import VRRPFacts
internal import VRRPTracker
internal import VRRPWire

extension Router.Gap {
    /// The sentence on what the sender's own clock says about the gap, with a blank in front; empty where its
    /// advertisements do not tell the time.
    ///
    /// To a receiver, a sender that stalls looks the same as packets that wait on the way.
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
