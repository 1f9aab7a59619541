import Testing
import VRRPTestSupport
@testable import VRRPTracker
import VRRPWire

/// Checks that everything that input can make grow stays within its limit, and that omissions are counted.
@Suite struct TrackerLimitTests {
    private static let few = TrackerLimits(
        virtualRouters: 5,
        routers: 8,
        addresses: 10,
        reigns: 100,
        announcements: 100
    )

    /// A tracker that heard random advertisements, and how many there were.
    private func flooded(_ limits: TrackerLimits, count: Int) -> Tracker {
        var random = SplitMix64(seed: 7)
        var tracker = Tracker(limits: limits)
        for number in 1...count {
            let vrid = UInt8.random(in: 1...255, using: &random)
            let source = UInt32.random(in: 1...UInt32.max, using: &random)
            tracker.take(vrid: vrid, source: source, priority: 100, at: Int64(number), number)
        }
        tracker.finish()
        return tracker
    }

    @Test func virtualRoutersAndRoutersAreBounded() {
        let observation = flooded(Self.few, count: 1000).observation
        #expect(observation.virtualRouters.count <= 5)
        let routers = observation.virtualRouters.reduce(0) { $0 + $1.routers.count }
        #expect(routers == 8)
        // Each packet was either heard or counted.
        let heard = observation.virtualRouters.reduce(0) { $0 + $1.routers.reduce(0) { $0 + $1.adverts } }
        #expect(heard < 1000)
        #expect(heard + observation.leftOut >= 1000)
    }

    @Test func aRouterThatIsKnownIsHeardAlsoInAFlood() {
        var tracker = Tracker(limits: Self.few)
        var random = SplitMix64(seed: 8)
        for number in 1...1000 {
            if number % 10 == 1 {
                tracker.take(vrid: 51, source: 0x0a00_0001, priority: 100, at: Int64(number), number)
            } else {
                let source = UInt32.random(in: 1...UInt32.max, using: &random)
                tracker.take(vrid: UInt8(number & 0x7f) + 1, source: source, priority: 1, at: Int64(number), number)
            }
        }
        let known = tracker.observation.virtualRouters.first { $0.key.vrid == 51 }
        #expect(known?.routers.first?.adverts == 100)
    }

    @Test("a host that is a crowd of routers keeps no other out, however steadily it speaks")
    func aCrowdMakesRoom() {
        var tracker = Tracker()
        var number = 0
        for second in 0..<20 {
            for source in 1...UInt32(80) {
                number += 1
                tracker.take(vrid: 51, source: 0x0a01_0000 + source, priority: 50, at: Int64(second) * 1000, number)
            }
            for router in 0..<UInt8(3) where second > 9 {
                number += 1
                let source = 0x0a00_0001 + UInt32(router)
                tracker.take(
                    vrid: 51,
                    source: source,
                    mac: 2 + router,
                    priority: 100,
                    at: Int64(second) * 1000 + 1,
                    number
                )
            }
        }
        tracker.finish()
        let routers = tracker.observation.virtualRouters.first?.routers ?? []
        #expect(routers.count == Tracker.mostRoutersEach)
        let others = routers.filter { $0.macs.contains(MACAddress(bits: 0x0200_0000_0001)) == false }
        #expect(others.map(\.adverts) == [10, 10, 10])
    }

    @Test func theLogOfReignsIsBounded() {
        var tracker = Tracker(limits: Self.few)
        for number in 1...5000 {
            // Two that take turns: each resigns before the other begins.
            let source: UInt32 = number / 2 % 2 == 0 ? 0x0a00_0001 : 0x0a00_0002
            let priority: UInt8 = number % 2 == 0 ? 100 : 0
            tracker.take(vrid: 51, source: source, priority: priority, at: Int64(number) * 1000, number)
        }
        tracker.finish()
        let virtualRouter = tracker.observation.virtualRouters.first
        #expect((virtualRouter?.reigns.count ?? 0) <= 100)
        #expect((virtualRouter?.droppedReigns ?? 0) > 2000)
    }
}

extension Tracker {
    fileprivate mutating func take(
        vrid: UInt8,
        source: UInt32,
        mac: UInt8 = 1,
        priority: UInt8,
        at milliseconds: Int64,
        _ number: Int
    ) {
        let message: [UInt8] = [0x21, vrid, priority, 1, 0, 1, 0, 0, 10, 0, 0, 100] + Array(repeating: 0, count: 8)
        let address = (0..<4).map { UInt8(truncatingIfNeeded: source >> UInt32(24 - 8 * $0)) }
        // Each has its own identification, so that none is an echo of another.
        let identification = [UInt8(truncatingIfNeeded: number >> 8), UInt8(truncatingIfNeeded: number)]
        let ip: [UInt8] =
            [0x45, 0, 0, 40] + identification + [0, 0, 255, 112, 0, 0] + address + [224, 0, 0, 18]
        let bytes: [UInt8] = [1, 0, 0x5e, 0, 0, 0x12, 2, 0, 0, 0, 0, mac, 8, 0] + ip + message
        let sighting = Sighting(
            FrameReference(capture: 0, frame: number),
            at: CaptureInstant(nanoseconds: 1_767_225_600_000_000_000) + .milliseconds(milliseconds)
        )
        take(DecodedFrame(bytes.span, linkType: .ethernet), sighting)
    }
}
