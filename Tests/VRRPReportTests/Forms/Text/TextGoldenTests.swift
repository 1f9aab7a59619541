import Testing
import VRRPReport
import VRRPTestSupport

/// Whole text reports on recordings, as the folder `Reports` of this target holds them; to be read line by line.
@Suite struct TextGoldenTests {
    private static let recordings =
        IncidentGoldenTests.recordings + [IncidentGoldenTests.recordingWithLogs, "many-vrids", "frr-v3-dual-stack"]

    @Test(arguments: recordings)
    func report(of name: String) throws {
        let text = TextReport.render(try IncidentGoldenTests.document(name), TextReport.Options())
        #expect(try text == GoldenFile.whole("Tests/VRRPReportTests/Reports/\(name).txt", text))
        #expect(text.split(separator: "\n").allSatisfy { $0.count <= TextReport.standardWidth })
    }

    @Test("an hour of failovers is told in a few lines")
    func hourlyFailovers() throws {
        let document = try IncidentGoldenTests.document("hourly-failovers", in: "Stories")
        let text = TextReport.render(document, TextReport.Options())
        #expect(try text == GoldenFile.whole("Tests/VRRPReportTests/Reports/hourly-failovers.txt", text))
    }

    @Test("one dead router with forty virtual routers fits on a page")
    func manyVirtualRouters() throws {
        let text = TextReport.render(try IncidentGoldenTests.document("many-vrids"), TextReport.Options())
        #expect(text.split(separator: "\n", omittingEmptySubsequences: false).count <= 60)
        #expect(text.contains("its 20 virtual routers moved to"))
    }

    @Test("the verbose report names each virtual router, each change and each finding")
    func nothingIsLost() throws {
        let document = try IncidentGoldenTests.document("many-vrids")
        var options = TextReport.Options()
        options.isVerbose = true
        let lines = TextReport.render(document, options).split(separator: "\n")
        #expect(lines.count { $0.hasPrefix("Virtual router ") } == document.virtualRouters.count)
        #expect(lines.count { $0.hasPrefix("    Why: ") } == document.findings.count)
        let changes = document.virtualRouters.reduce(0) { $0 + $1.transitions.count }
        let causes = ["initial", "timeout", "resigned", "preempted", "demoted", "contested", "yielded", "ended"]
        let rows = lines.count { line in
            let words = line.split(separator: " ")
            return words.count > 2 && causes.contains(String(words[1]))
        }
        #expect(rows == changes)
    }
}
