import Testing
import VRRPFacts
import VRRPReport
import VRRPTestSupport
import VRRPTracker
import VRRPWire

@testable import vrrpwatch

/// One story, captured at two routers and in the switch between them, told in ways that seeds combine.
///
/// Clocks are apart and drift; there are rings, one pcapng of several interfaces, files doubled, shuffled or gone, and ways of
/// different lengths. The story stays the same.
@Suite struct TellingTests {
    /// A frame at a point, in nanoseconds since 1970.
    private struct Seen {
        var instant: Int64
        var bytes: [UInt8]
    }

    private static let start: Int64 = 1_767_225_600_000_000_000
    private static let second: Int64 = 1_000_000_000

    // MARK: The story

    /// The advertisements of both routers: the first is master, dies, comes back and preempts; some are lost on the way.
    private struct Story {
        var points: [[Seen]]
        private var random: SplitMix64
        private var numbers: [UInt16] = [0, 0]
        /// The least time from router to switch and from the switch to the other router.
        private let ways: [Int64]

        init(_ random: inout SplitMix64, points count: Int) {
            points = Array(repeating: [], count: count)
            ways = (0..<2).map { _ in Int64.random(in: 20_000...900_000, using: &random) }
            self.random = random
            var instant = TellingTests.start
            let death = Int64.random(in: 12...25, using: &random)
            let back = death + Int64.random(in: 12...30, using: &random)
            let last = back + Int64.random(in: 12...25, using: &random)
            while instant < TellingTests.start + death * TellingTests.second { send(0, at: &instant) }
            instant += 2_648_000_000
            while instant < TellingTests.start + back * TellingTests.second { send(1, at: &instant) }
            instant -= 600_000_000
            while instant < TellingTests.start + last * TellingTests.second { send(0, at: &instant) }
            random = self.random
        }

        private mutating func send(_ sender: Int, at instant: inout Int64) {
            numbers[sender] += 1
            var frame = AdvertisementFrame(
                from: TellingTests.address(of: sender),
                version: 2,
                virtualRouterID: 51,
                priority: sender == 0 ? 100 : 90,
                addresses: [IPAddress(ipv4: 0x0a00_0064)]
            )
            frame.identification = numbers[sender]
            let isLost = Int.random(in: 0..<12, using: &random) == 0
            for point in points.indices {
                let distance = point == sender ? 0 : point == 2 ? 1 : 2
                guard distance < 2 || !isLost else { continue }
                let waiting = distance == 0 ? 0 : Int64.random(in: 0...60_000, using: &random)
                let way = (0..<distance).reduce(waiting) { $0 + ways[sender == 0 ? $1 : 1 - $1] }
                points[point].append(Seen(instant: instant + way, bytes: frame.bytes))
            }
            instant += TellingTests.second + Int64.random(in: 0...6_000_000, using: &random)
        }
    }

    private static func address(of router: Int) -> IPAddress { IPAddress(ipv4: 0x0a00_0001 + UInt32(router)) }

    // MARK: Files

    private static func little(_ numbers: UInt32...) -> [UInt8] {
        numbers.flatMap { number in (0..<4).map { UInt8(truncatingIfNeeded: number >> UInt32(8 * $0)) } }
    }

    private static func pcap(_ frames: [Seen]) -> [UInt8] {
        little(0xa1b2_3c4d, 0x0004_0002, 0, 0, 65535, 1)
            + frames.flatMap { frame in
                let count = UInt32(frame.bytes.count)
                return little(UInt32(frame.instant / second), UInt32(frame.instant % second), count, count)
                    + frame.bytes
            }
    }

    private static func pcapNG(_ points: [(name: String, frames: [Seen])]) -> [UInt8] {
        func block(_ type: UInt32, _ body: [UInt8]) -> [UInt8] {
            let padded = body + [UInt8](repeating: 0, count: (4 - body.count % 4) % 4)
            let length = UInt32(padded.count + 12)
            return little(type, length) + padded + little(length)
        }
        var bytes = block(0x0a0d_0d0a, little(0x1a2b_3c4d, 1, .max, .max))
        for (name, _) in points {
            // if_name and if_tsresol of 9.
            let text = Array(name.utf8)
            let option =
                little(2 | UInt32(text.count) << 16) + text + [UInt8](repeating: 0, count: (4 - text.count % 4) % 4)
            bytes += block(1, little(1, 65535) + option + little(9 | 1 << 16, 9) + little(0))
        }
        let all = points.enumerated().flatMap { index, point in point.frames.map { (index: index, frame: $0) } }
        for (index, frame) in all.sorted(by: { ($0.frame.instant, $0.index) < ($1.frame.instant, $1.index) }) {
            let (count, time) = (UInt32(frame.bytes.count), UInt64(frame.instant))
            let head = little(UInt32(index), UInt32(time >> 32), UInt32(truncatingIfNeeded: time), count, count)
            bytes += block(6, head + frame.bytes)
        }
        return bytes
    }

    // MARK: What is told

    /// The part of a report that does not depend on how it was captured.
    private struct Verdict: Equatable {
        var changes: [String] = []
        var adverts: [String] = []
        var findings: [String] = []
        var ways: [String] = []
    }

    private static func document(_ folder: Folder, _ names: [String]) throws -> ReportDocument {
        var options = MergedFiles.Options()
        options.isQuiet = true
        options.showsProgress = false
        options.findsPoints = true
        var files = try MergedFiles(paths: names.map(folder.path), options)
        var reader = ObservationReader(keys: nil, from: files.vantage, on: files.segments)
        try files.read(into: &reader)
        reader.finish(at: files.end)
        return ReportDocument(reader.observation, captures: files.descriptions, version: "test")
    }

    private static func verdict(_ document: ReportDocument) -> Verdict {
        var verdict = Verdict()
        for virtualRouter in document.virtualRouters {
            verdict.changes += virtualRouter.transitions.map { change in
                let tenths = (change.instant.nanoseconds - start + second / 40) / (second / 20)
                return "\(tenths) \(change.cause.rawValue) \(change.to.map(\.description))"
            }
            verdict.adverts += virtualRouter.routers.map { "\($0.address) \($0.adverts)" }
        }
        verdict.findings = document.findings.map(\.id).sorted()
        var ways: [String: (sent: Int, seen: Int)] = [:]
        for path in document.paths {
            ways["\(path.from) to \(path.to)", default: (0, 0)].sent += path.sent
            ways["\(path.from) to \(path.to)", default: (0, 0)].seen += path.points.last?.seen ?? 0
        }
        verdict.ways = ways.map { "\($0.key): \($0.value.seen) of \($0.value.sent)" }.sorted()
        return verdict
    }

    @Test("a story stays the same, however its captures are told", arguments: UInt64(1)...80)
    func telling(seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        let names = seed.isMultiple(of: 3) ? ["r1", "r2", "sw"] : ["r1", "r2"]
        let story = Story(&random, points: names.count)
        let folder = try Folder()
        for (name, frames) in zip(names, story.points) { try folder.write(Self.pcap(frames), to: "\(name).pcap") }
        let plain = try Self.document(folder, names.map { "\($0).pcap" })
        try #require(plain.vantagePoints.count == names.count, "seed \(seed)")

        // Clocks; that of the first point is the axis.
        var points = story.points
        var offset: Int64 = 0
        if Bool.random(using: &random), let first = points[1].first?.instant {
            offset = Int64.random(in: -90 * Self.second...90 * Self.second, using: &random)
            let drift = Bool.random(using: &random) ? Double.random(in: -250...250, using: &random) : 0
            points[1] = points[1].map { seen in
                let gained = Int64((Double(seen.instant - first) * drift / 1e6).rounded())
                return Seen(instant: seen.instant + offset + gained, bytes: seen.bytes)
            }
        }
        let told = try Self.tell(zip(names, points).map { ($0, $1) }, in: folder, &random)
        let document = try Self.document(folder, told.files)
        let words = "seed \(seed): \(told.files), \(offset) ns"
        try #require(document.vantagePoints.count == names.count, "\(words)")
        if told.isWhole {
            #expect(Self.verdict(document) == Self.verdict(plain), "\(words)")
        } else {
            // A file that is gone may hide something and makes nothing up, but that what was lost on the way was seen nowhere
            // then, so that the router counts as silent.
            let known = Set(plain.findings.map(\.id)).union(["near-failover", "missed-adverts"])
            #expect(Set(document.findings.map(\.id)).subtracting(known) == [], "\(words)")
        }
        let found = document.vantagePoints.map { $0.clockOffset?.nanoseconds ?? .max }
        let place = document.vantagePoints.firstIndex { $0.at == Self.address(of: 1) } ?? 0
        let axis = document.vantagePoints.firstIndex { $0.at == Self.address(of: 0) } ?? 0
        #expect(abs(found[place] - found[axis] - offset) < 2_000_000, "\(words): \(found)")
        let delays = document.paths.compactMap(\.delay)
        #expect(delays.allSatisfy { $0.p50 >= .zero - $0.error && $0.p50 < .milliseconds(4) }, "\(words)")
    }

    // MARK: A point that ends

    /// The first router's advertisements do not reach the second one from 6 s on, which takes over and is answered at once.
    ///
    /// It falls silent at 13.648 s, when two advertisements of the first are about within one of its intervals: it yielded to
    /// either, and only its own capture can tell. That ends at `end`.
    private static func cutOff(until end: Double) -> [[Seen]] {
        func frame(_ router: Int, _ at: Double, _ number: Int) -> Seen {
            var frame = AdvertisementFrame(
                from: address(of: router),
                version: 2,
                virtualRouterID: 51,
                priority: router == 0 ? 100 : 90,
                addresses: [IPAddress(ipv4: 0x0a00_0064)]
            )
            frame.identification = UInt16(number)
            return Seen(instant: start + Int64(at * 1e9), bytes: frame.bytes)
        }
        let before = (0...8).map(Double.init)
        let answers = (0...5).map { 8.649 + Double($0) }
        let after = (0...15).map { 14.6505 + Double($0) }
        let first = (before + answers + after).enumerated().map { frame(0, $1, $0 + 1) }
        let second = (0...5).map { frame(1, 8.648 + Double($0), $0 + 1) }
        let arriving = first.filter { $0.instant < start + 6 * Self.second || $0.instant > start + 14 * Self.second }
        func seen(_ own: [Seen], _ others: [Seen]) -> [Seen] {
            let arrived = others.map { Seen(instant: $0.instant + 60_000, bytes: $0.bytes) }
            return (own + arrived).sorted { $0.instant < $1.instant }
        }
        return [seen(first, second), seen(second, arriving).filter { $0.instant <= start + Int64(end * 1e9) }]
    }

    @Test("where the capture ended that saw what a router hears, nobody knows when it yielded")
    func pointThatEnds() throws {
        let folder = try Folder()
        func states(until end: Double) throws -> [String] {
            for (name, frames) in zip(["r1", "r2"], Self.cutOff(until: end)) {
                try folder.write(Self.pcap(frames), to: "\(name).pcap")
            }
            let document = try Self.document(folder, ["r1.pcap", "r2.pcap"])
            return try #require(document.virtualRouters.first).timeline.map { stretch in
                "\((stretch.start.nanoseconds - Self.start) / 1_000_000) \(stretch.state.rawValue) \(stretch.masters.count)"
            }
        }
        #expect(try states(until: 40) == ["0 master 1", "8648 split 2", "14650 master 1"])
        #expect(try states(until: 12) == ["0 master 1", "8648 split 2", "13649 not-observed 0", "14650 master 1"])
    }

    /// Writes the captures of points in one of many ways, and returns the names in the order in which they are given.
    private static func tell(
        _ points: [(name: String, frames: [Seen])],
        in folder: Folder,
        _ random: inout SplitMix64
    ) throws -> (files: [String], isWhole: Bool) {
        guard Int.random(in: 0..<4, using: &random) > 0 else {
            try folder.write(pcapNG(points), to: "all.pcapng")
            return (["all.pcapng"], true)
        }
        let parts = Int.random(in: 1...6, using: &random)
        let isDated = Bool.random(using: &random)
        var rings: [[String]] = []
        for (name, frames) in points {
            var ring: [String] = []
            for part in 0..<parts {
                let own = frames[frames.count * part / parts..<frames.count * (part + 1) / parts]
                guard !own.isEmpty else { continue }
                let file =
                    isDated
                    ? "\(name)-t_0000\(part)_2026010100\(10 + part)00.pcap"
                    : "\(name)-t.pcap\(part == 0 ? "" : "\(part)")"
                try folder.write(pcap(Array(own)), to: file)
                ring.append(file)
            }
            rings.append(ring)
        }
        var isWhole = true
        if rings[1].count > 3, Int.random(in: 0..<3, using: &random) == 0 {
            // Neither the first nor the last.
            rings[1].remove(at: Int.random(in: 1..<rings[1].count - 1, using: &random))
            isWhole = false
        }
        var files = rings.flatMap(\.self)
        if isWhole, Bool.random(using: &random), let copied = files.randomElement(using: &random) {
            let copy = "again-\(copied.filter(\.isLetter)).pcap"
            let bytes = try folder.bytes(copied)
            try folder.write(bytes, to: copy)
            files.append(copy)
        }
        // The first point stays the axis.
        if Bool.random(using: &random) { files = files.prefix(1) + files.dropFirst().shuffled(using: &random) }
        return (files, isWhole)
    }
}
