import Foundation
import Testing
import VRRPCapture
import VRRPFacts
import VRRPFindings
import VRRPReport
import VRRPTestSupport
import VRRPTestimony
import VRRPTracker
import VRRPWire

/// Whole reports on recordings, as the folder `Reports` of this target holds them; `VRRPWATCH_REWRITE=1 swift test` rewrites them.
@Suite struct IncidentGoldenTests {
    static let recordings = ["auth-mismatch", "crash-failover", "v3-ipv6"]

    /// A recording beside which the logs of both routers lie.
    static let recordingWithLogs = "split-brain-deaf-backup"

    /// The report on a recording, with the logs that lie beside it, as the routers' daemons wrote them.
    static func document(_ name: String, in room: String = "Captures") throws -> ReportDocument {
        let source = "Fixtures/\(room)/\(name)/capture.pcap"
        let logs = try ["r1", "r2"].compactMap { router -> GivenLog? in
            let path = "Fixtures/\(room)/\(name)/\(router).log"
            guard FileManager.default.fileExists(atPath: SourceTree.url(path).path) else { return nil }
            let text = try String(contentsOf: SourceTree.url(path), encoding: .utf8)
            let address = "10.51.0.\(router.dropFirst())"
            return GivenLog(source: path, name: address, testimony: TestimonyReader.read(text)[0])
        }
        let file = try CaptureFile(path: SourceTree.url(source).path)
        var tracker = Tracker(keepingGaps: true)
        var isThere = file.advance()
        while isThere {
            isThere = file.lendFrames(until: .distantFuture) { frame in
                let reference = FrameReference(capture: 0, frame: frame.number)
                let sighting = Sighting(reference, at: frame.instant, interface: frame.interface)
                tracker.take(DecodedFrame(frame.bytes, linkType: frame.linkType), sighting)
                return .continue
            }
        }
        tracker.advance(to: file.instant)
        tracker.finish()
        var description = CaptureDescription(source: source, format: .pcap)
        description.linkTypes = [.ethernet]
        description.packets = file.summary.packets
        description.bytes = file.summary.bytes
        description.firstPacket = file.summary.firstPacket
        description.lastPacket = file.summary.lastPacket
        description.sha256 = String(repeating: "0", count: 64)
        return ReportDocument(
            tracker.observation,
            captures: [description],
            hearing: logs,
            version: "1.2.3"
        )
    }

    static func forms(_ document: ReportDocument) throws -> [(ending: String, text: String)] {
        var options = IncidentReport.Options()
        options.command = "vrrpwatch report \(document.captures[0].description.source) --utc -o report.html"
        return [
            ("html", IncidentReport.html(document, options)), ("md", IncidentReport.markdown(document, options)),
            ("transitions.csv", try TableText(document, CSVTables.transitions).text),
            ("intervals.csv", try TableText(document, CSVTables.intervals).text),
            ("gaps.csv", try TableText(document, CSVTables.gaps).text),
            ("incidents.csv", try TableText(document, CSVTables.incidents).text),
        ]
    }

    @Test(arguments: recordings + [recordingWithLogs])
    func report(of name: String) throws {
        let folder = SourceTree.url("Tests/VRRPReportTests/Reports")
        let forms = try Self.forms(try Self.document(name))
        for (ending, text) in forms {
            let url = folder.appending(path: "\(name).\(ending)")
            if GoldenFile.isRewriting {
                try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
                try text.write(to: url, atomically: true, encoding: .utf8)
            } else {
                let expected = try String(contentsOf: url, encoding: .utf8)
                #expect(text == expected, "\(url.lastPathComponent) is another")
            }
        }
        // The same packets give the same bytes.
        #expect(try Self.forms(try Self.document(name)).map(\.text) == forms.map(\.text))
    }
}
