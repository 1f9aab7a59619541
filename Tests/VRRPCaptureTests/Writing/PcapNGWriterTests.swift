import Glibc
import Testing
import VRRPCapture
import VRRPFacts
import VRRPWire

@Suite struct PcapNGWriterTests {
    @Test func whatIsWrittenIsReadBack() throws {
        let original = try KeptCapture(PcapNGTests.mixed(isBigEndian: true))
        let names = original.summary.interfaceNames
        let copy = try KeptCapture(
            try written { writer throws(CaptureError) in
                for frame in original.frames {
                    let name = names[frame.interface]
                    try writer.write(frame, PcapNGWriter.InterfaceProperties(name: name, snapLength: 65535))
                }
                try writer.finish(droppedFrames: 12)
            }
        )
        #expect(copy.frames == original.frames)
        #expect(copy.summary.interfaceNames == names)
        #expect(copy.summary.linkTypes == original.summary.linkTypes)
        #expect(copy.summary.dropped == 12)
        #expect(copy.summary.snapLength == 65535)
        #expect(!copy.summary.isDamaged)
    }

    @Test func commentsDoNotDisturb() throws {
        let original = try KeptCapture(PcapFile(magic: 0xa1b2_3c4d).bytes(PcapTests.records))
        let long = String(repeating: "ä", count: 40_000)
        let copy = try KeptCapture(
            try written { writer throws(CaptureError) in
                for frame in original.frames {
                    let properties = PcapNGWriter.InterfaceProperties(name: nil, snapLength: nil)
                    try writer.write(frame, properties, comments: [long, "short"])
                }
                try writer.finish(droppedFrames: nil)
            }
        )
        #expect(copy.frames == original.frames)
        #expect(copy.summary.dropped == nil)
        #expect(copy.summary.problems.isEmpty)
    }

    @Test func anExtractKeepsWhereItsFramesCameFrom() throws {
        let original = try KeptCapture(PcapFile().bytes(PcapTests.records))
        let first = try #require(original.frames.first)
        let start = CaptureInstant(nanoseconds: first.nanoseconds)
        let origins = [3, 0].map {
            InterfaceOrigin(interface: $0, capture: 1, captureCount: 2, source: "of 2: ring/b 1.pcap")
        }
        let reasons: [BlindSpot.Reason] = [.dropped(7), .damaged, .linkDown, .betweenFiles, .clockStep]
        let gaps = reasons.map { BlindSpot(from: start, to: start + .seconds(1), $0) }
        let end = CaptureInstant(nanoseconds: original.times.max() ?? 0) + .seconds(3600)
        let copy = try KeptCapture(
            try written { writer throws(CaptureError) in
                for origin in origins {
                    let properties = PcapNGWriter.InterfaceProperties(name: "eth0", snapLength: nil, origin: origin)
                    try writer.write(first, properties)
                }
                for gap in gaps { try writer.note(gap, droppedFrames: nil) }
                try writer.finish(extractUntil: end, droppedFrames: 12)
            }
        )
        #expect(copy.interfaceOrigins == origins)
        #expect(copy.frames.map(\.interface) == [0, 1])
        #expect(copy.gaps == gaps)
        #expect(copy.summary.captureEnd == end)
        #expect(copy.summary.dropped == 12)
        #expect(InterfaceOrigin(comment: "vrrpwatch: interface 1 of capture 3 of 2: x") == nil)
        #expect(InterfaceOrigin(comment: "a comment of somebody's") == nil)
    }

    @Test func aFullDiskIsAnError() throws {
        let descriptor = unsafe open("/dev/full", O_WRONLY | O_CLOEXEC)
        try #require(descriptor >= 0)
        defer { close(descriptor) }
        let error = #expect(throws: CaptureError.self) {
            var writer = try PcapNGWriter(descriptor: descriptor, path: "out.pcapng", application: "test")
            try writer.finish(droppedFrames: nil)
        }
        #expect(error?.code == .cannotWrite)
        #expect(error?.systemError == ENOSPC)
    }

    @Test func flushingEachFrameLeavesNothingBehind() throws {
        let descriptor = temporaryFile([])
        defer { close(descriptor) }
        var writer = try PcapNGWriter(
            descriptor: descriptor,
            path: "out.pcapng",
            application: "test",
            flushesEachFrame: true
        )
        let frames = try KeptCapture(PcapFile().bytes(PcapTests.records)).frames
        for (index, frame) in frames.enumerated() {
            try writer.write(frame, PcapNGWriter.InterfaceProperties(name: "eth0", snapLength: nil))
            let file = try CaptureFile(path: "/proc/self/fd/\(descriptor)")
            #expect(KeptCapture(file).frames.count == index + 1)
        }
    }

    /// The bytes that a writer makes of what `body` gives it.
    private func written(
        _ body: (inout PcapNGWriter) throws(CaptureError) -> Void
    ) throws(CaptureError) -> [UInt8] {
        let descriptor = temporaryFile([])
        defer { close(descriptor) }
        var writer = try PcapNGWriter(descriptor: descriptor, path: "out.pcapng", application: "test 1")
        try body(&writer)
        var bytes = [UInt8](repeating: 0, count: Int(lseek(descriptor, 0, SEEK_END)))
        let count = unsafe bytes.withUnsafeMutableBytes { buffer in
            unsafe pread(descriptor, buffer.baseAddress, buffer.count, 0)
        }
        #expect(count == bytes.count)
        return bytes
    }
}

extension PcapNGWriter {
    fileprivate mutating func write(
        _ frame: KeptFrame,
        _ properties: PcapNGWriter.InterfaceProperties,
        comments: [String] = []
    ) throws(CaptureError) {
        let lent = Frame(
            bytes: frame.bytes.span,
            originalLength: frame.originalLength,
            number: frame.number,
            instant: CaptureInstant(nanoseconds: frame.nanoseconds),
            interface: frame.interface,
            linkType: LinkType(rawValue: frame.linkType)
        )
        try write(lent, properties, comments: comments)
    }
}
