import Testing
import VRRPFindings
import VRRPReport
import VRRPWire

/// Reports with more findings than they have room for.
@Suite struct FindingTableTests {
    /// Findings of one severity after the other, each a second after the one before.
    private static func findings(_ severities: [Severity]) -> [Finding] {
        severities.enumerated().map { number, severity in
            let instant = CaptureInstant(nanoseconds: Int64(number) * 1_000_000_000)
            return Finding(
                TableFull.rule,
                severity: severity,
                virtualRouter: nil,
                from: instant,
                to: instant,
                summary: "finding \(number)",
                explanation: ""
            )
        }
    }

    @Test("where all fit, they are those of the catalogue in its order") func room() {
        let findings = Self.findings([.notice, .critical, .warning, .critical])
        var table = FindingTable(findings, most: 4)
        let sorted = table.takeAll()
        #expect(sorted.map(\.summary) == ["finding 1", "finding 3", "finding 2", "finding 0"])
    }

    @Test("beyond that the gravest stay, then the first, and the others are summed up", arguments: [1, 2, 7, 100])
    func full(share: Int) throws {
        let severities = (0..<100).map { number in
            number % 10 == 9 ? Severity.critical : number % 5 == 1 ? .warning : .notice
        }
        let findings = Self.findings(severities)
        var table = FindingTable(most: 15)
        for start in stride(from: 0, to: findings.count, by: share) {
            table.add(Array(findings[start..<min(start + share, findings.count)]))
        }
        var sorted = table.takeAll()
        let place = try #require(sorted.firstIndex { $0.summary.contains("left out") })
        let sum = sorted.remove(at: place)
        #expect(sorted.map(\.summary) == Catalogue.sorted(findings).prefix(15).map(\.summary))
        #expect(sum.rule.id == "table-full")
        #expect(sum.count == 85)
        #expect(sum.explanation.contains("15 of severity warning, 70 of severity notice"), "\(sum.explanation)")
        #expect((sum.start, sum.end) == (findings[0].start, findings[98].start))
    }

    @Test("of findings that come in order of time those behind a full table have no place") func behind() {
        let findings = Self.findings(Array(repeating: .warning, count: 50))
        var table = FindingTable(most: 8)
        for finding in findings { table.add([finding]) }
        let sorted = table.takeAll()
        #expect(sorted.filter { $0.explanation.isEmpty }.map(\.start) == findings.prefix(8).map(\.start))
        #expect(sorted.first { !$0.explanation.isEmpty }?.count == 42)
    }
}
