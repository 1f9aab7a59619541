import Testing
import VRRPFacts
import VRRPFindings
import VRRPReport
import VRRPTestSupport
import VRRPTracker
import VRRPWire

@Suite struct IncidentReportTests {
    private static func document(_ feed: Feed = .takeover, source: String = "switch.pcap") throws -> ReportDocument {
        let observation = feed.tracker.observation
        return ReportDocument(
            observation,
            captures: [CaptureDescription(source: source, format: .pcap)],
            version: "1.2.3"
        )
    }

    /// Two routers that do not accept each other's passwords.
    private static func split(_ passwords: (String, String) = ("one", "two")) -> Feed {
        var feed = Feed()
        for second in 0..<10 {
            feed.handle(Packets.advertisement(from: 1, password: passwords.0), at: Int64(1000 * second))
            feed.handle(
                Packets.advertisement(from: 2, priority: 90, password: passwords.1),
                at: Int64(1000 * second + 400)
            )
        }
        feed.tracker.finish()
        return feed
    }

    // MARK: Verdict

    @Test func twoMasters() throws {
        let document = try Self.document(Self.split())
        let verdict = Verdict(document, document.impacts, .utc)
        let effect =
            "For 9 s from 00:00:00 on 2026-01-01, two routers answered for 10.0.0.100 at the same time."
        #expect(verdict.effect == effect)
        #expect(
            verdict.cause.hasPrefix(
                "The likely cause: 10.0.0.1 and 10.0.0.2 use different passwords (auth-mismatch)."
            )
        )
        let finding = try #require(verdict.finding)
        #expect(document.findings[finding].id == "auth-mismatch")
    }

    @Test func failover() throws {
        let document = try Self.document()
        let verdict = Verdict(document, document.impacts, .utc)
        let effect =
            "For 2.6 s from 00:00:04 on 2026-01-01, no router answered for 10.0.0.100; another router took over once."
        #expect(verdict.effect == effect)
        #expect(document.impacts[0].failovers == 1)
        #expect(document.impacts[0].longest == 1)
    }

    @Test func nothing() throws {
        let document = try Self.document(Feed())
        let verdict = Verdict(document, document.impacts, .utc)
        #expect(verdict.effect == "There is nothing to judge: no packet was captured.")
        let html = IncidentReport.html(document, IncidentReport.Options())
        #expect(html.contains("No virtual router was seen."))
        #expect(html.contains("Check next:"))
    }

    // MARK: Page

    @Test func theOrderOfThePage() throws {
        let html = IncidentReport.html(try Self.document(), IncidentReport.Options())
        let sections = html.matches(of: /<section id="(\w+)"/).map { String($0.1) }
        #expect(
            sections == [
                "verdict", "overview", "incidents", "impact", "timeline", "changes", "findings", "jitter", "advertised",
                "capture",
                "reproduce",
            ]
        )
        #expect(html.contains("default-src 'none'; style-src 'unsafe-inline'"))
        #expect(html.matches(of: /<h1>/).count == 1)
    }

    @Test("every change and every finding names its frames")
    func evidence() throws {
        let document = try Self.document(Self.split())
        for text in [
            IncidentReport.html(document, IncidentReport.Options()),
            IncidentReport.markdown(document, IncidentReport.Options()),
        ] {
            for references in document.findings.map(\.evidence)
                + document.virtualRouters.flatMap(\.transitions).map(\.evidence)
            {
                let frames = Set(references.map(\.frame)).sorted().prefix(16).map { "\($0)" }.joined(separator: ", ")
                #expect(text.contains("frame.number in {\(frames)}"))
            }
        }
    }

    @Test func aTransitionIsExplained() throws {
        let text = IncidentReport.markdown(try Self.document(), IncidentReport.Options())
        #expect(text.contains("10.0.0.1 (priority 100) sent no advertisement for 3609 ms, and no priority 0 before"))
        #expect(text.contains("Master\\_Down\\_Interval of 3648 ms has run out."))
    }

    @Test("the histogram holds every sample, in order")
    func deviations() throws {
        for name in IncidentGoldenTests.recordings {
            for router in try IncidentGoldenTests.document(name).virtualRouters.flatMap(\.routers) {
                let ranges = router.jitter.deviations
                #expect(ranges.reduce(0) { $0 + $1.count } == router.jitter.samples)
                #expect(router.gaps.count >= router.jitter.samples)
                #expect(ranges.allSatisfy { $0.lower < $0.upper })
                #expect(zip(ranges, ranges.dropFirst()).allSatisfy { $0.upper <= $1.lower })
            }
        }
    }

    // MARK: Narrowing

    @Test func narrowedToATime() throws {
        let document = try Self.document()
        var limits = ReportDocument.Narrowing()
        limits.from = Feed.instant(5000)
        limits.to = Feed.instant(6000)
        let narrowed = document.narrowed(to: limits)
        let virtualRouter = try #require(narrowed.virtualRouters.first)
        #expect(virtualRouter.timeline.map(\.state) == [.none])
        #expect(virtualRouter.transitions.isEmpty)
        #expect(virtualRouter.routers.map(\.masterTime) == [.zero, .zero])
        #expect(narrowed.impacts.map(\.withoutMaster) == [.seconds(1)])
        #expect(narrowed.start == Feed.instant(5000))
    }

    @Test func findingsThatOccurredOutsideOnlyAreLeftOut() throws {
        let story = """
            router A 10.0.0.1 priority 200
            router B 10.0.0.2 priority 100
            0..10 every 1 A
            13.609..15.609 every 1 B
            16 A
            17..600 every 1 A
            603.609..620 every 1 B
            620 end
            """
        let document = ReportDocument(try Scenario(story).observation, captures: [], version: "1")
        func failovers(from: TimeSpan, to: TimeSpan) -> [Int] {
            var limits = ReportDocument.Narrowing()
            limits.from = Scenario.epoch + from
            limits.to = Scenario.epoch + to
            return document.narrowed(to: limits).findings.filter { $0.id == "failover" }.map(\.count)
        }
        #expect(failovers(from: .seconds(0), to: .seconds(20)) == [2])
        #expect(failovers(from: .seconds(600), to: .seconds(610)) == [2])
        #expect(failovers(from: .seconds(100), to: .seconds(200)) == [])
    }

    @Test func narrowedToNothing() throws {
        var limits = ReportDocument.Narrowing()
        limits.vrids = [52]
        #expect(try Self.document().narrowed(to: limits).virtualRouters.isEmpty)
        limits.vrids = [51]
        limits.segments = ["vlan10"]
        #expect(try Self.document().narrowed(to: limits).virtualRouters.isEmpty)
        limits.segments = ["untagged"]
        #expect(try Self.document().narrowed(to: limits).virtualRouters.count == 1)
    }

    // MARK: Hostile text

    static let hostile = "<script>alert(1)</script></style>\u{1b}[2J\u{202e}`|@all [x](javascript:1)=\r\n'\"&.pcap"

    @Test func hostileNamesInHTML() throws {
        let document = try Self.document(Self.split(("<script>", "</style>")), source: Self.hostile)
        var options = IncidentReport.Options()
        options.title = Self.hostile
        options.showsSecrets = true
        options.command = Self.hostile
        options.scope = [Self.hostile]
        let html = IncidentReport.html(document, options)
        #expect(html.matches(of: /<script/).count == 1)
        #expect(html.matches(of: /<\/script>/).count == 1)
        #expect(html.matches(of: /<\/style>/).count == 1)
        #expect(html.contains("'&lt;script&gt;'") || html.contains("&#39;&lt;script&gt;&#39;"))
        #expect(html.contains("\\x1b[2J\\u{202e}"))
        #expect(
            html.unicodeScalars.allSatisfy { $0 == "\n" || !($0.value < 0x20 || (0x202a...0x202e).contains($0.value)) }
        )
    }

    @Test func hostileNamesInMarkdown() throws {
        let document = try Self.document(Self.split(("<script>", "| @all |")), source: Self.hostile)
        var options = IncidentReport.Options()
        options.title = Self.hostile
        options.showsSecrets = true
        let text = IncidentReport.markdown(document, options)
        let heading = try #require(text.split(separator: "\n").first)
        #expect(heading.hasPrefix("# \\<script\\>alert(1)\\</script\\>"))
        #expect(
            text.contains("``<script>alert(1)</script></style>\\\\x1b[2J")
                || text.contains("``<script>alert(1)</script></style>\\x1b[2J")
        )
        #expect(text.contains("`simple-text (key-1 '<script>')`"))
        #expect(text.contains("`simple-text (key-2 '\\| @all \\|')`"))
        #expect(
            text.unicodeScalars.allSatisfy { $0 == "\n" || $0.value >= 0x20 && !(0x202a...0x202e).contains($0.value) }
        )
    }

    @Test("a password is a label unless it is asked for")
    func secrets() throws {
        let document = try Self.document(Self.split(("sesame", "mellon")))
        for (ending, text) in try IncidentGoldenTests.forms(document) {
            #expect(!text.contains("sesame") && !text.contains("mellon"), "\(ending)")
        }
    }

    @Test("a formula of a spreadsheet is text", arguments: ["=1+1", "+1", "-1", "@SUM(A1)", "＝1"])
    func formulas(name: String) throws {
        var feed = Feed()
        feed.handle(Packets.advertisement(from: 1), at: 0)
        feed.handle(Packets.advertisement(from: 1), at: 10, interface: 1)
        feed.tracker.finish()
        var capture = CaptureDescription(source: "x", format: .pcapng)
        capture.interfaceNames = [name, "a\",b\u{202e}"]
        let document = ReportDocument(feed.tracker.observation, findings: [], captures: [capture], version: "1")
        let text = try TableText(document, CSVTables.intervals).text
        #expect(text.contains("\n'\(name)/untagged/ipv4/51,51,"))
        #expect(text.contains("\n\"a\"\",b\\u{202e}/untagged/ipv4/51\",51,"))
    }
}
