import Testing
import VRRPFindings
import VRRPReport
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

    @Test func page() throws {
        let text = try render(.takeover)
        #expect(
            text == """
                1 virtual router, 1 master change in 10.000 s; 1 critical, 0 warnings, 0 notices

                What happened
                  2026-01-01T00:00:01Z critical: 10.0.0.1 were master of 10.0.0.100 at the same time for 1.5 s (over
                  after 1.5 s)
                  2026-01-01T00:00:03Z notice: 10.0.0.1 fell silent; 10.0.0.100 moved to 10.0.0.2 after 3.61 s (over
                  after 3.61 s)

                Findings

                  critical split-brain  untagged/ipv4/51
                    Two routers \\x1b[2J are master.
                    2026-01-01T00:00:01.000Z, for 1.500 s, 2 times
                    Why: Because of the numbers.
                    What to do: Mend it.
                    Look at: frame.number in {1, 3}

                Virtual router untagged/ipv4/51
                  VRRPv2 every 1 s, virtual MAC 00:00:5e:00:01:33
                  addresses 10.0.0.100

                  Timeline
                    FROM                          FOR  STATE   MASTERS
                    2026-01-01T00:00:00.000Z  4.000 s  master  10.0.0.1
                    2026-01-01T00:00:04.000Z  2.609 s  none    -
                    2026-01-01T00:00:06.609Z  3.391 s  master  10.0.0.2

                  Master changes
                    AT                        CAUSE    FROM      TO         OUTAGE    BOUND  ANNOUNCED    FRAME
                    2026-01-01T00:00:00.000Z  initial  -         10.0.0.1                    0/1              1
                    2026-01-01T00:00:06.609Z  timeout  10.0.0.1  10.0.0.2  3609 ms  3648 ms  1/1 in 5 ms      5

                  Routers
                    ROUTER    PRIORITY  INTERVAL  MAC                ADVERTS  MASTER FOR  AUTHENTICATION       CHECKSUM  SENT BY
                    10.0.0.1       100       1 s  02:00:00:00:00:01        4     4.000 s  simple-text (key-1)  valid     multicast
                    10.0.0.2        90       1 s  02:00:00:00:00:02        4     3.391 s  simple-text (key-1)  valid     multicast

                  Time between advertisements, in milliseconds
                    ROUTER    SAMPLES  MEAN  STD DEV   P50   P95   P99   MAX  LATE  MISSED  TO FAILOVER
                    10.0.0.1        3  1000        0  1000  1000  1000  1000     0       0         2648
                    10.0.0.2        3  1000        0  1000  1000  1000  1000     0       0         2609

                Capture
                  switch.pcap (pcap, EN10MB): 9 packets from 2026-01-01T00:00:00.000Z, 10.000 s
                    8 advertisements, 1 ARP, 0 neighbor advertisements, drops not recorded
                    truncated: offset 1000: The file ends early.

                """
        )
    }

    @Test func passwordsAreShownOnRequestOnly() throws {
        #expect(try !render(.takeover).contains("secret"))
        #expect(try render(.takeover) { $0.showsSecrets = true }.contains("simple-text (key-1 'secret')"))
        var feed = Feed()
        feed.handle(Packets.advertisement(from: 1, password: "a\u{1b}b\u{7f}"), at: 0)
        #expect(try render(feed) { $0.showsSecrets = true }.contains(#"(key-1 'a\x1bb\x7f')"#))
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

                On the wire
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

    @Test func anOverviewStandsForMostOfThem() throws {
        let text = try render()
        #expect(text.contains("VIRTUAL ROUTER"))
        #expect(text.contains("32 virtual routers are not shown in detail"))
        #expect(text.contains("critical split-brain, 38 more"))
        #expect(text.split(separator: "\n").count { $0.hasPrefix("Virtual router untagged") } == 8)
    }

    @Test func verboseShowsAll() throws {
        let text = try render { $0.isVerbose = true }
        #expect(text.split(separator: "\n").count { $0.hasPrefix("Virtual router untagged") } == 40)
        #expect(text.split(separator: "\n").count { $0.hasPrefix("  critical split-brain") } == 40)
    }
}
