internal import VRRPFacts
internal import VRRPWire

/// The cheapest story of a virtual router: who was master when, up to an instant.
struct Story {
    /// The settled reigns that were open where the stretch begins, by their position.
    private var continued: [(position: Int, reign: Reign)] = []
    /// The reigns that began in the stretch, in order of their start.
    private var begun: [Reign] = []
    /// Stretches in which an advert was due and nobody could have seen it.
    private(set) var unobserved: [Silence]
    /// Stretches in which it is uncertain whether a router is master, in order of their start.
    private(set) var doubts: [RouterStretch]
    /// Stretches in which a master was silent for longer than a Backup waits, likewise.
    private(set) var unheard: [RouterStretch]
    /// Pairs of settings that are accepted, or not, against their looks.
    let exceptions: [StoryLog.Pair]
    /// Whether a Backup rejects adverts of another interval, as a master does.
    let backupsMindInterval: Bool
    /// The number of entries that were gone through to find these.
    let readingPrice: Int
    /// Routers that reject another's adverts, or did, for a key that does not show: receiver and sender, by position.
    private(set) var keyRejections: [StoryLog.Pair]
    /// The memory of each router where the story is cut, if it was.
    private(set) var memories: [StoryLog.Memory?] = []

    /// By how much a story must be cheaper that takes settings for other than they look.
    private static let clearly: Float = 2.5
    /// By how much where both routers show the same settings.
    private static let clearlyAmongEquals: Float = 4
    /// By how much where implementations differ and none is the rule.
    private static let slightly: Float = 0.5
    /// The cost of the belief that of two routers one alone rejects the other.
    private static let oneWay: Float = 0.5
    private static let mostPairs = 40

    /// `cut` is where the story shall end, though what came later counts.
    init(
        of virtualRouter: VirtualRouter,
        until end: CaptureInstant,
        _ blindSpots: [BlindSpot],
        cut: CaptureInstant? = nil,
        isFinished: Bool = false
    ) {
        let facts = StoryFacts(virtualRouter, until: end, blindSpots)
        let reading = Self.reading(facts)
        let (table, exceptions) = (reading.table, reading.exceptions)
        let settled = virtualRouter.reigns.count
        self.exceptions = exceptions
        backupsMindInterval = table.backupsMindInterval
        readingPrice = reading.price
        keyRejections = virtualRouter.story.keyRejections
        for rejection in Self.keyRejections(facts, table, exceptions) where !keyRejections.contains(rejection) {
            keyRejections.append(rejection)
        }
        unobserved = virtualRouter.unobserved
        doubts = virtualRouter.doubts
        unheard = virtualRouter.unheard
        for position in facts.addresses.indices {
            if facts.isAbsent(position) {
                if cut != nil { memories.append(nil) }
                continue
            }
            let pass = ForwardPass(facts, table, of: position, cut: cut)
            let open = facts.log.memories.indices.contains(position) ? facts.log.memories[position]?.reign : nil
            var path = Path(facts, position, pass, until: cut, isFinished: isFinished)
            if let open { path.continueReign(virtualRouter.reigns[open]) }
            for doubts in reading.doubts(about: path, facts, position, until: cut) {
                Self.add(doubts, to: &self.doubts, most: VirtualRouter.mostDoubts)
            }
            path.walk()
            if let open, let first = path.reigns.first {
                continued.append((open, first))
                begun.append(contentsOf: path.reigns.dropFirst())
            } else {
                begun.append(contentsOf: path.reigns)
            }
            if !path.unobserved.isEmpty { note(path.unobserved) }
            Self.add(path.doubts, to: &doubts, most: VirtualRouter.mostDoubts)
            Self.add(path.unheard, to: &unheard, most: VirtualRouter.mostUnheard)
            if cut != nil, var memory = pass.remembered?.memory {
                memory.costs = StateCosts(certainly: path.state)
                memory.reign = nil
                memories.append(memory)
            }
        }
        if begun.count > 1 { begun.sort { $0.start < $1.start } }
        for position in memories.indices {
            let reign = openReign(of: position, behind: settled)
            memories[position]?.reign = reign
        }
    }

    private mutating func note(_ stretches: [Silence]) {
        unobserved.append(contentsOf: stretches)
        unobserved.sort { $0.start < $1.start }
        unobserved = Array(unobserved.prefix(VirtualRouter.mostUnobserved))
    }

    /// Adds stretches of a router in order of their start; the oldest of too many go.
    private static func add(_ stretches: [RouterStretch], to known: inout [RouterStretch], most: Int) {
        guard !stretches.isEmpty else { return }
        known.append(contentsOf: stretches)
        known.sort { $0.start < $1.start }
        known.removeFirst(max(0, known.count - most))
    }

    /// The position of the reign that a router is in at the end, where so many are settled.
    private func openReign(of router: Int, behind settled: Int) -> Int? {
        func isOpen(_ reign: Reign) -> Bool { reign.router == router && reign.end == nil }
        if let last = begun.lastIndex(where: isOpen) { return settled + last }
        return continued.first { isOpen($0.reign) }?.position
    }

    /// Adds what is told to the settled reigns: those that began in the stretch come last.
    func add(to settled: inout [Reign]) {
        for (position, reign) in continued { settled[position] = reign }
        settled.append(contentsOf: begun)
    }

    /// The positions of its reigns among the settled ones, behind ``add(to:)``.
    func positions(in settled: [Reign]) -> [Int] {
        continued.map(\.position) + Array(settled.count - begun.count..<settled.count)
    }

    /// The routers that are master at an instant, by the cheapest story that ends there.
    static func masters(of virtualRouter: VirtualRouter, at end: CaptureInstant, _ blindSpots: [BlindSpot]) -> RouterSet
    {
        let facts = StoryFacts(virtualRouter, until: end, blindSpots)
        let table = reading(facts).table
        var masters = RouterSet()
        for position in facts.addresses.indices where !facts.isAbsent(position) {
            let pass = ForwardPass(facts, table, of: position, keepsSteps: false)
            if pass.memory.costs.cheapest.isReign { masters.insert(position) }
        }
        return masters
    }

    /// The meaning of settings, with meanings that explain the wire nearly as well.
    private struct Reading {
        var table: AcceptanceTable
        var exceptions: [StoryLog.Pair]
        /// Pairs that may as well mean the opposite, together.
        var rivals: [[StoryLog.Pair]] = []
        /// The number of entries that were gone through to find out.
        var price = 0

        static let mostRivals = 4

        /// The stretches in which a router's story would be another one, for each rival that concerns the router.
        func doubts(
            about path: Path,
            _ facts: StoryFacts,
            _ position: Int,
            until cut: CaptureInstant?
        ) -> [[RouterStretch]] {
            rivals.filter { $0.contains { facts.shows(position, $0.receiver) } }.map { rival in
                var changed = table
                for pair in rival { changed.flip(pair) }
                let pass = ForwardPass(facts, changed, of: position, cut: cut)
                let other = Path(facts, position, pass, until: cut, isFinished: false)
                return path.differences(path.turns, other.turns)
            }
        }
    }

    /// Finds what settings mean: looks do not always decide it, and then the cheaper sum does, where it is clearly cheaper.
    ///
    /// Each attempt tells stories anew. Where frames have not paid for more of them, the pairs that are left mean what they
    /// look like, and are open to the next reading.
    private static func reading(_ facts: StoryFacts) -> Reading {
        var table = AcceptanceTable(facts.log)
        var exceptions = facts.log.exceptions
        var rivals: [[StoryLog.Pair]] = []
        let pairs = openPairs(facts, table)
        let minding = table.backupsMindInterval ? table.receiversOfOtherIntervals : []
        guard !pairs.isEmpty || !minding.isEmpty, pairs.count <= mostPairs else {
            return Reading(table: table, exceptions: exceptions)
        }
        let isHeard = facts.addresses.indices.map { !facts.isAbsent($0) && !facts.isOfTheCrowd($0) }
        var price = 0
        /// Whether frames paid for trying some meanings, which are paid for by that.
        func pays(for alternatives: [[StoryLog.Pair]]) -> Bool {
            let stories = alternatives.reduce(0) { sum, changed in
                sum
                    + facts.addresses.indices.count(where: { position in
                        isHeard[position] && changed.contains { facts.shows(position, $0.receiver) }
                    })
            }
            let next = price + stories * facts.log.entries.count
            guard next <= facts.log.readingCredit else { return false }
            price = next
            return true
        }
        var known = facts.addresses.indices.map {
            isHeard[$0] ? ForwardPass(facts, table, of: $0, keepsSteps: false).cost : 0
        }
        // What settings mean concerns those who show them; the stories of the others stay as they are.
        func costs(_ table: AcceptanceTable, _ changed: [StoryLog.Pair], _ tried: inout [Trial]) -> [Float] {
            facts.addresses.indices.map { position in
                guard isHeard[position] else { return 0 }
                let shown = changed.filter { facts.shows(position, $0.receiver) }
                if shown.isEmpty { return known[position] }
                if let trial = tried.first(where: { $0.position == position && $0.changed == shown }) {
                    return trial.cost
                }
                let cost = ForwardPass(facts, table, of: position, keepsSteps: false).cost
                tried.append(Trial(position: position, changed: shown, cost: cost))
                return cost
            }
        }
        var best = known.reduce(0, +)
        /// Takes a table in which some meanings are changed where that makes all stories together cheaper, and returns whether it did.
        func takes(_ changed: AcceptanceTable, _ pairs: [StoryLog.Pair]) -> Bool {
            var tried: [Trial] = []
            let costs = costs(changed, pairs, &tried)
            let sum = costs.reduce(0, +)
            guard sum < best - slightly else { return false }
            (best, known, table) = (sum, costs, changed)
            return true
        }
        let mindings = minding.map { StoryLog.Pair(receiver: $0, sender: $0) }
        if !mindings.isEmpty, best >= slightly, pays(for: [mindings]) {
            var changed = table
            changed.backupsMindInterval = false
            _ = takes(changed, mindings)
        }
        let byCount = pairs.flatMap { $0[0] }.filter(table.differsInAddresses)
        if !byCount.isEmpty, best >= slightly, pays(for: [byCount]) {
            var changed = table
            for pair in byCount { changed.flip(pair) }
            if takes(changed, byCount) { toggle(byCount, in: &exceptions) }
        }
        for alternatives in pairs where best >= clearly - BackwardLook.certainty {
            guard pays(for: alternatives) else { break }
            var cheapest: (sum: Float, pairs: [StoryLog.Pair], costs: [Float])?
            var tried: [Trial] = []
            for alternative in alternatives {
                var changed = table
                for pair in alternative { changed.flip(pair) }
                let costs = costs(changed, alternative, &tried)
                let sum = costs.reduce(0, +) + (alternative.count < alternatives[0].count ? oneWay : 0)
                if sum < cheapest?.sum ?? .infinity { cheapest = (sum, alternative, costs) }
            }
            guard let cheapest, let pair = cheapest.pairs.first else { continue }
            let threshold = pair.receiver == pair.sender ? clearlyAmongEquals : clearly
            let gain = best - cheapest.sum
            if abs(gain - threshold) < BackwardLook.certainty, rivals.count < Reading.mostRivals {
                rivals.append(cheapest.pairs)
            }
            guard gain > threshold else { continue }
            best = cheapest.sum
            known = cheapest.costs
            for pair in cheapest.pairs { table.flip(pair) }
            toggle(cheapest.pairs, in: &exceptions)
        }
        return Reading(table: table, exceptions: exceptions, rivals: rivals, price: price)
    }

    /// The cost of a router's cheapest story if some of the settings that it shows mean something else.
    private struct Trial {
        var position: Int
        var changed: [StoryLog.Pair]
        var cost: Float
    }

    private static func toggle(_ pairs: [StoryLog.Pair], in exceptions: inout [StoryLog.Pair]) {
        for pair in pairs {
            if let known = exceptions.firstIndex(of: pair) {
                exceptions.remove(at: known)
            } else {
                exceptions.append(pair)
            }
        }
    }

    /// The routers that reject another for a key that does not show.
    private static func keyRejections(
        _ facts: StoryFacts,
        _ table: AcceptanceTable,
        _ exceptions: [StoryLog.Pair]
    ) -> [StoryLog.Pair] {
        var found: [StoryLog.Pair] = []
        for exception in exceptions where !table.accepts(exception) {
            guard facts.log.settings[Int(exception.receiver)].hidesItsKey else { continue }
            for receiver in facts.shown.indices where facts.shown[receiver].contains(exception.receiver) {
                for sender in facts.shown.indices
                where sender != receiver && facts.shown[sender].contains(exception.sender) {
                    found.append(StoryLog.Pair(receiver: UInt8(receiver), sender: UInt8(sender)))
                }
            }
        }
        return found
    }

    /// The pairs of settings that may mean something else than they look like: both ways first, and then each way alone.
    private static func openPairs(_ facts: StoryFacts, _ table: AcceptanceTable) -> [[[StoryLog.Pair]]] {
        var found: [[[StoryLog.Pair]]] = []
        let count = facts.log.settings.count
        // For each setting, those with which it was looked at.
        var seen = [SettingSet](repeating: SettingSet(), count: count)
        for one in facts.shown.indices {
            for other in facts.shown.indices where other > one {
                for a in facts.shown[one] where !facts.settings[other].isSubset(of: seen[Int(a)]) {
                    for b in facts.shown[other] where !seen[Int(a)].contains(b) {
                        seen[Int(a)].insert(b)
                        seen[Int(b)].insert(a)
                        let ways = [StoryLog.Pair(receiver: a, sender: b), StoryLog.Pair(receiver: b, sender: a)]
                        let open = (a == b ? [ways[0]] : ways).filter(table.isOpen)
                        guard !open.isEmpty else { continue }
                        found.append(open.count == 2 ? [open, [open[0]], [open[1]]] : [open])
                    }
                }
            }
        }
        return found
    }
}
