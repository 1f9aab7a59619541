import Testing
import VRRPFacts
import VRRPLive
import VRRPReport
import VRRPTestSupport
import VRRPTracker
import VRRPWire

/// The words of a session while somebody floods the segment with senders that nobody hears again.
@Suite struct LiveFloodTests {
    /// A flood of ever new sources beside two routers, of which one dies and comes back deaf.
    struct Flood: CustomStringConvertible {
        /// The seconds after the first advertisement at which it begins.
        var start = 0.25
        /// Frames a second, and the number of sources, which come again in turn.
        var rate = 200
        var sources: UInt32 = 400
        var priority: UInt8 = 50
        var hasOneMAC = true
        /// Whether the routers announce the address when they take over.
        var isAnnounced = true
        /// Whether the routers have a password, which the sources do not know.
        var hasPassword = true
        /// Whether the sources are the routers' own addresses, with an interval of 255 s.
        var areRouters = false
        /// The time from one tick to the next.
        var grid = 0.05

        var description: String {
            "\(rate) a second of \(sources) from \(start) s, priority \(priority), one MAC \(hasOneMAC), "
                + "announced \(isAnnounced), password \(hasPassword), as routers \(areRouters), a tick each \(grid) s"
        }
    }

    private static let floods: [Flood] = [
        Flood(), Flood(grid: 0.01), Flood(isAnnounced: false), Flood(start: 0.99, sources: 300, isAnnounced: false),
        Flood(start: 4.25), Flood(sources: .max), Flood(sources: .max, hasOneMAC: false),
        // One host that advertises from each of its addresses once a second.
        Flood(sources: 200), Flood(start: 4.25, sources: 200, isAnnounced: false),
        Flood(priority: 200), Flood(start: 2.5, sources: 300, priority: 200, hasOneMAC: false),
        // The places that are there are taken, and taken again two seconds later.
        Flood(rate: 10_000, sources: 20_100), Flood(rate: 10_000, sources: 20_100, priority: 0),
        Flood(rate: 10_000, sources: 20_100, hasPassword: false), Flood(hasPassword: false),
        Flood(rate: 10_000, sources: 20_100, priority: 0, hasPassword: false),
        Flood(priority: 100, areRouters: true), Flood(start: 4.25, priority: 100, areRouters: true, grid: 0.01),
    ]

    /// The second at which the second router takes over, and the last one.
    private static let failover = 8.6
    private static let end = 14.0
    private static let first = IPAddress(ipv4: 0x0a33_0001)
    private static let second = IPAddress(ipv4: 0x0a33_0002)
    private static let virtual = IPAddress(ipv4: 0x0a33_0064)

    @Test("a flood is told as no change of master, and the routers as without it", arguments: floods)
    func sources(flood: Flood) {
        let told = transitions(flood)
        var course: [[IPAddress]] = []
        for (_, transition, corrects) in told {
            course.removeLast(min(corrects, course.count))
            if course.last != transition.to { course.append(transition.to) }
        }
        let story = told.map { "\($0.time) \($0.transition.to) corrects \($0.corrects)" }.joined(separator: "\n")
        let settled = told.filter { $0.time > flood.start + 0.1 }.flatMap { $0.transition.from + $0.transition.to }
        #expect(settled.allSatisfy { [Self.first, Self.second].contains($0) }, "\(story)")
        #expect(course.filter { !$0.isEmpty } == [[Self.first], [Self.second], [Self.first, Self.second]], "\(story)")
        let failover = told.first { $0.time > Self.failover && $0.transition.to == [Self.second] }
        #expect(failover.map { $0.time <= Self.failover + 2 } == true, "\(story)")
    }

    private func at(_ seconds: Double) -> CaptureInstant {
        Scenario.epoch + TimeSpan(nanoseconds: Int64(seconds * 1_000_000_000))
    }

    private func transitions(
        _ flood: Flood
    ) -> [(time: Double, transition: ReportDocument.Transition, corrects: Int)] {
        var session = LiveSession(
            captures: [CaptureDescription(source: "eth0", format: .live)],
            namesInterfaces: false,
            version: "1.2.3"
        )
        var told: [(time: Double, transition: ReportDocument.Transition, corrects: Int)] = []
        func tick(at time: Double) {
            for event in session.tick(at: at(time)) {
                guard case .transition(_, let transition, let corrects) = event.kind else { continue }
                told.append((time, transition, corrects))
            }
        }
        var next = flood.grid
        for (index, frame) in frames(flood).enumerated() {
            while next < frame.time {
                tick(at: next)
                next += flood.grid
            }
            let sighting = Sighting(FrameReference(capture: 0, frame: index + 1), at: at(frame.time))
            _ = session.take(frame.bytes.span, linkType: .ethernet, sighting)
        }
        tick(at: Self.end)
        return told
    }

    private func frames(_ flood: Flood) -> [(time: Double, bytes: [UInt8])] {
        var frames: [(time: Double, bytes: [UInt8])] = []
        for second in 0..<6 {
            frames.append((Double(second), advertisement(of: 1, priority: 100, number: second, flood)))
        }
        for second in 0..<6 {
            frames.append((Self.failover + Double(second), advertisement(of: 2, priority: 90, number: second, flood)))
        }
        for second in 0..<3 {
            frames.append((11.3 + Double(second), advertisement(of: 1, priority: 100, number: second, flood)))
        }
        if flood.isAnnounced {
            frames += [
                (0.001, announcement(by: 1)), (Self.failover + 0.001, announcement(by: 2)),
                (11.301, announcement(by: 1)),
            ]
        }
        for number in 0..<Int((Self.end - flood.start) * Double(flood.rate)) {
            let source = UInt32(number) % flood.sources
            let address = flood.areRouters ? 0x0a33_0001 + UInt32(number) % 2 : 0x0a34_0000 + source
            var frame = AdvertisementFrame(
                from: IPAddress(ipv4: address),
                version: 2,
                virtualRouterID: 51,
                priority: flood.priority,
                interval: .seconds(flood.areRouters ? 255 : 1),
                addresses: [Self.virtual]
            )
            frame.sourceMAC = MACAddress(bits: 0x02bd_0000_0000 + (flood.hasOneMAC ? 1 : UInt64(source)))
            frames.append((flood.start + Double(number) / Double(flood.rate), frame.bytes))
        }
        return frames.sorted { $0.time < $1.time }.filter { $0.time < Self.end }
    }

    private func mac(of router: UInt32) -> MACAddress { MACAddress(bits: 0x0a00_0000_0000 + UInt64(router)) }

    private func advertisement(of router: UInt32, priority: UInt8, number: Int, _ flood: Flood) -> [UInt8] {
        var frame = AdvertisementFrame(
            from: IPAddress(ipv4: 0x0a33_0000 + router),
            version: 2,
            virtualRouterID: 51,
            priority: priority,
            addresses: [Self.virtual]
        )
        frame.sourceMAC = mac(of: router)
        frame.identification = UInt16(1 + number)
        if flood.hasPassword { frame.authentication = .simpleText(0x3131_3131_0000_0000) }
        return frame.bytes
    }

    private func announcement(by router: UInt32) -> [UInt8] {
        ARPFrame.announcement(of: Self.virtual, at: mac(of: router)).bytes
    }
}
