import Testing
import VRRPCapture
import VRRPFacts
import VRRPWire

/// Checks that damage is always reported, with its place.
///
/// The field study tells how peers treat each of these files.
@Suite struct DamageTests {
    /// Four packets of 54 bytes; records begin at 24, 94, 164 and 234.
    static let records = (1...4).map { PcapFile.Record(UInt32($0), 0, [UInt8](repeating: UInt8($0), count: 54)) }
    static let whole = PcapFile().bytes(records)

    @Test func anEmptyFileIsDamage() {
        let error = #expect(throws: CaptureError.self) { _ = try openCapture([]) }
        #expect(error?.code == .emptyFile)
        #expect(error?.isDamage == true)
        #expect(error?.offset == 0)
    }

    @Test func garbageIsDamageAndItsFirstBytesAreShown() {
        let error = #expect(throws: CaptureError.self) { _ = try openCapture(Array("Hello, world".utf8)) }
        #expect(error?.code == .notACapture)
        #expect(error?.isDamage == true)
        #expect(
            error?.detail
                == "The file is not a capture that vrrpwatch reads (pcap, pcapng, snoop); it begins with 48 65 6c 6c 6f 2c 20 77."
        )
        let short = #expect(throws: CaptureError.self) { _ = try openCapture([0xd4, 0xc3]) }
        #expect(short?.code == .notACapture)
    }

    @Test func aShortHeader() throws {
        let capture = try KeptCapture(Array(Self.whole.prefix(10)))
        #expect(capture.frames.isEmpty)
        #expect(capture.messages == ["The file ends inside its header: 10 of 24 bytes are there."])
        #expect(capture.summary.isDamaged)
    }

    @Test func aHeaderAloneIsNoDamage() throws {
        let capture = try KeptCapture(Array(Self.whole.prefix(24)))
        #expect(capture.frames.isEmpty)
        #expect(capture.summary.problems.isEmpty)
    }

    @Test func cutInPacketData() throws {
        let capture = try KeptCapture(Array(Self.whole.dropLast(10)))
        #expect(capture.frames.map(\.number) == [1, 2, 3])
        #expect(
            capture.summary.problems == [
                CaptureProblem(
                    kind: .truncated,
                    offset: 234,
                    frame: 4,
                    message: "The file ends inside packet 4: 44 of 54 captured bytes are there.",
                    isDamage: true
                )
            ]
        )
        #expect(capture.summary.bytes == UInt64(Self.whole.count - 10))
    }

    @Test func cutInARecordHeader() throws {
        let capture = try KeptCapture(Array(Self.whole.prefix(94 + 7)))
        #expect(capture.frames.map(\.number) == [1])
        #expect(capture.messages == ["The file ends inside the header of packet 2: 7 of 16 bytes are there."])
        #expect(capture.summary.problems.first?.offset == 94)
        #expect(capture.summary.isDamaged)
    }

    @Test(arguments: [262_145, 2_147_483_647, UInt32.max])
    func anAbsurdLength(length: UInt32) throws {
        var records = Self.records
        records[2].first = length
        let capture = try KeptCapture(PcapFile().bytes(records))
        #expect(capture.frames.map(\.number) == [1, 2])
        let problem = try #require(capture.summary.problems.first)
        #expect(problem.kind == .corrupt)
        #expect(problem.offset == 164)
        #expect(problem.frame == 3)
        #expect(
            problem.message
                == "Packet 3 claims \(length) captured bytes, more than the 262144 that a packet can have."
        )
        #expect(capture.summary.isDamaged)
    }

    @Test func anUnknownLinkTypeIsCountedAndNoDamage() throws {
        let capture = try KeptCapture(PcapFile(linkType: 9999).bytes(Self.records))
        #expect(capture.frames.count == 4)
        #expect(capture.summary.problems.map(\.kind) == [.unsupported])
        #expect(!capture.summary.isDamaged)
    }

    @Test func twoMillionMicrosecondsCarryOver() throws {
        var records = Self.records
        records[1].fraction = 2_000_000
        records[2].fraction = 3_000_000
        records[3].seconds = 6
        let capture = try KeptCapture(PcapFile().bytes(records))
        #expect(capture.times == [1, 4, 6, 6].map { $0 * PcapTests.second })
        #expect(capture.summary.problems.map(\.kind) == [.corrupt])
        #expect(capture.summary.problems.first?.frame == 2)
        #expect(!capture.summary.isDamaged)
    }

    @Test func timeSetBackIsAStepAndReorderingIsNot() throws {
        let seconds: [UInt32] = [100, 99, 50, 51, 40]
        let capture = try KeptCapture(PcapFile().bytes(seconds.map { PcapFile.Record($0, 0, [1]) }))
        #expect(capture.times == seconds.map { Int64($0) * PcapTests.second })
        #expect(capture.summary.problems.map(\.kind) == [.clockStep, .clockStep])
        #expect(
            capture.messages == [
                "The clock was set back by 49.000 s before frame 3.",
                "The clock was set back by 11.000 s before frame 5.",
            ]
        )
        #expect(capture.summary.firstPacket?.nanoseconds == 100 * PcapTests.second)
        #expect(capture.summary.lastPacket?.nanoseconds == 100 * PcapTests.second)
        #expect(!capture.summary.isDamaged)
    }

    @Test func zerosAtTheEndAreNotPackets() throws {
        let capture = try KeptCapture(
            PcapFile().bytes([PcapFile.Record(1_700_000_000, 0, [1])]) + [UInt8](repeating: 0, count: 4096)
        )
        #expect(capture.frames.count == 1)
        #expect(capture.messages == ["The header of packet 2 is all zeros."])
        #expect(capture.summary.isDamaged)
    }

    @Test func problemsAreBoundedAndDamageIsAlwaysAmongThem() throws {
        let seconds = (0..<300).map { UInt32(10_000 - 10 * $0) }
        let capture = try KeptCapture(PcapFile().bytes(seconds.map { PcapFile.Record($0, 0, [1]) }) + [0])
        #expect(capture.frames.count == 300)
        #expect(capture.summary.problems.count == 64)
        #expect(capture.summary.omittedProblems == 299 + 1 - 64)
        #expect(capture.summary.problems.last?.kind == .truncated)
        #expect(capture.summary.isDamaged)
    }

    @Test func aRecordLongerThanTheSnapLengthIsSaidOnce() throws {
        let capture = try KeptCapture(PcapFile(snapLength: 20).bytes(Self.records))
        #expect(capture.frames.map(\.bytes.count) == [54, 54, 54, 54])
        #expect(
            capture.summary.problems == [
                CaptureProblem(
                    kind: .corrupt,
                    offset: 24,
                    frame: 1,
                    message: """
                        Packet 1 has 54 captured bytes, more than the snap length of 20 that the file states; \
                        such packets are read whole.
                        """,
                    isDamage: false
                )
            ]
        )
    }

    @Test(
        arguments: [
            (gzipped(gzipped([1, 2, 3, 4])), "zcat FILE | vrrpwatch -"),
            (gzipped(zstandard([1, 2, 3, 4])), "zstdcat FILE | vrrpwatch -"),
        ]
    )
    func filesCompressedTwiceNameTheMend(bytes: [UInt8], hint: String) {
        let error = #expect(throws: CaptureError.self) { _ = try openCapture(bytes) }
        #expect(error?.code == .unsupported)
        #expect(error?.isDamage == false)
        #expect(error?.hint == hint)
    }

    @Test func whatCannotBeOpenedIsAnErrorWithItsReason() {
        let missing = #expect(throws: CaptureError.self) { _ = try CaptureFile(path: "/no/such/file.pcap") }
        #expect(missing?.code == .notFound)
        #expect(missing?.isDamage == false)
        #expect(missing.map(String.init(describing:)) == "/no/such/file.pcap: No such file or directory")
        let folder = #expect(throws: CaptureError.self) { _ = try CaptureFile(path: "/tmp") }
        #expect(folder?.code == .isDirectory)
    }
}
