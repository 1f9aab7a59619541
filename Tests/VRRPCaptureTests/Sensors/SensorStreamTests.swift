import Glibc
import Testing
import VRRPCapture
import VRRPFacts
import VRRPWire

/// Streams of sensors: what their sections and heartbeats state, as blocks with the comments of the page on them.
@Suite struct SensorStreamTests {
    private static let second: UInt64 = 1_000_000

    /// A stream as a sensor of another make could write it: one packet each second from second 1 on.
    private struct Stream {
        var file = PcapNGFile()
        /// The packets so far, those that are left out among them.
        private(set) var packets: UInt64 = 0
        private(set) var heartbeats = 0
        var drops: UInt64 = 0

        init(isBigEndian: Bool = false) {
            file.isBigEndian = isBigEndian
            file.bytes = []
        }

        mutating func section(_ name: String = "lab", boot: String = "0a", from packet: UInt64? = nil) {
            packets = packet ?? packets
            file.block(0x0a0d_0d0a) { [packets] body in
                body.add(UInt32(0x1a2b_3c4d))
                body.add(UInt16(1))
                body.add(UInt16(0))
                body.add(Int64(-1))
                body.option(1, Array("somebody's own comment".utf8))
                body.option(1, Array("vrrpwatch: sensor \(name), boot \(boot), from packet \(packets)".utf8))
                body.option(0, [])
            }
            file.interface(name: "eth0")
        }

        mutating func take(_ count: Int, writing isWritten: Bool = true) {
            for _ in 0..<count {
                packets += 1
                if isWritten { file.packet(packets * SensorStreamTests.second, [UInt8(truncatingIfNeeded: packets)]) }
            }
        }

        mutating func beat(at seconds: UInt64, number: Int? = nil) {
            heartbeats = number ?? heartbeats + 1
            let ticks = seconds * SensorStreamTests.second
            file.block(5) { [heartbeats, packets, drops] body in
                body.add(UInt32(0))
                body.add(UInt32(ticks >> 32))
                body.add(UInt32(truncatingIfNeeded: ticks))
                body.option(1, Array("vrrpwatch: heartbeat \(heartbeats) after \(packets) packets".utf8))
                body.option64(5, drops)
                body.option(0, [])
            }
        }
    }

    private static func at(_ seconds: Int64) -> CaptureInstant { CaptureInstant(nanoseconds: seconds * 1_000_000_000) }

    private static func contents(_ capture: KeptCapture) -> [UInt8] { capture.frames.flatMap(\.bytes) }

    @Test(arguments: [false, true])
    func aHeartbeatSaysUpToWhenNothingCame(isBigEndian: Bool) throws {
        var stream = Stream(isBigEndian: isBigEndian)
        stream.section()
        stream.beat(at: 0)
        stream.take(2)
        stream.beat(at: 60)
        let capture = try KeptCapture(stream.file.bytes)
        #expect(capture.summary.captureEnd == Self.at(60))
        var quiet = Stream(isBigEndian: isBigEndian)
        quiet.section(from: 2)
        quiet.beat(at: 60, number: 3)
        quiet.beat(at: 120)
        #expect(try KeptCapture(quiet.file.bytes).summary.captureEnd == Self.at(120))
        #expect(capture.summary.dropped == 0)
        #expect(capture.gaps.isEmpty && capture.summary.problems.isEmpty)
        #expect(capture.summary.sensor == SensorExtent(name: "lab", boot: "0a", packets: 0..<2))
    }

    @Test func lossesLieBetweenTheHeartbeatsThatCountThem() throws {
        var stream = Stream()
        stream.section()
        stream.beat(at: 0)
        stream.take(3)
        stream.beat(at: 3)
        stream.drops = 5
        stream.beat(at: 4)
        stream.take(1)
        stream.beat(at: 5)
        let capture = try KeptCapture(stream.file.bytes)
        #expect(capture.gaps == [BlindSpot(from: Self.at(3), to: Self.at(4), .dropped(5))])
        #expect(capture.summary.dropped == 5)
        #expect(!capture.summary.isDamaged)
    }

    @Test func aLaterFileOfARingHasOnlyItsOwnLosses() throws {
        var stream = Stream()
        stream.drops = 100
        stream.section(from: 40)
        stream.beat(at: 40, number: 17)
        stream.take(1)
        stream.drops = 101
        stream.beat(at: 42)
        let capture = try KeptCapture(stream.file.bytes)
        #expect(capture.gaps == [BlindSpot(from: Self.at(40), to: Self.at(42), .dropped(1))])
        #expect(capture.summary.dropped == 1)
        #expect(capture.summary.sensor?.packets == 40..<41)
    }

    @Test func aHoleInASectionIsKnownAtTheNextHeartbeat() throws {
        var stream = Stream()
        stream.section()
        stream.beat(at: 0)
        stream.take(2)
        stream.take(3, writing: false)
        stream.take(1)
        stream.beat(at: 7)
        stream.take(1)
        stream.beat(at: 8)
        let capture = try KeptCapture(stream.file.bytes)
        #expect(capture.gaps == [BlindSpot(from: Self.at(0), to: Self.at(7), .dropped(3))])
        #expect(capture.messages == ["3 packets that sensor lab captured are missing before this place."])
        #expect(capture.summary.isDamaged)
        #expect(capture.summary.sensor?.packets == 0..<7)
    }

    @Test func aMissingPieceIsAHoleUpToTheNextInstant() throws {
        var stream = Stream()
        stream.section()
        stream.beat(at: 0)
        stream.take(2)
        stream.beat(at: 3)
        stream.section(from: 10)
        stream.beat(at: 11)
        stream.take(1)
        let capture = try KeptCapture(stream.file.bytes)
        #expect(capture.gaps == [BlindSpot(from: Self.at(3), to: Self.at(11), .dropped(8))])
        #expect(capture.messages == ["8 packets that sensor lab captured are missing before this place."])
    }

    /// Whatever part of a stream is repeated, each packet is read once, and losses count once.
    @Test func aRepeatedPieceIsReadOnce() throws {
        var pieces: [[UInt8]] = []
        var stream = Stream()
        for piece in 0..<4 {
            stream.file.bytes = []
            stream.section()
            stream.beat(at: stream.packets)
            stream.take(piece == 2 ? 0 : 3)
            stream.drops += 1
            stream.beat(at: stream.packets + 1)
            pieces.append(stream.file.bytes)
        }
        let whole = try KeptCapture(pieces.flatMap { $0 })
        #expect(Self.contents(whole) == Array(1...9))
        #expect(whole.gaps.map(\.droppedFrames) == [1, 1, 1, 1])
        let lost = "The capture lost 4 packets, as its own counters say."
        #expect(whole.messages == [lost])
        let orders = [
            [0, 0, 1, 2, 3], [0, 1, 1, 2, 2, 3], [0, 1, 0, 1, 2, 3], [0, 1, 2, 3, 3], [0, 1, 2, 3, 0, 1, 2, 3],
        ]
        for order in orders {
            let capture = try KeptCapture(order.flatMap { pieces[$0] })
            #expect(Self.contents(capture) == Array(1...9), "\(order)")
            #expect(capture.gaps.map(\.droppedFrames) == [1, 1, 1, 1], "\(order)")
            let others = capture.summary.problems.filter { $0.message != lost }
            #expect(!others.isEmpty && others.allSatisfy { $0.kind == .repeated }, "\(order)")
            #expect(!capture.summary.isDamaged, "\(order)")
            #expect(capture.summary.packets == order.reduce(0) { $0 + ($1 == 2 ? 0 : 3) }, "\(order)")
        }
    }

    @Test func aPieceThatWasCutOffIsMadeWholeByTheNextReading() throws {
        var stream = Stream()
        stream.section()
        stream.take(2)
        let cut = stream.file.bytes
        stream.take(3)
        stream.beat(at: 6)
        let capture = try KeptCapture(cut + stream.file.bytes)
        #expect(Self.contents(capture) == Array(1...5))
        #expect(capture.gaps.isEmpty)
        #expect(capture.messages == ["The section repeats 2 packets of sensor lab, which are passed over."])
    }

    /// Heartbeats vouch for one another; one that is far from all else is a mistake.
    @Test func aLongSilenceIsBelievedHeartbeatByHeartbeat() throws {
        var stream = Stream()
        stream.section()
        stream.take(1)
        for hour in 1...72 as ClosedRange<UInt64> { stream.beat(at: hour * 3600) }
        #expect(try KeptCapture(stream.file.bytes).summary.captureEnd == Self.at(72 * 3600))
        stream.beat(at: 97 * 3600)
        #expect(try KeptCapture(stream.file.bytes).summary.captureEnd == Self.at(72 * 3600))
    }

    @Test func betweenTwoStartsNobodyWatched() throws {
        var stream = Stream()
        stream.section()
        stream.take(2)
        stream.beat(at: 3)
        stream.section(boot: "0b", from: 0)
        stream.beat(at: 9, number: 1)
        let capture = try KeptCapture(stream.file.bytes)
        #expect(capture.gaps == [BlindSpot(from: Self.at(3), to: Self.at(9), .betweenFiles)])
        #expect(capture.summary.problems.isEmpty)
        #expect(capture.summary.sensor == nil)
    }

    @Test func interfacesOfTwoSensorsAreTwo() throws {
        var stream = Stream()
        stream.section("lab")
        stream.take(1)
        stream.section("other", boot: "0b", from: 1)
        stream.take(1)
        stream.section("lab", from: 1)
        stream.take(1)
        let capture = try KeptCapture(stream.file.bytes)
        #expect(capture.frames.map(\.interface) == [0, 1, 0])
        #expect(capture.summary.interfaceNames == ["eth0", "eth0"])
    }

    /// A comment that is nearly one of a sensor's is somebody's comment.
    @Test(
        arguments: [
            "vrrpwatch: sensor , boot 0a, from packet 3", "vrrpwatch: sensor lab, boot 0A, from packet 3",
            "vrrpwatch: sensor lab, boot , from packet 3", "vrrpwatch: sensor lab, boot 0a, from packet -3",
            "vrrpwatch: sensor lab, boot 0a, from packet 18446744073709551615",
            "vrrpwatch: sensor l/b, boot 0a, from packet 3", "vrrpwatch: sensor lab boot 0a from packet 3",
            "vrrpwatch: sensor lab, boot 000000000000000000000000000000001, from packet 3",
        ]
    )
    func otherCommentsAreNone(comment: String) throws {
        var file = PcapNGFile()
        file.bytes = []
        file.block(0x0a0d_0d0a) { body in
            body.add(UInt32(0x1a2b_3c4d))
            body.add(UInt16(1))
            body.add(UInt16(0))
            body.add(Int64(-1))
            body.option(1, Array(comment.utf8))
        }
        file.interface(name: "eth0")
        file.packet(1, [1])
        let capture = try KeptCapture(file.bytes)
        #expect(capture.frames.count == 1)
        #expect(capture.summary.sensor == nil && capture.summary.problems.isEmpty)
    }

    @Test func namesOfSensors() {
        let longest = String(repeating: "x", count: 255)
        #expect(["a", "berlin-1", "r1.example.net", "A_9", longest].allSatisfy { Sensor.isName($0) })
        #expect(!["", "a b", "a,", "a/b", "é", "a\n", longest + "x"].contains { Sensor.isName($0) })
        #expect(Sensor.isName(Sensor.hostName))
        #expect(Sensor(startingAs: "a b") == nil)
        #expect(Sensor(startingAs: "a")?.boot != Sensor(startingAs: "a")?.boot)
    }
}
