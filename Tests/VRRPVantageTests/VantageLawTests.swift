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
            var silence = TimeSpan.zero
            var before: Int64?
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
                summary.lastPacket = instant
                if let before { silence = max(silence, TimeSpan(nanoseconds: frame.instant - before)) }
                before = frame.instant
            }
            survey.finish(position, summary, longestSilence: silence, blindSpots: [])
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
