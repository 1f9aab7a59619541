internal import VRRPFacts
internal import VRRPWire

/// The evidence in an advert of a router's own.
extension ForwardPass {
    /// The instant from which a router was no master, because its next advert shows that it was started and then waited.
    func startOfWait() -> CaptureInstant? {
        guard proof != nil, let next, !next.goesOn, next.priority > 0, next.priority < 255 else { return nil }
        let interval = facts.cadence(of: next)
        // One that announces later may be told to begin as master (keepalived 1.x `vrrp_init_state`).
        let patience = facts.masterDownInterval(next, interval: interval)
        let least =
            facts.announcesAtOnce(position, at: next.instant, interval)
            ? ElectionTimes.leastPatience(patience, interval: interval) : interval - ElectionTimes.tolerance(interval)
        let since = next.instant - least
        return since > memory.own?.instant ?? .distantPast ? since : nil
    }

    /// The evidence that the sender of an advert was started since its latest one; `nil` for none.
    func proofOfStart(_ entry: StoryLog.Entry) -> Cost? {
        let interval = facts.cadence(of: entry)
        if let before = memory.own {
            let gap = entry.instant - before.instant
            guard before.priority > 0, gap > interval + ElectionTimes.tolerance(interval) else { return nil }
            switch facts.numberStep(from: before, to: entry) {
            case .restarted?: return .againstTheRules
            case .next?, .sent?, NumberStep.some?: return nil
            case nil: break
            }
        } else if facts.firstNumber(of: entry) == .restarted {
            return .againstTheRules
        }
        // A master that others hold back announces nothing, for it answers none of them; a new one may do so an interval later.
        guard let since = memory.own?.instant ?? facts.log.beginning else { return nil }
        let announcesAtOnce = facts.announcesAtOnce(position, at: entry.instant, interval)
        let end = announcesAtOnce ? entry.instant : entry.instant + ElectionTimes.announcementAfter(interval)
        guard announcesAtOnce || announcesLater(entry, until: end), isHeldBack(until: end, entry, since: since) else {
            return nil
        }
        return .againstTheRules
    }

    /// Whether it announces the addresses soon behind an advert, and neither announces as a rule nor for the second time.
    private func announcesLater(_ entry: StoryLog.Entry, until end: CaptureInstant) -> Bool {
        guard !facts.announcesUnasked(position),
            let first = facts.firstAnnouncement(of: position, from: entry.instant, to: end)
        else { return false }
        let again = ElectionTimes.announcingAgain
        return !facts.announces(position, from: first - again - again / 5, to: first - again + again / 5)
    }

    /// Whether the sender of an advert heard others since an instant and accepts none of them, nor one that comes soon behind it.
    private func isHeldBack(until end: CaptureInstant, _ entry: StoryLog.Entry, since start: CaptureInstant) -> Bool {
        let entries = facts.log.entries
        var hears = false
        var index = entries.partitioningIndex { $0.instant > start }
        while index < entries.count, entries[index].instant <= end {
            let other = entries[index]
            index += 1
            guard Int(other.router) != position else { continue }
            if table.accepts(StoryLog.Pair(receiver: entry.settings, sender: other.settings)) { return false }
            hears = hears || other.instant <= entry.instant
        }
        return hears
    }

    /// The circumstances in which it advertises.
    func circumstances(of entry: StoryLog.Entry, at index: Int, _ interval: TimeSpan) -> Circumstances {
        let before = memory.own
        let gap = before.map { entry.instant - $0.instant }
        let begins = before == nil ? nil : proof
        var numbers = before.map { facts.numberStep(from: $0, to: entry) } ?? facts.firstNumber(of: entry)
        if numbers == nil, begins == .againstTheRules { numbers = .restarted }
        let wasMaster =
            before.map { $0.priority > 0 && entry.instant - $0.instant <= ElectionTimes.overdue(interval) } ?? false
        let patience = facts.masterDownInterval(entry, interval: interval)
        let heard = memory.heard
        var words = Circumstances(
            reason: reasonToBegin(entry, before, since: heard.better, resigned: heard.resigned)
        )
        words.numbers = numbers
        // Where the numbers count, they tell more.
        words.announcesAnew = numbers == nil && announcesAnew(entry, since: before, interval)
        let longest = before.map { isReloaded(from: $0, to: entry) ? facts.cadence(of: $0) + interval : interval }
        words.isAtCadence = gap.map { $0 <= (longest ?? interval) + ElectionTimes.tolerance(interval) } ?? false
        // To stop and to be started takes some time too.
        words.hasWaited = gap.map { $0 >= patience + interval / 4 } ?? true
        // A deaf Backup hears no resignation either, and nobody lesser.
        words.isTooSoon = gap.map { $0 < ElectionTimes.leastPatience(patience, interval: interval) } ?? false
        words.isEarly = entry.instant + ElectionTimes.tolerance(interval) < memory.due.earliest
        words.isWhenHeldBack = isWhenHeldBack(entry, interval)
        words.waits = waitsTooLong(until: entry.instant, entry)
        // Where the numbers contradict that it sent each advert, the step is a coincidence.
        if let before, numbers != .next, let isInStep = facts.isInStep(from: before, to: entry) {
            words.isOutOfStep = !isInStep || numbers == .some
        }
        if wasMaster, let summons = heard.summons, entry.instant - summons <= ElectionTimes.crossing(interval) {
            words.crossing = 0
        } else if let better = heard.better, entry.instant - better <= ElectionTimes.disorder(interval) {
            let crossing = reasonToBegin(entry, before, since: heard.betterBefore, resigned: heard.resignedBefore)
            // Of equals the one with the greater address stays master (RFC 9568 section 6.4.3).
            if let last = heard.last, !facts.isBetter(last, than: entry.priority, of: position) {
                words.reason = min(words.reason, crossing)
            } else {
                words.crossing = crossing
            }
        }
        // That it announces nothing shows only where announcements are seen.
        if facts.showsAnnouncements, answersLesser(entry, at: index) {
            let announcesWithFirst = memory.announcesWithFirst && numbers != .restarted
            let mayBegin = !announcesWithFirst && (words.reason > 0 || heard.better == nil)
            words.isAhead = mayBegin || announcesAsClaimedAhead(entry, interval)
        }
        words.asUnheard = before.map { asUnheard(entry, since: $0, numbers) } ?? .atOtherTimes
        words.answersAtOnce = before != nil && answersAtOnce(entry, interval)
        words.isReplaced = memory.due.isReplaced == true
        return words
    }

    /// The timing of an advert, for a master whose earlier adverts were lost on the way.
    private func asUnheard(
        _ entry: StoryLog.Entry,
        since before: StoryLog.Entry,
        _ numbers: NumberStep?
    ) -> Circumstances.Unheard {
        let interval = facts.cadence(of: entry)
        let gap = entry.instant - before.instant
        guard gap > ElectionTimes.overdue(interval) else { return .onTime }
        switch numbers {
        case .next?, NumberStep.some?, .restarted?: return .didNotSend
        case .sent?, nil: break
        }
        // A new master announces the addresses; one that began as a Backup that answers does so later.
        let announcesAtOnce = facts.announcesAtOnce(position, at: entry.instant, interval)
        let announcesLater = facts.announces(
            position,
            from: entry.instant + interval / 2,
            to: entry.instant + ElectionTimes.announcementAfter(interval)
        )
        if answersAtOnce(entry, interval) { return announcesAtOnce || !announcesLater ? .answers : .atOtherTimes }
        // That one announces nothing shows only where announcements are seen.
        guard facts.showsAnnouncements, !announcesLater, !announcesAtOnce else { return .atOtherTimes }
        if let lesser = latestLesser(entry), facts.isWhole(entry.instant - lesser.instant, interval, count: 1) {
            return .inStep
        }
        return facts.isWhole(gap, facts.cadence(of: before), count: Int((gap / interval).rounded()))
            ? .inStep : .atOtherTimes
    }

    /// The latest advert that it heard and accepted, if the advert is no better than its own.
    private func latestLesser(_ entry: StoryLog.Entry) -> StoryLog.Entry? {
        memory.heard.last.flatMap { facts.isBetter($0, than: entry.priority, of: position) ? nil : $0 }
    }

    /// Whether an advert comes right behind a lesser one.
    private func answersAtOnce(_ entry: StoryLog.Entry, _ interval: TimeSpan) -> Bool {
        let answering = min(ElectionTimes.answering, interval / 50)
        return latestLesser(entry).map { entry.instant - $0.instant <= answering } ?? false
    }

    /// Whether it announces the addresses like a new master behind a silence in which nobody else advertised: a master that was
    /// only late does not.
    private func announcesAnew(_ entry: StoryLog.Entry, since before: StoryLog.Entry?, _ interval: TimeSpan) -> Bool {
        guard let before, before.priority > 0, !entry.goesOn,
            entry.instant - before.instant > ElectionTimes.overdue(interval)
        else {
            return false
        }
        let entries = facts.log.entries
        let first = entries.partitioningIndex { $0.instant > before.instant }
        let isAlone = entries[first...].prefix { $0.instant < entry.instant }.allSatisfy { $0.router == entry.router }
        let crossing = ElectionTimes.crossing(interval)
        return isAlone
            && facts.announces(
                position,
                from: entry.instant - crossing,
                to: entry.instant + ElectionTimes.announcementAfter(interval)
            )
    }

    /// Whether it advertises one interval after an advert that it rejects, and does not announce the addresses as a new master.
    private func isWhenHeldBack(_ entry: StoryLog.Entry, _ interval: TimeSpan) -> Bool {
        guard memory.due.isPutOff else { return false }
        // A timer runs out a little late, and never early.
        let lateness = entry.instant - memory.due.hearing
        guard lateness <= ElectionTimes.exactness(interval),
            lateness + ElectionTimes.seenLate + interval / 2000 >= .zero
        else { return false }
        return !facts.announcesAtOnce(position, at: entry.instant, interval)
    }

    /// Whether it says right behind a lesser advert that it advertises too, and does not announce the addresses.
    ///
    /// keepalived 1.x does so as a Backup, and calls itself master one interval later (`vrrp_state_backup`).
    private func answersLesser(_ entry: StoryLog.Entry, at index: Int) -> Bool {
        let entries = facts.log.entries
        func isLesser(_ other: StoryLog.Entry) -> Bool {
            Int(other.router) != position && other.priority > 0
                && (other.addressee == nil || other.addressee == facts.addresses[position])
                && table.acceptsAsBackup(StoryLog.Pair(receiver: entry.settings, sender: other.settings))
                && other.priority < entry.priority
        }
        var hasHeard = false
        var place = index
        while !hasHeard, place > 0, entry.instant - entries[place - 1].instant <= ElectionTimes.answering {
            place -= 1
            hasHeard = isLesser(entries[place])
        }
        // A capture may see the answer first; an advert out of turn is itself one.
        place = index + 1
        while !hasHeard, place < entries.count, entries[place].instant - entry.instant <= ElectionTimes.seenLate {
            hasHeard = isLesser(entries[place]) && isInTurn(place)
            place += 1
        }
        return hasHeard
            && !facts.announces(
                position,
                from: entry.instant - ElectionTimes.answering,
                to: entry.instant + facts.cadence(of: entry) / 2
            )
    }

    /// Whether a router announces the addresses two intervals behind an advert, as one that becomes master with its next one
    /// and announces an interval later.
    private func announcesAsClaimedAhead(_ entry: StoryLog.Entry, _ interval: TimeSpan) -> Bool {
        facts.announces(position, from: entry.instant + interval * 3 / 2, to: entry.instant + interval * 5 / 2)
    }

    /// Whether an advert comes no sooner than its sender's cadence has it.
    private func isInTurn(_ place: Int) -> Bool {
        let entries = facts.log.entries
        let entry = entries[place]
        guard let before = entries[..<place].last(where: { $0.router == entry.router }) else { return true }
        let interval = facts.cadence(of: entry)
        return entry.instant - before.instant >= interval - ElectionTimes.tolerance(interval)
    }

    /// The evidence against a Backup that begins to advertise now, as a cost.
    ///
    /// `better` is when it last heard an advert that it accepts and that is no lesser, `resigned` a resignation since.
    private func reasonToBegin(
        _ entry: StoryLog.Entry,
        _ before: StoryLog.Entry?,
        since better: CaptureInstant?,
        resigned: CaptureInstant?
    ) -> Float {
        guard let better else { return 0 }
        let heard = memory.heard
        let learnt = heard.last.map(facts.cadence(of:))
        // VRRPv3 learns the interval from the master (RFC 9568 section 6.4.2).
        let interval =
            facts.version(of: entry) == 2 ? facts.cadence(of: entry) : learnt ?? facts.cadence(of: entry)
        let patience = facts.masterDownInterval(entry, interval: interval)
        let enough = ElectionTimes.leastPatience(patience, interval: interval)
        // An owner of the addresses is master at once (RFC 9568 section 6.4.1), when it starts: one that yielded lowers its
        // priority in keepalived (`vrrp_state_master_rx`), and is none any more.
        if entry.priority == 255 {
            let goesOn = before.map {
                $0.priority == 255 && entry.instant - $0.instant <= ElectionTimes.overdue(facts.cadence(of: entry))
            }
            return goesOn == true ? facts.costs[.againstTheRules] : 0
        }
        let silence = entry.instant - better
        if silence >= enough { return 0 }
        if heard.claimedAhead, silence >= interval - ElectionTimes.tolerance(interval) { return 0 }
        let skew = patience - interval * 3
        if let resigned, entry.instant - resigned <= skew + max(.milliseconds(300), interval / 2) {
            let isInTime = entry.instant - resigned <= skew + ElectionTimes.tolerance(interval)
            return isInTime ? 0 : facts.costs[.coincidence]
        }
        var reason = facts.costs[.againstTheRules]
        if let last = heard.last, last.priority < entry.priority {
            reason = 0.3
        } else if silence >= patience / 2 {
            reason = 2
        }
        if facts.isBlind(from: better, to: entry.instant) { reason = min(reason, facts.costs[.unknown]) }
        // With the settings that it shows now it accepted none for long enough: a reload before it spoke.
        if let before, before.settings != entry.settings || (before.priority != entry.priority && before.priority != 0)
        {
            let accepted = latestAccepted(by: entry, since: before.instant)
            if accepted.map({ entry.instant - $0 >= enough }) ?? true { reason = min(reason, facts.costs[.reloaded]) }
        }
        return reason
    }

    /// The latest advert that is better than an advert of its own and would have been accepted by who sends the latter.
    private func latestAccepted(by entry: StoryLog.Entry, since start: CaptureInstant) -> CaptureInstant? {
        let entries = facts.log.entries
        var index = entries.partitioningIndex { $0.instant >= entry.instant }
        while index > 0, entries[index - 1].instant > start {
            index -= 1
            let other = entries[index]
            guard Int(other.router) != position, other.priority > 0,
                table.acceptsAsBackup(StoryLog.Pair(receiver: entry.settings, sender: other.settings)),
                other.priority >= entry.priority
            else { continue }
            return other.instant
        }
        return nil
    }
}
