import Testing
import VRRPFacts
import VRRPFindings
import VRRPReport
import VRRPTracker
import VRRPWire

/// Too little to judge is an answer of its own, and all forms of a report give the same one.
@Suite struct NothingToJudgeTests {
    /// An observation by packets and the instants at which they came, in milliseconds.
    private static func document(_ packets: [(bytes: [UInt8], at: Int64)], until end: Int64) -> ReportDocument {
        var feed = Feed()
        for packet in packets { feed.handle(packet.bytes, at: packet.at) }
        feed.tracker.advance(to: Feed.instant(end))
        feed.tracker.finish()
        return ReportDocument(
            feed.tracker.observation,
            captures: [CaptureDescription(source: "switch.pcap", format: .pcap)],
            version: "1.2.3"
        )
    }

    /// A reason, packets of the sort that has it, and the end of the capture in milliseconds.
    private static let cases: [(reason: NothingToJudge.Reason, packets: [(bytes: [UInt8], at: Int64)], end: Int64)] = [
        (.tooShort, (0...2).map { (Packets.advertisement(from: 1), 1000 * $0) }, 2500),
        (.tooShort, [(Packets.gratuitousARP(from: 1), 0)], 2000),
        (.oneDirection, (0...10).map { (Packets.gratuitousARP(from: 1), 1000 * $0) }, 10_000),
        (.noAdverts, (0...10).map { (Packets.gratuitousARP(from: 1 + UInt8($0 % 2)), 1000 * $0) }, 10_000),
    ]

    @Test("all forms give the same answer", arguments: cases.indices)
    func sameInAllForms(index: Int) throws {
        let (reason, packets, end) = Self.cases[index]
        let document = Self.document(packets, until: end)
        let nothing = try #require(document.nothingToJudge)
        #expect(nothing.reason == reason)
        #expect(nothing.checks.count == 3)
        #expect(!nothing.seen.isEmpty)

        let json = document.json.compactText
        #expect(json.contains("\"nothingToJudge\":{\"reason\":\"\(reason.rawValue)\","))
        let text = TextReport.render(document, TextReport.Options()).split(whereSeparator: \.isWhitespace)
            .joined(separator: " ")
        let html = IncidentReport.html(document, IncidentReport.Options())
        #expect(html.contains("<p><b>Check next:</b></p>"))
        #expect(html.matches(of: /class="verdict good"/).isEmpty)
        for words in [nothing.clause, nothing.seen] + nothing.checks {
            #expect(text.contains(words))
            let markup = words.replacing(/`([^`]*)`/) { "<code>\($0.1)</code>" }.replacing("'", with: "&#39;")
            #expect(html.contains(markup))
        }
        #expect(PluginLine(document).state != .ok)
    }

    @Test("three intervals are enough, and what was found is told instead")
    func enough() {
        let adverts = (0...3).map { (Packets.advertisement(from: 1), Int64(1000 * $0)) }
        #expect(Self.document(adverts, until: 3000).nothingToJudge == nil)
        // The master resigns within the first second: that is an incident.
        let resigned = [
            (Packets.advertisement(from: 1), Int64(0)), (Packets.advertisement(from: 1, priority: 0), Int64(900)),
        ]
        #expect(Self.document(resigned, until: 2000).nothingToJudge == nil)
        #expect(Self.document(resigned, until: 2000).json.compactText.contains("\"nothingToJudge\":null"))
    }
}
