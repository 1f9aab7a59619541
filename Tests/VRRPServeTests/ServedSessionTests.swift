import Foundation
import Testing
import VRRPCapture
import VRRPFacts
import VRRPLive
import VRRPReport
import VRRPServe
import VRRPTestSupport
import VRRPTracker
import VRRPWire

/// One picture of what several sensors see, whatever the order in which they tell.
@Suite struct ServedSessionTests {
    private static let segments = "r1/interface0 = \"lab\"\nr2/interface0 = \"lab\"\n"

    /// The frames of a recording at two routers.
    private static func frames(of recording: String) throws -> [[SensorFrame]] {
        try ["r1", "r2"].map { name in
            let file = try CaptureFile(path: SourceTree.url("Fixtures/Captures/\(recording)/\(name).pcap").path)
            var frames: [SensorFrame] = []
            var goesOn = file.advance()
            while goesOn {
                goesOn = file.lendFrames(until: .distantFuture) { frame in
                    frames.append(SensorFrame(frame))
                    return .continue
                }
            }
            return frames
        }
    }

    private static func session(_ segments: String = segments, at now: TimeSpan = .zero) throws -> ServedSession {
        ServedSession(
            sensors: ["r1", "r2"],
            segments: try GivenSegments(parsing: segments, name: "segments"),
            patience: .seconds(2),
            at: now,
            version: "1.2.3"
        )
    }

    /// The virtual routers and findings of a report; frames are told apart by capture and number in both.
    private static func verdict(_ document: ReportDocument) throws -> NSDictionary {
        var text: [UInt8] = []
        document.writeJSON { text += $0 }
        let object = try JSONSerialization.jsonObject(with: Data(text)) as? [String: Any]
        let parts = try #require(object).filter {
            ["virtualRouters", "findings", "incidents", "summary"].contains($0.key)
        }
        #expect(parts.count == 4)
        return NSDictionary(dictionary: parts)
    }

    /// The verdict of an analysis of all frames in order of time.
    private static func analysed(_ frames: [[SensorFrame]]) throws -> NSDictionary {
        var map = SegmentMap(try GivenSegments(parsing: segments, name: "segments"))
        var points: [VantagePoint] = []
        for (sensor, name) in ["r1", "r2"].enumerated() {
            map.add(SegmentMap.Place(sensor: name, interface: "interface0"), as: SegmentMap.firstPlace + sensor)
            var point = VantagePoint(captures: [sensor], name: name)
            point.interfaces = [SegmentMap.firstPlace + sensor]
            if sensor == 0 { (point.clockOffset, point.clockOffsetError, point.clockDrift) = (.zero, .zero, 0) }
            points.append(point)
        }
        var analysis = Analysis(from: Vantage(points: points), on: map)
        let all = frames.enumerated().flatMap { sensor, frames in frames.enumerated().map { (sensor, $0, $1) } }
            .sorted { ($0.2.instant, $0.0, $0.1) < ($1.2.instant, $1.0, $1.1) }
        for (sensor, index, frame) in all {
            var sighting = Sighting(
                FrameReference(capture: sensor, frame: index + 1),
                at: frame.instant,
                observer: sensor
            )
            sighting.place = SegmentMap.firstPlace + sensor
            sighting.clock = 0
            _ = analysis.take(frame.bytes.span, linkType: frame.linkType, sighting)
        }
        analysis.finish(at: all.last?.2.instant)
        let captures = ["r1", "r2"].map { CaptureDescription(source: $0, format: .live) }
        return try verdict(ReportDocument(analysis.observation, captures: captures, version: "1.2.3"))
    }

    @Test(
        "whatever the order of arrival, the verdict is that of an analysis of everything",
        arguments: ["two-way-partition", "one-way-loss"],
        0..<8
    )
    func anyOrder(recording: String, seed: UInt64) throws {
        let frames = try Self.frames(of: recording)
        #expect(frames.allSatisfy { $0.count > 20 })
        var generator = SplitMix64(seed: seed)
        var places = [0, 0]
        var session = try Self.session()
        while let sensor = (0..<2).filter({ places[$0] < frames[$0].count }).randomElement(using: &generator) {
            // Bursts, as connections that stall make them.
            for _ in 0..<Int.random(in: 1...30, using: &generator) where places[sensor] < frames[sensor].count {
                _ = session.take(.frame(frames[sensor][places[sensor]]), of: sensor, at: .zero)
                places[sensor] += 1
            }
            _ = session.advance(at: .zero)
        }
        _ = session.finish()
        #expect(try Self.verdict(session.document) == Self.analysed(frames))
    }

    @Test("a cut that neither sensor sees is told as a split brain of one segment")
    func cut() throws {
        let frames = try Self.frames(of: "two-way-partition")
        var session = try Self.session()
        var events: [LiveEvent] = []
        for (sensor, frames) in frames.enumerated() {
            for frame in frames { _ = session.take(.frame(frame), of: sensor, at: .zero) }
        }
        events += session.advance(at: .zero).events
        events += session.finish()
        let opened = events.compactMap { event -> String? in
            if case .findingOpened(let finding) = event.kind {
                "\(finding.id) \(finding.virtualRouter ?? "")"
            } else {
                nil
            }
        }
        #expect(opened.contains { $0.hasPrefix("split-brain lab/ipv4/") }, "\(opened)")
    }

    @Test("without names, each sensor has segments of its own")
    func unmapped() throws {
        let frames = try Self.frames(of: "two-way-partition")
        var session = try Self.session("")
        for (sensor, frames) in frames.enumerated() {
            for frame in frames { _ = session.take(.frame(frame), of: sensor, at: .zero) }
        }
        _ = session.finish()
        let places = Set(session.document.virtualRouters.map(\.segment.name))
        #expect(places == ["r1/interface0/untagged", "r2/interface0/untagged"])
    }

    /// The only sensor that sees a master dies, and the other goes on.
    @Test func aSensorThatDiesIsNoDeadMaster() throws {
        let start = CaptureInstant(nanoseconds: 1_767_225_600_000_000_000)
        func frame(of router: UInt8, at second: Int64) -> SensorInput {
            let bytes = Pcap.advertisement(from: router, priority: 100)
            return .frame(
                SensorFrame(
                    bytes: bytes,
                    originalLength: bytes.count,
                    number: 1,
                    instant: start + .seconds(second),
                    interface: 0,
                    linkType: .ethernet
                )
            )
        }
        var session = try Self.session("")
        var events: [LiveEvent] = []
        for second in Int64(0)..<60 {
            let now = TimeSpan.seconds(second)
            _ = session.take(frame(of: 1, at: second), of: 0, at: now)
            if second < 20 { _ = session.take(frame(of: 2, at: second), of: 1, at: now) }
            events += session.advance(at: now).events
        }
        events += session.finish()
        let names = events.map(\.typeName)
        #expect(names.contains("sensor-lost"))
        #expect(!names.contains("master-lost"), "\(names)")
        #expect(!session.document.findings.contains { ["no-master", "failover"].contains($0.id) })
        let timeline = try #require(session.document.virtualRouters.last?.timeline)
        #expect(timeline.last { $0.end > $0.start }?.state == .notObserved, "\(timeline)")
    }
}
