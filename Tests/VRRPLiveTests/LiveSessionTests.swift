import Foundation
import Testing
import VRRPFacts
import VRRPFindings
import VRRPLive
import VRRPReport
import VRRPTestSupport
import VRRPTracker
import VRRPWire

/// The running mode, by the clock of its packets.
@Suite struct LiveSessionTests {
    private static let epoch: Int64 = 1_767_225_600_000

    /// Runs a session over advertisements at given milliseconds, as a capture does: it ticks behind each of them, and when
    /// the session asked for it.
    private func events(
        _ packets: [(at: Int64, router: UInt8, priority: UInt8)],
        until end: Int64
    ) -> [(at: Int64, event: LiveEvent)] {
        var session = LiveSession(
            captures: [CaptureDescription(source: "eth0", format: .live)],
            namesInterfaces: false,
            version: "1.2.3"
        )
        func instant(_ milliseconds: Int64) -> CaptureInstant {
            CaptureInstant(nanoseconds: 0) + .milliseconds(Self.epoch + milliseconds)
        }
        var events = session.start(at: instant(0)).map { (at: Int64(0), event: $0) }
        session.append(interface: "eth0")
        var next = 0
        for now in 0..<end {
            while next < packets.count, packets[next].at == now {
                let packet = Pcap.advertisement(from: packets[next].router, priority: packets[next].priority)
                let reference = FrameReference(capture: 0, frame: next + 1)
                _ = session.take(packet.span, linkType: .ethernet, Sighting(reference, at: instant(now)))
                next += 1
                events += session.tick(at: instant(now)).map { (now, $0) }
            }
            while session.wait(from: instant(now)) == .zero {
                events += session.tick(at: instant(now)).map { (now, $0) }
            }
        }
        events += session.finish(at: instant(end)).map { (end, $0) }
        return events
    }

    private static let takeover: [(at: Int64, router: UInt8, priority: UInt8)] = [
        (0, 1, 100), (500, 2, 90), (1000, 1, 100), (2000, 1, 100), (5609, 2, 90), (6609, 2, 90), (7609, 2, 90),
    ]

    @Test("a line names the address that people know, and the VLAN where there are several")
    func linesNameAddresses() {
        let lines = events(Self.takeover, until: 8000).map { $0.event.text(TextReport.Options()) }
        #expect(lines.contains { $0.contains("  10.0.0.100 (VRID 51)  new router 10.0.0.1") })
        #expect(lines.contains { $0.contains("  10.0.0.100 (VRID 51)  timeout: ") })
        #expect(!lines.contains { $0.contains("untagged") })
        let one = VirtualRouterName(id: "vlan10/ipv4/51", vrid: 51, addresses: [IPAddress(ipv4: 0x0a00_0064)])
        #expect(one.title == "10.0.0.100 (VRID 51)")
        var session = LiveSession(
            captures: [CaptureDescription(source: "eth0", format: .live)],
            namesInterfaces: false,
            version: "1.2.3"
        )
        session.append(interface: "eth0")
        var told: [String] = []
        for (number, vlan) in [UInt8(10), 20].enumerated() {
            var packet = Pcap.advertisement(from: 1, priority: 100)
            packet.insert(contentsOf: [0x81, 0, 0, vlan], at: 12)
            let instant = CaptureInstant(nanoseconds: 0) + .milliseconds(Self.epoch + Int64(number))
            let reference = FrameReference(capture: 0, frame: number + 1)
            _ = session.take(packet.span, linkType: .ethernet, Sighting(reference, at: instant))
            told += session.tick(at: instant).map { $0.text(TextReport.Options()) }
        }
        #expect(told.contains { $0.contains("  10.0.0.100 (VRID 51)  new router") })
        #expect(told.contains { $0.contains("  10.0.0.100 (VRID 51, vlan20)  new router") })
    }

    @Test func aTakeoverIsToldAtOnceAndOnce() {
        let told = events(Self.takeover, until: 8000)
        let takeovers = told.filter {
            if case .transition(_, let transition, _) = $0.event.kind { transition.cause == .timeout } else { false }
        }
        #expect(takeovers.count == 1)
        #expect(takeovers.first?.at == 5609)
        #expect(told.first?.event.typeName == "capture")
        #expect(told.last?.event.typeName == "statistics")
        #expect(told.count { $0.event.typeName == "router" } == 2)
    }

    /// A better router claims mastership, and the next advertisement of the other one shows that it did not yield.
    @Test func aContestIsNotToldAsAPreemptionFirst() {
        let packets: [(at: Int64, router: UInt8, priority: UInt8)] = [
            (0, 2, 90), (1000, 2, 90), (1400, 1, 100), (2000, 2, 90), (2400, 1, 100), (3000, 2, 90), (3400, 1, 100),
        ]
        let told = events(packets, until: 3600).compactMap { at, event in
            if case .transition(_, let transition, let corrects) = event.kind {
                "\(at) \(transition.cause) \(corrects)"
            } else {
                nil
            }
        }
        #expect(told == ["0 initial 0", "2000 contested 0"])
    }

    @Test func aPreemptionIsToldOnceTheLoserKeepsSilent() {
        let packets: [(at: Int64, router: UInt8, priority: UInt8)] = [
            (0, 2, 90), (1000, 2, 90), (1400, 1, 100), (2400, 1, 100), (3400, 1, 100),
        ]
        let told = events(packets, until: 3600).compactMap { at, event in
            if case .transition(_, let transition, let corrects) = event.kind {
                "\(at) \(transition.cause) \(corrects)"
            } else {
                nil
            }
        }
        #expect(told == ["0 initial 0", "2150 preempted 0"])
    }

    @Test func nobodyIsMissedBeforeTheBound() {
        #expect(events(Self.takeover, until: 8000).allSatisfy { $0.event.typeName != "master-lost" })
    }

    @Test func aLostMasterIsToldAtTheBoundAndOnce() {
        let lost = events([(0, 1, 100), (500, 2, 90), (1000, 1, 100), (2000, 1, 100)], until: 20_000)
            .filter { $0.event.typeName == "master-lost" }
        #expect(lost.count == 1)
        // 2 s, 3 s and 166/256 s that the other one waits, and a twentieth of an interval for its words to arrive.
        #expect(lost.first?.at == 5699)
    }

    @Test func aQuietPairSaysNothingMore() {
        let packets = (0..<60).map { (at: Int64(1000 * $0), router: UInt8(1), priority: UInt8(100)) }
        let types = events(packets, until: 60_000).map(\.event.typeName).filter { !$0.hasPrefix("finding") }
        #expect(types == ["capture", "router", "transition", "statistics"])
    }

    @Test func everyEventIsOneJSONObjectOnALine() throws {
        for (_, event) in events(Self.takeover, until: 20_000) {
            let line = event.json.compactText
            #expect(!line.contains("\n"))
            let object = try #require(JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
            #expect(object["schema"] as? String == "vrrpwatch.event/1")
            #expect(object["type"] as? String == event.typeName)
            #expect((object["time"] as? String)?.hasSuffix("Z") == true)
            #expect(!event.text(TextReport.Options()).contains("\n"))
        }
    }

    @Test func findingsAreOpenedAndClosedInPairs() {
        // Two that do not hear each other, until one falls silent.
        let both = (0..<20).flatMap { second in
            [
                (at: Int64(1000 * second), router: UInt8(1), priority: UInt8(100)),
                (at: Int64(1000 * second + 500), router: UInt8(2), priority: UInt8(90)),
            ]
        }
        let one = (20..<40).map { (at: Int64(1000 * $0), router: UInt8(1), priority: UInt8(100)) }
        let told = events(both + one, until: 40_000)
        var open: Set<String> = []
        for (_, event) in told {
            switch event.kind {
            case .findingOpened(let finding): #expect(open.insert("\(finding.id) \(finding.routers)").inserted)
            case .findingClosed(let finding): #expect(open.remove("\(finding.id) \(finding.routers)") != nil)
            case .capture, .router, .transition, .masterLost, .link, .sensor, .statistics, .incidentOpened,
                .incidentChanged, .incidentClosed:
                break
            }
        }
        #expect(
            told.contains {
                if case .findingOpened(let finding) = $0.event.kind { finding.id == "split-brain" } else { false }
            }
        )
    }
}
