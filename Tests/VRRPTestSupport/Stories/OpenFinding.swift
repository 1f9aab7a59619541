package import VRRPFindings
package import VRRPReport
package import VRRPTracker
package import VRRPWire

extension ReportDocument.Finding {
    /// A finding about `untagged/ipv4/51` that is still open.
    package static func open(
        _ id: String = "split-brain",
        _ severity: Severity = .critical,
        at instant: CaptureInstant,
        summary: String = "",
        evidence: [FrameReference] = []
    ) -> Self {
        guard let rule = Catalogue[id] else { preconditionFailure("no rule is called \(id)") }
        let segment = Segment(interface: 0, vlans: VLANStack())
        let finding = Finding(
            rule,
            severity: severity,
            virtualRouter: VirtualRouterKey(segment: segment, family: .ipv4, vrid: 51),
            from: instant,
            to: instant,
            ongoing: true,
            summary: summary,
            explanation: "",
            remedy: "",
            evidence: evidence
        )
        return Self(finding, ReportNames(namesInterfaces: false))
    }
}
