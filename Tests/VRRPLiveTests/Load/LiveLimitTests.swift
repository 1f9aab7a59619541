import Testing
import VRRPFacts
@testable import VRRPLive
import VRRPReport
import VRRPTestSupport
import VRRPTracker
import VRRPWire

/// The events of a session whose tracker drops the oldest entries that it keeps.
@Suite struct LiveLimitTests {
    private static let virtualRouterID: UInt8 = 51

    /// A session that knows so many virtual routers that each keeps few reigns.
    private func crowded() -> LiveSession {
        var session = LiveSession(
            captures: [CaptureDescription(source: "eth0", format: .live)],
            namesInterfaces: false,
            version: "1.2.3"
        )
        for number in 0..<2000 {
            var frame = advertisement(from: 1, priority: 50)
            frame.vlans = [UInt16(1 + number / 255)]
            frame.virtualRouterID = UInt8(1 + number % 255)
            hear(frame, at: .zero, &session)
        }
        return session
    }

    private func advertisement(from host: UInt32, priority: UInt8) -> AdvertisementFrame {
        AdvertisementFrame(
            from: IPAddress(ipv4: 0x0a00_0000 + host),
            version: 2,
            virtualRouterID: Self.virtualRouterID,
            priority: priority,
            addresses: [IPAddress(ipv4: 0x0a00_0064)]
        )
    }

    private func hear(_ frame: AdvertisementFrame, at time: TimeSpan, _ session: inout LiveSession) {
        let sighting = Sighting(FrameReference(capture: 0, frame: 1), at: Scenario.epoch + time)
        _ = session.take(frame.bytes.span, linkType: .ethernet, sighting)
    }

    /// Two routers that resign in turns, a hundred times; what is told of that.
    private func handovers() -> (session: LiveSession, told: [(to: [Int], corrects: Int)]) {
        var session = crowded()
        var told: [(to: [Int], corrects: Int)] = []
        for turn in 0..<100 {
            let host = UInt32(1 + turn % 2)
            for (step, priority) in [UInt8(100), 100, 0].enumerated() {
                let time = TimeSpan.seconds(Int64(3 * turn + step))
                hear(advertisement(from: host, priority: priority), at: time, &session)
                repeat {
                    for event in session.tick(at: Scenario.epoch + time) {
                        guard case .transition(let name, let transition, let corrects) = event.kind,
                            name.id == "untagged/ipv4/51"
                        else {
                            continue
                        }
                        told.append((transition.to.map { $0 == IPAddress(ipv4: 0x0a00_0001) ? 1 : 2 }, corrects))
                    }
                } while session.wait(from: Scenario.epoch + time) == .zero
            }
        }
        return (session, told)
    }

    @Test func whatWasToldIsNotToldAgainWhenTheOldestReignsAreDropped() throws {
        let (session, told) = handovers()
        let virtualRouter = try #require(
            session.observation.virtualRouters.last { $0.key.vrid == Self.virtualRouterID }
        )
        #expect(virtualRouter.droppedReigns > 40)
        #expect(told.map(\.to) == (0..<100).map { [1 + $0 % 2] })
        #expect(told.allSatisfy { $0.corrects == 0 })
    }
}
