package import VRRPFindings
internal import VRRPWire

/// The findings of a report as far as there is room for them: the gravest, and the first of those that are as grave.
///
/// What does not fit is summed up in a finding of its own, `table-full`.
package struct FindingTable: Sendable {
    /// The most findings of one report: two for each of as many virtual routers as a capture may hold.
    package static let most = 50_000

    private let most: Int
    private var kept: [Finding] = []
    /// The rank of the last of those kept when the table was full: what comes behind has no place; `nil` before.
    private var last: Finding.Rank?
    private var leftOut: [Severity: Int] = [:]
    private var start = CaptureInstant.distantFuture
    private var end = CaptureInstant.distantPast

    package init(_ findings: [Finding] = [], most: Int = FindingTable.most) {
        self.most = most
        add(findings)
    }

    package mutating func add(_ findings: [Finding]) {
        for finding in findings {
            if let last, finding.rank >= last { leaveOut(finding) } else { kept.append(finding) }
        }
        // Some more are let in, so that the cost of sorting is shared.
        if kept.count >= most + max(most / 8, 1) { prune() }
    }

    private mutating func prune() {
        kept = Catalogue.sorted(kept)
        for finding in kept[most...] { leaveOut(finding) }
        kept.removeSubrange(most...)
        last = kept.last?.rank
    }

    private mutating func leaveOut(_ finding: Finding) {
        leftOut[finding.severity, default: 0] += 1
        start = min(start, finding.start)
        end = max(end, finding.end)
    }

    /// Takes all findings out, sorted as the catalogue sorts them, with one more that sums up those left out.
    package mutating func takeAll() -> [Finding] {
        if kept.count > most { prune() }
        if !leftOut.isEmpty { kept.append(TableFull.finding(ofFindings: leftOut, most: most, from: start, to: end)) }
        let sorted = Catalogue.sorted(kept)
        self = FindingTable(most: most)
        return sorted
    }
}
