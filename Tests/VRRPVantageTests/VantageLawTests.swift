import Testing
import VRRPFacts
import VRRPTestSupport
import VRRPWire

@testable import VRRPVantage

/// Two routers, each with a point of its own, whose captures are told in many ways: the points, their places and their clocks
/// stay the same.
@Suite struct VantageLawTests {
    /// A frame at a point, by the true time in nanoseconds.
    private struct Seen {
        var instant: Int64
        var bytes: [UInt8]
    }

    /// The frames of both points: router 1 is master, then router 2, with ways of 20 to 120 µs and some loss.
    private static func points(_ random: inout SplitMix64, seconds: Int64, family: AddressFamily) -> [[Seen]] {
        var seen: [[Seen]] = [[], []]
        var instant: Int64 = 1_767_225_600_000_000_000
        let start = instant
        var numbers: [UInt16] = [0, 0]
        while instant < start + seconds * 1_000_000_000 {
            let elapsed = (instant - start) / 1_000_000_000
            let sender = elapsed % 20 < 12 ? 0 : 1
            numbers[sender] += 1
            var frame = AdvertisementFrame(
                from: address(of: sender, family),
                version: family == .ipv4 ? 2 : 3,
                virtualRouterID: 51,
                priority: sender == 0 ? 100 : 90,
                addresses: [
                    family == .ipv4 ? IPAddress(ipv4: 0x0a00_0064) : IPAddress(ipv6High: 0xfe80 << 48, low: 0x64)
                ]
            )
            frame.identification = numbers[sender]
            for point in 0..<2 where point == sender || !Int.random(in: 0..<20, using: &random).isMultiple(of: 20) {
                let way = point == sender ? 0 : Int64.random(in: 20_000...120_000, using: &random)
                seen[point].append(Seen(instant: instant + way, bytes: frame.bytes))
            }
            instant += 1_000_000_000 + Int64.random(in: 0...8_000_000, using: &random)
        }
        return seen
    }

    private static func address(of router: Int, _ family: AddressFamily) -> IPAddress {
        family == .ipv4
            ? IPAddress(ipv4: 0x0a00_0001 + UInt32(router)) : IPAddress(ipv6High: 0xfe80 << 48, low: UInt64(router + 1))
    }

    /// A file: the point that it is of, and its frames.
    private struct File {
        var name: String
        var point: Int
        var frames: [Seen]
    }

    private static func plan(_ files: [File]) -> VantagePlan {
        var survey = Survey()
        for file in files {
            let position = survey.addFile()
            var summary = CaptureDescription(source: file.name, format: .pcap)
            for (index, frame) in file.frames.enumerated() {
                let instant = CaptureInstant(nanoseconds: frame.instant)
                survey.take(
                    frame.bytes.span,
                    originalLength: frame.bytes.count,
                    linkType: .ethernet,
                    at: instant,
                    number: index + 1,
                    of: position,
                    interface: 0
                )
                summary.firstPacket = summary.firstPacket ?? instant
                summary.lastPacket = max(summary.lastPacket ?? instant, instant)
            }
            survey.finish(position, summary, blindSpots: [])
        }
        return survey.plan(
            paths: files.map(\.name),
            names: files.map { _ in nil },
            origin: { file, interface in (file, interface) }
        )
    }

    /// The files of a point: one, or those of a ring.
    private static func files(_ frames: [Seen], _ name: String, point: Int, parts: Int) -> [File] {
        guard parts > 1, let first = frames.first, let last = frames.last else {
            return [File(name: "\(name).pcap", point: point, frames: frames)]
        }
        let step = (last.instant - first.instant) / Int64(parts) + 1
        return (0..<parts).compactMap { part in
            let own = frames.filter { ($0.instant - first.instant) / step == Int64(part) }
            return own.isEmpty ? nil : File(name: "\(name)_0000\(part).pcap", point: point, frames: own)
        }
    }

    @Test("points, places and clocks are found, however the captures are told", arguments: UInt64(1)...60)
    func law(seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        let family: AddressFamily = seed.isMultiple(of: 3) ? .ipv6 : .ipv4
        var points = Self.points(&random, seconds: Int64.random(in: 45...400, using: &random), family: family)
        // Without numbers nothing tells the files of two points from those of a ring, unless they are of one time.
        let most: Int64 = family == .ipv4 ? 120_000_000_000 : 20_000_000_000
        let offset = Int64.random(in: -most...most, using: &random)
        let drift = Bool.random(using: &random) ? Double.random(in: -300...300, using: &random) : 0
        let first = try #require(points[1].first?.instant)
        points[1] = points[1].map { seen in
            let gained = Int64((Double(seen.instant - first) * drift / 1e6).rounded())
            return Seen(instant: seen.instant + offset + gained, bytes: seen.bytes)
        }
        let parts = Int.random(in: 1...4, using: &random)
        var files = Self.files(points[0], "r1", point: 0, parts: parts)
        files += Self.files(points[1], "r2", point: 1, parts: parts)
        if Bool.random(using: &random), let copied = files.last {
            files.append(File(name: "again.pcap", point: 1, frames: copied.frames))
        }
        if Bool.random(using: &random) { files.shuffle(using: &random) }

        let plan = Self.plan(files)
        let vantage = plan.vantage
        try #require(vantage.points.count == 2, "seed \(seed): \(vantage.points.map(\.captures))")
        let isSwapped = files[0].point == 1
        for (position, file) in files.enumerated() {
            let view = try #require(plan.views[position][0])
            #expect((view.point == 0) == (file.point == (isSwapped ? 1 : 0)), "seed \(seed): \(file.name)")
            // By the first point's clock, what both saw lies together.
            for (index, frame) in file.frames.enumerated() {
                let instant = CaptureInstant(nanoseconds: frame.instant)
                let told = view.clock.corrected(instant, file: view.file, number: index + 1).nanoseconds
                guard !isSwapped else { continue }
                let gained =
                    file.point == 1 ? Int64((Double(frame.instant - offset - first) * drift / 1e6).rounded()) : 0
                let truth = frame.instant - (file.point == 1 ? offset + gained : 0)
                #expect(abs(told - truth) < 2_000_000, "seed \(seed): \(file.name) is told \(told - truth) ns off")
            }
        }
        let routers = vantage.points.map(\.at)
        #expect(routers == (isSwapped ? [1, 0] : [0, 1]).map { Self.address(of: $0, family) }, "seed \(seed)")
    }

    /// The names of the files of a ring, by host, place in the ring and second: as `-C`, `-W`, `-G` and dumpcap write them.
    private static let ringNames: [@Sendable (_ host: Int, _ part: Int, _ second: Int64) -> String] = [
        { host, part, _ in "r\(host)_0000\(part).pcap" },
        { host, part, _ in part == 0 ? "r\(host).pcap" : "r\(host).pcap\(part)" },
        { host, part, _ in "lb-\(["a", "b"][host - 1]).pcap0\(part)" },
        { host, part, second in "r\(host)_0000\(part)_20260101\(120_000 + second % 10_000).pcap" },
        { host, part, _ in part == 0 ? "r\(host)/trace" : "r\(host)/trace\(part)" },
    ]

    @Test(
        "points and clocks are found where captures begin and end inside and clocks are set",
        arguments: UInt64(1)...80
    )
    func cutAndSet(seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        let seconds = Int64.random(in: 40...120, using: &random)
        var points = Self.points(&random, seconds: seconds, family: .ipv4)
        let start = try #require(points[0].first?.instant)
        // What is left of both has a third of the time in common at least.
        let cuts = (0..<2).map { _ in
            (
                Int64.random(in: 0...seconds / 3, using: &random),
                Int64.random(in: seconds * 2 / 3...seconds + 1, using: &random)
            )
        }
        for (point, cut) in cuts.enumerated() {
            points[point] = points[point].filter {
                (cut.0 * 1_000_000_000..<cut.1 * 1_000_000_000).contains($0.instant - start)
            }
        }
        let truth = points.map { $0.map(\.instant) }
        let offsets: [Int64] = [0, 5_000_000, 10_000_000_000, 90_000_000_000]
        let offset = try #require(offsets.randomElement(using: &random))
        let drift = Bool.random(using: &random) ? Double.random(in: -200...200, using: &random) : 0
        // The clock that is set is that of the second point, or of the first, whose time before is that of all.
        let set = Int.random(in: 0..<2, using: &random)
        let size = Int64.random(in: 2...60, using: &random) * 1_000_000_000 * (Bool.random(using: &random) ? 1 : -1)
        // Both saw a few frames on either side of it.
        let step = start + Int64.random(in: seconds * 9 / 20...seconds * 11 / 20, using: &random) * 1_000_000_000
        let isSet = Bool.random(using: &random)
        for point in 0..<2 {
            for index in points[point].indices {
                if point == 1 {
                    let gained = Int64((Double(truth[1][index] - truth[1][0]) * drift / 1e6).rounded())
                    points[1][index].instant += offset + gained
                }
                if isSet, point == set, truth[point][index] >= step { points[point][index].instant += size }
            }
        }
        let parts = Int.random(in: 1...6, using: &random)
        let name = try #require(Self.ringNames.randomElement(using: &random))
        var files: [File] = []
        for point in 0..<2 {
            let length = points[point].count / parts + 1
            for part in 0..<parts {
                let own = Array(points[point].dropFirst(part * length).prefix(length))
                guard let first = own.first else { continue }
                files.append(
                    File(name: name(point + 1, part, first.instant / 1_000_000_000), point: point, frames: own)
                )
            }
        }
        let plan = Self.plan(files)
        try #require(plan.vantage.points.count == 2, "seed \(seed): \(plan.vantage.points.map(\.captures))")
        let steps = plan.vantage.points.flatMap(\.clockSteps)
        #expect(isSet || steps.isEmpty, "seed \(seed)")
        var places = [0, 0]
        for (position, file) in files.enumerated() {
            let view = try #require(plan.views[position][0])
            #expect(view.point == file.point, "seed \(seed): \(file.name)")
            for (index, frame) in file.frames.enumerated() {
                let told = view.clock.corrected(
                    CaptureInstant(nanoseconds: frame.instant),
                    file: view.file,
                    number: index + 1
                ).nanoseconds
                let error = told - truth[file.point][places[file.point]]
                #expect(abs(error) < 2_000_000, "seed \(seed): \(file.name), frame \(index), is told \(error) ns off")
                places[file.point] += 1
            }
        }
        // Where a point does not capture, its silence proves nothing.
        let ends = truth.compactMap(\.last)
        let last = CaptureInstant(nanoseconds: (ends.max() ?? 0) - 1)
        for point in 0..<2 where (ends.max() ?? 0) - ends[point] > 5_000_000_000 {
            #expect(!plan.vantage.points[point].isOpen(at: last), "seed \(seed): point \(point)")
        }
    }

    @Test("frames without numbers show one stretch by their pattern, however far apart the clocks are")
    func pattern() throws {
        var random = SplitMix64(seed: 5)
        var points = Self.points(&random, seconds: 90, family: .ipv6)
        for index in points[1].indices { points[1][index].instant += 250_000_000_000 }
        let plan = Self.plan([
            File(name: "lb-a.pcap", point: 0, frames: points[0]), File(name: "lb-b.pcap", point: 1, frames: points[1]),
        ])
        try #require(plan.vantage.points.count == 2)
        let offset = try #require(plan.vantage.points[1].clockOffset)
        #expect((offset - .seconds(250)).magnitude < .milliseconds(2))
    }

    @Test("a clock that is set back while no other point captures is followed by its own stamps")
    func setBackAlone() throws {
        var random = SplitMix64(seed: 8)
        var points = Self.points(&random, seconds: 60, family: .ipv4)
        let start = try #require(points[0].first?.instant)
        points[0] = points[0].filter { $0.instant - start < 30_000_000_000 }
        let truth = points[1].map(\.instant)
        for index in points[1].indices where truth[index] - start >= 45_000_000_000 {
            points[1][index].instant -= 20_000_000_000
        }
        let plan = Self.plan([
            File(name: "r1.pcap", point: 0, frames: points[0]), File(name: "r2.pcap", point: 1, frames: points[1]),
        ])
        let view = try #require(plan.views[1][0])
        for (index, frame) in points[1].enumerated() {
            let told = view.clock.corrected(CaptureInstant(nanoseconds: frame.instant), file: 0, number: index + 1)
            #expect(abs(told.nanoseconds - truth[index]) < 20_000_000, "frame \(index)")
        }
    }

    @Test("a clock that is set is followed", arguments: UInt64(1)...10)
    func step(seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        var points = Self.points(&random, seconds: 120, family: .ipv4)
        let place = points[1].count / 2
        let step = Int64.random(in: 2...40, using: &random) * 1_000_000_000 * (seed.isMultiple(of: 2) ? 1 : -1)
        for index in place..<points[1].count { points[1][index].instant += step }
        let plan = Self.plan([
            File(name: "r1.pcap", point: 0, frames: points[0]), File(name: "r2.pcap", point: 1, frames: points[1]),
        ])
        #expect(plan.vantage.points.map(\.clockSteps.count) == [0, 1], "seed \(seed)")
        let view = try #require(plan.views[1][0])
        for (index, frame) in points[1].enumerated() {
            let instant = CaptureInstant(nanoseconds: frame.instant)
            let told = view.clock.corrected(instant, file: 0, number: index + 1).nanoseconds
            let truth = frame.instant - (index >= place ? step : 0)
            // Where a frame was lost at the other point, nothing tells on which side of the step it lies.
            guard abs(index - place) > 3 else { continue }
            #expect(abs(told - truth) < 2_000_000, "seed \(seed): frame \(index)")
        }
    }

    @Test("of many frames a sample tells the same", arguments: [0, 7_000_000_000] as [Int64])
    func sample(step: Int64) throws {
        var random = SplitMix64(seed: 3)
        var points = Self.points(&random, seconds: 20_000, family: .ipv4)
        let (place, offset, drift) = (points[1].count / 2, Int64(90_000_000_000), 40e-6)
        let first = try #require(points[1].first?.instant)
        let truth = points[1].map(\.instant)
        for index in points[1].indices {
            points[1][index].instant += offset + Int64(Double(truth[index] - first) * drift)
            if index >= place { points[1][index].instant += step }
        }
        let plan = Self.plan([
            File(name: "r1.pcap", point: 0, frames: points[0]), File(name: "r2.pcap", point: 1, frames: points[1]),
        ])
        #expect(plan.vantage.points.map(\.at) == [0, 1].map { Self.address(of: $0, .ipv4) })
        #expect(plan.vantage.points.map(\.clockSteps.count) == [0, step == 0 ? 0 : 1])
        let view = try #require(plan.views[1][0])
        for (index, frame) in points[1].enumerated() where abs(index - place) > 3 {
            let instant = CaptureInstant(nanoseconds: frame.instant)
            let told = view.clock.corrected(instant, file: 0, number: index + 1).nanoseconds
            try #require(abs(told - truth[index]) < 2_000_000, "frame \(index): \(told - truth[index]) ns off")
        }
    }

    @Test func clocksWithoutCommonFramesAreNotCompared() {
        var random = SplitMix64(seed: 7)
        let points = Self.points(&random, seconds: 30, family: .ipv4)
        let own = points.enumerated().map { point, seen in
            seen.filter { $0.bytes[29] == UInt8(point + 1) }
        }
        let plan = Self.plan([
            File(name: "a.pcap", point: 0, frames: own[0]), File(name: "b.pcap", point: 1, frames: own[1]),
        ])
        #expect(plan.vantage.points.map(\.clockOffset) == [.zero, nil])
        #expect(plan.vantage.points.map(\.how) == [.onlyHere, .onlyHere])
        #expect(plan.views.map { $0[0]?.segment } == [0, 0])
    }
}
