import VRRPFindings
@testable import VRRPReport
import VRRPTracker
import VRRPWire

extension ReportDocument.Finding {
    /// One that lasts, about `untagged/ipv4/51`.
    static func open(
        _ id: String = "split-brain",
        _ severity: Severity = .critical,
        at instant: CaptureInstant,
        summary: String = "",
        evidence: [FrameReference] = []
    ) -> Self {
        Self(
            id: id,
            severity: severity,
            virtualRouter: "untagged/ipv4/51",
            routers: [],
            start: instant,
            end: instant,
            ongoing: true,
            count: 1,
            summary: summary,
            explanation: "",
            remedy: "",
            evidence: evidence
        )
    }
}
