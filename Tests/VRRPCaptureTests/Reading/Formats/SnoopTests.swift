import Testing
import VRRPCapture
import VRRPFacts
import VRRPWire

@Suite struct SnoopTests {
    /// Packets of 3, 60 and 61 bytes; the kernel lost five before the third.
    static func file(version: UInt32 = 2, dataLink: UInt32 = 4) -> [UInt8] {
        var file = FileBytes(isBigEndian: true)
        file.bytes = Array("snoop".utf8) + [0, 0, 0]
        file.add(version)
        file.add(dataLink)
        for (second, length, drops) in [(1, 3, 0), (2, 60, 0), (4, 61, 5)] as [(UInt32, Int, UInt32)] {
            let padded = (length + 3) & ~3
            file.add(UInt32(length + 4))
            file.add(UInt32(length))
            file.add(UInt32(24 + padded))
            file.add(drops)
            file.add(second)
            file.add(UInt32(500_000))
            file.bytes += [UInt8](repeating: UInt8(second), count: length)
            file.pad()
        }
        return file.bytes
    }

    @Test func frames() throws {
        let capture = try KeptCapture(Self.file())
        #expect(capture.summary.format == .snoop)
        #expect(capture.frames.map(\.bytes.count) == [3, 60, 61])
        #expect(capture.frames.map(\.originalLength) == [7, 64, 65])
        #expect(capture.times == [1_500_000_000, 2_500_000_000, 4_500_000_000])
        #expect(capture.frames.allSatisfy { $0.linkType == 1 })
        #expect(capture.summary.dropped == 5)
        #expect(capture.gaps.map(\.droppedFrames) == [5])
        #expect(capture.gaps.first?.start.nanoseconds == 2_500_000_000)
        #expect(!capture.summary.isDamaged)
    }

    @Test func otherVersionsAndDataLinksAreRefused() {
        for bytes in [Self.file(version: 3), Self.file(dataLink: 8)] {
            let error = #expect(throws: CaptureError.self) { _ = try openCapture(bytes) }
            #expect(error?.code == .unsupported)
        }
    }

    @Test func everyPrefixGivesAPrefixOfTheFrames() throws {
        let bytes = Self.file()
        let whole = try KeptCapture(bytes)
        for length in 8..<bytes.count {
            let capture = try KeptCapture(Array(bytes.prefix(length)))
            #expect(capture.frames == Array(whole.frames.prefix(capture.frames.count)))
        }
    }

    @Test func noSingleByteTraps() {
        let bytes = Self.file()
        for index in bytes.indices {
            for value in [0, 1, 0x7f, 0x80, 0xff] as [UInt8] {
                var changed = bytes
                changed[index] = value
                guard let file = try? openCapture(changed) else { continue }
                #expect(KeptCapture(file).frames.count <= 3)
            }
        }
    }
}
