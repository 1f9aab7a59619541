internal import VRRPFacts
internal import VRRPWire

/// The states that the cheapest story goes through, and the reigns that they make.
struct Path {
    private let facts: StoryFacts
    private let position: Int
    private let steps: ArraySlice<ForwardPass.Step>
    /// The state behind each step up to the end of the path.
    private let states: ArraySlice<RouterState>
    /// The state in which it ends.
    private(set) var state: RouterState
    private let end: CaptureInstant
    private let isFinished: Bool
    private let due: StoryLog.Due
    private let memory: StoryLog.Memory?
    private(set) var reigns: [Reign] = []
    private(set) var unobserved: [Silence] = []
    /// Stretches in which it is uncertain whether the router is master, in order.
    private(set) var doubts: [RouterStretch]
    /// Stretches in which it was silent for longer than a Backup waits and was still master, in order.
    private(set) var unheard: [RouterStretch] = []
    /// The reign that is open at the step at hand.
    private var open: Reign?
    /// Whether the router was master before it was heard, and has not been heard since.
    private var isUnheard = false
    /// Whether it heard an advert that it may reject, since it spoke.
    private var isHeldBack = false

    /// `cut` is where the path shall end, though what came later decided about it.
    init(_ facts: StoryFacts, _ position: Int, _ pass: ForwardPass, until cut: CaptureInstant?, isFinished: Bool) {
        self.isFinished = isFinished
        due = pass.memory.due
        self.facts = facts
        self.position = position
        let look = BackwardLook(pass, from: pass.start)
        let kept = cut == nil ? pass.steps.count : pass.remembered?.steps ?? pass.steps.count
        steps = pass.steps.prefix(kept)
        states = look.states.prefix(kept)
        state = look.first
        end = cut ?? facts.end
        doubts = Self.doubts(look, steps, of: position, from: facts.log.beginning ?? end, until: end)
        // Whether a router still goes on shows when its next advert is due.
        if cut == nil, let own = pass.memory.own, own.priority > 0,
            facts.end - own.instant <= ElectionTimes.overdue(facts.cadence(of: own)),
            let last = doubts.last, last.end == facts.end, last.start >= own.instant
        {
            doubts.removeLast()
        }
        memory = facts.log.memories.indices.contains(position) ? facts.log.memories[position] : nil
    }

    private static func doubts(
        _ look: BackwardLook,
        _ steps: ArraySlice<ForwardPass.Step>,
        of router: Int,
        from beginning: CaptureInstant,
        until end: CaptureInstant
    ) -> [RouterStretch] {
        var doubts: [RouterStretch] = []
        if look.isFirstDoubtful { doubts.add(router, from: beginning, to: steps.first?.instant ?? end) }
        for index in steps.indices where look.doubts[index] {
            let next = index + 1 < steps.endIndex ? steps[index + 1].instant : end
            doubts.add(router, from: steps[index].instant, to: next)
        }
        return doubts
    }

    /// The instants at which the router becomes master and ceases to be, in turn; the first makes it master.
    ///
    /// Called before ``walk()``.
    var turns: [CaptureInstant] {
        var turns: [CaptureInstant] = []
        var isMaster = false
        func note(_ state: RouterState, at instant: CaptureInstant) {
            guard state.isReign != isMaster else { return }
            isMaster.toggle()
            turns.append(instant)
        }
        note(state, at: facts.log.beginning ?? end)
        for (index, state) in states.enumerated() { note(state, at: steps[index].instant) }
        return turns
    }

    /// The stretches in which two paths of one router say otherwise, given by their ``turns``.
    func differences(_ own: [CaptureInstant], _ others: [CaptureInstant]) -> [RouterStretch] {
        var stretches: [RouterStretch] = []
        // Between an odd and an even turn of both lists together, the two paths differ.
        let all = (own + others).sorted()
        for index in stride(from: 0, to: all.count, by: 2) {
            stretches.add(position, from: all[index], to: index + 1 < all.count ? all[index + 1] : end)
        }
        return stretches
    }

    /// Goes on with a reign that was open where the path begins.
    mutating func continueReign(_ reign: Reign) { open = reign }

    /// Walks along the path and makes its reigns.
    mutating func walk() {
        if state.isReign, open == nil { beginUnheard(at: facts.log.beginning) }
        for (step, next) in zip(steps, states) {
            if step.mayMiss { noteBlindness(behind: step) }
            let entry = step.entry.map { facts.log.entries[Int($0)] }
            let isOwn = entry.map { Int($0.router) == position } ?? false
            if state.isReign, !next.isReign {
                finish(step, entry, isOwn, to: next)
            } else if !state.isReign, next.isReign {
                if let entry {
                    open = Reign(of: position, from: entry, facts.settings(of: entry))
                } else {
                    // It announces the addresses.
                    beginUnheard(at: step.instant)
                }
                isHeldBack = false
                if isOwn, let entry { noteBlindness(before: entry) }
            } else if next.isReign, isOwn, let entry {
                noteSilence(until: entry.instant)
                if !entry.goesOn {
                    noteUnheard(until: entry.instant)
                    noteBlindness(until: entry.instant)
                }
                open?.goOn(with: entry, facts.settings(of: entry))
                isHeldBack = false
                isUnheard = false
            } else if step.mayReject, next.isReign {
                isHeldBack = true
            }
            state = next
        }
        if var last = open {
            // A run of its adverts may lie across the end.
            if !goesOnBehind {
                noteUnheard(until: end)
                noteBlindness(until: end)
            }
            close(&last)
            // One or two adverts that are missing at the end may only be late.
            if let over = last.end { doubts.add(position, from: over, to: end) }
            if isHeldBack {
                // Beyond that instant nothing shows that it is alive.
                let certain = min(end, last.uncertainAfter(claim: facts.claimed[position]))
                last.keepSilence(from: last.lastAdvert, to: certain, last.lastEvidence)
            }
            reigns.append(last)
            open = nil
        }
    }

    /// Whether the next advert of the router stands for a run of them, which began before the path ends.
    private var goesOnBehind: Bool {
        let entries = facts.log.entries
        let own = facts.own[position]
        let next = own.partitioningIndex { entries[$0].instant > end }
        return next < own.count && entries[own[next]].goesOn
    }

    /// Ends a reign with the observation where its router is overdue: nobody will ever say more.
    private func close(_ reign: inout Reign) {
        guard isFinished else { return }
        let missing = state == .deafMaster && due.deafCount > 0 ? reign.lastAdvert + reign.cadence : due.missing
        guard let missing, end > missing + reign.cadence / 2, missing >= reign.lastAdvert,
            !facts.isBlind(from: missing, to: end, for: position)
        else { return }
        reign.end = missing
        reign.endReason = .silent
    }

    /// Begins a reign of a router that was master at an instant before it was heard; without one, when it was heard
    /// first.
    private mutating func beginUnheard(at instant: CaptureInstant?) {
        let (own, entries) = (facts.own[position], facts.log.entries)
        let latest = instant.flatMap { instant in own.last { entries[$0].instant < instant } }
        guard let known = latest.map({ entries[$0] }) ?? memory?.own ?? own.first.map({ entries[$0] }) else { return }
        var reign = Reign(of: position, from: known, facts.settings(of: known))
        reign.start = instant ?? known.instant
        reign.lastAdvert = reign.start
        open = reign
        isUnheard = true
    }

    private mutating func noteUnheard(until instant: CaptureInstant) {
        guard let reign = open, instant - reign.lastAdvert > reign.cadence * 3 else { return }
        unheard.add(position, from: reign.lastAdvert + reign.cadence, to: instant)
    }

    private mutating func noteSilence(until instant: CaptureInstant) {
        guard isHeldBack, let reign = open else { return }
        open?.keepSilence(from: reign.lastAdvert, to: instant, reign.lastEvidence)
    }

    /// Notes the part of a silence in which an advert was due and could not have been seen.
    private mutating func noteBlindness(until instant: CaptureInstant) {
        let blindness = facts.blindness(of: position)
        guard !blindness.isEmpty, let reign = open else { return }
        // A router that was master before it was heard may have been due at any time.
        let due = isUnheard ? reign.start : reign.lastAdvert + reign.cadence
        guard instant > due + reign.cadence / 2 else { return }
        for blind in blindness.stretches(from: due, to: instant) {
            let part = Silence(start: max(due, blind.start), end: min(instant, blind.end), evidence: reign.lastEvidence)
            guard part.length > .zero else { continue }
            if let last = unobserved.last, last.end >= part.start, last.start <= part.start {
                unobserved[unobserved.count - 1].end = max(last.end, part.end)
            } else {
                unobserved.append(part)
            }
        }
    }

    /// Notes the time before a router is heard in which no point could have seen it, though others saw something.
    private mutating func noteBlindness(before entry: StoryLog.Entry) {
        guard facts.hasSeveralPoints else { return }
        let cadence = facts.cadence(of: entry)
        let heard = facts.own[position].last { facts.log.entries[$0].instant < entry.instant }
        let before = heard.map { facts.log.entries[$0] } ?? memory?.own
        let since = before.map { $0.instant + cadence } ?? facts.log.beginning ?? entry.instant
        let recent = entry.instant - ElectionTimes.overdue(cadence)
        for blind in facts.blindness(of: position).stretches(from: recent, to: entry.instant) {
            let part = Silence(start: max(since, blind.start), end: entry.instant, evidence: entry.evidence)
            if part.length > .zero { unobserved.append(part) }
        }
    }

    /// Notes the doubt about a master that heard a better advert or did not, which only a blind point could have seen.
    private mutating func noteBlindness(behind step: ForwardPass.Step) {
        guard let doubt = doubts.first(where: { $0.start <= step.instant && $0.end > step.instant }),
            let evidence = step.entry.map({ facts.log.entries[Int($0)].evidence })
        else { return }
        unobserved.append(Silence(start: step.instant, end: doubt.end, evidence: evidence))
    }

    private mutating func finish(
        _ step: ForwardPass.Step,
        _ entry: StoryLog.Entry?,
        _ isOwn: Bool,
        to next: RouterState
    ) {
        guard var reign = open else { return }
        noteUnheard(until: step.instant)
        open = nil
        if isHeldBack { reign.keepSilence(from: reign.lastAdvert, to: step.instant, reign.lastEvidence) }
        isHeldBack = false
        isUnheard = false
        reign.end = max(step.instant, reign.start)
        if isOwn {
            reign.endReason = .resigned
            reign.endEvidence = entry?.evidence
        } else if let entry, next != .down, entry.priority > 0 {
            reign.endReason = .yielded(to: Int(entry.router))
            reign.endEvidence = entry.evidence
            open = reign
            noteBlindness(until: step.instant)
            open = nil
        } else {
            reign.endReason = .silent
            open = reign
            noteBlindness(until: step.instant)
            open = nil
            // The first advert that was due may have been due where nobody could see.
            let due = reign.lastAdvert + reign.cadence
            if due < step.instant, facts.isBlind(at: due, within: ElectionTimes.tolerance(reign.cadence), for: position)
            {
                reign.end = max(due, reign.start)
            }
        }
        reigns.append(reign)
    }
}

extension Reign {
    init(of router: Int, from entry: StoryLog.Entry, _ settings: Advertisement) {
        self.router = router
        start = entry.instant
        startEvidence = entry.evidence
        startPriority = entry.priority
        highestPriority = entry.priority
        lastPriority = entry.priority
        version = settings.version
        lastPrioritySince = entry.instant
        startInterval = settings.interval
        lastInterval = settings.interval
        lastAdvert = entry.instant
        lastEvidence = entry.evidence
    }

    /// Notes an advert of the router that reigns.
    mutating func goOn(with entry: StoryLog.Entry, _ settings: Advertisement) {
        lastInterval = settings.interval
        highestPriority = max(highestPriority, entry.priority)
        if entry.priority != lastPriority {
            lastPriority = entry.priority
            lastPrioritySince = entry.instant
        }
        lastAdvert = entry.instant
        lastEvidence = entry.evidence
    }

    mutating func keepSilence(from start: CaptureInstant, to end: CaptureInstant, _ evidence: FrameReference) {
        let silence = Silence(start: start, end: end, evidence: evidence)
        if silence.length > longestSilence?.length ?? .zero { longestSilence = silence }
    }

    var cadence: TimeSpan { lastInterval == .zero ? .seconds(1) : lastInterval }
}
