import VRRPFacts
package import VRRPFindings
package import VRRPLive
internal import VRRPReport
internal import VRRPTracker
package import VRRPWire

extension Scenario {
    /// Plays the scenario into a live session, which is asked whenever it wants to be and at each frame.
    ///
    /// - Parameters:
    ///   - expectation: the routers that configurations let expect.
    ///   - check: called after each input and each tick with what was told so far; the session has not ended at the last one.
    /// - Returns: the events up to the end, at which the session goes on.
    package func play(
        expecting expectation: Expectation = .none,
        _ check: (CaptureInstant, [LiveEvent]) -> Void = { _, _ in }
    ) -> [LiveEvent] {
        var session = LiveSession(
            captures: [CaptureDescription(source: "eth0", format: .live)],
            namesInterfaces: false,
            verifier: keyRing,
            expecting: expectation,
            version: "1.2.3"
        )
        var now = Self.epoch
        var events: [LiveEvent] = []
        func tick(at instant: CaptureInstant) {
            now = max(now, instant)
            events += session.tick(at: instant)
            check(instant, events)
        }
        func wait(until instant: CaptureInstant) {
            // A wait of nothing asks for another turn; time goes on all the same, as it does on a machine.
            while let wait = session.wait(from: now), now + max(wait, .milliseconds(1)) < instant {
                tick(at: now + max(wait, .milliseconds(1)))
            }
        }
        for input in inputs {
            if let instant = input.instant { wait(until: instant) }
            switch input {
            case .frame(let bytes, let sighting):
                _ = session.take(bytes.span, linkType: .ethernet, sighting)
                tick(at: sighting.instant)
            case .blindSpot(let blindSpot):
                session.take(blindSpot)
                tick(at: now)
            case .advance(let instant), .finish(let instant): tick(at: instant)
            }
        }
        return events
    }
}
