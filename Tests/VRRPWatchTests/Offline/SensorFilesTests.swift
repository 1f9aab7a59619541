import Foundation
import Testing
import VRRPCapture
import VRRPTestSupport
import VRRPWire

/// Files of sensors: what belongs together, what is missing, and up to when a sensor watched.
@Suite struct SensorFilesTests {
    private static let start = CaptureInstant(nanoseconds: 1_767_225_600_000_000_000)
    private static let properties = PcapNGWriter.InterfaceProperties(name: "eth0", snapLength: 1900)

    /// A sensor with a ring that begins a file every ten seconds.
    private final class Watch {
        private let recorder: CaptureRecorder
        private let clock: Clock

        private final class Clock {
            var now = SensorFilesTests.start
        }

        init(_ name: String, in folder: Folder) throws {
            let clock = Clock()
            self.clock = clock
            recorder = try CaptureRecorder(
                in: OutputDirectory(path: folder.path(".")),
                name: "\(name).pcapng",
                CaptureRecorder.Rotation(period: .seconds(10)),
                sensor: #require(Sensor(startingAs: name)),
                interfaces: [(.ethernet, SensorFilesTests.properties)],
                application: "test",
                at: clock.now,
                heartbeat: {
                    let interface = Heartbeat.Interface(
                        .ethernet,
                        SensorFilesTests.properties,
                        received: 0,
                        dropped: 0
                    )
                    return Heartbeat(at: clock.now, [interface])
                }
            )
        }

        /// Watches up to a second, while a router advertises in some seconds.
        func watch(_ seconds: Range<Int64>, router: UInt8, in advertised: Range<Int64>) throws {
            for second in seconds {
                clock.now = SensorFilesTests.start + .seconds(second)
                try recorder.tick(at: clock.now)
                guard advertised.contains(second) else { continue }
                let bytes = Pcap.advertisement(from: router, priority: 100)
                let frame = Frame(
                    bytes: bytes.span,
                    originalLength: bytes.count,
                    number: 1,
                    instant: clock.now,
                    interface: 0,
                    linkType: .ethernet
                )
                try recorder.record(frame, SensorFilesTests.properties)
            }
        }

        func finish() throws { try recorder.finish() }
    }

    /// The analysis of files: for each stretch of the only timeline its state and its length in seconds, and the number of
    /// points.
    private func analysis(of files: [String], in folder: Folder) throws -> (stretches: [String], points: Int) {
        let result = try Tool.run(["analyze", "--json"] + files, in: folder)
        let object = try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any]
        let document = try #require(object, "\(result.errors)")
        let routers = try #require(document["virtualRouters"] as? [[String: Any]])
        let timeline = try #require(routers.first?["timeline"] as? [[String: Any]])
        let stretches = try timeline.map { stretch in
            let ends = try ["start", "end"].map { try #require(stretch[$0] as? String).prefix(19).suffix(8) }
            return "\(stretch["state"] ?? "") \(ends[0])-\(ends[1])"
        }
        return (stretches, (document["vantagePoints"] as? [Any])?.count ?? 0)
    }

    /// Two names that tell nothing of each other, and a silence of minutes between their frames.
    @Test func filesInARowAreOneWhateverTheyAreCalled() throws {
        let folder = try Folder()
        let watch = try Watch("lab", in: folder)
        try watch.watch(0..<200, router: 1, in: 0..<10)
        try watch.watch(200..<210, router: 1, in: 200..<210)
        try watch.finish()
        let names = try folder.names.sorted()
        #expect(names.count == 21)
        let last = try #require(names.last)
        try FileManager.default.moveItem(atPath: folder.path(last), toPath: folder.path("zebra.pcapng"))
        try FileManager.default.moveItem(atPath: folder.path(names[0]), toPath: folder.path("ant.pcapng"))
        let (stretches, points) = try analysis(of: ["zebra.pcapng", "ant.pcapng"], in: folder)
        #expect(points == 1)
        #expect(!stretches.contains { $0.hasPrefix("not-observed") }, "\(stretches)")
    }

    @Test func aMissingFileIsABlindSpot() throws {
        let folder = try Folder()
        let watch = try Watch("lab", in: folder)
        try watch.watch(0..<40, router: 1, in: 0..<40)
        try watch.finish()
        let names = try folder.names.sorted()
        let (stretches, points) = try analysis(of: [names[0], names[1], names[3]], in: folder)
        #expect(points == 1)
        #expect(stretches.contains { $0.hasPrefix("not-observed 00:00:20") || $0.hasPrefix("not-observed 00:00:19") })
        #expect(stretches.count == 3, "\(stretches)")
    }

    @Test func filesWithoutFramesSayThatThereWasNothingToSee() throws {
        let folder = try Folder()
        let watch = try Watch("lab", in: folder)
        try watch.watch(0..<100, router: 1, in: 0..<10)
        try watch.finish()
        let names = try folder.names.sorted()
        #expect(names.count == 10)
        let whole = try analysis(of: names, in: folder)
        #expect(try #require(whole.stretches.last).hasSuffix("-00:01:39"), "\(whole.stretches)")
        // Those of another start say nothing of it.
        try Watch("lab", in: folder).finish()
        let first = try analysis(of: [names[0]] + [try #require(try folder.names.sorted().last)], in: folder)
        #expect(try #require(first.stretches.last).hasSuffix("-00:00:10"), "\(first.stretches)")
    }

    @Test func twoSensorsAreTwoPoints() throws {
        let folder = try Folder()
        for name in ["one", "two"] {
            let watch = try Watch(name, in: folder)
            try watch.watch(0..<10, router: name == "one" ? 1 : 2, in: 0..<10)
            try watch.finish()
        }
        let names = try folder.names.sorted()
        #expect(names.count == 2)
        let (stretches, points) = try analysis(of: names, in: folder)
        #expect(points == 2)
        // An extract keeps them apart, and names them.
        #expect(try Tool.run(["extract", "-w", "x"] + names, in: folder).status == 0)
        #expect(try analysis(of: ["x"], in: folder) == (stretches, points))
        let sources = try Tool.run(["analyze", "--json", "x"], in: folder).output
        #expect(sources.contains("\"x (one)\"") && sources.contains("\"x (two)\""))
    }
}
