import CPcap
import Foundation
import Glibc
import Testing
import VRRPCapture
import VRRPFacts
import VRRPTestSupport

/// libpcap reads the same frames from the same files.
@Suite struct OracleTests {
    /// Captures of the lab, which are not part of the package.
    static let captures: [String] = {
        let root = SourceTree.root.path.split(separator: "/").map(String.init)
        for up in 1...2 {
            let folder = "/" + (root.dropLast(up) + ["shared", "captures"]).joined(separator: "/")
            let found = captureFiles(under: folder)
            if !found.isEmpty { return found }
        }
        return []
    }()

    @Test(
        .enabled(if: !captures.isEmpty, "there is no folder ../shared/captures beside the package"),
        arguments: captures
    )
    func libpcapReadsTheSame(path: String) throws {
        try compare(path)
    }

    @Test func variantsBuiltInCode() throws {
        for magic in [0xa1b2_c3d4, 0xa1b2_3c4d, 0xa1b2_cd34] as [UInt32] {
            for isBigEndian in [false, true] {
                for version in [(2, 4), (2, 3), (2, 2)] as [(UInt16, UInt16)] {
                    try compare(
                        PcapFile(
                            isBigEndian: isBigEndian,
                            magic: magic,
                            version: version,
                            extraHeader: magic == 0xa1b2_cd34 ? 8 : 0
                        ).bytes(DamageTests.records)
                    )
                }
            }
        }
        for resolution in [0, 3, 6, 9, 12, 0x80, 0x8a, 0xa0] as [UInt8] {
            var file = PcapNGFile(isBigEndian: resolution == 9)
            file.interface(snapLength: 1000, resolution: resolution)
            file.interface(snapLength: 1000, resolution: 6, offset: 7)
            for tick in 1...5 { file.packet(UInt64(tick) << 3, [1, 2, 3], interface: UInt32(tick % 2), original: 77) }
            file.oldPacket(1 << 32, [1])
            try compare(file.bytes)
        }
    }

    @Test("what libpcap refuses is read", arguments: refused.indices)
    func refusedByLibpcap(index: Int) throws {
        let (bytes, count) = Self.refused[index]
        let descriptor = temporaryFile(bytes)
        defer { close(descriptor) }
        let path = "/proc/self/fd/\(descriptor)"
        let known = framesByLibpcap(path)?.count ?? 0
        #expect(known < count)
        let capture = KeptCapture(try CaptureFile(path: path))
        #expect(capture.frames.count == count)
        #expect(!capture.summary.isDamaged)
    }

    /// Files that are as the draft has them, and how many packets there are.
    static let refused: [([UInt8], Int)] = [
        // Link types that differ.
        {
            var file = PcapNGFile()
            file.interface(linkType: 1)
            file.packet(1, [1, 2, 3])
            file.interface(linkType: 113)
            file.packet(2, [1, 2, 3], interface: 1)
            return (file.bytes, 2)
        }(),
        // Snap lengths that differ.
        {
            var file = PcapNGFile()
            file.interface(snapLength: 96)
            file.packet(1, [1, 2, 3])
            file.interface(snapLength: 128)
            file.packet(2, [1, 2, 3], interface: 1)
            return (file.bytes, 2)
        }(),
        // Sections of either byte order.
        {
            var little = PcapNGFile()
            little.interface()
            little.packet(1, [1, 2, 3])
            var big = PcapNGFile(isBigEndian: true)
            big.interface()
            big.packet(2, [1, 2, 3])
            return (little.bytes + big.bytes, 2)
        }(),
        // A packet longer than its interface's snap length.
        {
            var file = PcapNGFile()
            file.interface(snapLength: 2)
            file.packet(1, [1, 2, 3])
            return (file.bytes, 1)
        }(),
    ]

    private func compare(_ bytes: [UInt8]) throws {
        let descriptor = temporaryFile(bytes)
        defer { close(descriptor) }
        try compare("/proc/self/fd/\(descriptor)")
    }

    private func compare(_ path: String) throws {
        let expected = try #require(framesByLibpcap(path), "libpcap does not read \(path)")
        let capture = KeptCapture(try CaptureFile(path: path))
        #expect(!capture.frames.isEmpty)
        #expect(capture.times == expected.map(\.nanoseconds))
        #expect(capture.frames.map(\.originalLength) == expected.map(\.originalLength))
        // libpcap cuts packets at the snap length that the file states; here what is there is lent.
        let limit = capture.summary.snapLength ?? .max
        #expect(capture.frames.map { Array($0.bytes.prefix(limit)) } == expected.map(\.bytes))
        #expect(!capture.summary.isDamaged)
    }
}

private struct LibpcapFrame {
    var bytes: [UInt8]
    var originalLength: Int
    var nanoseconds: Int64
}

private func framesByLibpcap(_ path: String) -> [LibpcapFrame]? {
    var message = [CChar](repeating: 0, count: Int(PCAP_ERRBUF_SIZE))
    let precision = UInt32(PCAP_TSTAMP_PRECISION_NANO)
    guard let handle = unsafe pcap_open_offline_with_tstamp_precision(path, precision, &message) else { return nil }
    defer { unsafe pcap_close(handle) }
    var frames: [LibpcapFrame] = []
    var header: UnsafeMutablePointer<pcap_pkthdr>?
    var start: UnsafePointer<UInt8>?
    while unsafe pcap_next_ex(handle, &header, &start) == 1, let record = unsafe header?.pointee {
        frames.append(
            unsafe LibpcapFrame(
                bytes: Array(UnsafeBufferPointer(start: start, count: Int(record.caplen))),
                originalLength: Int(record.len),
                nanoseconds: Int64(record.ts.tv_sec) * 1_000_000_000 + Int64(record.ts.tv_usec)
            )
        )
    }
    return frames
}

/// The paths of pcap and pcapng files in a folder and those below it, in order.
private func captureFiles(under folder: String) -> [String] {
    guard let directory = unsafe opendir(folder) else { return [] }
    defer { unsafe closedir(directory) }
    var found: [String] = []
    while let entry = unsafe readdir(directory) {
        let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) { name in
            unsafe String(cString: UnsafeRawPointer(name).assumingMemoryBound(to: CChar.self))
        }
        guard !name.hasPrefix(".") else { continue }
        let path = "\(folder)/\(name)"
        if name.hasSuffix(".pcap") || name.hasSuffix(".pcapng") || name.hasSuffix(".cap") {
            found.append(path)
        } else if !name.contains(".") {
            found += captureFiles(under: path)
        }
    }
    return found.sorted()
}
