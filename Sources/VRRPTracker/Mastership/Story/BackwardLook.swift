/// The backward look over a forward pass: the cheapest story of a router, and the doubt about it.
///
/// At each event two sums are compared: the cheapest story in which the router is master behind the event, and the
/// cheapest one in which it is not. Where they are close to each other, the wire does not decide between them.
struct BackwardLook {
    /// The least difference of the two sums at which the cheaper story is certain.
    static let certainty: Float = 1

    /// The state behind each step.
    let states: [RouterState]
    /// Whether mastership is uncertain behind each step.
    let doubts: [Bool]
    /// The state before the first step.
    let first: RouterState
    let isFirstDoubtful: Bool

    init(_ pass: ForwardPass, from start: StateCosts) {
        var state = pass.memory.costs.cheapest
        var rest = StateCosts.nothing
        var states: [RouterState] = []
        var doubts: [Bool] = []
        states.reserveCapacity(pass.steps.count)
        doubts.reserveCapacity(pass.steps.count)
        for index in pass.steps.indices.reversed() {
            states.append(state)
            doubts.append(Self.isDoubtful(pass.steps[index].costs, rest))
            rest = pass.moves[Int(pass.steps[index].moves)].stepBack(to: rest)
            state = pass.steps[index].origins[state]
        }
        states.reverse()
        doubts.reverse()
        self.states = states
        self.doubts = doubts
        first = state
        isFirstDoubtful = Self.isDoubtful(start, rest)
    }

    private static func isDoubtful(_ before: StateCosts, _ after: StateCosts) -> Bool {
        let (master, other) = StateCosts(values: before.values + after.values).byMastership
        return abs(min(master, StateCosts.never) - min(other, StateCosts.never)) < certainty
    }
}
