import Foundation
import Testing
import VRRPTestSupport

/// Rings of files, directories, filters.
@Suite struct SeveralFilesTests {
    private static let seconds = Array(stride(from: 0, to: 40_000, by: 1000))

    /// The advertisements of two routers, of which the second takes over at 20 s.
    private static func capture(_ times: some Sequence<Int>) -> [UInt8] {
        let times = Array(times)
        let first = Pcap.capture(router: 1, priority: 100, at: times.filter { $0 < 17_000 })
        let second = Pcap.capture(router: 2, priority: 90, at: times.filter { $0 >= 20_000 })
        return first + second.dropFirst(24)
    }

    private static func virtualRouters(_ result: Tool.Result) throws -> NSDictionary {
        let object = try JSONSerialization.jsonObject(with: Data(result.output.utf8))
        var document = try #require(object as? [String: Any])
        document["captures"] = nil
        return try #require(strip(document) as? NSDictionary)
    }

    /// Without the captures that saw something and the frames of evidence, whose numbers depend on the file.
    private static func strip(_ value: Any) -> Any {
        switch value {
        case let dictionary as [String: Any]:
            NSDictionary(
                dictionary: dictionary.filter { !["evidence", "observers", "vantagePoints"].contains($0.key) }
                    .mapValues(strip)
            )
        case let array as [Any]: NSArray(array: array.map(strip))
        default: value
        }
    }

    @Test("a ring of files says what the whole says, whatever their order", arguments: [3, 7, 10])
    func rings(length: Int) throws {
        let folder = try Folder()
        try folder.write(Self.capture(Self.seconds), to: "whole.pcap")
        let whole = try Self.virtualRouters(try Tool.run(["analyze", "--json", "whole.pcap"], in: folder))
        try FileManager.default.createDirectory(atPath: folder.path("ring"), withIntermediateDirectories: true)
        var names: [String] = []
        for (index, start) in stride(from: 0, to: Self.seconds.count, by: length).enumerated() {
            let name = "ring/sw.pcap" + (index == 0 ? "" : String(index))
            let times = Self.seconds[start..<min(start + length, Self.seconds.count)]
            let part = Self.capture(times)
            guard part.count > 24 else { continue }
            try folder.write(part, to: name)
            names.append(name)
        }
        let parts = try Self.virtualRouters(try Tool.run(["analyze", "--json"] + names.reversed(), in: folder))
        #expect(parts == whole)
        try folder.write(Array("no capture".utf8), to: "ring/notes.txt")
        try folder.write([], to: "ring/.hidden")
        let directory = try Tool.run(["analyze", "--json", "ring"], in: folder)
        #expect(try Self.virtualRouters(directory) == whole)
        #expect(directory.errors.isEmpty)
        let talkative = try Tool.run(["analyze", "-v", "ring"], in: folder)
        #expect(talkative.errors.contains("passed over ring/notes.txt: "))
        #expect(talkative.errors.split(separator: "\n").count == 1)
        #expect(talkative.status == 0)
    }

    @Test func filesOfDifferentDaysAreNotContinuous() throws {
        let folder = try Folder()
        try folder.write(Pcap.capture(router: 1, at: Array(stride(from: 0, to: 10_000, by: 1000))), to: "day1.pcap")
        let later = Array(stride(from: 86_400_000, to: 86_410_000, by: 1000))
        try folder.write(Pcap.capture(router: 1, at: later), to: "day2.pcap")
        let result = try Tool.run(["analyze", "--json", "day2.pcap", "day1.pcap"], in: folder)
        #expect(result.output.contains("not-observed"))
        #expect(!result.output.contains("no-master"))
    }

    @Test func manyFilesNeedFewDescriptors() throws {
        let folder = try Folder()
        try FileManager.default.createDirectory(atPath: folder.path("ring"), withIntermediateDirectories: true)
        for index in 0..<300 {
            try folder.write(
                Pcap.capture(router: 1, at: [index * 2000, index * 2000 + 1000]),
                to: "ring/sw.pcap\(index)"
            )
        }
        let result = try Tool.run(["analyze", "--json", "ring"], in: folder)
        #expect(result.status == 0)
        #expect(!result.output.contains("not-observed"))
        #expect(result.output.contains(#""adverts": 600"#))
    }

    @Test("very many files on the command line keep their order among all other arguments")
    func manyArguments() throws {
        let folder = try Folder()
        let names = (0..<200).map { "sw.pcap\($0)" }
        for (index, name) in names.enumerated() {
            try folder.write(Pcap.capture(router: 1, at: [index * 1000]), to: name)
        }
        let (first, last) = (names[..<90], names[90...])
        for arguments in [
            ["analyze"] + names + ["--json"], ["--json"] + first + ["-q"] + last, ["analyze", "--json", "--"] + names,
        ] {
            let result = try Tool.run(arguments, in: folder)
            #expect(result.status == 0)
            let report = try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any]
            let captures = try #require(report?["captures"] as? [[String: Any]])
            #expect(captures.map { $0["source"] as? String } == names)
        }
        let missing = try Tool.run(["analyze"] + names + ["missing.pcap", "-q"], in: folder)
        #expect(missing.status == 2)
        #expect(missing.errors.contains("missing.pcap"))
        let wrong = try Tool.run(["analyze"] + names + ["--jsonn"], in: folder)
        #expect(wrong.status == 64)
        #expect(wrong.errors.contains("--jsonn"))
    }

    @Test("of several files one cannot be read, and the others are none the worse", arguments: [0, 1, 2])
    func oneOfSeveralCannotBeRead(place: Int) throws {
        let folder = try Folder()
        try folder.write(Self.capture(Self.seconds.prefix(20)), to: "a.pcap")
        try folder.write(Self.capture(Self.seconds.dropFirst(20)), to: "b.pcap")
        try folder.write(Array("no capture\n".utf8), to: "text.pcap")
        try folder.write([], to: "empty.pcap")
        let link = folder.path("loop.pcap")
        try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: link)
        let whole = try Self.virtualRouters(try Tool.run(["analyze", "--json", "a.pcap", "b.pcap"], in: folder))
        for unreadable in ["missing.pcap", "loop.pcap", "a.pcap/b.pcap", "text.pcap", "empty.pcap"] {
            var names = ["a.pcap", "b.pcap"]
            names.insert(unreadable, at: place)
            let result = try Tool.run(["analyze", "--json"] + names, in: folder)
            #expect(result.status == 2, "\(unreadable)")
            #expect(result.errors.hasPrefix("vrrpwatch: \(unreadable): "), "\(result.errors)")
            #expect(result.errors.split(separator: "\n").count == 1, "\(result.errors)")
            #expect(try Self.virtualRouters(result) == whole, "\(unreadable)")
            let report = try Tool.run(["report"] + names + ["-o", "out.html"], in: folder)
            #expect(report.status == 2)
            #expect(try folder.text("out.html").contains(unreadable))
            let decoded = try Tool.run(["decode"] + names, in: folder)
            #expect(decoded.status == 2)
            #expect(decoded.output.split(separator: "\n").count == 37)
            let extracted = try Tool.run(["extract"] + names + ["-w", "out.pcapng"], in: folder)
            #expect(extracted.status == 2)
            #expect(try Tool.run(["decode", "out.pcapng"], in: folder).output.split(separator: "\n").count == 37)
        }
        let none = try Tool.run(["analyze", "missing.pcap", "loop.pcap"], in: folder)
        #expect(none.status == 3)
    }

    @Test func aDirectoryWithoutCapturesCannotBeStartedWith() throws {
        let folder = try Folder()
        try FileManager.default.createDirectory(atPath: folder.path("empty"), withIntermediateDirectories: true)
        let result = try Tool.run(["analyze", "empty"], in: folder)
        #expect(result.status == 3)
        #expect(result.errors == "vrrpwatch: empty: there is no capture in this directory\n")
    }

    @Test func aFilterThatDropsTaggedPacketsIsWarnedOf() throws {
        let folder = try Folder()
        try folder.write(Self.capture(Self.seconds), to: "a.pcap")
        for filter in ["vrrp", "ip proto 112", "arp or vrrp", "ether proto 0x0800"] {
            let result = try Tool.run(["analyze", "-f", filter, "a.pcap"], in: folder)
            #expect(result.status == 0)
            #expect(result.errors.hasPrefix("vrrpwatch: filter '\(filter)' drops packets in VLANs"), "\(filter)")
        }
        for filter in ["vrrp or (vlan and vrrp)", "ether multicast", "vlan 10 and vrrp", "host 10.9.9.9"] {
            let result = try Tool.run(["analyze", "-f", filter, "a.pcap"], in: folder)
            #expect(result.errors.isEmpty, "\(filter): \(result.errors)")
        }
        #expect(try Tool.run(["analyze", "-q", "-f", "vrrp", "a.pcap"], in: folder).errors.isEmpty)
    }

    @Test func salvageIsForFilesOnly() throws {
        let folder = try Folder()
        let result = try Tool.run(["decode", "--salvage", "-i", "lo"], in: folder)
        #expect(result.status == 64)
    }
}
