import Testing
import VRRPFacts
import VRRPFindings
import VRRPReport
import VRRPTestSupport
import VRRPTracker
import VRRPWire

@Suite struct TextReportTests {
    private func render(_ feed: Feed, _ change: (inout TextReport.Options) -> Void = { _ in }) throws -> String {
        var options = TextReport.Options()
        change(&options)
        let observation = feed.tracker.observation
        let finding = try ReportDocumentTests.finding(in: observation)
        return TextReport.render(ReportDocumentTests.document(observation, findings: [finding]), options)
    }

    @Test("a page in the width that a line has, as the files of Reports hold it", arguments: [80, 60, 160])
    func page(width: Int) throws {
        let text = try render(.takeover) { $0.width = width }
        #expect(try text == GoldenFile.whole("Tests/VRRPReportTests/Reports/takeover.\(width).txt", text))
        #expect(text.split(separator: "\n").allSatisfy { $0.count <= width })
    }

    /// Stories, and the first sentences of their reports.
    private static let headlines = [
        (
            """
            router A 10.0.0.1 priority 200
            0..10 every 1 A
            10.5..40 every 1 A priority 50
            40.5 end
            """,
            "Nothing happened: as far as the capture shows, the virtual router had one master all the time. Worth knowing: "
                + "10.0.0.1 lowered its priority from 200 to 50 and remained master"
        ),
        (
            """
            router A 10.0.0.1 priority 100
            0..9 every 1 A
            10 end
            """,
            "Nothing happened: as far as the capture shows, the virtual router had one master all the time.\n1 virtual router"
        ),
        (
            """
            0..20 every 2 host 02:00:00:00:00:0a announces 10.0.0.100
            1..21 every 2 host 02:00:00:00:00:0b announces 10.0.0.100
            22 end
            """,
            "02:00:00:00:00:0a and 02:00:00:00:00:0b both claim 10.0.0.100. There is nothing else to judge: no VRRP "
                + "advertisement was seen."
        ),
    ]

    @Test("the first sentence says what matters most", arguments: headlines)
    func headline(story: String, words: String) throws {
        let document = ReportDocument(
            try Scenario(story).observation,
            captures: [CaptureDescription(source: "a.pcap", format: .pcap)],
            version: "1.2.3"
        )
        var options = TextReport.Options()
        options.width = 1000
        let text = TextReport.render(document, options)
        #expect(text.hasPrefix(words), "\(text.prefix(400))")
    }

    @Test func passwordsAreShownOnRequestOnly() throws {
        #expect(try !render(.takeover).contains("secret"))
        #expect(try render(.takeover) { $0.showsSecrets = true }.contains("simple-text (key-1 'secret')"))
        var feed = Feed()
        feed.handle(Packets.advertisement(from: 1, password: "a\u{1b}b\u{7f}"), at: 0)
        #expect(try render(feed) { $0.showsSecrets = true }.contains(#"(key-1 'a\x1bb\x7f')"#))
    }

    @Test(
        "a quiet report begins as the whole one does",
        arguments: [
            "0..9 every 1 A\n20 end", "0..30 every 1 A\n10..20 every 1 B\n30 end",
            "0..9 every 1 A\n12.61..20 every 1 B\n21 end", "0..9 every 1 A\n9.5 A priority 0\n20 end",
        ]
    )
    func quietHeadline(course: String) throws {
        let routers = "router A 10.0.0.1 priority 200\nrouter B 10.0.0.2 priority 100\n"
        let observation = try Scenario(routers + course).observation
        let headlines = [true, false].map { isQuiet in
            var options = TextReport.Options()
            options.isQuiet = isQuiet
            let document = ReportDocument(
                observation,
                captures: [CaptureDescription(source: "a.pcap", format: .pcap)],
                selecting: TextReport.selection(options),
                version: "1.2.3"
            )
            return TextReport.render(document, options).split(separator: "\n\n")[0]
        }
        #expect(headlines[0].contains("(VRID "))
        #expect(headlines[0] == headlines[1])
    }

    @Test func quietShowsWhatIsWrongOnly() throws {
        let text = try render(.takeover) { $0.isQuiet = true }
        #expect(!text.contains("Timeline"))
        #expect(text.contains("split-brain"))
    }

    @Test func coloursChangeNothingElse() throws {
        let coloured = try render(.takeover) { $0.style = .ansi }
        #expect(coloured.contains("\u{1b}[1;31m"))
        #expect(coloured.replacing(/\u{1b}\[[0-9;]*m/, with: "") == (try render(.takeover)))
    }

    @Test func longListsFold() throws {
        var feed = Feed()
        for index in 0..<100 {
            let router = UInt8(1 + index % 2)
            feed.handle(Packets.advertisement(from: router, priority: 100), at: Int64(4000 * index))
        }
        feed.tracker.advance(to: Feed.instant(400_000))
        feed.tracker.finish()
        let text = try render(feed)
        #expect(text.contains("more are not shown; --verbose or --format json shows all"))
        let whole = try render(feed) { $0.isVerbose = true }
        #expect(!whole.contains("not shown"))
        #expect(whole.count > 2 * text.count)
    }

    @Test func explanationHasItsHeadingsInOrder() throws {
        let rule = try ReportDocumentTests.finding(in: Feed.takeover.tracker.observation).rule
        #expect(
            FindingPage.render(rule, style: .plain) == """
                split-brain  critical
                two are master

                What it means
                  It means.

                Why it matters
                  It matters.

                On the wire, an example with times in seconds
                    a
                    b

                Likely causes
                  - one
                  - two

                What to do
                  Mend it.

                Thresholds
                  None.

                References
                  - RFC 9568

                """
        )
    }
}

/// Reports on networks with many virtual routers.
@Suite struct LargeTextReportTests {
    private func render(_ change: (inout TextReport.Options) -> Void = { _ in }) throws -> String {
        var feed = Feed()
        for vrid in 1...40 {
            feed.handle(Packets.advertisement(from: 1, vrid: UInt8(vrid)), at: Int64(vrid))
        }
        feed.tracker.advance(to: Feed.instant(1000))
        feed.tracker.finish()
        let observation = feed.tracker.observation
        let findings = try observation.virtualRouters.map { virtualRouter in
            var finding = try ReportDocumentTests.finding(in: observation)
            finding.virtualRouter = virtualRouter.key
            return finding
        }
        var options = TextReport.Options()
        change(&options)
        return TextReport.render(ReportDocumentTests.document(observation, findings: findings), options)
    }

    @Test func thoseThatAreAlikeAreOneEntryAndOneRow() throws {
        let text = try render()
        let lines = text.split(separator: "\n")
        #expect(text.contains("critical split-brain (40): "))
        #expect(text.contains("untagged/ipv4/1, untagged/ipv4/2 and 38 more"))
        #expect(text.contains("10.0.0.100 (VRID 1) and 39 more"))
        #expect(lines.count < 40)
        #expect(lines.allSatisfy { $0.count <= 80 })
    }

    @Test func verboseShowsAll() throws {
        let text = try render { $0.isVerbose = true }
        #expect(text.split(separator: "\n").count { $0.hasPrefix("Virtual router 10.0.0.100") } == 40)
        #expect(text.split(separator: "\n").count { $0.hasPrefix("  critical split-brain") } == 40)
    }
}
