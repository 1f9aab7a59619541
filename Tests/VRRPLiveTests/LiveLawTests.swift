import Foundation
import Testing
import VRRPFacts
import VRRPFindings
import VRRPLive
import VRRPReport
import VRRPTestSupport
import VRRPTracker
import VRRPWire

/// Laws that must hold for any session, tried on stories made up from seeds.
@Suite struct LiveLawTests {
    private static let seeds = 0..<40
    private static let rules = URL(filePath: #filePath).appending(path: "../../VRRPFindingsTests/Rules").standardized

    @Test("waiting as long as the session says misses nothing", arguments: seeds.prefix(6))
    func waiting(seed: Int) throws {
        let story = RandomStory(seed: seed).text
        let looks = try hold(Scenario(story), every: .milliseconds(20), "seed \(seed)\n\(story)")
        // Of some two thousand moments only those count at which something may happen.
        #expect(looks < 1000, "seed \(seed)")
    }

    @Test("a rule's scenarios are told live as soon as they are certain", arguments: Catalogue.wireRules.map(\.id))
    func rule(_ id: String) throws {
        for item in try GoldenFile("\(id).txt", beside: Self.rules.path, in: "Rules").cases {
            guard !item.directive.contains("clock-"), !item.directive.contains("capture 0,1") else { continue }
            let page = try #require(Catalogue[id]).page
            let lines = item.directive.split(separator: "\n", omittingEmptySubsequences: false)
            let text = lines.map { $0 == "example" ? Substring(page.onTheWire) : $0 }.joined(separator: "\n")
            let scenario = try Scenario(text)
            let end = scenario.inputs.lazy.compactMap(\.instant).last ?? Scenario.epoch
            // A long scenario is looked at as often as a short one.
            let grid = max(.milliseconds(100), (end - Scenario.epoch) / 200)
            _ = try hold(scenario, every: grid, "\(id), the case at line \(item.line)")
        }
    }

    /// Holds a session that is asked when it says so against a tracker that is asked for everything at every turn.
    ///
    /// - Returns: how often the session was asked.
    private func hold(_ scenario: Scenario, every grid: TimeSpan, _ comment: String) throws -> Int {
        let expectation = try scenario.expectation
        var tracker = Tracker(givenKeys: scenario.givenKeys)
        var inputs = scenario.inputs[...]
        var looks = 0
        var now = Scenario.epoch
        var opened: Set<String> = []
        var due: Set<String> = []
        func compare(at instant: CaptureInstant) {
            let rules = Catalogue.findings(in: tracker.observation, expecting: expectation).map(\.rule)
            let found = Set(rules.filter { !$0.isGradual }.map(\.id))
            // A look that would follow another at once waits for a moment, so a finding has one step of the grid.
            let late = due.subtracting(opened)
            due = found
            let second = (instant - Scenario.epoch).seconds
            #expect(late.isEmpty, "\(second) s: \(late.sorted()), \(comment)")
        }
        _ = scenario.play(expecting: expectation) { instant, events in
            looks += 1
            // Until its first input the session has not begun.
            if looks == 1 { now = instant }
            // Up to this turn nothing more was told than before: all that is certain by then must have been.
            while now + grid < instant {
                now = now + grid
                while let next = inputs.first, next.instant.map({ $0 <= now }) ?? true {
                    tracker.take(next)
                    inputs.removeFirst()
                }
                tracker.advance(to: now)
                compare(at: now)
            }
            for event in events {
                if case .findingOpened(let finding) = event.kind { opened.insert(finding.id) }
            }
        }
        return looks
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
        #expect(session.worst == session.document.gravest, "seed \(seed)")
    }
}
