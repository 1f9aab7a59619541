import Testing
import VRRPCapture
import VRRPFacts
import VRRPWire

@Suite struct PcapNGTests {
    /// Two interfaces of different kind, all sorts of blocks.
    static func mixed(isBigEndian: Bool) -> [UInt8] {
        var file = PcapNGFile(isBigEndian: isBigEndian)
        file.interface(snapLength: 65535, name: "eth0")
        file.interface(linkType: 113, snapLength: 96, name: "any", resolution: 9)
        file.block(0x0a) { $0.add(UInt32(7)) }
        file.packet(100_000_005, [1, 2, 3])
        file.packet(101_000_000_006, [4, 5, 6, 7], interface: 1, original: 60)
        file.block(4) { $0.add(UInt32(0)) }
        file.oldPacket(102_000_000, [8])
        file.block(0x8000_0001) { $0.add(UInt32(0)) }
        file.simplePacket([9, 10])
        file.block(0xbad) { $0.add(UInt32(1)) }
        return file.bytes
    }

    @Test func severalInterfacesAndLinkTypes() throws {
        let capture = try KeptCapture(Self.mixed(isBigEndian: false))
        #expect(capture.frames.map(\.bytes) == [[1, 2, 3], [4, 5, 6, 7], [8], [9, 10]])
        #expect(capture.frames.map(\.interface) == [0, 1, 0, 0])
        #expect(capture.frames.map(\.linkType) == [1, 113, 1, 1])
        #expect(capture.frames.map(\.originalLength) == [3, 60, 1, 2])
        #expect(capture.times == [100_000_005_000, 101_000_000_006, 102_000_000_000, 102_000_000_000])
        #expect(capture.summary.format == .pcapng)
        #expect(capture.summary.linkTypes == [.ethernet, LinkType(.linuxSLL)])
        #expect(capture.summary.interfaceNames == ["eth0", "any"])
        #expect(capture.summary.snapLength == 96)
        #expect(capture.summary.bytes == UInt64(Self.mixed(isBigEndian: false).count))
        #expect(
            capture.messages == ["Packet 4 bears no time; such packets take the time of the packet before them."]
        )
        #expect(!capture.summary.isDamaged)
    }

    @Test func bothByteOrdersAreEqual() throws {
        let little = try KeptCapture(Self.mixed(isBigEndian: false))
        let big = try KeptCapture(Self.mixed(isBigEndian: true))
        #expect(little.frames == big.frames)
        #expect(little.messages == big.messages)
    }

    @Test func sectionsOfEitherOrderFollowEachOther() throws {
        let capture = try KeptCapture(Self.mixed(isBigEndian: false) + Self.mixed(isBigEndian: true))
        #expect(capture.frames.count == 8)
        #expect(capture.frames.map(\.interface) == [0, 1, 0, 0, 0, 1, 0, 0])
        #expect(capture.frames.map(\.number) == Array(1...8))
        #expect(capture.summary.interfaceNames == ["eth0", "any"])
        #expect(capture.summary.problems.map(\.kind) == [.unsupported, .clockStep])
    }

    @Test func interfacesOfOneSectionAreDistinctEvenWithoutNames() throws {
        var file = PcapNGFile()
        file.interface()
        file.interface()
        file.packet(1, [1], interface: 1)
        file.section()
        file.interface()
        file.interface(linkType: 101)
        file.packet(2, [2], interface: 0)
        file.packet(3, [3], interface: 1)
        let capture = try KeptCapture(file.bytes)
        #expect(capture.frames.map(\.interface) == [1, 0, 2])
        #expect(capture.summary.interfaceNames == [nil, nil, nil])
    }

    @Test(
        arguments: [
            (0, nil, 5, 5_000_000_000),
            (3, nil, 5, 5_000_000),
            (6, nil, 5, 5000),
            (9, nil, 5, 5),
            (12, nil, 5999, 5),
            (19, nil, 50_000_000_000, 5),
            (127, nil, .max, 0),
            (0x80, nil, 5, 5_000_000_000),
            (0x8a, nil, 512, 500_000_000),
            (0xa0, nil, 3 << 31, 1_500_000_000),
            (0xff, nil, .max, 0),
            (6, 10, 5, 10_000_005_000),
            (6, -10, 5, -9_999_995_000),
            (9, .max, 5, 1 << 62),
            (9, .min, 5, -(1 << 62)),
            (0, nil, .max, 1 << 62),
            (6, nil, .max, 1 << 62),
        ] as [(UInt8, Int64?, UInt64, Int64)]
    )
    func timestamps(resolution: UInt8, offset: Int64?, ticks: UInt64, nanoseconds: Int64) throws {
        var file = PcapNGFile()
        file.interface(resolution: resolution, offset: offset)
        file.packet(ticks, [1])
        file.packet(ticks, [1])
        #expect(try KeptCapture(file.bytes).times == [nanoseconds, nanoseconds])
    }

    @Test(arguments: [4, 32] as [UInt8])
    func checkSequencesAreCutWhetherInBitsOrBytes(length: UInt8) throws {
        var file = PcapNGFile()
        file.interface(checkSequence: length)
        file.packet(1, [1, 2, 3, 4, 5, 6])
        file.packet(2, [1, 2, 3, 4, 5, 6], flags: 2 << 5)
        let capture = try KeptCapture(file.bytes)
        #expect(capture.frames.map(\.bytes) == [[1, 2], [1, 2, 3, 4]])
        #expect(capture.frames.map(\.originalLength) == [2, 4])
    }

    @Test func simplePacketsAreCutByTheFirstInterface() throws {
        var file = PcapNGFile()
        file.interface(snapLength: 3)
        file.simplePacket([1, 2, 3, 0], original: 60)
        let capture = try KeptCapture(file.bytes)
        #expect(capture.frames.map(\.bytes) == [[1, 2, 3]])
        #expect(capture.frames.map(\.originalLength) == [60])
    }

    @Test func dropCountsOfPacketsAreGaps() throws {
        var file = PcapNGFile()
        file.interface(resolution: 9)
        file.interface(resolution: 9)
        file.packet(1000, [1])
        file.packet(2000, [1], interface: 1)
        file.packet(3000, [1], drops: 7)
        file.packet(4000, [1], drops: 0)
        let capture = try KeptCapture(file.bytes)
        #expect(capture.gaps == [gap(1000, 3000, 7)])
        #expect(capture.summary.dropped == 7)
        #expect(capture.summary.problems.map(\.kind) == [.dropped])
        #expect(!capture.summary.isDamaged)
    }

    @Test func growingStatisticsAreGaps() throws {
        var file = PcapNGFile()
        file.interface(resolution: 9)
        file.packet(1000, [1])
        file.statistics(2000, interfaceDrops: 0, systemDrops: 0)
        file.statistics(3000, interfaceDrops: 1, systemDrops: 2)
        file.packet(4000, [1], drops: 4)
        file.statistics(5000, interfaceDrops: 1, systemDrops: 6)
        file.statistics(6000, interfaceDrops: 1, systemDrops: 8)
        let capture = try KeptCapture(file.bytes)
        // The four of the packet are those that the statistics at 5000 count once more.
        #expect(capture.gaps == [gap(2000, 3000, 3), gap(1000, 4000, 4), gap(5000, 6000, 2)])
        #expect(capture.summary.dropped == 9)
    }

    @Test func statisticsAtTheEndCoverTheWholeCapture() throws {
        var file = PcapNGFile()
        file.interface(resolution: 9)
        file.packet(1000, [1])
        file.packet(2000, [1])
        file.statistics(3000, systemDrops: 5)
        #expect(try KeptCapture(file.bytes).gaps == [gap(1000, 3000, 5)])
    }

    @Test func noDropsIsKnownToBeNone() throws {
        var file = PcapNGFile()
        file.interface()
        file.packet(1, [1])
        file.statistics(2, systemDrops: 0)
        let capture = try KeptCapture(file.bytes)
        #expect(capture.summary.dropped == 0)
        #expect(capture.gaps.isEmpty)
        #expect(capture.summary.problems.isEmpty)
    }

    @Test func aPacketThatIsWrongWithinIsSkippedAndLeavesAGap() throws {
        var file = PcapNGFile()
        file.interface(resolution: 9)
        file.packet(1000, [1])
        let start = file.bytes.count
        file.packet(2000, [2], interface: 9)
        file.packet(3000, [3])
        file.packet(4000, [4])
        let capture = try KeptCapture(file.bytes)
        #expect(capture.frames.map(\.number) == [1, 3, 4])
        #expect(
            capture.gaps == [
                BlindSpot(from: CaptureInstant(nanoseconds: 1000), to: CaptureInstant(nanoseconds: 3000), .damaged)
            ]
        )
        #expect(capture.summary.packets == 4)
        #expect(capture.summary.problems.map(\.offset) == [UInt64(start)])
        #expect(capture.messages == ["Packet 2 is skipped: no interface 9 has been described."])
        #expect(capture.summary.isDamaged)
    }

    @Test func lengthsThatDisagreeEndReading() throws {
        var file = PcapNGFile()
        file.interface()
        file.packet(1, [1])
        let start = file.bytes.count
        file.packet(2, [2])
        file.bytes[file.bytes.count - 4] = 40
        file.packet(3, [3])
        let capture = try KeptCapture(file.bytes)
        #expect(capture.frames.map(\.number) == [1])
        #expect(capture.summary.problems.map(\.offset) == [UInt64(start)])
        #expect(capture.messages == ["A block of type 6 claims 36 bytes at its start and 40 at its end."])
        #expect(capture.summary.isDamaged)
    }

    @Test func largeBlocksOfNoInterestArePassedOver() throws {
        var file = PcapNGFile()
        file.interface()
        file.packet(1, [1])
        file.block(0x0a) { $0.bytes += [UInt8](repeating: 9, count: 3_000_000) }
        file.packet(2, [2])
        let capture = try KeptCapture(file.bytes)
        #expect(capture.frames.map(\.bytes) == [[1], [2]])
        #expect(capture.summary.problems.isEmpty)
    }

    @Test func largePacketBlocksAreRead() throws {
        var file = PcapNGFile()
        file.interface()
        file.block(6) { body in
            for word in [0, 0, 1, 4, 4] as [UInt32] { body.add(word) }
            body.bytes += [1, 2, 3, 4]
            for _ in 0..<20 { body.option(1, [UInt8](repeating: 65, count: 60_000)) }
        }
        file.packet(2, [5])
        #expect(try KeptCapture(file.bytes).frames.map(\.bytes) == [[1, 2, 3, 4], [5]])
    }

    private func gap(_ start: Int64, _ end: Int64, _ count: Int) -> BlindSpot {
        BlindSpot(
            from: CaptureInstant(nanoseconds: start),
            to: CaptureInstant(nanoseconds: end),
            .dropped(count)
        )
    }
}
