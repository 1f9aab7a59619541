import Testing
import VRRPTestSupport
import VRRPTracker
import VRRPWire

/// The verdict held against simulated routers, whose truth is known.
@Suite struct StoryTests {
    /// The agreement that the tracker reaches on all stories together; to be raised as the tracker gets better.
    static let reached = 0.98
    static let seeds = 0..<UInt64(20)

    @Test("stories are told as they were") func agreement() {
        var total = StoryScore()
        for kind in StoryKind.allCases {
            for seed in Self.seeds {
                let recording = Simulation.play(.random(seed: seed, kind: kind))
                total = total + StoryScore(of: recording.observation, against: recording)
            }
        }
        #expect(total.agreement >= Self.reached)
    }

    @Test("a story follows from its seed", arguments: StoryKind.allCases)
    func repetition(kind: StoryKind) {
        let first = Simulation.play(.random(seed: 7, kind: kind))
        let again = Simulation.play(.random(seed: 7, kind: kind))
        #expect(first.frames == again.frames && first.log == again.log)
        #expect(!first.frames.isEmpty)
    }
}
