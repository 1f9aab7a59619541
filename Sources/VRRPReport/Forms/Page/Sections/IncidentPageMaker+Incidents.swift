internal import VRRPFindings
internal import VRRPIncidents
internal import VRRPWire

extension IncidentPageMaker {
    var incidents: (rows: [Page.Happened], more: String?) {
        let shown = Set(findingsInFull)
        let rows = digest.rows.map { row in
            let worst = row.worst
            let anchor = incidentAnchors[worst.id] ?? "incidents"
            return Page.Happened(
                anchor: anchor,
                number: "\(worst.id)",
                severity: worst.severity?.rawValue ?? "good",
                symbol: worst.severity?.symbol ?? "✓",
                time: time.text(row.incidents[0].start, decimals: 0),
                kind: worst.kind.rawValue,
                summary: Form.prose(row.words(time)),
                story: Form.prose(worst.story(time)),
                findings: worst.findings.filter(shown.contains).prefix(Self.mostLinks).map { index in
                    Page.Link(anchor: anchors.findings[index], label: document.findings[index].id)
                },
                picture: enlarged(worst, id: anchor)
            )
        }
        return (rows, digest.rest)
    }

    /// The number of findings that an incident links to.
    private static var mostLinks: Int { 6 }

    /// The anchors of the incidents' rows, by their numbers; an incident without a row has none.
    static func rowAnchors(_ digest: IncidentDigest, _ anchors: Anchors) -> [Int: String] {
        var rows: [Int: String] = [:]
        for row in digest.rows {
            for incident in row.incidents { rows[incident.id] = anchors.incidents[row.incidents[0].id] }
        }
        return rows
    }

    /// The pictures of the incidents that a finding is about.
    func pictures(of finding: Int) -> [Page.Link] {
        guard Form.hasPictures else { return [] }
        var known: Set<String> = []
        return (incidentsByFinding[finding] ?? []).compactMap { number in
            guard let anchor = incidentAnchors[number], known.insert(anchor).inserted else { return nil }
            return Page.Link(anchor: anchor, label: "incident \(number)")
        }.prefix(Self.mostLinks).map { $0 }
    }

    /// The positions of the findings that the page shows without folding.
    private var findingsInFull: [Int] {
        guard document.findings.count > limits.fewFindings else { return Array(document.findings.indices) }
        var seen: [String: Int] = [:]
        return document.findings.indices.filter { index in
            seen[document.findings[index].id, default: 0] += 1
            return seen[document.findings[index].id, default: 0] <= limits.fullFindingsEach
        }
    }
}
