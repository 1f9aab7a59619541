import Testing
import VRRPCapture
import VRRPFacts
import VRRPWire

/// Going on behind damage where that was asked for.
@Suite struct SalvageTests {
    /// Packets a second apart, 54 bytes each; records begin at 24 + 70 · n.
    static let records = (0..<20).map {
        PcapFile.Record(1_700_000_000 + UInt32($0), 5, (0..<54).map { UInt8(truncatingIfNeeded: $0 * 3) })
    }

    static func salvaged(_ bytes: [UInt8]) throws -> KeptCapture {
        KeptCapture(try openCapture(bytes, salvages: true))
    }

    /// The seconds of the frames that were read.
    static func seconds(_ capture: KeptCapture) -> [Int] {
        capture.times.map { Int($0 / PcapTests.second) - 1_700_000_000 }
    }

    @Test(arguments: [PcapFile(), PcapFile(isBigEndian: true), PcapFile(magic: 0xa1b2_cd34, extraHeader: 8)])
    func wholeFilesAreReadAsEver(file: PcapFile) throws {
        let bytes = file.bytes(Self.records)
        let plain = try KeptCapture(bytes)
        let capture = try Self.salvaged(bytes)
        #expect(capture.frames == plain.frames)
        #expect(capture.summary.problems.isEmpty)
    }

    @Test(arguments: [0xffff_ffff, 0x0003_ffff, 20, 70, 0] as [UInt32])
    func aWrongLength(length: UInt32) throws {
        var records = Self.records
        records[7].first = length
        let bytes = PcapFile().bytes(records)
        let capture = try Self.salvaged(bytes)
        let seconds = Self.seconds(capture)
        #expect(seconds.filter { $0 != 7 } == Array(0..<20).filter { $0 != 7 }, "\(length): \(seconds)")
        #expect(capture.summary.isDamaged)
        #expect(capture.gaps.contains { $0.reason == .damaged })
        #expect(try KeptCapture(bytes).frames.count <= 9)
    }

    @Test func whatWasSkippedIsSaidAndIsAGap() throws {
        var records = Self.records
        records[7].first = .max
        let capture = try Self.salvaged(PcapFile().bytes(records))
        #expect(
            capture.summary.problems == [
                CaptureProblem(
                    kind: .corrupt,
                    offset: 514,
                    frame: 8,
                    message: """
                        Packet 8 claims 4294967295 captured bytes, more than the 262144 that a packet can have. \
                        70 bytes were skipped; reading goes on at offset 584.
                        """,
                    isDamage: true
                )
            ]
        )
        #expect(
            capture.gaps == [
                BlindSpot(
                    from: CaptureInstant(nanoseconds: 1_700_000_006_000_005_000),
                    to: CaptureInstant(nanoseconds: 1_700_000_008_000_005_000),
                    .damaged
                )
            ]
        )
        #expect(capture.frames.map(\.number) == Array(1...19))
    }

    @Test(arguments: [1, 16, 70, 100, 333, 700])
    func missingAndOverwrittenStretches(length: Int) throws {
        let bytes = PcapFile().bytes(Self.records)
        let start = 24 + 70 * 5 + 10
        let untouched = (start + length + 69 - 24) / 70
        for damaged in [
            Array(bytes[..<start] + bytes[(start + length)...]),
            Array(bytes[..<start]) + [UInt8](repeating: 0, count: length) + Array(bytes[(start + length)...]),
            Array(bytes[..<start]) + [UInt8](repeating: 0x5a, count: length) + Array(bytes[start...]),
        ] {
            let capture = try Self.salvaged(damaged)
            let seconds = Self.seconds(capture)
            #expect(seconds.prefix(5) == [0, 1, 2, 3, 4])
            #expect(seconds.suffix(20 - untouched) == Array(untouched..<20)[...])
        }
    }

    @Test func nothingPlausibleBehindDamageIsTheEnd() throws {
        let bytes = PcapFile().bytes(Self.records) + [UInt8](repeating: 0xff, count: 5000)
        let capture = try Self.salvaged(bytes)
        #expect(capture.frames.count == 20)
        #expect(capture.summary.problems.count == 1)
        #expect(capture.summary.isDamaged)
        #expect(capture.summary.bytes == UInt64(bytes.count))
    }

    static func pcapng() -> [UInt8] {
        var file = PcapNGFile()
        file.interface(name: "eth0", resolution: 9)
        for second in 0..<20 {
            file.packet(UInt64(1_700_000_000 + second) * 1_000_000_000, [UInt8](repeating: UInt8(second), count: 53))
        }
        return file.bytes
    }

    @Test func blocksBehindAWrongLengthOrType() throws {
        let bytes = Self.pcapng()
        let plain = try KeptCapture(bytes)
        #expect(try Self.salvaged(bytes).frames == plain.frames)
        // The last twenty blocks have 88 bytes each.
        let start = bytes.count - 88 * 13
        for (place, value) in [(4, 0xff), (4, 0x5c), (5, 0x10), (7, 0x7f), (86, 1)] as [(Int, UInt8)] {
            var damaged = bytes
            damaged[start + place] = value
            let capture = try Self.salvaged(damaged)
            #expect(Self.seconds(capture) == Array(0..<20).filter { $0 != 7 }, "byte \(place)")
            #expect(capture.summary.problems.count == 1)
            #expect(capture.summary.problems.first?.offset == UInt64(start))
            #expect(capture.summary.isDamaged)
            #expect(capture.gaps.map(\.reason) == [.damaged])
            #expect(try KeptCapture(damaged).frames.count == 7)
        }
    }

    @Test func sectionsBehindDamage() throws {
        var first = Self.pcapng()
        first.removeLast(30)
        let capture = try Self.salvaged(first + PcapNGTests.mixed(isBigEndian: true))
        #expect(capture.frames.count == 19 + 4)
        #expect(capture.summary.isDamaged)
    }

    @Test func everyChangedByteKeepsAlmostAllFrames() throws {
        for bytes in [PcapFile().bytes(Array(Self.records.prefix(8))), Array(Self.pcapng().prefix(600))] {
            let whole = try KeptCapture(bytes).frames.count
            for index in bytes.indices.dropFirst(bytes[0] == 0x0a ? 96 : 24) {
                for value in [0, 0xff, bytes[index] ^ 1, bytes[index] ^ 0x80] {
                    var changed = bytes
                    changed[index] = value
                    let capture = try Self.salvaged(changed)
                    #expect(capture.frames.count >= whole - 2, "byte \(index) as \(value)")
                }
            }
        }
    }
}
