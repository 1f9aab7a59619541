import VRRPWire

/// Writes a random plan: it draws from a generator and keeps the time.
struct PlanWriter {
    var noise: SplitMix64
    var routers: [StoryPlan.Router] = []
    var steps: [StoryPlan.Step] = []
    /// The settings as they will be at ``now``.
    var settings: [RouterSettings] = []
    var now = TimeSpan.zero
    /// By this the lengths of faults and pauses are measured.
    var unit = TimeSpan.seconds(1)
    /// The number of changes that were rolled out.
    var rolled = 0

    var count: Int { routers.count }

    mutating func number(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &noise) }

    mutating func chance(_ percent: Int) -> Bool { noise.chance(percent, of: 100) }

    mutating func pick<Element>(_ elements: [Element]) -> Element {
        elements[Int.random(in: elements.indices, using: &noise)]
    }

    mutating func router() -> Int { number(0...count - 1) }

    /// A span of so many tenths of the unit.
    mutating func span(_ tenths: ClosedRange<Int>) -> TimeSpan {
        noise.span(unit * Int64(tenths.lowerBound) / 10, unit * Int64(tenths.upperBound) / 10)
    }

    /// Lets some tenths of the unit pass.
    mutating func pass(_ tenths: ClosedRange<Int>) { now = now + span(tenths) }

    mutating func add(_ deed: StoryPlan.Deed) { steps.append(.init(now, deed)) }

    /// Changes a router's settings by a reload.
    mutating func reload(_ router: Int, _ change: (inout RouterSettings) -> Void) {
        change(&settings[router])
        add(.reload(router, settings[router]))
    }
}
