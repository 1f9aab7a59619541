import Foundation
import VRRPFacts
import VRRPLive
import VRRPReport
import VRRPTestSupport
import VRRPTracker
import VRRPWire

/// The events of live sessions over scenarios, as the lines that `watch --format ndjson` prints.
enum LiveEvents {
    /// Runs a session over a scenario, ticking when the session asks for it, and lets its interface go through every state.
    static func lines(of scenario: Scenario) -> [String] {
        var session = LiveSession(
            captures: [CaptureDescription(source: "eth0", format: .live)],
            namesInterfaces: false,
            version: "1.2.3"
        )
        session.append(interface: "eth0")
        var now = Scenario.epoch
        var events = session.start(at: now)
        func tick() {
            repeat { events += session.tick(at: now) } while session.wait(from: now) == .zero
        }
        for input in scenario.inputs {
            while let instant = input.instant, now + .milliseconds(50) < instant {
                now = now + .milliseconds(50)
                if session.wait(from: now) == .zero { tick() }
            }
            now = input.instant ?? now
            switch input {
            case .frame(let bytes, let sighting):
                _ = session.take(bytes.span, linkType: .ethernet, sighting)
            case .blindSpot(let blindSpot): session.take(blindSpot)
            case .advance, .finish: break
            }
            tick()
        }
        for state in [LinkChange.State.down, .up, .gone, .back, .renamed] {
            let newName = state == .renamed ? "eth1" : nil
            let change = LinkChange(capture: 0, number: 0, interface: "eth0", state: state, newName: newName)
            events.append(session.take(change, at: now))
        }
        for state in [SensorChange.State.lost, .back] {
            var event = LiveEvent(
                instant: now,
                kind: .sensor(
                    SensorChange(capture: 0, sensor: "site-a", state: state, since: state == .lost ? now : nil)
                )
            )
            event.sensor = "site-a"
            events.append(event)
        }
        events += session.finish(at: now)
        return events.map(\.json.compactText)
    }

    /// The lines of every case of every scenario of mastership, and of stories made up from seeds.
    static func everyLine() throws -> [String] {
        var texts: [String] = []
        let folder = SourceTree.url("Tests/VRRPTrackerTests/ScenarioTests.swift").path
        for name in try GoldenFile.names(beside: folder) {
            texts += try GoldenFile(name, beside: folder).cases.map(\.directive)
        }
        texts += (0..<10).map { RandomStory(seed: $0).text }
        return try texts.flatMap { lines(of: try Scenario($0)) }
    }
}
