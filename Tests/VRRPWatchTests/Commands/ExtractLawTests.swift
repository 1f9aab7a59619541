import Foundation
import Testing
import VRRPTestSupport

/// Law: extracts of parts, analysed together, say what the parts say.
///
/// A recording is cut into the files of a ring in ways that seeds draw: the number of parts, where they are cut, how they are numbered, which
/// clock is off, which file is damaged, in which order the files come, and whether a file comes twice.
///
/// Clocks are compared by all multicast packets, of which an extract keeps those of our protocols alone. So the members that say how
/// exactly clocks agree are left out, and where a clock is off, what happened is compared and not at which nanosecond. For the same reason
/// files whose names do not number them, and a ring of which a file comes twice, are not drawn.
@Suite struct ExtractLawTests {
    private static let recordings = [
        "two-way-partition", "crash-failover", "one-way-loss", "link-flap", "random-faults-1", "three-way",
    ]
    /// Members that name files, or that say how exactly clocks could be compared.
    private static let left: Set<String> = [
        "evidence", "captures", "clockOffsetMs", "clockOffsetErrorMs", "clockDriftPpm", "errorMs",
    ]

    private static func essence(_ value: Any) -> Any {
        switch value {
        case let dictionary as [String: Any]:
            NSDictionary(dictionary: dictionary.filter { !left.contains($0.key) }.mapValues(essence))
        case let array as [Any]: NSArray(array: array.map(essence))
        default: value
        }
    }

    private func report(_ files: [String], in folder: Folder) throws -> NSDictionary {
        let result = try Tool.run(["analyze", "--json"] + files, in: folder)
        let object = try JSONSerialization.jsonObject(with: Data(result.output.utf8))
        return try #require(Self.essence(object) as? NSDictionary)
    }

    /// The changes, the states and the findings of a report, without their instants.
    private func happenings(_ report: NSDictionary) throws -> [String] {
        let routers = try #require(report["virtualRouters"] as? [[String: Any]])
        let findings = try #require(report["findings"] as? [[String: Any]])
        return routers.flatMap { router in
            let changes = router["transitions"] as? [[String: Any]] ?? []
            let stretches = router["timeline"] as? [[String: Any]] ?? []
            return changes.map { "\($0["from"] ?? "") \($0["to"] ?? "") \($0["cause"] ?? "")" }
                + stretches.map { "\($0["state"] ?? "")" }
        } + findings.map { "\($0["id"] ?? "") \($0["virtualRouter"] ?? "")" }
    }

    /// The records of a pcap file, each with its header.
    private func records(_ bytes: [UInt8]) -> [[UInt8]] {
        var (records, place): ([[UInt8]], Int) = ([], 24)
        while place + 16 <= bytes.count {
            let length = (0..<4).reduce(0) { $0 | Int(bytes[place + 8 + $1]) << (8 * $1) }
            records.append(Array(bytes[place..<place + 16 + length]))
            place += 16 + length
        }
        return records
    }

    /// The same record, stamped some seconds later.
    private func late(_ record: [UInt8], by seconds: UInt32) -> [UInt8] {
        let time = (0..<4).reduce(UInt32(0)) { $0 | UInt32(record[$1]) << (8 * UInt32($1)) } &+ seconds
        return (0..<4).map { UInt8(truncatingIfNeeded: time >> (8 * UInt32($0))) } + record.dropFirst(4)
    }

    /// Cuts a capture into files, and returns their names.
    private func cut(
        _ path: String,
        as name: String,
        late seconds: UInt32,
        _ generator: inout SplitMix64,
        in folder: Folder
    ) throws -> [String] {
        let bytes = Array(try Data(contentsOf: URL(filePath: path)))
        let all = records(bytes).map { late($0, by: seconds) }
        let count = Int(generator.next() % 5) + 1
        let cuts = ((1..<count).map { _ in Int(generator.next() % UInt64(all.count - 1)) + 1 } + [0, all.count])
            .sorted()
        let isDated = generator.next() % 2 == 0
        let damaged = generator.next() % 4 == 0 ? Int(generator.next() % UInt64(count)) : -1
        return try zip(cuts, cuts.dropFirst()).enumerated().map { index, range in
            let number = String(repeating: "0", count: 4) + "\(index + 1)"
            let file =
                isDated ? "\(name)_\(number)_20261122110\(index)00.pcap" : "\(name).pcap\(index == 0 ? "" : "\(index)")"
            var content = Array(bytes.prefix(24)) + all[range.0..<range.1].flatMap { $0 }
            if index == damaged, content.count > 24 { content.removeLast(5) }
            try folder.write(content, to: file)
            return file
        }
    }

    @Test("of parts in any order, of several clocks, damaged", arguments: 1...12)
    func extractsOfParts(seed: Int) throws {
        var generator = SplitMix64(seed: UInt64(seed))
        let folder = try Folder()
        let name = Self.recordings[seed % Self.recordings.count]
        let path = DamagedFilesTests.fixtures.appending(path: "Captures/\(name)").path
        let captures = try FileManager.default.contentsOfDirectory(atPath: path).filter { $0.hasSuffix(".pcap") }
            .sorted()
        let seconds: UInt32 = generator.next() % 3 == 0 ? 7 : 0
        var files: [String] = []
        for (index, capture) in captures.enumerated() {
            let name = "host-\(["x", "y", "z"][index % 3])"
            files += try cut("\(path)/\(capture)", as: name, late: index > 0 ? seconds : 0, &generator, in: folder)
        }
        files.shuffle(using: &generator)
        if files.count == captures.count { files.append(files[0]) }
        var extracts: [String] = []
        for (index, file) in files.enumerated() {
            _ = try Tool.run(["extract", "-q", file, "-w", "\(index).pcapng"], in: folder)
            extracts.append("\(index).pcapng")
        }
        let (told, whole) = (try report(extracts, in: folder), try report(files, in: folder))
        if seconds == 0 || captures.count == 1 {
            #expect(told == whole, "\(name), \(files)")
        } else {
            #expect(try happenings(told) == happenings(whole), "\(name), \(files)")
        }
    }
}
