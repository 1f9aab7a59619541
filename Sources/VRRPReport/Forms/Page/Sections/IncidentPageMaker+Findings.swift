internal import VRRPFacts
internal import VRRPFindings
internal import VRRPTracker
internal import VRRPWire

extension IncidentPageMaker {
    var findings: ([IncidentPage.Finding], [IncidentPage.MoreFindings]) {
        let numbered = Array(document.findings.enumerated())
        guard numbered.count > limits.fewFindings else { return (numbered.map { finding($1, $0) }, []) }
        var seen: [String: Int] = [:]
        var full: [IncidentPage.Finding] = []
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
            return IncidentPage.MoreFindings(
                title: "\(severity) \(id): \(others.count) more",
                findings: others.prefix(limits.foldedFindingsEach).map { finding($0.element, $0.offset) },
                more: hidden > 0 ? "\(hidden) more are in the JSON form." : nil
            )
        }
        return (full, more)
    }

    private func finding(_ finding: ReportDocument.Finding, _ index: Int) -> IncidentPage.Finding {
        var extent = time.text(finding.start)
        if finding.end > finding.start { extent += ", for \((finding.end - finding.start).words(.table))" }
        if finding.ongoing { extent += ", ongoing at the end" }
        if finding.count > 1 { extent += ", \(finding.count) times" }
        return IncidentPage.Finding(
            anchor: anchors.findings[index],
            id: finding.id,
            severity: finding.severity.rawValue,
            symbol: finding.severity.symbol,
            placeMarkup: finding.virtualRouter.map(form.name) ?? "the capture",
            summaryMarkup: form.prose(finding.summary),
            extent: extent,
            whyMarkup: form.prose(finding.explanation),
            remedyMarkup: form.prose(finding.remedy),
            pictures: pictures(of: index),
            hasPictures: !pictures(of: index).isEmpty,
            evidence: Evidence.all(finding.evidence, in: document, form)
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
