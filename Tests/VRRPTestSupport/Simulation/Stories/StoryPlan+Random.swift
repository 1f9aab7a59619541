import VRRPWire

extension StoryPlan {
    /// Returns the plan that follows from a seed, of a given kind, or of the kind that the seed draws.
    package static func random(seed: UInt64, kind: StoryKind? = nil) -> Self {
        var writer = PlanWriter(noise: SplitMix64(seed: seed))
        let drawn = writer.pick(StoryKind.allCases)
        return writer.plan(kind ?? drawn, seed: seed)
    }

    /// The kind that a seed draws.
    package static func kind(ofSeed seed: UInt64) -> StoryKind {
        var writer = PlanWriter(noise: SplitMix64(seed: seed))
        return writer.pick(StoryKind.allCases)
    }
}

extension PlanWriter {
    fileprivate mutating func plan(_ kind: StoryKind, seed: UInt64) -> StoryPlan {
        setUpRouters(kind)
        if kind == .misconfiguration { misconfigure() }
        let end = unit * Int64(number(50...110))
        for index in routers.indices {
            add(.start(index))
            if chance(25) { pass(0...50) }
        }
        if chance(5) { add(.loseAtCapture(percent: number(1...3))) }
        pass(45...80)
        while now < end, kind != .quiet {
            let faults = kind == .everything && chance(30) ? 2 : 1
            let start = now
            var latest = now
            for _ in 0..<faults {
                now = start
                happen(kind)
                latest = max(latest, now)
            }
            now = latest
            pass(30...90)
        }
        let length = max(now, end)
        var plan = StoryPlan(seed: seed, routers: routers, steps: Self.sorted(steps), length: length)
        plan.conditions = drawConditions()
        return plan
    }

    private mutating func happen(_ kind: StoryKind) {
        switch kind {
        case .quiet: break
        case .restarts, .misconfiguration: restart()
        case .stalls: stall()
        case .links: cutLink()
        case .loss: if chance(25) { deafen() } else { loseSome() }
        case .partition: part()
        case .tracking: track()
        case .reload: reloadOne()
        case .rolling: roll()
        case .upgrade: upgrade()
        case .everything:
            happen(pick([.restarts, .stalls, .links, .loss, .loss, .tracking, .reload, .rolling, .partition]))
        }
    }

    private mutating func drawConditions() -> StoryPlan.Conditions {
        var conditions = StoryPlan.Conditions()
        if chance(15) {
            // A busy machine.
            conditions.timerLateness = min(.milliseconds(8), unit / 20)
            conditions.rareEvery = 15
            conditions.rareLateness = min(.milliseconds(90), unit / 4)
        }
        if chance(15) { conditions.longestDelay = min(.milliseconds(5), unit / 20) }
        if chance(5) { conditions.duplicatesPerMille = 20 }
        if chance(15) { conditions.captureJitter = .milliseconds(1) }
        return conditions
    }

    private static func sorted(_ steps: [StoryPlan.Step]) -> [StoryPlan.Step] {
        steps.enumerated().sorted { ($0.element.time, $0.offset) < ($1.element.time, $1.offset) }.map(\.element)
    }
}
