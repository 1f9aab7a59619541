import Testing
import VRRPTestSupport
import VRRPTracker
import VRRPWire

/// A program that must keep up with the wire hears the routers that it knows, and says how much it leaves out of the others.
@Suite struct SenderPolicerTests {
    private func frame(of source: UInt32, vrid: UInt8 = 51, mac: UInt64) -> [UInt8] {
        var frame = AdvertisementFrame(
            from: IPAddress(ipv4: source),
            version: 2,
            virtualRouterID: vrid,
            priority: 100,
            addresses: [IPAddress(ipv4: 0x0a33_0064)]
        )
        frame.sourceMAC = MACAddress(bits: mac)
        return frame.bytes
    }

    /// The observation of a master that speaks each second for so many, and of so many invented senders in each of them.
    private func observation(_ limits: TrackerLimits, seconds: Int, invented: Int, hasOneMAC: Bool) -> Observation {
        var analysis = Analysis(limits: limits)
        var number = 0
        func take(_ bytes: [UInt8], at instant: CaptureInstant) {
            number += 1
            let sighting = Sighting(FrameReference(capture: 0, frame: number), at: instant)
            _ = analysis.take(bytes.span, linkType: .ethernet, sighting)
        }
        for second in 0..<seconds {
            let start = Scenario.epoch + .seconds(Int64(second))
            take(frame(of: 0x0a33_0001, mac: 0x0a00_0000_0001), at: start)
            guard second > 2 else { continue }
            for index in 1...invented {
                let source = UInt32(second * invented + index)
                let mac = 0x02bd_0000_0000 + (hasOneMAC ? 0 : UInt64(source))
                let instant = start + TimeSpan.seconds(1) * Int64(index) / Int64(invented + 1)
                take(frame(of: 0x0a40_0000 + source, vrid: UInt8(source % 50 + 1), mac: mac), at: instant)
            }
        }
        analysis.finish(at: Scenario.epoch + .seconds(Int64(seconds)))
        return analysis.observation
    }

    private func adverts(of source: UInt32, in observation: Observation) -> Int? {
        observation.virtualRouters.first { $0.key.vrid == 51 }?.routers
            .first { $0.address == IPAddress(ipv4: source) }?.adverts
    }

    @Test(
        "a known router is heard in full beside a flood of new senders, and what is left out is counted",
        arguments: [true, false]
    )
    func aKnownRouterIsHeard(hasOneMAC: Bool) {
        let seen = observation(.service, seconds: 8, invented: 5000, hasOneMAC: hasOneMAC)
        #expect(adverts(of: 0x0a33_0001, in: seen) == 8)
        let left = seen.omissions[.senders]?.count ?? 0
        // 25,000 came: 2048 at once and 512 a second are let in, and 256 a second with 512 at once beside them.
        #expect(left > 25_000 - 2048 - 5 * 512 - 512 - 5 * 256 - 10)
        #expect(left < 25_000 - 2048 - 4 * 512)
    }

    @Test("a capture that is read to its end leaves no sender out")
    func nothingIsLeftOutOfACapture() {
        let seen = observation(.capture, seconds: 5, invented: 5000, hasOneMAC: true)
        #expect(seen.omissions[.senders] == nil)
    }

    @Test("as many masters as a segment has, heard for the first time at once, are all let in")
    func manyMastersAtOnce() {
        var analysis = Analysis(limits: .service)
        for number in 0..<8 * 250 {
            let (second, master) = (number / 250, UInt8(number % 250 + 1))
            let bytes = frame(of: 0x0a33_0000 + UInt32(master), vrid: master, mac: 0x0a00_0000_0001)
            let instant = Scenario.epoch + .seconds(Int64(second)) + TimeSpan(nanoseconds: Int64(master) * 1000)
            let sighting = Sighting(FrameReference(capture: 0, frame: number + 1), at: instant)
            _ = analysis.take(bytes.span, linkType: .ethernet, sighting)
        }
        analysis.finish(at: Scenario.epoch + .seconds(8))
        #expect(analysis.observation.omissions[.senders] == nil)
        #expect(analysis.observation.virtualRouters.count == 250)
        #expect(analysis.observation.virtualRouters.allSatisfy { $0.routers.first?.adverts == 8 })
    }
}
