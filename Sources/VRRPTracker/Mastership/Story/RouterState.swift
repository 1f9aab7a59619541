/// A state that a router can be in, as far as its part in a virtual router goes.
enum RouterState: UInt8, CaseIterable, Sendable {
    /// It is silent and hears nothing.
    case down
    case backup
    case master
    /// It is master and hears nobody, so that it neither yields nor is held back.
    case deafMaster
    /// It is Backup and hears nobody, so that it is about to take over beside a living master.
    case deafBackup
    /// It is master, and its adverts are lost on the way, so that Backups take over beside it.
    case unheardMaster

    var isReign: Bool { self == .master || self == .deafMaster || self == .unheardMaster }

    static let count = 6
}

/// A number for each state of a router: what the cheapest story costs that ends in the state.
struct StateCosts: Sendable {
    /// More than any story costs.
    static let never: Float = 1e9

    /// By the raw value of the state; the rest is room.
    var values = SIMD8<Float>(repeating: Self.never)

    /// All states are out of reach.
    init() {}

    init(values: SIMD8<Float>) { self.values = values }

    /// The state is certain, by decree.
    init(certainly state: RouterState) { self[state] = 0 }

    /// All states cost the same.
    static var nothing: StateCosts {
        var costs = StateCosts()
        for state in RouterState.allCases { costs[state] = 0 }
        return costs
    }

    subscript(state: RouterState) -> Float {
        get { values[Int(state.rawValue)] }
        set { values[Int(state.rawValue)] = newValue }
    }

    /// The state that the cheapest story ends in.
    var cheapest: RouterState {
        var best = 0
        for state in 1..<RouterState.count where values[state] < values[best] { best = state }
        return RouterState(rawValue: UInt8(best)) ?? .down
    }

    /// The cost of the cheapest story that ends with the router as master, and with the router as none.
    var byMastership: (master: Float, other: Float) {
        let master = min(self[.master], self[.deafMaster], self[.unheardMaster])
        return (master, min(self[.down], self[.backup], self[.deafBackup]))
    }
}
