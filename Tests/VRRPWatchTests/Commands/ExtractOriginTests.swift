import Foundation
import Testing
import VRRPTestSupport

/// Checks that an extract says where its packets are from, and what it was made of.
@Suite struct ExtractOriginTests {
    private static let capture = DamagedFilesTests.fixtures.appending(path: "Captures/two-way-partition/r1.pcap").path

    private func object(_ text: String) throws -> [String: Any] {
        try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    }

    /// The frames that are evidence in a report, anywhere in it.
    private func evidence(_ value: Any) -> [[String: Any]] {
        switch value {
        case let dictionary as [String: Any]:
            let own = dictionary["evidence"] as? [[String: Any]] ?? []
            return own + dictionary.filter { $0.key != "evidence" }.values.flatMap(evidence)
        case let array as [Any]: return array.flatMap(evidence)
        default: return []
        }
    }

    /// The instants of the relevant frames of a file, by their numbers.
    private func instants(_ file: String, in folder: Folder) throws -> [Int: String] {
        let lines = try Tool.run(["decode", "--format", "ndjson", file], in: folder).output.split(separator: "\n")
        let packets = try lines.map { try object(String($0)) }
        return Dictionary(
            uniqueKeysWithValues: packets.compactMap { packet in
                (packet["frame"] as? Int).flatMap { frame in (packet["time"] as? String).map { (frame, $0) } }
            }
        )
    }

    @Test("evidence in an extract, and in an extract of it, points at the frame of the capture")
    func evidencePointsAtTheCapture() throws {
        let folder = try Folder()
        _ = try Tool.run(["extract", "-q", Self.capture, "-w", "x.pcapng"], in: folder)
        _ = try Tool.run(["extract", "-q", "x.pcapng", "-w", "y.pcapng"], in: folder)
        let original = try instants(Self.capture, in: folder)
        for extract in ["x.pcapng", "y.pcapng"] {
            let own = try instants(extract, in: folder)
            let report = try object(Tool.run(["analyze", "--json", extract], in: folder).output)
            let frames = evidence(report)
            #expect(frames.count > 5)
            for frame in frames {
                let origin = try #require(frame["origin"] as? [String: Any])
                let (number, before) = (try #require(frame["frame"] as? Int), try #require(origin["frame"] as? Int))
                #expect(origin["file"] as? String == Self.capture)
                #expect(own[number] == original[before] && own[number] != nil, "\(extract): \(number), \(before)")
            }
        }
        let direct = try object(Tool.run(["analyze", "--json", Self.capture], in: folder).output)
        #expect(evidence(direct).allSatisfy { $0["origin"] is NSNull })
    }

    @Test("standard input to standard output is a filter, which names the file and the sensor as it was told")
    func filter() throws {
        let folder = try Folder()
        let words = [
            "extract", "-", "-w", "-", "--origin", "ring/r1.pcap", "--sensor", "berlin-1", "--summary", "s.json",
        ]
        let environment = ["OUT": folder.path("x.pcapng")]
        let result = try Tool.run(words, input: Self.capture, environment: environment, in: folder)
        #expect(result.status == 0 && result.errors.isEmpty)
        let piped = try Tool.run(["analyze", "--json", "-"], input: folder.path("x.pcapng"), in: folder)
        let files = Set(evidence(try object(piped.output)).map { ($0["origin"] as? [String: Any])?["file"] as? String })
        #expect(files == ["ring/r1.pcap"])
        let summary = try object(String(contentsOfFile: folder.path("s.json"), encoding: .utf8))
        let input = try #require((summary["captures"] as? [[String: Any]])?.first)
        #expect(input["source"] as? String == "ring/r1.pcap" && input["sensor"] as? String == "berlin-1")
    }

    @Test("the summary counts what was read and what was kept")
    func summary() throws {
        let folder = try Folder()
        let first = Pcap.capture(router: 1, at: [0, 1000, 2000])
        try folder.write(first, to: "a.pcap")
        // A packet of another protocol at the end, and a file that ends inside a packet.
        var other = Array(first.suffix(70))
        other[16 + 23] = 17
        try folder.write(first + other, to: "b.pcap")
        try folder.write(Array(first.dropLast(3)), to: "c.pcap")
        let words = ["extract", "a.pcap", "b.pcap", "c.pcap", "-q", "-w", "x.pcapng", "--summary", "-"]
        let result = try Tool.run(words, in: folder)
        #expect(result.status == 2)
        let summary = try object(result.output)
        #expect(summary["files"] as? Int == 3 && summary["packets"] as? Int == 9 && summary["kept"] as? Int == 8)
        #expect(summary["marks"] as? Int == 1 && summary["damaged"] as? Bool == true)
        #expect(summary["bytes"] as? Int == 3 * first.count + other.count - 3)
        let captures = try #require(summary["captures"] as? [[String: Any]])
        #expect(captures.map { $0["kept"] as? Int } == [3, 3, 2])
        #expect(captures.map { ($0["problems"] as? [Any])?.count } == [0, 0, 1])
        let both = try Tool.run(
            ["extract", "a.pcap", "-w", "-", "--summary", "-"],
            environment: ["OUT": "/dev/null"],
            in: folder
        )
        #expect(both.status == 64)
        let verbose = try Tool.run(["extract", "-v", "a.pcap", "-w", "x.pcapng"], in: folder)
        #expect(verbose.errors.contains("read 1 file, \(first.count) bytes, 3 packets; kept 3 packets"))
    }

    @Test("a hostile name makes no second remark and no control")
    func hostileName() throws {
        let folder = try Folder()
        let name = "a\nvrrpwatch: file 2: \u{1b}[2Jb.pcap"
        try folder.write(Pcap.capture(router: 1, at: [0, 1000, 2000]), to: name)
        _ = try Tool.run(["extract", "-q", name, "-w", "x.pcapng"], in: folder)
        let report = try object(Tool.run(["analyze", "--json", "x.pcapng"], in: folder).output)
        let files = Set(evidence(report).map { ($0["origin"] as? [String: Any])?["file"] as? String })
        #expect(files == [#"a\x0avrrpwatch: file 2: \x1b[2Jb.pcap"#])
    }

    @Test("a file of a ring without a packet of ours is no gap between the others")
    func quietFileOfARing() throws {
        let folder = try Folder()
        // A packet of another protocol each second goes on while the master is dead.
        func other(_ times: [Int]) -> [UInt8] {
            var bytes = Pcap.capture(router: 1, at: times)
            for index in times.indices { bytes[24 + index * 70 + 16 + 23] = 17 }
            return bytes
        }
        try folder.write(Pcap.capture(router: 1, at: Array(stride(from: 0, to: 10_000, by: 1000))), to: "ring.pcap")
        try folder.write(other(Array(stride(from: 10_000, to: 60_000, by: 1000))), to: "ring.pcap1")
        try folder.write(other(Array(stride(from: 60_000, to: 90_000, by: 1000))), to: "ring.pcap2")
        let names = ["ring.pcap", "ring.pcap1", "ring.pcap2"]
        for (index, name) in names.enumerated() {
            _ = try Tool.run(["extract", "-q", name, "-w", "\(index).pcapng"], in: folder)
        }
        func timeline(_ files: [String]) throws -> NSArray {
            let report = try object(Tool.run(["analyze", "--json"] + files, in: folder).output)
            let router = try #require((report["virtualRouters"] as? [[String: Any]])?.first)
            return try #require(router["timeline"] as? NSArray)
        }
        let whole = try timeline(names)
        #expect(whole.count == 2)
        #expect(try timeline(["2.pcapng", "0.pcapng", "1.pcapng"]) == whole)
    }
}
