import Testing
import VRRPTestSupport
import VRRPTracker
import VRRPWire

/// The verdict held against simulated routers, whose truth is known.
///
/// `.ci/stories` plays more of them; `.ci/stories show SEED --kind KIND --shrink` shows one that falls short.
@Suite struct StoryTests {
    /// The agreement that the tracker reaches on all stories together, of the time at which it is sure; to be raised as the
    /// tracker gets better.
    static let reached = 0.989
    /// The share of the time at which it must be sure.
    static let sure = 0.95

    /// The number of the suite's stories without harm in which something critical is found.
    static let falseAlarms = 0

    @Test("stories are told as they were") func agreement() {
        var tally = StoryTally(keeping: 5)
        for kind in StoryKind.allCases {
            for seed in 0..<UInt64(30) { tally.play(seed, kind: kind) }
        }
        let worst = tally.worst.map { "seed \($0.seed) \($0.kind.rawValue): \($0.score.sureAgreement)" }
        #expect(tally.total.sureAgreement >= Self.reached, "\(tally.total.sureAgreement); worst: \(worst)")
        #expect(tally.total.sureness >= Self.sure)
        #expect(tally.benign >= 50)
        #expect(tally.falseAlarms.values.reduce(0, +) == Self.falseAlarms, "\(tally.falseAlarms) in \(tally.benign)")
    }
}
