import Foundation
import Subprocess
import SystemPackage
import Testing
import VRRPBundle
import VRRPCapture
import VRRPTestSupport

/// Archives of members: what is written is read, damage and bad names lead nowhere.
@Suite struct TarTests {
    private struct File: Hashable {
        var name: String
        var content: [UInt8]
    }

    private static func files(seed: UInt64) -> [File] {
        var generator = SplitMix64(seed: seed)
        let letters = Array("abcXYZ019._-äλ ")
        return (0..<Int.random(in: 0...6, using: &generator)).map { number in
            let length = [1, 20, 99, 100, 101, 250].randomElement(using: &generator) ?? 1
            let name = String((0..<length).map { _ in letters.randomElement(using: &generator) ?? "a" })
            let size = [0, 1, 511, 512, 513, 3000].randomElement(using: &generator) ?? 0
            return File(
                name: "\(number)/" + name,
                content: (0..<size).map { _ in UInt8.random(in: 0...255, using: &generator) }
            )
        }
    }

    private static func archive(_ files: [File]) -> [UInt8] {
        var writer = TarWriter()
        for file in files { writer.append(file.name, file.content, time: 1_700_000_000) }
        writer.finish()
        return writer.bytes
    }

    /// Reads an archive in pieces of a size; what was read before damage counts.
    private static func read(_ bytes: [UInt8], by size: Int = 1000) -> (files: [File], error: BundleError?) {
        var place = 0
        var reader = TarReader { count in
            let part = bytes[place..<min(bytes.count, place + min(count, size))]
            place += part.count
            return Array(part)
        }
        var files: [File] = []
        do throws(BundleError) {
            while let member = try reader.next() {
                files.append(File(name: member.name, content: try reader.content(atMost: 10_000)))
            }
            return (files, nil)
        } catch {
            return (files, error)
        }
    }

    @Test("what is written is read, in pieces of any size", arguments: 0..<40)
    func roundTrip(seed: Int) {
        let files = Self.files(seed: UInt64(seed))
        for size in [1, 511, 512, 4096] {
            let (read, error) = Self.read(Self.archive(files), by: size)
            #expect(read == files)
            #expect(error == nil)
        }
    }

    @Test("an archive that is cut anywhere gives whole members and an error")
    func cuts() {
        let files = [File(name: "a", content: [1, 2, 3]), File(name: "b", content: [UInt8](repeating: 7, count: 600))]
        let whole = Self.archive(files)
        for length in 0..<whole.count - 2 * 512 {
            let (read, error) = Self.read(Array(whole.prefix(length)))
            #expect(error != nil, "cut at \(length)")
            #expect(files.starts(with: read))
        }
    }

    @Test("any changed byte of a header is found, or changes nothing that matters")
    func damage() {
        let whole = Self.archive([File(name: "a", content: [1, 2, 3]), File(name: "b", content: [4])])
        for place in 0..<512 {
            for change: UInt8 in [1, 0x80, 0xff] {
                var bytes = whole
                bytes[place] ^= change
                let (read, error) = Self.read(bytes)
                #expect(error != nil || read.count == 2, "byte \(place)")
            }
        }
    }

    @Test("a name is a name and never a place", arguments: ["../../etc/passwd", "/etc/shadow", "a\u{0}b", "a\nb", "."])
    func names(name: String) {
        let (read, error) = Self.read(Self.archive([File(name: name, content: [1])]))
        #expect(error == nil)
        #expect(read.count == 1)
    }

    @Test("a size that no archive has ends reading before anything is reserved")
    func sizes() {
        var bytes = Self.archive([File(name: "a", content: [1])])
        for (index, byte) in "77777777777".utf8.enumerated() { bytes[124 + index] = byte }
        let sum = bytes[0..<512].enumerated().reduce(0) { $0 + (148..<156 ~= $1.offset ? 32 : Int($1.element)) }
        let digits = String(sum, radix: 8)
        for (index, byte) in (String(repeating: "0", count: 6 - digits.count) + digits).utf8.enumerated() {
            bytes[148 + index] = byte
        }
        #expect(Self.read(bytes).error == BundleError("the archive holds more than 512 MiB"))
    }

    @Test("links and devices are members that are no files", arguments: ["1", "2", "3", "4", "5", "6"])
    func kinds(kind: Character) {
        var bytes = Self.archive([File(name: "a", content: [])])
        bytes[148 + 5] &+= 0
        let old = bytes[156]
        bytes[156] = kind.asciiValue ?? 0
        let sum = bytes[0..<512].enumerated().reduce(0) { $0 + (148..<156 ~= $1.offset ? 32 : Int($1.element)) }
        let digits = String(sum, radix: 8)
        for (index, byte) in (String(repeating: "0", count: 6 - digits.count) + digits).utf8.enumerated() {
            bytes[148 + index] = byte
        }
        #expect(old != bytes[156])
        var place = 0
        var reader = TarReader { count in
            defer { place += count }
            return Array(bytes.dropFirst(place).prefix(count))
        }
        let member = try? reader.next()
        #expect(member?.isFile == false)
    }

    @Test(
        "Debian's tar lists a bundle, and its long names",
        .enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/bin/zstd"), "there is no zstd")
    )
    func systemTar() async throws {
        let files = [
            File(name: "CONTENTS", content: Array("hello\n".utf8)),
            File(name: String(repeating: "long/", count: 40) + "name", content: [1, 2]),
        ]
        let path = FileManager.default.temporaryDirectory.appending(path: "\(UUID().uuidString).vrrpbundle")
        try Data(ZstandardFrame.compressed(Self.archive(files), path: "test")).write(to: path)
        defer { try? FileManager.default.removeItem(at: path) }
        let result = try await Subprocess.run(
            .path("/usr/bin/tar"),
            arguments: ["--zstd", "-tf", path.path],
            output: .string(limit: 10_000),
            error: .string(limit: 10_000)
        )
        #expect(result.standardOutput == files.map { $0.name + "\n" }.joined())
        #expect(result.standardError == "")
    }
}
