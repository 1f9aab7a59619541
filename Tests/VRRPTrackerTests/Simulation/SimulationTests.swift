import Testing
import VRRPTestSupport
import VRRPTracker
import VRRPWire

/// Laws of the simulator itself, tried on random plans.
@Suite struct SimulationTests {
    @Test("a story follows from its seed", arguments: StoryKind.allCases)
    func repetition(kind: StoryKind) {
        let first = Simulation.play(.random(seed: 7, kind: kind))
        let again = Simulation.play(.random(seed: 7, kind: kind))
        #expect(first.frames == again.frames && first.log == again.log)
        #expect(!first.frames.isEmpty)
    }

    @Test("a plan survives being written and read", arguments: StoryKind.allCases)
    func scripts(kind: StoryKind) throws {
        for seed in 0..<UInt64(10) {
            var plan = StoryPlan.random(seed: seed, kind: kind)
            plan.conditions = StoryPlan.Conditions()
            #expect(try StoryScript(plan.script).plan == plan, "seed \(seed)")
        }
    }

    @Test("a scenario says what the captures saw", arguments: StoryKind.allCases)
    func scenarios(kind: StoryKind) throws {
        let recording = Simulation.play(.random(seed: 3, kind: kind))
        let scenario = try Scenario(recording.scenario)
        let frames = scenario.inputs.compactMap { input -> ([UInt8], CaptureInstant)? in
            if case .frame(let bytes, let sighting) = input { (bytes, sighting.instant) } else { nil }
        }
        try #require(frames.count == recording.frames.count)
        for (actual, expected) in zip(frames, recording.frames) {
            #expect(actual.0 == expected.bytes)
            #expect(actual.1 == Scenario.epoch + expected.time)
        }
    }

    @Test("only a master speaks, unless its daemon is known to speak sooner", arguments: StoryKind.allCases)
    func speech(kind: StoryKind) {
        for seed in 0..<UInt64(10) {
            var plan = StoryPlan.random(seed: seed, kind: kind)
            plan.steps.removeAll { if case .install = $0.deed { true } else { false } }
            for index in plan.routers.indices { plan.routers[index].daemon = .keepalived22 }
            let recording = Simulation.play(plan)
            let masters = Set(recording.log.filter { $0.event == .master }.map(\.router))
            for frame in recording.frames {
                if case .advert(let advert, _) = frame.content {
                    #expect(masters.contains(advert.sender), "seed \(seed)")
                }
            }
        }
    }

    @Test("a failing plan is made smaller and fails still") func shrinking() {
        let plan = StoryPlan.random(seed: 5, kind: .everything)
        func fails(_ plan: StoryPlan) -> Bool { Simulation.play(plan).advertCounts.count >= 2 }
        #expect(fails(plan))
        let shrunk = plan.shrunk(trying: 200, where: fails)
        #expect(fails(shrunk))
        #expect(shrunk.steps.count < plan.steps.count && shrunk.routers.count <= plan.routers.count)
        #expect(shrunk.routers.count == 2)
    }

    @Test("a timeline agrees with itself, and not with its opposite") func scores() {
        var timeline = MasterTimeline()
        var opposite = MasterTimeline()
        for second in stride(from: 0, to: 100, by: 10) as StrideTo<Int64> {
            timeline.append([Int(second / 10) % 2], from: .seconds(second))
            opposite.append([1 - Int(second / 10) % 2], from: .seconds(second))
        }
        let end = TimeSpan.seconds(100)
        #expect(StoryScore(of: timeline, against: timeline, until: end, tolerance: .seconds(1)).agreement == 1)
        let score = StoryScore(of: opposite, against: timeline, until: end, tolerance: .seconds(1))
        // Two seconds about each of the nine changes are forgiven.
        #expect(abs(score.agreement - 0.18) < 1e-9)
    }
}
