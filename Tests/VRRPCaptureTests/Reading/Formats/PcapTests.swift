import Glibc
import Testing
import VRRPCapture
import VRRPFacts
import VRRPWire

@Suite struct PcapTests {
    static let second: Int64 = 1_000_000_000

    /// Three packets, the second cut by the snap length.
    static let records: [PcapFile.Record] = [
        PcapFile.Record(100, 5, [1, 2, 3]),
        PcapFile.Record(101, 6, [4, 5, 6, 7, 8], original: 60),
        PcapFile.Record(102, 999_999, []),
    ]

    @Test func microseconds() throws {
        let capture = try KeptCapture(PcapFile().bytes(Self.records))
        #expect(capture.frames.map(\.bytes) == [[1, 2, 3], [4, 5, 6, 7, 8], []])
        #expect(capture.frames.map(\.originalLength) == [3, 60, 0])
        #expect(capture.frames.map(\.number) == [1, 2, 3])
        #expect(capture.times == [100_000_005_000, 101_000_006_000, 102_999_999_000])
        #expect(capture.summary.format == .pcap)
        #expect(capture.summary.linkTypes == [.ethernet])
        #expect(capture.summary.interfaceNames == [nil])
        #expect(capture.summary.packets == 3)
        #expect(capture.summary.bytes == 24 + 3 * 16 + 8)
        #expect(capture.summary.snapLength == 65535)
        #expect(capture.summary.firstPacket?.nanoseconds == 100_000_005_000)
        #expect(capture.summary.lastPacket?.nanoseconds == 102_999_999_000)
        #expect(capture.summary.dropped == nil)
        #expect(capture.summary.problems.isEmpty)
    }

    @Test func nanoseconds() throws {
        let capture = try KeptCapture(PcapFile(magic: 0xa1b2_3c4d).bytes(Self.records))
        #expect(capture.times == [100_000_000_005, 101_000_000_006, 102_000_999_999])
    }

    @Test(arguments: [0xa1b2_c3d4, 0xa1b2_3c4d, 0xa1b2_cd34] as [UInt32])
    func bothByteOrdersAreEqual(magic: UInt32) throws {
        let extra = magic == 0xa1b2_cd34 ? 8 : 0
        let little = try KeptCapture(PcapFile(magic: magic, extraHeader: extra).bytes(Self.records))
        let big = try KeptCapture(PcapFile(isBigEndian: true, magic: magic, extraHeader: extra).bytes(Self.records))
        #expect(little.frames == big.frames)
        #expect(little.frames.map(\.bytes) == [[1, 2, 3], [4, 5, 6, 7, 8], []])
    }

    @Test(arguments: [(2, 0), (2, 2), (543, 0)] as [(UInt16, UInt16)])
    func oldVersionsHaveTheOriginalLengthFirst(version: (UInt16, UInt16)) throws {
        var record = PcapFile.Record(1, 0, [1, 2, 3])
        (record.first, record.second) = (60, 3)
        let capture = try KeptCapture(PcapFile(version: version).bytes([record, record]))
        #expect(capture.frames.map(\.bytes) == [[1, 2, 3], [1, 2, 3]])
        #expect(capture.frames.map(\.originalLength) == [60, 60])
    }

    @Test func version23HasTheLengthsInEitherOrder() throws {
        var reversed = PcapFile.Record(1, 0, [1, 2, 3])
        (reversed.first, reversed.second) = (60, 3)
        let ordered = PcapFile.Record(1, 0, [1, 2, 3], original: 60)
        let capture = try KeptCapture(PcapFile(version: (2, 3)).bytes([reversed, ordered]))
        #expect(capture.frames.map(\.bytes) == [[1, 2, 3], [1, 2, 3]])
        #expect(capture.frames.map(\.originalLength) == [60, 60])
    }

    @Test func unknownVersionsAreRefused() {
        let error = #expect(throws: CaptureError.self) {
            _ = try openCapture(PcapFile(version: (3, 0)).bytes([]))
        }
        #expect(error?.code == .unsupported)
        #expect(error?.isDamage == false)
    }

    @Test func theLinkTypeWordTellsTheCheckSequence() throws {
        // Bit 26 set, two 16-bit words.
        let capture = try KeptCapture(
            PcapFile(linkType: 0x2400_0001).bytes([
                PcapFile.Record(1, 0, [1, 2, 3, 4, 5, 6, 7]),
                PcapFile.Record(2, 0, [1, 2, 3], original: 60),
                PcapFile.Record(3, 0, [1]),
            ])
        )
        #expect(capture.frames.map(\.bytes) == [[1, 2, 3], [1, 2, 3], []])
        #expect(capture.frames.map(\.originalLength) == [3, 56, 0])
        #expect(capture.summary.linkTypes == [.ethernet])
    }

    @Test(arguments: [0, 0x8000_0000, UInt32.max])
    func aSnapLengthOfZeroOrBeyondReasonIsNoLimit(snapLength: UInt32) throws {
        let capture = try KeptCapture(PcapFile(snapLength: snapLength).bytes(Self.records))
        #expect(capture.frames.count == 3)
        #expect(capture.summary.snapLength == nil)
    }

    @Test func packetsLongerThanTheSnapLengthAreWhole() throws {
        let capture = try KeptCapture(
            PcapFile(snapLength: 20).bytes([PcapFile.Record(1, 0, [UInt8](repeating: 7, count: 54))])
        )
        #expect(capture.frames.map(\.bytes.count) == [54])
        #expect(!capture.summary.isDamaged)
    }

    @Test func manyRecordsAcrossManyRefills() throws {
        let records = (0..<40_000).map { index in
            PcapFile.Record(UInt32(index), 0, [UInt8](repeating: UInt8(truncatingIfNeeded: index), count: index % 97))
        }
        let file = try openCapture(PcapFile().bytes(records))
        var count = 0
        var isRight = true
        #expect(file.advance())
        while file.lendFrames(
            until: .distantFuture,
            { frame in
                let bytes = frame.bytes
                isRight =
                    isRight && bytes.count == count % 97 && frame.instant.nanoseconds == Int64(count) * Self.second
                for index in bytes.indices where bytes[index] != UInt8(truncatingIfNeeded: count) { isRight = false }
                count += 1
                return .continue
            }
        ) {}
        #expect(isRight)
        #expect(count == 40_000)
        #expect(file.summary.problems.isEmpty)
    }

    @Test func aPipeThatGivesOneByteAtATime() throws {
        for bytes in [PcapFile().bytes(Self.records), PcapNGTests.mixed(isBigEndian: true)] {
            var ends: [CInt] = [-1, -1]
            #expect(unsafe pipe(&ends) == 0)
            let (output, input) = (ends[0], ends[1])
            let writer = try CaptureThread {
                for var byte in bytes { _ = unsafe write(input, &byte, 1) }
                close(input)
            }
            let file = try CaptureFile(path: "/proc/self/fd/\(output)")
            #expect(KeptCapture(file).frames == (try KeptCapture(bytes).frames))
            writer.join()
            close(output)
        }
    }

    @Test func theLargestPacketFits() throws {
        let data = [UInt8](repeating: 1, count: 262_144)
        let capture = try KeptCapture(
            PcapFile(snapLength: 262_144).bytes([1, 2, 3].map { PcapFile.Record($0, 0, data) })
        )
        #expect(capture.frames.map(\.bytes.count) == [262_144, 262_144, 262_144])
    }

    @Test func theLoopCanStopAndGoOn() throws {
        let file = try openCapture(PcapFile().bytes(Self.records))
        var seen: [Int] = []
        #expect(file.advance())
        var isThere = file.lendFrames(until: .distantFuture) { frame in
            seen.append(frame.number)
            return .stop
        }
        #expect(isThere)
        while isThere {
            isThere = file.lendFrames(until: .distantFuture) { frame in
                seen.append(frame.number)
                return .continue
            }
        }
        #expect(seen == [1, 1, 2, 3])
        _ = file.lendFrames(until: .distantFuture) { frame in
            #expect(frame.bytes.count == 0)
            return .stop
        }
    }
}
