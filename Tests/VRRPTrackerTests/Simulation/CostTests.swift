import Testing
import VRRPTestSupport
import VRRPTracker

/// The costs of a story are orders of magnitude: no verdict may hang on the exact number.
@Suite struct CostTests {
    /// The most by which the agreement with truth may fall where one cost is halved or doubled, of the time at which the
    /// report is sure.
    static let tolerated = 0.01

    @Test("costs halved or doubled one at a time hardly move the verdict") func costs() {
        let recordings = StoryKind.allCases.flatMap { kind in
            (100..<UInt64(102)).map { Simulation.play(.random(seed: $0, kind: kind)) }
        }
        let standard = Self.agreement(recordings, .standard)
        var lost: [(cost: Cost, factor: Float, agreement: Double)] = []
        for cost in Cost.allCases {
            for factor: Float in [0.5, 2] {
                let agreement = Self.agreement(recordings, Costs.standard.multiplying(cost, by: factor))
                if standard - agreement > Self.tolerated { lost.append((cost, factor, agreement)) }
            }
        }
        #expect(lost.isEmpty, "\(standard); \(lost.map { "\($0.cost) times \($0.factor): \($0.agreement)" })")
    }

    private static func agreement(_ recordings: [StoryRecording], _ costs: Costs) -> Double {
        recordings.reduce(StoryScore()) { sum, recording in
            var tracker = Tracker(costs: costs)
            for input in recording.inputs { tracker.take(input) }
            return sum + StoryScore(of: tracker.observation, against: recording)
        }
        .sureAgreement
    }
}
