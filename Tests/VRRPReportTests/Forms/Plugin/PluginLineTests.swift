import Testing
import VRRPFindings
import VRRPReport
import VRRPTracker
import VRRPWire

/// The line for Nagios and Checkmk: state, words, a bar, numbers.
@Suite struct PluginLineTests {
    private func finding(ongoing: Bool, _ summary: String = "Two routers are master.") throws -> Finding {
        var finding = try ReportDocumentTests.finding(in: Feed.takeover.tracker.observation)
        finding.ongoing = ongoing
        finding.summary = summary
        return finding
    }

    private func line(
        _ findings: [Finding],
        of observation: Observation = Feed.takeover.tracker.observation
    ) -> PluginLine {
        PluginLine(ReportDocumentTests.document(observation, findings: findings))
    }

    @Test func nothingIsWrong() {
        let line = line([])
        #expect(line.state == .ok)
        #expect(
            line.text == "VRRP OK - 1 virtual router, nothing is wrong | critical=0;;0;0 warning=0;0;;0 notice=0;;;0 "
                + "virtual_routers=1;;;0 masters=1;;;0 dropped=0;;;0"
        )
    }

    @Test func whatIsOverIsNotTold() throws { #expect(line([try finding(ongoing: false)]).state == .ok) }

    @Test func theGravestOpenFindingDecides() throws {
        var lesser = try finding(ongoing: true)
        lesser.severity = .warning
        let line = line([try finding(ongoing: true), lesser])
        #expect(line.state == .critical)
        #expect(line.text.hasPrefix("VRRP CRITICAL - "))
        #expect(
            line.text.contains(
                "Two routers are master. (split-brain), and 1 more finding | critical=1;;0;0 warning=1;0;;0"
            )
        )
        #expect(self.line([lesser]).state == .warning)
    }

    @Test func noticesAreNoTrouble() throws {
        var finding = try finding(ongoing: true)
        finding.severity = .notice
        #expect(line([finding]).state == .ok)
    }

    @Test func nothingHeardIsUnknown() {
        let line = line([], of: Tracker().observation)
        #expect(line.state == .unknown)
        #expect(line.text.hasPrefix("VRRP UNKNOWN - no packet was captured | "))
    }

    @Test("text from elsewhere neither ends the line nor begins the numbers")
    func hostileText() throws {
        let line = line([try finding(ongoing: true, "a | b\nc\u{1b}[2J")])
        #expect(line.text.split(separator: "|").count == 2)
        #expect(!line.text.unicodeScalars.contains { $0.value < 0x20 })
        let unknown = PluginLine(unknown: "eth0|x\n: gone")
        #expect(unknown.text.hasPrefix("VRRP UNKNOWN - eth0/x"))
        #expect(!unknown.text.contains("\n"))
    }
}
