import Glibc
import Testing
import VRRPCapture
import VRRPFacts
import VRRPTestSupport
import VRRPWire

/// Two threads read what one does, however the blocks lie.
@Suite struct SieveTests {
    /// Two threads from the second record on, and again wherever one took over.
    private static func layout(blockSize: Int, blockCount: Int = 3, mostFrames: Int = 1000) -> SieveLayout {
        var layout = SieveLayout()
        layout.blockSize = blockSize
        layout.blockCount = blockCount
        layout.mostFrames = mostFrames
        layout.least = 0
        layout.pause = 0
        return layout
    }

    /// One thread, always.
    private static let alone = {
        var layout = SieveLayout()
        layout.least = .max
        return layout
    }()

    private static let blockSizes = [1, 2, 15, 16, 17, 61, 64, 100, 255, 1000, 4096, 65536, 1 << 20]

    /// A frame that is passed over: TCP.
    static func ordinary(_ length: Int, tag: UInt8) -> [UInt8] {
        var frame = [UInt8](repeating: tag, count: max(length, 42))
        frame.replaceSubrange(12..<15, with: [0x08, 0x00, 0x45])
        frame[23] = 6
        return frame
    }

    /// A frame that is not: VRRP.
    static func relevant(tag: UInt8) -> [UInt8] {
        var frame = ordinary(60, tag: tag)
        frame[23] = 112
        return frame
    }

    /// Seeded: lengths of all sorts, a relevant frame now and then, times that wander, go back a little, or a lot.
    static func records(_ count: Int, seed: UInt64, clockSteps: Bool = false) -> [PcapFile.Record] {
        var generator = SplitMix64(seed: seed)
        var time: UInt64 = 1_000_000_000
        return (0..<count).map { index in
            time += UInt64(Int.random(in: 0..<(200_000), using: &generator))
            if Int.random(in: 0..<20, using: &generator) == 0 { time -= 300_000 }
            if clockSteps, Int.random(in: 0..<100, using: &generator) == 0 { time -= 30_000_000 }
            let tag = UInt8(truncatingIfNeeded: index)
            let isRelevant = Int.random(in: 0..<10, using: &generator) == 0
            let data =
                isRelevant ? relevant(tag: tag) : ordinary(42 + Int.random(in: 0..<200, using: &generator), tag: tag)
            return PcapFile.Record(UInt32(time / 1_000_000), UInt32(time % 1_000_000), data)
        }
    }

    /// The result of reading a file, without the ordinary frames that are lent now and then.
    private struct Reading: Equatable {
        var frames: [KeptFrame] = []
        var gaps: [BlindSpot] = []
        var problems: [CaptureProblem]
        var counts: [UInt64]
        var times: [Int64?]
        var hasEnded: Bool

        init(
            _ descriptor: CInt,
            _ layout: SieveLayout,
            salvages: Bool = false,
            limits: [CaptureInstant] = [.distantFuture]
        ) throws(CaptureError) {
            let file = try CaptureFile(path: "/proc/self/fd/\(descriptor)", salvages: salvages)
            var frames: [KeptFrame] = []
            var gaps: [BlindSpot] = []
            var isThere = file.advance()
            file.passOverOrdinary(layout)
            for limit in limits {
                while isThere, file.instant <= limit {
                    isThere = file.lendFrames(until: limit) { frame in
                        if !frame.bytes.isOrdinaryEthernet { frames.append(KeptFrame(frame)) }
                        return .continue
                    }
                    while let gap = file.takeBlindSpot() { gaps.append(gap) }
                }
            }
            let summary = file.summary
            (self.frames, self.gaps, problems) = (frames, gaps, summary.problems)
            counts = [UInt64(summary.packets), summary.bytes, summary.dropped ?? .max, file.progress.read]
            times = [summary.firstPacket, summary.lastPacket, summary.captureEnd, file.instant].map { $0?.nanoseconds }
            times.append(file.longestSilence.nanoseconds)
            hasEnded = !isThere
        }
    }

    private func expectEqual(
        _ bytes: [UInt8],
        salvages: Bool = false,
        sizes: [Int] = blockSizes,
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        let descriptor = temporaryFile(bytes)
        defer { close(descriptor) }
        let one = try Reading(descriptor, Self.alone, salvages: salvages)
        for size in sizes {
            for (count, most) in [(2, 1000), (3, 5), (8, 1000)] {
                let layout = Self.layout(blockSize: size, blockCount: count, mostFrames: most)
                let two = try Reading(descriptor, layout, salvages: salvages)
                #expect(two == one, "blocks of \(size) bytes", sourceLocation: sourceLocation)
            }
        }
    }

    @Test(arguments: [false, true], [0xa1b2_c3d4, 0xa1b2_3c4d] as [UInt32])
    func pcap(isBigEndian: Bool, magic: UInt32) throws {
        let file = PcapFile(isBigEndian: isBigEndian, magic: magic)
        try expectEqual(file.bytes(Self.records(300, seed: 1)))
    }

    @Test func clockStepsAndLongFramesAreLeftToOneThread() throws {
        try expectEqual(PcapFile(snapLength: 150).bytes(Self.records(300, seed: 2, clockSteps: true)))
    }

    @Test func frameCheckSequencesAndOtherLinkTypesAreLeftToOneThread() throws {
        for linkType in [0x2400_0001, 113] as [UInt32] {
            try expectEqual(PcapFile(linkType: linkType).bytes(Self.records(100, seed: 3)))
        }
    }

    @Test func theLargestFrameGoesAcrossBlocks() throws {
        var records = Self.records(5, seed: 4)
        records.append(PcapFile.Record(2000, 0, Self.ordinary(262_144, tag: 1)))
        records += [
            PcapFile.Record(2001, 0, Self.relevant(tag: 2)), PcapFile.Record(2002, 0, Self.ordinary(99, tag: 3)),
        ]
        try expectEqual(PcapFile(snapLength: 262_144).bytes(records), sizes: [100, 5000, 262_144])
    }

    @Test func pcapng() throws {
        for isBigEndian in [false, true] {
            var file = PcapNGFile(isBigEndian: isBigEndian)
            file.interface(name: "eth0")
            file.interface(linkType: 113, name: "any")
            for (index, record) in Self.records(300, seed: 5).enumerated() {
                let ticks = UInt64(record.seconds) * 1_000_000 + UInt64(record.fraction)
                // A drop count takes the slow path and looks at the time of the packet before.
                let drops: UInt64? = index % 40 == 39 ? 1 : nil
                file.packet(ticks, record.data, interface: index % 7 == 6 ? 1 : 0, drops: drops)
                if index == 200 { file.statistics(ticks, systemDrops: 9) }
            }
            try expectEqual(file.bytes, sizes: [61, 500, 4096, 1 << 20])
        }
    }

    @Test func salvaging() throws {
        var bytes = PcapFile().bytes(Self.records(100, seed: 6))
        for index in 4000..<4100 { bytes[index] = 0xff }
        try expectEqual(bytes, salvages: true)
    }

    @Test("every prefix is read as by one thread")
    func prefixes() throws {
        let bytes = PcapFile().bytes(Self.records(8, seed: 7))
        let descriptor = temporaryFile(bytes)
        defer { close(descriptor) }
        for length in (24...bytes.count).reversed() {
            #expect(ftruncate(descriptor, length) == 0)
            let one = try Reading(descriptor, Self.alone)
            for size in [7, 100, 333] {
                let two = try Reading(descriptor, Self.layout(blockSize: size))
                #expect(two == one, "\(length) bytes in blocks of \(size)")
            }
        }
    }

    @Test("damage anywhere is read as by one thread")
    func damage() throws {
        let records = Self.records(40, seed: 8)
        var generator = SplitMix64(seed: 9)
        for round in 0..<300 {
            var bytes = PcapFile().bytes(records)
            for _ in 0..<1 + Int.random(in: 0..<3, using: &generator) {
                bytes[24 + Int.random(in: 0..<(bytes.count - 24), using: &generator)] = UInt8.random(
                    in: 0...255,
                    using: &generator
                )
            }
            try expectEqual(bytes, salvages: round % 4 == 3, sizes: [1 + Int.random(in: 0..<300, using: &generator)])
        }
    }

    @Test("reading that goes to and fro between files ends where one thread would")
    func limits() throws {
        let descriptor = temporaryFile(PcapFile().bytes(Self.records(300, seed: 10)))
        defer { close(descriptor) }
        let limits = (1000...1030).map { CaptureInstant(nanoseconds: Int64($0) * 1_000_000_000) }
        for size in Self.blockSizes {
            for count in limits.indices {
                let list = Array(limits.prefix(count))
                let one = try Reading(descriptor, Self.alone, limits: list + [.distantFuture])
                let two = try Reading(descriptor, Self.layout(blockSize: size), limits: list + [.distantFuture])
                #expect(two == one, "blocks of \(size) bytes, \(count) limits")
            }
        }
    }

    @Test("a capture that is closed before its end leaves nothing behind")
    func closing() throws {
        let descriptor = temporaryFile(PcapFile().bytes(Self.records(2000, seed: 11)))
        defer { close(descriptor) }
        for count in 1...200 {
            let file = try CaptureFile(path: "/proc/self/fd/\(descriptor)")
            #expect(file.advance())
            file.passOverOrdinary(Self.layout(blockSize: 500))
            var seen = 0
            while seen < count,
                file.lendFrames(
                    until: .distantFuture,
                    { _ in
                        seen += 1
                        return seen < count ? .continue : .stop
                    }
                )
            {}
            #expect(seen == count)
        }
    }

    @Test("a file that shrinks while it is read")
    func shrinking() throws {
        let records = Self.records(2000, seed: 12)
        let bytes = PcapFile().bytes(records)
        for length in [bytes.count / 2, bytes.count / 3, 100] {
            let descriptor = temporaryFile(bytes)
            defer { close(descriptor) }
            let file = try CaptureFile(path: "/proc/self/fd/\(descriptor)")
            #expect(file.advance())
            file.passOverOrdinary(Self.layout(blockSize: 1000))
            var isCut = false
            var last = 0
            while file.lendFrames(
                until: .distantFuture,
                { frame in
                    if !isCut, frame.number > 20 {
                        isCut = true
                        ftruncate(descriptor, length)
                    }
                    last = frame.number
                    return .continue
                }
            ) {}
            #expect(last >= 20 && last <= file.summary.packets)
            #expect(file.summary.packets < records.count)
        }
    }
}
