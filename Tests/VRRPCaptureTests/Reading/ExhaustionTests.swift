import Glibc
import Testing
import VRRPCapture
import VRRPFacts

/// Whatever a file holds, reading it ends and nothing traps.
@Suite struct ExhaustionTests {
    static let files: [[UInt8]] = [
        PcapFile().bytes(PcapTests.records),
        PcapFile(isBigEndian: true, magic: 0xa1b2_cd34, extraHeader: 8).bytes(PcapTests.records),
        PcapNGTests.mixed(isBigEndian: false),
        {
            var file = PcapNGFile(isBigEndian: true)
            file.interface(name: "eth0", resolution: 0x8a, offset: 5, checkSequence: 4)
            file.packet(1 << 40, [1, 2, 3, 4, 5, 6], flags: 0x80, drops: 3)
            file.statistics(1 << 41, interfaceDrops: 1, systemDrops: 9)
            file.packet(1 << 41, [1, 2, 3, 4, 5, 6])
            return file.bytes
        }(),
    ]

    @Test("every prefix gives a prefix of the frames", arguments: files)
    func prefixes(bytes: [UInt8]) throws {
        let whole = try KeptCapture(bytes)
        for length in 4..<bytes.count {
            let capture = try KeptCapture(Array(bytes.prefix(length)))
            #expect(capture.frames == Array(whole.frames.prefix(capture.frames.count)))
            #expect(capture.summary.bytes == UInt64(length))
        }
        for length in 0..<4 {
            #expect(throws: CaptureError.self) { _ = try openCapture(Array(bytes.prefix(length))) }
        }
    }

    @Test("no single byte, whatever its value, traps", arguments: files)
    func mutations(bytes: [UInt8]) {
        let descriptor = temporaryFile(bytes)
        defer { close(descriptor) }
        for index in bytes.indices {
            var isBounded = true
            for var value in UInt8.min...UInt8.max {
                _ = unsafe pwrite(descriptor, &value, 1, index)
                // A file that is no capture any more is as good an answer as frames.
                guard let file = try? CaptureFile(path: "/proc/self/fd/\(descriptor)") else { continue }
                let capture = KeptCapture(file)
                isBounded = isBounded && capture.frames.count <= 16 && capture.summary.bytes <= UInt64(bytes.count)
            }
            #expect(isBounded, "byte \(index)")
            var original = bytes[index]
            #expect(unsafe pwrite(descriptor, &original, 1, index) == 1)
        }
    }

    @Test func repeatedSectionsDoNotGrowMemory() throws {
        var file = PcapNGFile()
        for index in 0..<5000 { file.interface(name: "eth\(index)") }
        let capture = try KeptCapture(file.bytes)
        #expect(capture.summary.interfaceNames.count <= 4097)
        #expect(capture.summary.isDamaged)
    }
}
