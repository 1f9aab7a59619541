import Testing
import VRRPFacts
import VRRPFindings
import VRRPReport
import VRRPTestSupport
import VRRPTracker
import VRRPWire

/// Large incidents stay readable: what nobody would read is folded or counted.
@Suite struct IncidentSizeTests {
    static let observation = SyntheticIncident(virtualRouters: 500, cycles: 10).observation()
    static let large = document(.all)

    static func document(_ selection: ReportDocument.Selection) -> ReportDocument {
        ReportDocument(
            observation,
            captures: [CaptureDescription(source: "large.pcap", format: .pcap)],
            selecting: selection,
            version: "1.2.3"
        )
    }

    @Test("500 virtual routers with 10,000 changes of master fit in 3 MB of HTML, and in a ticket")
    func manyVirtualRouters() {
        let document = Self.large
        #expect(document.virtualRouters.count == 500)
        #expect(document.virtualRouters.reduce(0) { $0 + $1.transitions.count } >= 9000)
        let html = IncidentReport.html(document, IncidentReport.Options())
        #expect(html.utf8.count < 3_000_000)
        #expect(IncidentReport.markdown(document, IncidentReport.Options()).count < 65_536)
        // Every virtual router is named, and every kind of finding.
        for virtualRouter in document.virtualRouters { #expect(html.contains(">\(virtualRouter.id)<")) }
        for id in Set(document.findings.map(\.id)) { #expect(html.contains(id)) }
    }

    @Test("A text says the same where only the virtual routers that it shows are drawn up", arguments: [false, true])
    func selection(isQuiet: Bool) {
        var options = TextReport.Options()
        options.isQuiet = isQuiet
        let document = Self.document(TextReport.selection(options))
        #expect(document.virtualRouters.count == 500)
        #expect(TextReport.render(document, options) == TextReport.render(Self.large, options))
    }

    @Test("What the catalogue finds along the way is what it finds in the whole")
    func findings() {
        let findings = Catalogue.findings(in: Self.observation)
        #expect(Self.large.findings.map(\.summary) == findings.map(\.summary))
    }

    @Test("10,000 changes of one virtual router fit as well")
    func oneVirtualRouter() throws {
        let observation = SyntheticIncident(virtualRouters: 1, cycles: 5000).observation()
        let document = ReportDocument(
            observation,
            captures: [CaptureDescription(source: "large.pcap", format: .pcap)],
            version: "1.2.3"
        )
        #expect(document.virtualRouters[0].transitions.count >= 10_000)
        let html = IncidentReport.html(document, IncidentReport.Options())
        #expect(html.utf8.count < 1_000_000)
        let transitions = try TableText(document, CSVTables.transitions).text
        let gaps = try TableText(document, CSVTables.gaps).text
        #expect(transitions.split(separator: "\n").count > 10_000)
        #expect(gaps.split(separator: "\n").count > 10_000)
    }
}
