import Foundation
import Testing
import VRRPTestSupport
import VRRPWire

/// The simulator held against recordings of real routers that were treated alike, as the scripts in `Courses` tell them.
///
/// `courses.py` beside this file makes the scripts.
@Suite struct FidelityTests {
    static let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Courses")
    static let names = ((try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []).sorted()

    /// The share of time in which the masters must be the recorded ones.
    static let leastAgreement = 0.99
    /// The same where single adverts decide that were lost by chance.
    static let leastAgreementUnderLoss = 0.98

    @Test("there are courses to compare with") func courses() {
        #expect(Self.names.count >= 50)
    }

    @Test("simulated routers take the recorded course", arguments: names)
    func course(name: String) throws {
        let script = try Self.script(name)
        let simulated = Simulation.play(script.plan).truth
        let recorded = script.recordedTruth
        let end = script.plan.length
        let interval = script.plan.shortestInterval
        let tolerance = interval + interval / 4
        let score = StoryScore(of: simulated, against: recorded, until: end, tolerance: tolerance)
        let least = name.hasPrefix("loss") ? Self.leastAgreementUnderLoss : Self.leastAgreement
        #expect(score.agreement >= least, "first lost at \(score.firstDisagreement?.script ?? "no time")")
        // Chance decides of what is lost, and of sets that last hardly longer than the tolerance.
        guard !name.hasPrefix("loss") else { return }
        let isSame = [tolerance, interval * 7 / 4, interval * 5 / 2].contains { shortest in
            simulated.course(from: .zero, longerThan: shortest, until: end)
                == recorded.course(from: .zero, longerThan: shortest, until: end)
        }
        #expect(isSame, "\(simulated.masters), not \(recorded.masters)")
    }

    @Test("simulated routers speak as often as the recorded ones", arguments: names)
    func advertCounts(name: String) throws {
        let script = try Self.script(name)
        let counts = Simulation.play(script.plan).advertCounts
        let simulated = counts.values.reduce(0, +)
        let recorded = script.recordedAdverts.values.reduce(0, +)
        #expect(abs(simulated - recorded) <= max(5, recorded / 6), "\(counts), not \(script.recordedAdverts)")
    }

    private static func script(_ name: String) throws -> StoryScript {
        try StoryScript(String(contentsOf: folder.appending(path: name), encoding: .utf8))
    }
}
