import Foundation
import Testing
import VRRPCapture
import VRRPFacts
import VRRPFindings
import VRRPIncidents
import VRRPLive
import VRRPReport
import VRRPTestSupport
import VRRPTracker
import VRRPWire

/// The stories of all recordings of real routers, as `recordings.txt` holds them, to be read line by line.
@Suite struct IncidentRecordingTests {
    private static let golden = SourceTree.url("Tests/VRRPIncidentsTests/recordings.txt")

    /// The folders of the recordings that one capture shows whole, those of real routers before those that were made.
    private static func names() throws -> [String] {
        try ["Captures", "Stories"].flatMap { room in
            try FileManager.default.contentsOfDirectory(atPath: SourceTree.url("Fixtures/\(room)").path).sorted()
                .map { "\(room)/\($0)" }
        }.filter { FileManager.default.fileExists(atPath: SourceTree.url("Fixtures/\($0)/capture.pcap").path) }
    }

    /// Lends the frames of a recording, and returns the instant of its last packet.
    private static func read(_ name: String, _ body: (Span<UInt8>, LinkType, Sighting) -> Void) throws -> CaptureInstant
    {
        let file = try CaptureFile(path: SourceTree.url("Fixtures/\(name)/capture.pcap").path)
        var isThere = file.advance()
        while isThere {
            isThere = file.lendFrames(until: .distantFuture) { frame in
                let reference = FrameReference(capture: 0, frame: frame.number)
                body(frame.bytes, frame.linkType, Sighting(reference, at: frame.instant, interface: frame.interface))
                return .continue
            }
        }
        return file.instant
    }

    private static func document(_ name: String) throws -> ReportDocument {
        var analysis = Analysis()
        let end = try read(name) { bytes, linkType, sighting in
            _ = analysis.take(bytes, linkType: linkType, sighting)
        }
        analysis.finish(at: end)
        return ReportDocument(analysis.observation, captures: [], version: "1.2.3")
    }

    @Test func storiesAreThoseOfTheFile() throws {
        var text = ""
        for name in try Self.names() {
            text += "\(name.split(separator: "/").last ?? "")\n"
            for incident in try Self.document(name).incidents {
                text +=
                    "  \(incident.severity?.rawValue ?? "info") \(incident.kind.rawValue): \(incident.story(.utc))\n"
            }
        }
        if GoldenFile.isRewriting { try text.write(to: Self.golden, atomically: true, encoding: .utf8) }
        let expected = try String(contentsOf: Self.golden, encoding: .utf8)
        #expect(text == expected)
    }

    @Test("one kill of a router with twenty virtual routers is one incident, of a file and live")
    func oneKillIsOneIncident() throws {
        let offline = try Self.document("Captures/many-vrids").incidents.filter { $0.kind == .routerLost }
        #expect(offline.count == 1)
        #expect(offline.first?.moved == 20)
        var session = LiveSession(
            captures: [CaptureDescription(source: "eth0", format: .live)],
            namesInterfaces: false,
            version: "1.2.3"
        )
        session.append(interface: "eth0")
        var events: [LiveEvent] = []
        let end = try Self.read("Captures/many-vrids") { bytes, linkType, sighting in
            _ = session.take(bytes, linkType: linkType, sighting)
            events += session.tick(at: sighting.instant)
        }
        events += session.finish(at: end)
        let opened = events.compactMap { event in
            if case .incidentOpened(let incident) = event.kind, incident.kind == .routerLost { incident } else { nil }
        }
        #expect(opened.count == 1)
        let closed = events.compactMap { event in
            if case .incidentClosed(let incident, false) = event.kind, incident.kind == .routerLost {
                incident
            } else {
                nil
            }
        }
        #expect(closed.map(\.summary) == offline.map(\.summary))
        let about = events.count { event in
            switch event.kind {
            case .incidentOpened(let incident), .incidentChanged(let incident), .incidentClosed(let incident, _):
                incident.id == opened.first?.id
            default: false
            }
        }
        #expect(about <= 8, "a burst is told at once")
    }
}
