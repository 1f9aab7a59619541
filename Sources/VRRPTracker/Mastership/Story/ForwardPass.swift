internal import VRRPFacts
internal import VRRPWire

/// One router's forward pass over what is open: the cheapest way to each of its states, event by event.
struct ForwardPass {
    /// An event, and where the cheapest ways to the states behind it come from.
    struct Step {
        var instant: CaptureInstant
        /// The entry that was heard or sent; `nil` where an advert was due and did not come.
        var entry: Int32?
        /// Whether the router does not accept the entry, or perhaps not.
        var mayReject = false
        /// Whether only a point that was blind could have seen that the entry reaches the router.
        var mayMiss = false
        /// The position of the moves that the event allows.
        var moves: Int32
        var origins: Origins
        /// The cost of the cheapest way to each state behind the event.
        var costs: StateCosts
    }

    let facts: StoryFacts
    let table: AcceptanceTable
    let position: Int
    let own: [Int]
    private let keepsSteps: Bool
    /// The number of its own adverts that are behind.
    private(set) var passed = 0
    /// The evidence in the next of its own adverts that it was started since the latest one.
    private(set) var proof: Cost?
    /// The instant from which it was a Backup, by that evidence.
    private var waitsSince: CaptureInstant?
    /// The instants at which it announces the addresses, and the number of those that are behind.
    private let announcements: [CaptureInstant]
    private var announced = 0
    /// The cost of each state before the first event.
    let start: StateCosts
    private(set) var memory: StoryLog.Memory
    private(set) var steps: [Step] = []
    /// The moves that events allow; most events allow the same as one of the latest.
    private(set) var moves: [Moves] = []
    /// The positions of the moves at others' adverts, by ``Hearing/number``; negative where none has come.
    private var heardMoves = [129 of Int32](repeating: -1)
    /// The same at adverts that were due and did not come, and of which nothing proves that they were sent, by
    /// ``Missing/number``.
    private var missingMoves = [8 of Int32](repeating: -1)
    /// The first event behind this instant is preceded by what is settled.
    private let remembersAt: CaptureInstant?
    private(set) var remembered: (memory: StoryLog.Memory, steps: Int)?

    /// `cut` is where the pass shall remember how things stood, for it is settled up to there.
    init(
        _ facts: StoryFacts,
        _ table: AcceptanceTable,
        of position: Int,
        keepsSteps: Bool = true,
        cut: CaptureInstant? = nil
    ) {
        self.facts = facts
        self.table = table
        self.position = position
        own = facts.own[position]
        announcements = facts.announced[position]
        self.keepsSteps = keepsSteps
        remembersAt = cut
        memory =
            facts.log.memories.indices.contains(position)
            ? facts.log.memories[position] ?? .unheard(facts.costs) : .unheard(facts.costs)
        start = memory.costs
        if memory.own == nil, let first = own.first { expectFromBeginning(facts.log.entries[first]) }
        lookAtNext()
        run()
    }

    /// The cost of its cheapest story.
    var cost: Float { memory.costs[memory.costs.cheapest] }

    private mutating func run() {
        for index in facts.log.entries.indices {
            let entry = facts.log.entries[index]
            if entry.goesOn, Int(entry.router) != position { hearRun(before: index) }
            pass(until: entry.instant)
            if Int(entry.router) == position {
                if !entry.isRepetition { send(entry, at: index) }
            } else {
                switch facts.arrival(at: position, of: index) {
                case .arrives: hear(entry, at: index)
                case .mayArrive: hear(entry, at: index, mayMiss: true)
                case .doesNotArrive: break
                }
            }
        }
        pass(until: facts.end)
        remember()
    }

    /// Lets time pass up to an instant.
    private mutating func pass(until instant: CaptureInstant) {
        while announced < announcements.count, announcements[announced] < instant {
            announced += 1
            let announcement = announcements[announced - 1]
            letPass(until: announcement)
            announce(at: announcement)
        }
        letPass(until: instant)
    }

    private mutating func letPass(until instant: CaptureInstant) {
        if let remembersAt, instant > remembersAt { remember() }
        if let proof, let since = waitsSince, instant > since {
            waitsSince = nil
            miss(until: since)
            take(.waiting(facts.costs[proof], facts.costs), at: since, nil)
        }
        miss(until: instant)
    }

    /// Keeps how things stand where the pass shall remember it, once.
    private mutating func remember() {
        guard let remembersAt, remembered == nil else { return }
        miss(until: remembersAt)
        remembered = (memory, steps.count)
    }

    private mutating func take(
        _ moves: Moves,
        at instant: CaptureInstant,
        _ entry: Int?,
        mayReject: Bool = false,
        mayMiss: Bool = false
    ) {
        guard keepsSteps else {
            memory.costs = moves.step(from: memory.costs).after
            return
        }
        let place = position(of: moves)
        take(movesAt: place, at: instant, entry.map(Int32.init), mayReject: mayReject, mayMiss: mayMiss)
    }

    /// Takes in another's advert.
    ///
    /// All others' adverts allow few kinds of moves. Each kind is made once, for a story goes through more of such events than
    /// of all the others together.
    private mutating func take(
        _ hearing: Hearing,
        at instant: CaptureInstant,
        _ entry: Int,
        mayReject: Bool = false,
        mayMiss: Bool = false
    ) {
        if heardMoves[hearing.number] < 0 {
            heardMoves[hearing.number] = Int32(moves.count)
            moves.append(.hearing(hearing, facts.costs))
        }
        let place = heardMoves[hearing.number]
        take(movesAt: place, at: instant, Int32(entry), mayReject: mayReject, mayMiss: mayMiss)
    }

    /// Takes moves that are kept at a position.
    private mutating func take(
        movesAt place: Int32,
        at instant: CaptureInstant,
        _ entry: Int32?,
        mayReject: Bool = false,
        mayMiss: Bool = false
    ) {
        let (after, origins) = moves[Int(place)].step(from: memory.costs)
        memory.costs = after
        guard keepsSteps else { return }
        steps.append(
            Step(
                instant: instant,
                entry: entry,
                mayReject: mayReject,
                mayMiss: mayMiss,
                moves: place,
                origins: origins,
                costs: after
            )
        )
    }

    private static let movesCompared = 4

    /// The position at which moves are kept.
    private mutating func position(of moves: Moves) -> Int32 {
        var place = self.moves.count
        let least = max(0, place - Self.movesCompared)
        // Moves are large, and none is copied only to be looked at.
        while place > least {
            place -= 1
            if self.moves[place].costsSame(as: moves) { return Int32(place) }
        }
        self.moves.append(moves)
        return Int32(self.moves.count - 1)
    }

    // MARK: What it sends

    private mutating func send(_ entry: StoryLog.Entry, at index: Int) {
        let interval = facts.cadence(of: entry)
        if entry.priority == 0 {
            take(.resigning(facts.costs), at: entry.instant, index)
            expect(nil, after: entry)
            memory.heard.claimedAhead = false
        } else {
            let words = circumstances(of: entry, at: index, interval)
            take(.sending(words, facts.costs), at: entry.instant, index)
            expect(interval, after: entry)
            memory.heard.claimedAhead = words.isAhead
            // What is started may be another version.
            if words.numbers == .restarted { memory.announcesWithFirst = false }
            if !words.isAtCadence, !entry.goesOn, facts.announcesAtOnce(position, at: entry.instant, interval) {
                memory.announcesWithFirst = true
            }
        }
        memory.own = entry
        memory.heard.summons = nil
        memory.heard.isOverdue = false
        passed += 1
        lookAtNext()
    }

    /// Reads in the next of its own adverts whether it was started before.
    private mutating func lookAtNext() {
        proof = next.flatMap(proofOfStart)
        waitsSince = startOfWait()
    }

    // MARK: What it announces

    /// Takes in that it announces the addresses while it is not heard to advertise any more.
    private mutating func announce(at instant: CaptureInstant) {
        guard let own = memory.own ?? next, facts.log.beginning.map({ instant > $0 }) ?? false else { return }
        let interval = facts.cadence(of: own)
        // What it sends about its first advert, and what it still sends when it is no master any more, tells nothing new.
        let leaving = ElectionTimes.leavingAddresses(interval) + interval
        let isLeaving = memory.own.map { instant - $0.instant <= leaving } ?? false
        // A router that is new may have advertised before its first entry, while nobody knew what it is.
        let following = memory.own == nil ? facts.firstSeen[position] : next?.instant ?? facts.end
        guard !isLeaving, next?.goesOn != true, following - instant > ElectionTimes.announcementBefore(interval) else {
            return
        }
        take(.announcing(facts.costs), at: instant, nil)
    }

    // MARK: What it hears

    /// The advert that it sends next, if it does.
    var next: StoryLog.Entry? { passed < own.count ? facts.log.entries[own[passed]] : nil }

    private mutating func hear(_ entry: StoryLog.Entry, at index: Int, mayMiss: Bool = false) {
        // What it showed before and what it shows next may mean different things: it was reloaded in between.
        var said: (any: Bool, all: Bool) = (false, true)
        // A Backup may mind less than a master does.
        var isHeardAsBackup = false
        var wins: (any: Bool, all: Bool) = (false, true)
        var hasPriority = false
        // A Backup waits anew after an equal one too, whatever the addresses (RFC 9568 section 6.4.2).
        var isNoLesser = false
        var yieldsAsShown: Bool?
        func look(_ settings: UInt8, _ priority: UInt8) {
            let pair = StoryLog.Pair(receiver: settings, sender: entry.settings)
            let accepts = table.accepts(pair)
            said = (said.any || accepts, said.all && accepts)
            isHeardAsBackup = isHeardAsBackup || table.acceptsAsBackup(pair)
            guard priority > 0 else { return }
            hasPriority = true
            isNoLesser = isNoLesser || entry.priority >= priority
            let isBetter = facts.isBetter(entry, than: priority, of: position)
            wins = (wins.any || isBetter, wins.all && isBetter)
            yieldsAsShown = yieldsAsShown ?? (accepts && isBetter)
        }
        if let own = memory.own { look(own.settings, own.priority) }
        if passed < own.count {
            let next = own[passed]
            look(facts.log.entries[next].settings, facts.log.entries[next].priority)
        }
        if !hasPriority { wins = (true, false) }
        let accepts = said.any && said.all
        if !accepts { pushBack(entry, at: entry.instant) }
        let overdue = waitsTooLong(entry, accepts: isHeardAsBackup)
        if entry.priority == 0 {
            if isHeardAsBackup {
                memory.heard.resigned = entry.instant
                memory.heard.last = nil
            }
            return take(Hearing.resignation, at: entry.instant, index)
        }
        let mayYield = said.any && wins.any
        if isHeardAsBackup, isNoLesser || !hasPriority {
            let apart = ElectionTimes.disorder(facts.cadence(of: entry))
            if let better = memory.heard.better, entry.instant - better > apart { memory.heard.betterBefore = better }
            // The entry stands for all adverts of a steady master in a row.
            if entry.goesOn { memory.heard.betterBefore = entry.instant - facts.cadence(of: entry) }
            memory.heard.better = entry.instant
        }
        if mayYield { memory.heard.summons = memory.heard.summons ?? entry.instant }
        if isHeardAsBackup {
            memory.heard.last = entry
            memory.heard.resignedBefore = memory.heard.resigned ?? memory.heard.resignedBefore
            memory.heard.resigned = nil
        }
        take(
            Hearing(
                mayYield: mayYield,
                mustYield: accepts && wins.any && wins.all && !mayMiss,
                yieldsAsShown: yieldsAsShown,
                isSilent: accepts && !mayYield && isSilent(at: entry.instant),
                overdue: overdue
            ),
            at: entry.instant,
            index,
            mayReject: !accepts,
            mayMiss: mayMiss
        )
    }

    /// Whether it has said nothing for longer than its interval, and does not answer a lesser advert either.
    private func isSilent(at instant: CaptureInstant) -> Bool {
        guard let own = memory.own, instant - own.instant > ElectionTimes.overdue(facts.cadence(of: own)) else {
            return false
        }
        return next.map { $0.instant - instant > ElectionTimes.answering } ?? true
    }

    /// The evidence against a Backup that has just waited for longer than Master_Down_Interval, because it accepts none of the
    /// adverts that it hears; `nil` where it has not.
    private mutating func waitsTooLong(_ entry: StoryLog.Entry, accepts: Bool) -> Hearing.Overdue? {
        if accepts {
            memory.heard.accepted = entry.instant
            memory.heard.isOverdue = false
        }
        guard !accepts, let own = memory.own ?? next, let overdue = waitsTooLong(until: entry.instant, own) else {
            return nil
        }
        memory.heard.isOverdue = true
        return overdue
    }

    /// The evidence against a Backup with the priority and interval of an advert that should have become master an interval
    /// before; `nil` where it should not have.
    func waitsTooLong(until instant: CaptureInstant, _ own: StoryLog.Entry) -> Hearing.Overdue? {
        guard !memory.heard.isOverdue, var since = memory.heard.accepted ?? memory.own?.instant ?? facts.log.beginning
        else { return nil }
        if let spoke = memory.own?.instant { since = max(since, spoke) }
        let interval = facts.cadence(of: own)
        guard instant - since > facts.masterDownInterval(own, interval: interval) + interval else { return nil }
        // One that has shown no settings yet may have had others until just before it spoke.
        return memory.own == nil ? .reloaded : .waits
    }

    // MARK: What it should have sent

    /// Starts a router's timer anew at an advert that it rejects: keepalived does so (`vrrp_dispatcher_read`).
    private mutating func pushBack(_ entry: StoryLog.Entry, at instant: CaptureInstant) {
        guard memory.due.hearing < .distantFuture, !facts.keepsCadence[position], let own = memory.own ?? next else {
            return
        }
        // A socket for the group gets nothing that is for the host alone, nor the other way round.
        guard facts.settings(of: entry).isMulticast == facts.settings(of: own).isMulticast else { return }
        let interval = facts.cadence(of: own)
        let isTooLate = instant + ElectionTimes.tolerance(interval) >= memory.due.hearing
        memory.due.hearing = instant + interval
        memory.due.isPutOff = true
        memory.due.missing = nil
        if !isTooLate { memory.due.earliest = memory.due.hearing }
    }

    /// Hears the adverts of a run, of which the log has only the last, as far as they start the router's timer anew.
    private mutating func hearRun(before index: Int) {
        let entry = facts.log.entries[index]
        let start = index > 0 ? facts.log.entries[index - 1].instant : facts.log.beginning ?? entry.instant
        let pace = facts.cadence(of: entry)
        guard entry.instant - start > pace, memory.due.hearing < .distantFuture, let own = memory.own ?? next,
            !table.accepts(StoryLog.Pair(receiver: own.settings, sender: entry.settings))
        else { return }
        var instant = entry.instant - pace * Int64((entry.instant - start) / pace)
        while instant < entry.instant {
            pass(until: instant)
            pushBack(entry, at: instant)
            instant = instant + pace
        }
    }

    private mutating func expect(_ interval: TimeSpan?, after entry: StoryLog.Entry) {
        memory.due = StoryLog.Due()
        guard let interval else { return }
        memory.due.deaf = entry.instant + interval
        memory.due.hearing = memory.due.deaf
    }

    /// A router that is heard for the first time may have been master before, and silent.
    private mutating func expectFromBeginning(_ first: StoryLog.Entry) {
        guard let beginning = facts.log.beginning else { return }
        let interval = facts.cadence(of: first)
        memory.due.deaf = beginning + interval / 10
        // What was heard just before the beginning may hold it back for a whole interval.
        memory.due.hearing = beginning + interval
    }

    private static let mostMissing = 400
    /// More than any evidence is worth.
    private static let hopeless: Float = 60

    /// Whether no story in which it is master can be the cheapest any more, before it speaks again.
    private var isHopeless: Bool {
        let costs = memory.costs
        return min(costs[.master], costs[.deafMaster], costs[.unheardMaster]) > costs[costs.cheapest] + Self.hopeless
    }

    /// Takes in the adverts that were due and did not come, up to an instant.
    private mutating func miss(until instant: CaptureInstant) {
        guard min(memory.due.deaf, memory.due.hearing) < instant, let last = memory.own ?? next else { return }
        let interval = facts.cadence(of: last)
        let tolerance = ElectionTimes.tolerance(interval)
        if let next, next.goesOn || isReloaded(from: last, to: next) { return }
        while true {
            let isDeaf = memory.due.deaf <= memory.due.hearing
            let due = min(memory.due.deaf, memory.due.hearing)
            guard due + tolerance < instant else { return }
            if isHopeless {  // Where it can be no master any more, silence tells nothing.
                memory.due = StoryLog.Due()
                return
            }
            let count = isDeaf ? memory.due.deafCount : memory.due.hearingCount
            var number = 1
            if count < Self.mostMissing {
                if let seesAgain = facts.blindness(of: position).end(at: due, within: tolerance) {
                    // All that were due in a stretch in which nobody could see go by at once.
                    let blind = min(seesAgain, instant - tolerance * 2) + tolerance - due
                    number = min(max(1, Int(blind / interval)), Self.mostMissing - count)
                } else {
                    miss(isDeaf ? .deafMaster : .master, at: due, count, interval)
                }
            }
            let following = count < Self.mostMissing ? due + interval * Int64(number) : .distantFuture
            if isDeaf {
                memory.due.deaf = following
                memory.due.deafCount += number
            } else {
                memory.due.missing = memory.due.missing ?? due
                memory.due.hearing = following
                memory.due.isPutOff = false
                memory.due.hearingCount += number
            }
        }
    }

    /// Whether a router that reads a longer interval between two adverts may have sent all that were due, for its timer begins
    /// anew (keepalived SIGHUP).
    func isReloaded(from last: StoryLog.Entry, to next: StoryLog.Entry) -> Bool {
        let (before, after) = (facts.cadence(of: last), facts.cadence(of: next))
        return after > before && last.priority > 0 && next.priority > 0
            && next.instant - last.instant <= before + after + ElectionTimes.tolerance(after)
    }

    private mutating func miss(
        _ state: RouterState,
        at due: CaptureInstant,
        _ count: Int,
        _ interval: TimeSpan
    ) {
        let costs = facts.costs
        if let sent = proofOfSending(), count < sent.number {
            return take(.missing(of: state, cost: costs[.lateButSent], sent: sent, costs), at: due, nil)
        }
        var missing = Missing(isOfDeafMaster: state == .deafMaster)
        if count < 3 {
            if memory.due.isReplaced == nil { memory.due.isReplaced = isReplaced(interval) }
            missing.cost = memory.due.isReplaced == true ? .lateAndReplaced : .late
        }
        if missingMoves[missing.number] < 0 {
            missingMoves[missing.number] = Int32(moves.count)
            let least = state == .deafMaster ? costs[.lateThoughDeaf] : 0
            moves.append(.missing(of: state, cost: max(costs[missing.cost], least), sent: nil, costs))
        }
        take(movesAt: missingMoves[missing.number], at: due, nil)
    }

    /// The circumstances in which an advert did not come of which nothing proves that it was sent.
    private struct Missing {
        var isOfDeafMaster: Bool
        var cost = Cost.veryLate

        /// A number below 8 that differs for circumstances that differ.
        var number: Int {
            let kind =
                switch cost {
                case .late: 0
                case .lateAndReplaced: 1
                default: 2
                }
            return kind | (isOfDeafMaster ? 4 : 0)
        }
    }

    /// The number of adverts that it sent unheard before its next one, with the cost of a story in which it did not.
    private func proofOfSending() -> (number: Int, cost: Float)? {
        guard let own = memory.own, let next else { return nil }
        let numbers = facts.numberStep(from: own, to: next)
        if case .sent(let number) = numbers { return (number, facts.costs[.againstTheRules] * 1.5) }
        guard numbers == nil, next.priority > 0, facts.isInStep(from: own, to: next) == true else { return nil }
        let number = Int(((next.instant - own.instant) / facts.cadence(of: own)).rounded()) - 1
        return number > 0 ? (number, facts.costs[.coincidence]) : nil
    }

    /// Whether the first other that speaks since the router's latest advert is new, and begins when a Backup would.
    private func isReplaced(_ interval: TimeSpan) -> Bool {
        let entries = facts.log.entries
        let since = memory.own?.instant ?? (facts.log.beginning ?? facts.end) - interval * 9 / 10
        let until = next?.instant ?? .distantFuture
        var index = entries.partitioningIndex { $0.instant > since }
        while index < entries.count, Int(entries[index].router) == position || entries[index].priority == 0 {
            index += 1
        }
        guard index < entries.count, entries[index].instant < until,
            entries[index].instant - since > interval * 24 / 10
        else { return false }
        // A second master at its own cadence is no follower.
        let follower = entries[index]
        let before = entries[..<index].last { $0.router == follower.router && $0.priority > 0 && !$0.isRepetition }
        return before.map { follower.instant - $0.instant > interval * 24 / 10 } ?? true
    }
}

extension StoryLog.Memory {
    /// Of a router that has not been heard.
    static func unheard(_ costs: Costs) -> Self {
        var start = StateCosts()
        start[.down] = 0
        start[.backup] = 0
        start[.master] = costs[.masterBefore]
        start[.deafMaster] = costs[.deafBefore]
        start[.deafBackup] = costs[.deafBefore]
        start[.unheardMaster] = costs[.masterBefore] + costs[.losesItsAdverts]
        return Self(costs: start)
    }
}
