import Testing
import VRRPFacts
import VRRPFindings
import VRRPLive
import VRRPReport
import VRRPTestSupport
import VRRPTracker
import VRRPWire

/// What must hold of any session, tried on stories made up from seeds.
@Suite struct LiveLawTests {
    private static let seeds = 0..<40
    private static let grid = TimeSpan.milliseconds(20)
    /// Those that time alone makes.
    private static let timed: Set = ["split-brain", "no-master", "missing-garp", "orphaned-garp", "hidden-master"]

    /// A tracker that is asked for everything at every turn is the standard.
    @Test("waiting as long as the session says misses nothing", arguments: seeds.prefix(6))
    func waiting(seed: Int) throws {
        let story = RandomStory(seed: seed)
        let scenario = try Scenario(story.text)
        var session = LiveSession(
            captures: [CaptureDescription(source: "eth0", format: .live)],
            namesInterfaces: false,
            version: "1.2.3"
        )
        var tracker = Tracker()
        var opened: Set<String> = []
        var looks = 0
        func tick(at instant: CaptureInstant) {
            repeat {
                looks += 1
                for event in session.tick(at: instant) {
                    if case .findingOpened(let finding) = event.kind { opened.insert(finding.id) }
                }
            } while session.wait(from: instant) == .zero
        }
        var now = Scenario.epoch
        for input in scenario.inputs {
            while let instant = input.instant, now + Self.grid < instant {
                now = now + Self.grid
                if session.wait(from: now) == .zero { tick(at: now) }
                tracker.advance(to: now)
                let found = Set(Catalogue.findings(in: tracker.observation).map(\.rule.id)).intersection(Self.timed)
                let second = (now - Scenario.epoch).seconds
                #expect(found.isSubset(of: opened), "seed \(seed), \(second) s\n\(story.text)")
            }
            now = input.instant ?? now
            tracker.take(input)
            if case .frame(let bytes, let sighting) = input {
                _ = session.take(bytes.span, linkType: .ethernet, sighting)
                tick(at: sighting.instant)
            }
        }
        // Of some two thousand moments only those count at which something may happen.
        #expect(looks < 1000, "seed \(seed)")
    }

    @Test("a session ends with the findings that a file of the same frames has", arguments: seeds)
    func liveIsOffline(seed: Int) throws {
        let scenario = try Scenario(RandomStory(seed: seed).text)
        var session = LiveSession(
            captures: [CaptureDescription(source: "eth0", format: .live)],
            namesInterfaces: false,
            version: "1.2.3"
        )
        for input in scenario.inputs {
            switch input {
            case .frame(let bytes, let sighting):
                _ = session.take(bytes.span, linkType: .ethernet, sighting)
                _ = session.tick(at: sighting.instant)
            case .blindSpot(let blindSpot): session.take(blindSpot)
            case .advance(let instant): _ = session.tick(at: instant)
            case .finish(let instant): _ = session.finish(at: instant)
            }
        }
        let offline = Catalogue.findings(in: scenario.observation)
        #expect(session.document.findings.map(\.id) == offline.map(\.rule.id), "seed \(seed)")
        #expect(session.worst == offline.map(\.severity).max(), "seed \(seed)")
    }
}
