import Foundation
import Testing
import VRRPTestSupport

/// Checks that an extract says the same as the captures.
@Suite struct ExtractTests {
    /// The folders of captures that are part of the package.
    static let folders: [String] = {
        let root = DamagedFilesTests.fixtures.appending(path: "Captures").path
        let names = (try? FileManager.default.contentsOfDirectory(atPath: root)) ?? []
        return names.sorted().map { "\(root)/\($0)" }
    }()

    /// A report without what depends on the file: captures and the numbers of frames.
    private static func essence(_ result: Tool.Result) throws -> NSDictionary {
        let object = try JSONSerialization.jsonObject(with: Data(result.output.utf8))
        let document = try #require(object as? [String: Any])
        let kept = document.filter { ["virtualRouters", "findings", "summary"].contains($0.key) }
        #expect(kept.count == 3)
        return try #require(strip(kept) as? NSDictionary)
    }

    private static func strip(_ value: Any) -> Any {
        switch value {
        case let dictionary as [String: Any]:
            NSDictionary(dictionary: dictionary.filter { $0.key != "evidence" }.mapValues(strip))
        case let array as [Any]: NSArray(array: array.map(strip))
        default: value
        }
    }

    @Test("of one file and of all files of a folder", arguments: folders)
    func analysisOfTheExtract(path: String) throws {
        let folder = try Folder()
        let files = try FileManager.default.contentsOfDirectory(atPath: path).sorted()
            .filter { $0.hasSuffix(".pcap") || $0.hasSuffix(".pcapng") }.map { "\(path)/\($0)" }
        for selection in files.map({ [$0] }) + (files.count > 1 ? [files] : []) {
            let original = try Tool.run(["analyze", "--json"] + selection, in: folder)
            let extract = try Tool.run(["extract", "-w", "x.pcapng"] + selection, in: folder)
            #expect(extract.status == original.status)
            #expect(extract.output.isEmpty)
            let result = try Tool.run(["analyze", "--json", "x.pcapng"], in: folder)
            #expect(try Self.essence(result) == Self.essence(original))
            // An extract of the extract is no different.
            _ = try Tool.run(["extract", "-w", "y.pcapng", "x.pcapng"], in: folder)
            let again = try Tool.run(["analyze", "--json", "y.pcapng"], in: folder)
            #expect(try Self.essence(again) == Self.essence(original))
        }
    }

    @Test func damageBlindnessAndClockStepsAreKept() throws {
        let folder = try Folder()
        let first = Pcap.capture(router: 1, at: Array(stride(from: 0, to: 20_000, by: 1000)))
        // Other traffic that sets the clock: not relevant, and stamped after and before the adverts around it.
        var mixed = Array(first.prefix(24))
        for index in 0..<20 {
            let start = 24 + index * 70
            var other = Array(first[start..<start + 70])
            other[16 + 23] = 17
            other[4] = index % 3 == 0 ? 0x40 : 0x10
            if index == 12 { other[1] &-= 0x40 }
            mixed += index % 2 == 0 ? other + first[start..<start + 70] : first[start..<start + 70] + other
        }
        try folder.write(mixed, to: "mixed.pcap")
        var damaged = first
        damaged[24 + 70 * 10 + 11] = 0xff
        try folder.write(damaged, to: "damaged.pcap")
        let late = Pcap.capture(router: 1, at: Array(stride(from: 90_000, to: 100_000, by: 1000)))
        try folder.write(late, to: "late.pcap")
        for arguments in [
            ["mixed.pcap"], ["damaged.pcap"], ["--salvage", "damaged.pcap"],
            ["--salvage", "damaged.pcap", "late.pcap"],
        ] {
            let original = try Tool.run(["analyze", "--json"] + arguments, in: folder)
            let extract = try Tool.run(["extract", "-w", "x.pcapng"] + arguments, in: folder)
            #expect(extract.status == original.status, "\(arguments)")
            let result = try Tool.run(["analyze", "--json", "x.pcapng"], in: folder)
            #expect(try Self.essence(result) == Self.essence(original), "\(arguments)")
        }
    }

    @Test func findingsAreCommentsAndOtherTrafficIsLeftOut() throws {
        let folder = try Folder()
        let path = try #require(Self.folders.first { $0.hasSuffix("/two-way-partition") })
        let names = try FileManager.default.contentsOfDirectory(atPath: path)
        let name = try #require(names.first { $0.hasSuffix(".pcap") })
        let result = try Tool.run(["extract", "\(path)/\(name)", "-w", "x.pcapng"], in: folder)
        #expect(result.status == 0)
        let bytes = try Data(contentsOf: URL(filePath: folder.path("x.pcapng")))
        let text = String(decoding: bytes.map { (32..<127).contains($0) ? $0 : 10 }, as: UTF8.self)
        #expect(text.contains("vrrpwatch: "))
        #expect(try folder.names == ["x.pcapng"])
    }

    @Test func standardInputAndOutput() throws {
        let folder = try Folder()
        try folder.write(Pcap.capture(router: 1, at: [0, 1000, 2000]), to: "a.pcap")
        let result = try Tool.run(
            ["extract", "-", "-w", "-"],
            input: folder.path("a.pcap"),
            environment: ["OUT": folder.path("x.pcapng")],
            in: folder
        )
        #expect(result.status == 0 && result.errors.isEmpty)
        let decoded = try Tool.run(["decode", "x.pcapng"], in: folder)
        #expect(decoded.output.split(separator: "\n").count == 3)
    }

    @Test func aFullDiskLeavesNothingAndHasItsStatus() throws {
        let folder = try Folder()
        try folder.write(Pcap.capture(router: 1, at: [0, 1000, 2000]), to: "a.pcap")
        let result = try Tool.run(["extract", "a.pcap", "-w", "/dev/full"], in: folder)
        #expect(result.status == 5)
        let nowhere = try Tool.run(["extract", "a.pcap", "-w", "no/such/folder/x.pcapng"], in: folder)
        #expect(nowhere.status == 5)
        #expect(try folder.names == ["a.pcap"])
    }

    @Test func nothingRelevantIsAnEmptyExtract() throws {
        let folder = try Folder()
        try folder.write(Array(Pcap.capture(router: 1, at: [0]).prefix(24)), to: "a.pcap")
        #expect(try Tool.run(["extract", "a.pcap", "-w", "x.pcapng"], in: folder).status == 0)
        #expect(try Tool.run(["analyze", "x.pcapng"], in: folder).status == 0)
    }
}
