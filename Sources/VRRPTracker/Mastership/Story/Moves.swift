/// Why a router is in another state, or in the same, after an event: the name of a row in the table of moves.
enum Move: UInt8, Sendable {
    case stays
    case starts, stops
    case claims, claimsAhead, claimsDeaf, resumes, claimsAsDeaf, crosses, goesOn, goesDeaf, hearsAgain, restarts
    case resigns, stepsBack, resignsUnheard
    case waits, yields, yieldsAgainstRules, ignores, hearsOne
    case late, dies, provedSending, waitsAnew
    case losesItsAdverts, isLost, isHeardAgain, isHeardOnce
    case announces
}

/// The moves that an event allows, with what each costs.
struct Moves: Sendable {
    /// For each state that is left, the costs of the moves to each state.
    private var costs = [6 of SIMD8<Float>](repeating: SIMD8(repeating: StateCosts.never))
    private var names = [36 of Move](repeating: .stays)

    /// No move is allowed.
    init() {}

    /// Every state may go on.
    static var staying: Moves {
        var moves = Moves()
        for state in RouterState.allCases { moves[state, state] = (.stays, 0) }
        return moves
    }

    subscript(from: RouterState, to: RouterState) -> (name: Move, cost: Float) {
        @inline(__always)
        get {
            let (from, to) = (Int(from.rawValue), Int(to.rawValue))
            return (names[from * RouterState.count + to], costs[from][to])
        }
        @inline(__always)
        set {
            let (from, to) = (Int(from.rawValue), Int(to.rawValue))
            names[from * RouterState.count + to] = newValue.name
            costs[from][to] = newValue.cost
        }
    }

    /// Whether the same moves cost the same.
    func costsSame(as other: Moves) -> Bool {
        for from in 0..<RouterState.count where costs[from] != other.costs[from] { return false }
        return true
    }

    /// One step of the forward pass: the cheapest way to each state, and where it comes from.
    func step(from before: StateCosts) -> (after: StateCosts, origins: Origins) {
        // Where two ways cost the same, nothing changed; but a Backup went down as late as it can have.
        let staying = SIMD8(0, costs[1][1], costs[2][2], costs[3][3], costs[4][4], costs[5][5], 0, 0)
        var after = before.values + staying
        let (down, backup) = (Int(RouterState.down.rawValue), Int(RouterState.backup.rawValue))
        after[down] = before.values[backup] + costs[backup][down]
        var origins = Origins.places &* SIMD8(Int32(backup), 1, 2, 3, 4, 5, 0, 0)
        for from in 0..<RouterState.count where before.values[from] < StateCosts.never {
            // All states at once: this is where a story spends its time.
            let cost = costs[from] + before.values[from]
            let isCheaper = cost .< after
            after.replace(with: cost, where: isCheaper)
            origins.replace(with: Origins.places &* Int32(from), where: isCheaper)
        }
        return (StateCosts(values: after), Origins(origins))
    }

    /// One step of the backward look: the cheapest way on from each state before the event, by those behind it.
    func stepBack(to rest: StateCosts) -> StateCosts {
        var before = StateCosts()
        // All states that are reached at once; the room behind the last one costs more than any.
        for from in 0..<RouterState.count {
            before.values[from] = min(StateCosts.never, (costs[from] + rest.values).least)
        }
        return before
    }
}

extension SIMD8<Float> {
    /// The least of the elements, in three steps.
    fileprivate var least: Float {
        let four = pointwiseMin(lowHalf, highHalf)
        let two = pointwiseMin(four.lowHalf, four.highHalf)
        return Swift.min(two[0], two[1])
    }
}

/// The state that the cheapest way to each state comes from.
struct Origins: Sendable {
    /// Three bits for each.
    private let bits: UInt32

    /// The factor that moves a state's number to the place of each.
    @inline(__always)
    fileprivate static var places: SIMD8<Int32> { SIMD8(1, 1 << 3, 1 << 6, 1 << 9, 1 << 12, 1 << 15, 0, 0) }

    /// The numbers of the states, each at its place.
    @inline(__always)
    fileprivate init(_ values: SIMD8<Int32>) { bits = UInt32(truncatingIfNeeded: values.wrappedSum()) }

    subscript(state: RouterState) -> RouterState {
        RouterState(rawValue: UInt8(truncatingIfNeeded: bits >> (3 * UInt32(state.rawValue)) & 7)) ?? .down
    }
}

/// The circumstances of an advert that a router sends.
struct Circumstances {
    /// The evidence against a Backup that begins now; 0 where nothing speaks against it.
    var reason: Float
    var numbers: NumberStep?
    /// Whether it comes no later than one interval after the one before.
    var isAtCadence = false
    /// Whether it comes so long after the one before that its sender may have been started meanwhile.
    var hasWaited = false
    /// Whether it comes sooner after the one before than a Backup that hears nobody would send it.
    var isTooSoon = false
    /// Whether an advert that it rejects should have held it back (keepalived, `vrrp_dispatcher_read`).
    var isEarly = false
    /// Whether it comes just when a master would speak that an advert which it rejects held back.
    var isWhenHeldBack = false
    /// The evidence against a Backup, which would have become master long before; `nil` for none.
    var waits: Hearing.Overdue?
    /// Whether a master that went on would have sent it at another time.
    var isOutOfStep = false
    /// The evidence against a router that began or went on, where a better advert came just before and may have been
    /// heard after it.
    var crossing: Float?
    /// Whether its sender only says that it will be master.
    var isAhead = false
    /// Whether it announces the addresses like a new master.
    var announcesAnew = false
    /// Whether it comes right behind a lesser advert, and whether another took over from its sender meanwhile.
    var answersAtOnce = false
    var isReplaced = false
    /// The timing of the advert, for a master that was not heard for a while.
    var asUnheard = Unheard.atOtherTimes

    enum Unheard {
        /// None was due since the one before.
        case onTime
        /// The identification shows that it sent fewer than were due.
        case didNotSend
        case atOtherTimes
        /// Just then, as a Backup does by chance.
        case inStep
        /// Just then, right behind a lesser advert.
        case answers
    }
}

/// The circumstances in which a router may hear another's advert.
struct Hearing {
    /// Whether it accepts the advert and the advert is better, possibly and certainly.
    var mayYield = false
    var mustYield = false
    /// Whether it does by what it showed latest; a master that is reloaded shows its new settings at once.
    var yieldsAsShown: Bool?
    /// Whether it keeps silent although it should answer a lesser advert that it accepts.
    var isSilent = false
    /// The evidence against a Backup, which should have become master by now: it accepted nothing for Master_Down_Interval.
    var overdue: Overdue?
    /// Whether the advert is a priority 0, about which nothing else counts.
    var isOfResignation = false

    /// The evidence against a Backup that accepts nothing.
    enum Overdue: Int {
        case waits = 1
        /// The same of one that has not shown yet which it accepts.
        case reloaded = 2

        var cost: Cost { self == .waits ? .waits : .reloaded }
    }

    static let resignation = Self(isOfResignation: true)

    /// A number below 129 that differs for circumstances that differ.
    var number: Int {
        if isOfResignation { return 128 }
        let flags = (mayYield ? 1 : 0) | (mustYield ? 2 : 0) | (isSilent ? 4 : 0)
        let shown = yieldsAsShown.map { $0 ? 2 : 1 } ?? 0
        return flags | shown << 3 | (overdue?.rawValue ?? 0) << 5
    }
}

// MARK: The table

extension Moves {
    /// The moves at a priority 0 of its own: only a master resigns (RFC 9568 section 6.4.3, keepalived `vrrp_state_leave_master`, FRR
    /// `vrrp_shutdown`).
    static func resigning(_ costs: Costs) -> Moves {
        var moves = Moves()
        let forbidden = costs[.againstTheRules]
        moves[.master, .down] = (.resigns, 0)
        moves[.deafMaster, .down] = (.resigns, 0)
        // A tracked fault may be over before the next advert.
        moves[.master, .backup] = (.stepsBack, 0.5)
        moves[.deafMaster, .deafBackup] = (.stepsBack, 0.5)
        moves[.unheardMaster, .down] = (.resigns, costs[.heardOnce])
        moves[.unheardMaster, .backup] = (.stepsBack, costs[.heardOnce] + 0.5)
        moves[.backup, .down] = (.resignsUnheard, forbidden)
        moves[.deafBackup, .down] = (.resignsUnheard, forbidden)
        moves[.down, .down] = (.resignsUnheard, forbidden + 2)
        moves[.backup, .backup] = (.resignsUnheard, forbidden + 1)
        return moves
    }

    /// The moves at an advert of its own.
    static func sending(_ words: Circumstances, _ costs: Costs) -> Moves {
        var moves = Moves()
        // Its timer may run out by chance just when another would have it answer.
        let speaksAsUnheard = words.asUnheard == .inStep || words.asUnheard == .answers
        let chance = words.isWhenHeldBack || (speaksAsUnheard && !words.isAhead) ? costs[.coincidence] : 0
        // One that goes on announces nothing either; and it does not wake up just when another speaks.
        let chanceOfResuming =
            words.isWhenHeldBack || words.answersAtOnce
            ? costs[.coincidence] : words.asUnheard == .inStep && !words.isAhead ? costs[.coincidence] / 3 : 0
        let reason = (words.isAhead ? max(words.reason, costs[.coincidence]) : words.reason) + chance
        let begins = reason + costs[.claims]
        let waiting = words.waits.map { costs[$0.cost] } ?? 0
        moves[.backup, .master] = (.claims, begins + waiting)
        moves[.backup, .deafMaster] = (.claimsDeaf, reason + waiting + costs[.goesDeaf])
        let tooSoon = words.isTooSoon ? costs[.againstTheRules] : 0
        moves[.deafBackup, .deafMaster] = (.claimsAsDeaf, 0.3 + chance + tooSoon)
        moves[.down, .master] = (.resumes, costs[words.numbers == .next ? .resumes : .jumps] + chanceOfResuming)
        // It was started, and waited for Master_Down_Interval beside nobody who would show that it hears.
        if words.hasWaited { moves.lower(.down, .master, .restarts, costs[.starts] + begins) }
        moves[.down, .deafMaster] = (.resumes, costs[.jumps] + 1 + costs[.goesDeaf])
        // One that is late, so that another takes over, was stalled, and answers by chance only.
        let stalled = words.answersAtOnce && words.isReplaced ? costs[.coincidence] : 0
        moves[.master, .master] = (.goesOn, stalled + (words.isEarly ? costs[.earlyThoughHeldBack] : 0))
        moves[.deafMaster, .deafMaster] = (.goesOn, 0)
        moves[.master, .deafMaster] = (.goesDeaf, costs[.goesDeaf])
        moves[.deafMaster, .master] = (.hearsAgain, costs[.hearsAgain])
        let strange = costs.strange(words.asUnheard)
        moves[.unheardMaster, .master] = (.isHeardAgain, strange)
        moves[.unheardMaster, .unheardMaster] = (.isHeardOnce, strange + costs[.heardOnce])
        // Nobody held it back, and it did not keep its cadence; or it announces the addresses for no other reason.
        let oddities =
            (words.isOutOfStep ? costs[.coincidence] : 0) + (words.announcesAnew ? costs[.againstTheRules] : 0)
        if oddities > 0 {
            for state in [RouterState.master, .deafMaster] { moves[state, state].cost += oddities }
        }
        // Nothing holds a deaf master back, so it would have sent all that were due.
        if words.numbers == NumberStep.some { moves[.deafMaster, .deafMaster].cost += costs[.againstTheRules] }
        if let crossing = words.crossing { moves[.backup, .backup] = (.crosses, crossing + costs[.crosses]) }
        if words.isAhead {
            moves.lower(.backup, .backup, .claimsAhead, costs[.claims])
            moves.lower(.down, .backup, .claimsAhead, costs[.starts] + costs[.claims])
        }
        guard words.numbers == .restarted else { return moves }
        if words.isAtCadence {  // It was reloaded and kept its cadence (SIGHUP keeps mastership).
            moves[.master, .master].cost = 0.3
            moves[.deafMaster, .deafMaster].cost = 0.3
            moves[.down, .master] = (.restarts, costs[.jumps] + 1)
        } else {  // keepalived numbers from 1 when it starts (`vrrp_update_pkt`).
            moves[.master, .master].cost = costs[.againstTheRules]
            moves[.deafMaster, .deafMaster].cost = costs[.againstTheRules]
            moves[.down, .master] = (.restarts, costs[.starts] + begins)
            moves[.down, .deafMaster] = (.restarts, 3)
        }
        return moves
    }

    private mutating func lower(_ from: RouterState, _ to: RouterState, _ name: Move, _ cost: Float) {
        if cost < self[from, to].cost { self[from, to] = (name, cost) }
    }

    /// The moves at another's advert, for a router that may hear it (RFC 9568 sections 6.4.2 and 6.4.3).
    ///
    /// Nobody yields to a priority 0.
    static func hearing(_ words: Hearing, _ costs: Costs) -> Moves {
        var moves = Moves.staying
        moves.letStartAndStop(costs)
        if words.isOfResignation { return moves }
        let (mayYield, mustYield, yieldsAsShown) = (words.mayYield, words.mustYield, words.yieldsAsShown)
        if let overdue = words.overdue { moves[.backup, .backup] = (.waits, costs[overdue.cost]) }
        if mustYield {
            moves[.master, .master] = (.ignores, costs[.goesDeaf] + 50)
            moves[.master, .backup] = (.yields, 0)
        } else if mayYield {
            moves[.master, .master] = (.ignores, yieldsAsShown == false ? 0 : costs[.unknown])
            moves[.master, .backup] = (.yields, yieldsAsShown == true ? 0 : costs[.unknown])
        } else {
            moves[.master, .backup] = (.yieldsAgainstRules, costs[.againstTheRules])
        }
        // A master hears as one, whether others hear it or not.
        moves[.unheardMaster, .backup] = moves[.master, .backup]
        moves[.unheardMaster, .unheardMaster] = moves[.master, .master]
        if words.isSilent { moves[.master, .master] = (.stays, costs[.silentBesideLesser]) }
        moves[.master, .deafMaster] = (.goesDeaf, costs[.goesDeaf])
        moves[.backup, .deafBackup] = (.goesDeaf, costs[.goesDeaf] - 0.3)
        moves[.deafBackup, .backup] = (.hearsAgain, costs[.hearsAgain])
        moves[.deafMaster, .backup] = (.yields, costs[.hearsAgain] + (mayYield ? 0 : costs[.againstTheRules]))
        if mayYield { moves[.deafMaster, .deafBackup] = (.hearsOne, costs[.hearsOne]) }
        if !mustYield { moves[.deafMaster, .master] = (.hearsAgain, costs[.hearsAgain]) }
        return moves
    }

    private mutating func letStartAndStop(_ costs: Costs) {
        self[.down, .backup] = (.starts, costs[.starts])
        for state in RouterState.allCases where state != .down { self[state, .down] = (.stops, costs[.stops]) }
    }

    /// The moves at its announcement of the virtual addresses, which only a master makes (RFC 9568 section 6.4.2, keepalived
    /// `vrrp_send_link_update`), while it is not heard to advertise.
    static func announcing(_ costs: Costs) -> Moves {
        var moves = Moves.staying
        for state in RouterState.allCases where !state.isReign {
            moves[state, state] = (.announces, costs[.coincidence])
        }
        moves[.backup, .unheardMaster] = (.losesItsAdverts, costs[.losesItsAdverts])
        return moves
    }

    /// The moves where a router begins to wait for Master_Down_Interval, as its next advert shows.
    static func waiting(_ proof: Float, _ costs: Costs) -> Moves {
        var moves = Moves.staying
        moves.letStartAndStop(costs)
        for state in RouterState.allCases where state.isReign { moves[state, state] = (.waitsAnew, proof) }
        return moves
    }

    /// The moves at an advert that was due for a master, deaf or not, and did not come.
    ///
    /// `sent` is the number of adverts that it sent unheard, with the cost of a story in which it did not, if there is proof.
    static func missing(
        of state: RouterState,
        cost: Float,
        sent: (number: Int, cost: Float)?,
        _ costs: Costs
    ) -> Moves {
        var moves = Moves.staying
        moves[state, state] = (.late, cost)
        moves[state, .down] = (.dies, costs[.stops])
        if state == .master {
            moves[.master, .unheardMaster] = (.losesItsAdverts, costs[.losesItsAdverts])
            moves[.unheardMaster, .unheardMaster] = (.isLost, costs[.isLost])
            moves[.unheardMaster, .down] = (.dies, costs[.stops])
        }
        guard let sent else { return moves }
        for silent in [RouterState.down, .backup, .deafBackup] {
            moves[silent, silent] = (.provedSending, sent.cost / Float(max(sent.number, 1)))
        }
        return moves
    }
}

extension Costs {
    /// The evidence against a master that was not heard for a while, by when it would have spoken.
    fileprivate func strange(_ timing: Circumstances.Unheard) -> Float {
        switch timing {
        case .answers, .onTime: 0
        case .inStep: self[.coincidence] / 2
        case .atOtherTimes: self[.coincidence]
        case .didNotSend: self[.coincidence] + self[.againstTheRules]
        }
    }
}

/// The evidence of the IPv4 identification about the time between two adverts of one router.
enum NumberStep: Hashable, Sendable {
    /// Nothing was sent in between.
    case next
    /// So many were sent in between and lost on the way, which is all that were due.
    case sent(Int)
    /// Some were.
    case some
    /// The numbers begin anew.
    case restarted
}
