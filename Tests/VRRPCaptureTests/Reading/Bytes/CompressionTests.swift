import Glibc
import Testing
import VRRPCapture
import VRRPFacts
import VRRPWire

/// Compressed captures are read as what they hold.
@Suite struct CompressionTests {
    enum Method: String, CaseIterable {
        case gzip, zstd

        func compress(_ bytes: [UInt8]) -> [UInt8] { self == .gzip ? gzipped(bytes) : zstandard(bytes) }
    }

    /// A few megabytes of packets that do not compress to nothing.
    static let large: [UInt8] = {
        var state: UInt32 = 1
        let records = (1...4000).map { second in
            let data = (0..<(second * 7 % 1500)).map { index in
                state = state &* 1_664_525 &+ 1_013_904_223
                return index % 3 == 0 ? UInt8(truncatingIfNeeded: state >> 24) : UInt8(truncatingIfNeeded: second)
            }
            return PcapFile.Record(UInt32(second), 0, data)
        }
        return PcapFile().bytes(records)
    }()

    /// Packets of all sizes up to the largest, so that what is left of one buffer may be small or large.
    static let wide = PcapFile(snapLength: 262_144)
        .bytes(
            (1...40).map { PcapFile.Record(UInt32($0), 0, [UInt8](repeating: UInt8($0), count: $0 * 65_537 % 262_145)) }
        )

    /// Blocks longer than what is decompressed at once.
    static let long: [UInt8] = {
        var file = PcapNGFile()
        file.interface()
        for ticks in 1...5 as ClosedRange<UInt32> {
            file.packet(UInt64(ticks) * 1_000_000, [1, 2, 3])
            file.block(6) { body in
                for word in [0, 0, ticks * 1_000_000 + 500_000, 3, 3] { body.add(word) }
                body.bytes += [4, 5, 6, 0]
                for _ in 0..<ticks * 20 { body.option(1, [UInt8](repeating: 0x61, count: 60_000)) }
                body.option(0, [])
            }
        }
        return file.bytes
    }()

    @Test(arguments: Method.allCases)
    func whatIsReadIsTheSame(method: Method) throws {
        let small = [PcapFile().bytes(PcapTests.records), PcapNGTests.mixed(isBigEndian: true)]
        for bytes in small + [Self.large, Self.wide, Self.long] {
            let plain = try KeptCapture(bytes)
            let capture = try KeptCapture(method.compress(bytes))
            #expect(capture.frames == plain.frames)
            #expect(capture.gaps == plain.gaps)
            #expect(capture.messages == plain.messages)
            #expect(capture.summary.compression?.rawValue == method.rawValue)
            #expect(plain.summary.compression == nil)
            #expect(capture.summary.bytes == UInt64(bytes.count))
            #expect(!capture.summary.isDamaged)
        }
    }

    @Test(arguments: Method.allCases)
    func severalMembersAreOneStream(method: Method) throws {
        let plain = try KeptCapture(Self.large)
        var compressed: [UInt8] = []
        for start in stride(from: 0, to: Self.large.count, by: 300_001) {
            compressed += method.compress(Array(Self.large[start..<min(start + 300_001, Self.large.count)]))
            if method == .zstd { compressed += [0x5a, 0x2a, 0x4d, 0x18, 3, 0, 0, 0, 1, 2, 3] }
        }
        if method == .gzip { compressed += [UInt8](repeating: 0, count: 512) }
        let capture = try KeptCapture(compressed)
        #expect(capture.frames == plain.frames)
        #expect(capture.summary.problems.isEmpty)
    }

    @Test(arguments: Method.allCases)
    func aStreamCutShortIsDamageAndItsBeginningIsRead(method: Method) throws {
        let plain = try KeptCapture(Self.large)
        let compressed = method.compress(Self.large)
        let cut = compressed.count / 2
        let capture = try KeptCapture(Array(compressed.prefix(cut)))
        #expect(capture.frames.count > 1000)
        #expect(capture.frames == Array(plain.frames.prefix(capture.frames.count)))
        #expect(
            capture.summary.problems == [
                CaptureProblem(
                    kind: .truncated,
                    offset: UInt64(cut),
                    frame: capture.frames.count + 1,
                    message: "The compressed file ends inside its \(method.rawValue) stream.",
                    isDamage: true
                )
            ]
        )
    }

    @Test(arguments: Method.allCases)
    func aCorruptStreamIsDamageAndItsBeginningIsRead(method: Method) throws {
        let plain = try KeptCapture(Self.large)
        var compressed = method.compress(Self.large)
        let place = compressed.count / 2
        for index in place..<place + 64 { compressed[index] ^= 0xff }
        let capture = try KeptCapture(compressed)
        let problem = try #require(capture.summary.problems.last)
        #expect(problem.kind == .corrupt)
        // Deflate may make packets of anything before it notices.
        #expect(method == .gzip || problem.message.hasPrefix("The zstd stream is corrupt: "))
        #expect(capture.summary.isDamaged)
        let whole = zip(capture.frames, plain.frames).prefix { $0 == $1 }.count
        #expect(whole > 500)
    }

    @Test(arguments: Method.allCases)
    func aWrongChecksumIsDamage(method: Method) throws {
        var compressed = method.compress(Self.large)
        compressed[compressed.count - (method == .gzip ? 8 : 1)] ^= 1
        let capture = try KeptCapture(compressed)
        #expect(capture.frames.count >= 3700)
        let problem = try #require(capture.summary.problems.last)
        #expect(problem.kind == .corrupt)
        #expect(problem.message.hasPrefix("The \(method.rawValue) stream is corrupt: "))
        #expect(try #require(problem.offset) >= UInt64(compressed.count - 131_100))
    }

    @Test(arguments: Method.allCases)
    func bytesBehindTheStreamAreDamage(method: Method) throws {
        let plain = PcapFile().bytes(PcapTests.records)
        let capture = try KeptCapture(method.compress(plain) + Array("and more".utf8))
        #expect(capture.frames == (try KeptCapture(plain)).frames)
        #expect(capture.summary.isDamaged)
    }

    @Test(arguments: Method.allCases)
    func nothingInsideIsDamageFromTheFirstByte(method: Method) {
        let empty = #expect(throws: CaptureError.self) { _ = try openCapture(method.compress([])) }
        #expect(empty?.code == .emptyFile)
        let short = #expect(throws: CaptureError.self) {
            _ = try openCapture(Array(method.compress(PcapFile().bytes(PcapTests.records)).prefix(7)))
        }
        #expect(short?.code == .damagedStream)
        #expect(short?.isDamage == true)
        #expect(short?.offset == 7)
    }

    @Test(arguments: Method.allCases)
    func everyPrefixAndEveryChangedByteEnds(method: Method) throws {
        let bytes = PcapFile().bytes(PcapTests.records)
        let plain = try KeptCapture(bytes)
        let compressed = method.compress(bytes)
        for length in compressed.indices {
            guard let file = try? openCapture(Array(compressed.prefix(length))) else { continue }
            let capture = KeptCapture(file)
            #expect(capture.frames == Array(plain.frames.prefix(capture.frames.count)))
            #expect(capture.summary.isDamaged, "prefix of \(length) bytes")
        }
        for index in compressed.indices {
            for bit in 0..<8 {
                var changed = compressed
                changed[index] ^= 1 << UInt8(bit)
                guard let file = try? openCapture(changed) else { continue }
                _ = KeptCapture(file)
            }
        }
    }

    @Test(.timeLimit(.minutes(1)))
    func aPipeIsReadAsItComes() throws {
        var ends: [CInt] = [-1, -1]
        #expect(unsafe pipe(&ends) == 0)
        let bytes = PcapFile().bytes(PcapTests.records)
        let (reader, writer) = (ends[0], ends[1])
        let first = gzipped(bytes)
        #expect(unsafe first.withUnsafeBytes { unsafe write(writer, $0.baseAddress, $0.count) } == first.count)
        let file = try CaptureFile(path: "/proc/self/fd/\(reader)")
        close(reader)
        // The pipe is open still: frames come before its end.
        #expect(file.advance())
        close(writer)
        var count = 1
        while file.advance() { count += 1 }
        #expect(count == PcapTests.records.count)
    }

    @Test func readersThatLeaveEarlyLeaveNoThreadWaiting() throws {
        let compressed = gzipped(Self.large)
        for _ in 0..<200 {
            let file = try openCapture(compressed)
            #expect(file.advance())
        }
    }
}
