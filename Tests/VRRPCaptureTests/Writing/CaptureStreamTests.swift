import Glibc
import Testing
import VRRPCapture
import VRRPFacts
import VRRPWire

/// Packets to a pipe, and readers that are slow, silent or gone.
@Suite struct CaptureStreamTests {
    private static let properties = PcapNGWriter.InterfaceProperties(name: "eth0", snapLength: 1900)
    private static let start = CaptureInstant(nanoseconds: 1_767_225_600_000_000_000)

    /// The two ends of a pipe, closed at the end.
    private final class Pipe {
        var reader: CInt
        var writer: CInt

        init() throws {
            var ends: [CInt] = [-1, -1]
            let status = unsafe pipe(&ends)
            try #require(status == 0)
            (reader, writer) = (ends[0], ends[1])
        }

        func closeReader() {
            close(reader)
            reader = -1
        }

        /// Takes all that is in the pipe.
        func take() -> [UInt8] {
            var waiting: CInt = 0
            _ = unsafe ioctl(reader, UInt(FIONREAD), &waiting)
            var bytes = [UInt8](repeating: 0, count: Int(waiting))
            let count = unsafe bytes.withUnsafeMutableBytes { unsafe read(reader, $0.baseAddress, $0.count) }
            #expect(waiting == 0 || count == bytes.count)
            return bytes
        }

        deinit {
            close(writer)
            if reader >= 0 { close(reader) }
        }
    }

    private func stream(to pipe: Pipe, until stop: StopSignal) throws(CaptureError) -> CaptureStream {
        guard let sensor = Sensor(startingAs: "lab") else {
            throw CaptureError(.cannotOpen, path: "lab", detail: "This is no name.")
        }
        return try CaptureStream(
            to: pipe.writer,
            path: "pipe",
            sensor: sensor,
            interfaces: [(.ethernet, Self.properties)],
            application: "test",
            until: stop
        )
    }

    private func record(_ length: Int, at second: Int64, in stream: CaptureStream) throws(CaptureError) {
        let bytes = [UInt8](repeating: 0x55, count: length)
        let frame = Frame(
            bytes: bytes.span,
            originalLength: length,
            number: 1,
            instant: Self.start + .seconds(second),
            interface: 0,
            linkType: .ethernet
        )
        try stream.record(frame, Self.properties)
    }

    private func beat(
        at second: Int64,
        received: UInt64,
        dropped: UInt64,
        in stream: CaptureStream
    ) throws(CaptureError) {
        let interface = Heartbeat.Interface(.ethernet, Self.properties, received: received, dropped: dropped)
        try stream.beat(Heartbeat(at: Self.start + .seconds(second), [interface]))
    }

    @Test func eachBlockIsThereAtOnce() throws {
        let pipe = try Pipe()
        let stream = try stream(to: pipe, until: StopSignal())
        var read = pipe.take()
        #expect(try KeptCapture(read).summary.interfaceNames == ["eth0"])
        try beat(at: 0, received: 0, dropped: 0, in: stream)
        for second in 1...3 as ClosedRange<Int64> {
            try record(60, at: second, in: stream)
            read += pipe.take()
            #expect(try KeptCapture(read).frames.count == Int(second))
        }
        try beat(at: 5, received: 10, dropped: 7, in: stream)
        let capture = try KeptCapture(read + pipe.take())
        #expect(capture.summary.captureEnd == Self.start + .seconds(5))
        #expect(capture.gaps == [BlindSpot(from: Self.start, to: Self.start + .seconds(5), .dropped(7))])
        #expect(capture.summary.sensor?.name == "lab" && capture.summary.sensor?.packets == 0..<3)
    }

    @Test func blindSpotsAreReadBack() throws {
        let pipe = try Pipe()
        let stream = try stream(to: pipe, until: StopSignal())
        try record(60, at: 1, in: stream)
        let spots = [BlindSpot.Reason.linkDown, .clockStep].map {
            BlindSpot(from: Self.start + .seconds(1), to: Self.start + .seconds(2), $0)
        }
        for spot in spots { try stream.note(spot) }
        #expect(try KeptCapture(pipe.take()).gaps == spots)
    }

    @Test func aReaderThatWentAwayIsABrokenPipe() throws {
        signal(SIGPIPE, SIG_IGN)
        let pipe = try Pipe()
        let stream = try stream(to: pipe, until: StopSignal())
        pipe.closeReader()
        let error = #expect(throws: CaptureError.self) { try record(60, at: 1, in: stream) }
        #expect(error?.code == .cannotWrite && error?.systemError == EPIPE)
    }

    /// The pipe holds 64 KiB, so more than that can only be written while somebody reads, or until a stop is given.
    @Test func aReaderThatDoesNotReadHoldsUpUntilTheStop() throws {
        let pipe = try Pipe()
        let stop = try StopSignal()
        let stream = try stream(to: pipe, until: stop)
        stop.stop()
        let error = #expect(throws: CaptureError.self) {
            for second in 0..<100 as Range<Int64> { try record(1800, at: second, in: stream) }
        }
        #expect(error?.code == .cannotWrite)
        #expect(error?.detail == "The reader does not read, and the watch was told to end.")
        // All whole frames before that can be read.
        let capture = try KeptCapture(pipe.take())
        #expect((10..<100).contains(capture.frames.count))
        #expect(capture.summary.problems.allSatisfy { $0.kind == .truncated })
    }
}
