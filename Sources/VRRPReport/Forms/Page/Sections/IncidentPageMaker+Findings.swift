internal import VRRPFacts
internal import VRRPFindings
internal import VRRPTracker
internal import VRRPWire

extension IncidentPageMaker {
    var findings: ([Page.Finding], [Page.MoreFindings]) {
        let numbered = Array(document.findings.enumerated())
        guard numbered.count > limits.fewFindings else { return (numbered.map { finding($1, $0) }, []) }
        var seen: [String: Int] = [:]
        var full: [Page.Finding] = []
        var order: [String] = []
        var rest: [String: [(offset: Int, element: ReportDocument.Finding)]] = [:]
        for (offset, element) in numbered {
            let count = seen[element.id, default: 0]
            seen[element.id] = count + 1
            if count < limits.fullFindingsEach {
                full.append(finding(element, offset))
            } else {
                if rest[element.id] == nil { order.append(element.id) }
                rest[element.id, default: []].append((offset, element))
            }
        }
        let more = order.map { id in
            let others = rest[id] ?? []
            let severity = others.first?.element.severity.rawValue ?? ""
            let hidden = others.count - limits.foldedFindingsEach
            return Page.MoreFindings(
                title: "\(severity) \(id): \(others.count) more",
                findings: others.prefix(limits.foldedFindingsEach).map { finding($0.element, $0.offset) },
                more: hidden > 0 ? "\(hidden) more are in the JSON form." : nil
            )
        }
        return (full, more)
    }

    private func finding(_ finding: ReportDocument.Finding, _ index: Int) -> Page.Finding {
        var extent = time.text(finding.start)
        if finding.end > finding.start { extent += ", for \((finding.end - finding.start).words(.prose))" }
        if finding.ongoing { extent += ", ongoing" }
        if finding.count > 1 { extent += ", \(finding.count) times" }
        return Page.Finding(
            anchor: anchors.findings[index],
            id: finding.id,
            severity: finding.severity.rawValue,
            symbol: finding.severity.symbol,
            place: Form.plain(finding.name?.title ?? "the whole capture"),
            summary: Form.prose(finding.summary),
            extent: extent,
            why: Form.prose(finding.explanation),
            remedy: Form.prose(finding.remedy),
            pictures: pictures(of: index),
            evidence: Evidence.all(finding.evidence, in: document)
        )
    }
}

extension Severity {
    /// A sign beside the word and the colour.
    var symbol: String {
        switch self {
        case .critical: "✖"
        case .warning: "▲"
        case .notice: "●"
        }
    }
}
