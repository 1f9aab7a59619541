import Foundation
import Testing
import VRRPServe
import VRRPTestSupport
import VRRPTracker
import VRRPWire

/// The threads between sensors' streams and those who look, over real files, directories and programs.
@Suite struct EngineTests {
    private static func path(_ name: String) -> String {
        SourceTree.url("Fixtures/Captures/two-way-partition/\(name).pcap").path
    }

    private static func engine(_ sensors: [String]) throws -> Engine {
        let segments = "r1/*/untagged = \"lab\"\nr2/*/untagged = \"lab\"\n"
        return Engine(
            Engine.Settings(
                sensors: try sensors.map { text throws(SensorArgument.Fault) in try SensorArgument(text) },
                segments: try GivenSegments(parsing: segments, name: "segments"),
                patience: .seconds(60),
                version: "1.2.3"
            )
        )
    }

    /// The lines of events up to one that holds a text.
    private static func lines(of engine: Engine, until text: String) async throws -> [String] {
        let listening = engine.broadcast.listen(onDrop: {})
        let stream = try #require(listening)
        try engine.start()
        var lines: [String] = []
        for await line in stream {
            lines.append(line)
            if line.contains(text) { break }
        }
        return lines
    }

    @Test("a file and a program tell of one segment what neither tells alone", .timeLimit(.minutes(5)))
    func fileAndProgram() async throws {
        let engine = try Self.engine(["r1=\(Self.path("r1"))", "r2=exec:/bin/cat \(Self.path("r2"))"])
        let lines = try await Self.lines(of: engine, until: "\"split-brain\"")
        #expect(lines.last?.contains("\"segment\":\"lab\"") == true, "\(lines.suffix(3))")
        let page = try #require(await engine.picture()?.page)
        #expect(page.contains("<h2 id=\"sensors-h\">Sensors</h2>"))
        #expect(page.contains("<bdi>r1</bdi>"))
        let metrics = try #require(await engine.metricsPage())
        #expect(metrics.contains("vrrpwatch_masters{segment=\"lab\",family=\"ipv4\""))
        #expect(metrics.contains("vrrpwatch_sensor_up{sensor=\"r2\"}"))
        engine.stop()
        #expect(await engine.picture() == nil)
    }

    @Test("a program that is not there is said to be so", .timeLimit(.minutes(5)))
    func missingProgram() async throws {
        let engine = try Self.engine(["r1=\(Self.path("r1"))", "r2=exec:/no/such/program"])
        _ = try await Self.lines(of: engine, until: "\"type\":\"capture\"")
        var problem: String?
        while problem == nil { problem = await engine.picture()?.problem(of: "r2") }
        #expect(problem?.contains("/no/such/program") == true)
        engine.stop()
    }

    @Test("a viewer that does not read is dropped, and others get everything", .timeLimit(.minutes(5)))
    func slowViewer() async throws {
        let broadcast = EventBroadcast()
        let (drops, drop) = AsyncStream.makeStream(of: Void.self)
        let listening = broadcast.listen(onDrop: { drop.yield() })
        let slow = try #require(listening)
        for number in 0...EventBroadcast.most { broadcast.send(["\(number)"]) }
        for await _ in drops { break }
        #expect(broadcast.count == 0)
        var count = 0
        for await _ in slow { count += 1 }
        #expect(count == EventBroadcast.most)
    }

    @Test func viewersAreLimited() {
        let broadcast = EventBroadcast()
        let streams = (0..<EventBroadcast.mostListeners).map { _ in broadcast.listen(onDrop: {}) }
        #expect(streams.allSatisfy { $0 != nil })
        let further = broadcast.listen(onDrop: {})
        #expect(further == nil)
        broadcast.finish()
        #expect(broadcast.count == 0)
    }
}
