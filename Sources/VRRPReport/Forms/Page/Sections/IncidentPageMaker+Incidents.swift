internal import VRRPFindings
internal import VRRPIncidents
internal import VRRPWire

extension IncidentPageMaker {
    var incidents: (rows: [IncidentPage.Happened], more: String?) {
        let digest = IncidentDigest(document.incidents, atMost: limits.incidents)
        let shown = Set(findingsInFull)
        let rows = digest.rows.map { row in
            let worst = row.worst
            return IncidentPage.Happened(
                anchor: "incident-\(row.incidents[0].id)",
                severity: worst.severity?.rawValue ?? "good",
                symbol: worst.severity?.symbol ?? "✓",
                time: time.text(row.incidents[0].start, decimals: 0),
                kind: worst.kind.rawValue,
                summaryMarkup: form.prose(row.words(time)),
                storyMarkup: form.prose(worst.story(time)),
                findings: worst.findings.filter(shown.contains).prefix(Self.mostLinks).map { index in
                    IncidentPage.Link(anchor: "finding-\(index)", label: document.findings[index].id)
                }
            )
        }
        return (rows, digest.rest)
    }

    /// The number of findings that an incident links to.
    private static let mostLinks = 6

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
