internal import VRRPFacts
internal import VRRPWire

// Whose an advertisement is. A source address is easily written; a sender is address, MAC address, TTL, cadence and numbering
// together.

extension Router {
    /// Whether an advertisement from the router's address may be another sender's.
    func isForeign(_ received: borrowing ReceivedAdvertisement, byOneClock: Bool) -> Bool {
        guard isFromElsewhere(received) || isOutOfSeries(received) else { return false }
        return !isCopy(received, byOneClock: byOneClock) && echoDelay(of: received) == nil
    }

    /// Whether MAC address or TTL are not those of the router's latest advertisement.
    ///
    /// Captures at several places may see one router with different ones.
    func isFromElsewhere(_ received: borrowing ReceivedAdvertisement) -> Bool {
        let isOtherMAC = received.sourceMAC != lastMAC && received.sourceMAC != nil && lastMAC != nil
        guard isOtherMAC || received.content.ttl != belief.advertisement.ttl else { return false }
        let observer = received.sighting.observer
        let isSeenElsewhere = observers.indices.contains { $0 != observer && observers[$0] > 0 }
        guard isSeenElsewhere else { return true }
        let isSeenHere = observer < observers.count && observers[observer] > 0
        return isSeenHere && isOtherMAC && !(received.sourceMAC.map(macs.contains) ?? true)
    }

    /// Whether an advertisement says something else, or comes out of turn, and does not go on with the router's numbers.
    private func isOutOfSeries(_ received: borrowing ReceivedAdvertisement) -> Bool {
        guard identifications.counts, identifications.steps.byOne > Stranger.cadence,
            let number = received.identification, number > 1, let latest = belief.identification
        else { return false }
        let gap = received.sighting.instant - belief.spoke
        let isDisordered = IdentificationSeries.step(from: number, to: latest) < UInt16(RecentAdvertisements.kept)
        // The last one before a restart may be seen behind the first one after it.
        let isOvertaken = gap <= ElectionTimes.seenLate && recent.areFollowed(by: number)
        guard !isDisordered, !isOvertaken, !goesOn(with: number, at: received.sighting.instant) else { return false }
        return !agrees(with: received.content) || gap < ElectionTimes.shortestGap(belief.interval)
    }

    /// Whether a number goes on with the router's series: some were lost on the way, or answered lesser ones.
    fileprivate func goesOn(with number: UInt16, at instant: CaptureInstant) -> Bool {
        guard let latest = belief.identification else { return false }
        let due = max(0, (instant - belief.spoke) / belief.interval)
        let step = IdentificationSeries.step(from: latest, to: number)
        return step > 0 && Double(step) <= 3 * due + 4
    }

    /// Whether an advertisement says what the router's latest one says, wherever it comes from.
    fileprivate func agrees(with content: Advertisement) -> Bool {
        var content = content
        content.ttl = belief.advertisement.ttl
        content.destination = belief.advertisement.destination
        return content == belief.advertisement
    }

    /// Whether an advertisement is what the router would have sent next, from another MAC address or with another TTL.
    fileprivate func isContinued(by word: Stranger.Word) -> Bool {
        guard agrees(with: word.content), isHeardWith(word.content),
            ElectionTimes.isOnTime(word.sighting.instant - belief.spoke, belief.interval)
        else { return false }
        guard identifications.counts, let number = word.identification, let latest = belief.identification else {
            return true
        }
        return IdentificationSeries.step(from: latest, to: number) == 1
    }

    /// Whether receivers may accept what they do not discard of the router itself: TTL and checksum are no worse.
    fileprivate func isHeardWith(_ content: Advertisement) -> Bool {
        let own = belief.advertisement
        if content.isMulticast, content.ttl != 255, own.ttl == 255 { return false }
        return content.checksum != .invalid || own.checksum == .invalid
    }

    /// Whether an advertisement of a sender that takes the router's place can be explained without a second machine: it goes on
    /// with its numbers or begins anew, or says the same where numbers tell nothing.
    fileprivate func mayHaveSent(_ word: Stranger.Word, from mac: MACAddress?, virtualMAC: MACAddress) -> Bool {
        guard identifications.counts, let number = word.identification else {
            let isLike = word.content.priority == priority && word.content.interval == advertisementInterval
            return isLike || mac == virtualMAC
        }
        return number <= UInt16(Stranger.mostPending) || goesOn(with: number, at: word.sighting.instant)
    }

    /// Whether a priority 0 may be the router's own: it goes on with the numbers, and comes from a MAC address that is known, or
    /// else is the very next.
    fileprivate func mayHaveResigned(with word: Stranger.Word, from mac: MACAddress?, virtualMAC: MACAddress) -> Bool {
        let isKnown = mac.map { macs.contains($0) || $0 == virtualMAC } ?? true
        guard identifications.counts, let number = word.identification else { return isKnown }
        guard isKnown else { return IdentificationSeries.isNext(number, after: belief.identification) }
        return goesOn(with: number, at: word.sighting.instant)
    }

    /// Whether the router is in the midst of advertising at an instant.
    fileprivate func isSpeaking(at instant: CaptureInstant) -> Bool {
        belief.advertisement.priority > 0 && hasCadence
            && instant - belief.spoke <= ElectionTimes.overdue(min(belief.interval, cadence.nominal))
    }
}

extension VirtualRouter {
    /// Whether a router that was in the midst of advertising goes on with its next number, though many were due since.
    func goesOnCounting(_ source: IPAddress, with number: UInt16, at instant: CaptureInstant) -> Bool {
        guard let position = position(of: source) else { return false }
        let belief = routers[position].belief
        return routers[position].identifications.counts && belief.advertisement.priority > 0
            && belief.identification.map { IdentificationSeries.step(from: $0, to: number) == 1 } ?? false
            && (instant - belief.spoke) / belief.interval > Double(ElectionTimes.countedIntervals)
    }
}

extension VirtualRouter {
    package static let mostStrangers = 16

    /// The sender of an advertisement from a router's address.
    enum Admission {
        /// The router's own, after all.
        case own
        /// An advertisement of a sender that takes the place of the one that was taken for the router.
        case new
        /// A stranger's.
        case foreign(News)
    }

    /// Takes an advertisement from a router's address that may be another sender's.
    mutating func admit(_ received: borrowing ReceivedAdvertisement, as position: Int) -> Admission {
        let word = Stranger.Word(received)
        if routers[position].isContinued(by: word) { return .own }
        let isToldByNumbers = !routers[position].isFromElsewhere(received)
        let mac = received.sourceMAC
        guard let index = stranger(mac, word, as: position, isToldByNumbers) else {
            return .foreign(omissions.note(.strangers, received.sighting))
        }
        if !routers[position].agrees(with: word.content) { strangers[index].differing += 1 }
        guard routers[position].isHeardWith(word.content) else { return .foreign(tellOnce(index)) }
        if isUnheard(position) && word.content.ttl == 255 && mac != routers[position].lastMAC
            || isRather(index, position, received)
        {
            supersede(position, by: index, received)
            return .new
        }
        if word.content.priority > 0, !routers[position].isSpeaking(at: word.sighting.instant) {
            let isExplained =
                routers[position].mayHaveSent(word, from: mac, virtualMAC: virtualMAC)
                || isNewMaster(mac, word, as: position)
            if strangers[index].unanswered >= (isExplained ? 2 : Stranger.cadence) {
                if !isProven(position) {
                    supersede(position, by: index, received)
                    return .new
                }
                adopt(index, isExplained: isExplained)
                return .own
            }
        }
        strangers[index].keep(word)
        return .foreign(tellOnce(index))
    }

    /// Whether the sender that is taken for a router showed that it is one: by its cadence, or by announcing the addresses.
    private func isProven(_ position: Int) -> Bool {
        // No router is copied only to be looked at.
        if routers[position].hasCadence { return true }
        let before = ElectionTimes.announcementBefore(routers[position].belief.interval)
        return hasAnnounced(routers[position].lastMAC, since: routers[position].firstSeen - before)
    }

    /// Whether a stranger has announced the addresses like a new master, in the place of a sender that keeps no cadence.
    private func isNewMaster(_ mac: MACAddress?, _ word: Stranger.Word, as position: Int) -> Bool {
        let earliest = word.sighting.instant - ElectionTimes.announcementAfter(word.content.cadence)
        return !routers[position].hasCadence && hasAnnounced(mac, since: earliest)
    }

    /// Whether a stranger is rather the router than the sender that was taken for it, and that nothing confirmed.
    private func isRather(_ index: Int, _ position: Int, _ received: borrowing ReceivedAdvertisement) -> Bool {
        guard routers[position].isOnProbation, received.content.priority > 0 else { return false }
        // Only a master resigns, and this one was none.
        let hasOnlyResigned = routers[position].priority == 0
        return hasOnlyResigned || strangers[index].unanswered > 1 || !isDoubtful(received, of: position)
    }

    /// Whether receivers discard the advertisements of a router: they seem to have been forwarded.
    private func isUnheard(_ position: Int) -> Bool {
        routers[position].belief.advertisement.isMulticast && routers[position].mayBeRouted
    }

    private func tellOnce(_ index: Int) -> News { News(strangers[index].occurrences.count <= Stranger.cadence) }

    /// Notes an advertisement of a stranger, and returns its place; `nil` where there is none.
    private mutating func stranger(
        _ mac: MACAddress?,
        _ word: Stranger.Word,
        as position: Int,
        _ isToldByNumbers: Bool
    ) -> Int? {
        let content = word.content
        if let known = strangers.firstIndex(where: { $0.sent(mac, content.ttl, as: position, isToldByNumbers) }) {
            strangers[known].add(word)
            return known
        }
        let new = Stranger(
            router: position,
            mac: mac,
            ttl: content.ttl,
            isToldByNumbers: isToldByNumbers,
            occurrences: Occurrences(word.sighting),
            resignations: content.priority == 0 ? 1 : 0,
            highestPriority: content.priority,
            longestInterval: content.interval,
            steadiest: content.priority > 0 ? 1 : 0,
            steady: content.priority > 0 ? 1 : 0,
            unanswered: content.priority > 0 ? 1 : 0,
            number: word.identification
        )
        if strangers.count < Self.mostStrangers {
            strangers.append(new)
            return strangers.count - 1
        }
        // The one that kept no cadence and has been silent for longest makes room.
        let least = strangers.indices.filter {
            strangers[$0].steadiest < Stranger.cadence && !strangers[$0].isSuccessor
        }
        .min { strangers[$0].occurrences.end < strangers[$1].occurrences.end }
        guard let least else { return nil }
        _ = omissions.note(.strangers, word.sighting)
        strangers[least] = new
        return least
    }

    /// Takes a stranger for the router: what it said is the router's word.
    private mutating func adopt(_ index: Int, isExplained: Bool) {
        let position = strangers[index].router
        for word in strangers[index].pending where word.sighting.instant >= routers[position].belief.spoke {
            story.insert(word.content, from: position, word.sighting, identification: word.identification)
            routers[position].take(word)
        }
        strangers[index].pending.removeAll()
        if isExplained {
            strangers.remove(at: index)
        } else {
            strangers[index].isSuccessor = true
            // What the router says from now on, the successor says.
            strangers[index].unanswered = 0
        }
    }

    /// Puts a stranger in the place of the one that was taken for the router and kept no cadence: that one was the stranger.
    private mutating func supersede(_ position: Int, by index: Int, _ received: borrowing ReceivedAdvertisement) {
        let addresses = routers[position].addresses
        let words = strangers[index].pending
        strangers[index] = Stranger(routers[position], at: position)
        forgetStory(of: position)
        routers[position] = Router(received)
        routers[position].held = words
        routers[position].adverts = words.count
        routers[position].addresses = addresses
        if let first = words.first { routers[position].firstSeen = first.sighting.instant }
    }

    /// Notes that a router spoke itself: what strangers said before in its name was not its word.
    mutating func contradictStrangers(of position: Int, at now: CaptureInstant) -> News {
        var news = News.none
        guard routers[position].hasCadence else { return news }
        let goesOn = now <= routers[position].due
        for index in strangers.indices where strangers[index].router == position {
            guard strangers[index].unanswered > 0 || !strangers[index].pending.isEmpty else { continue }
            news |= News(strangers[index].contradictions < Stranger.cadence)
            if goesOn { strangers[index].contradictions += 1 }
            strangers[index].unanswered = 0
            strangers[index].pending.removeAll()
        }
        return news
    }

    /// The instant behind which it is known whether a resignation in a router's name was the router's own; `nil` for none.
    var strangersDecide: CaptureInstant? {
        strangers.indices.lazy.filter { self.strangers[$0].pending.last?.content.priority == 0 }
            .map { self.routers[self.strangers[$0].router].due }.min()
    }

    /// Takes resignations in a router's name for its own where it has fallen silent with them.
    mutating func decideResignations(at now: CaptureInstant) -> News {
        var news = News.none
        for index in strangers.indices.reversed() {
            guard let word = strangers[index].pending.last, word.content.priority == 0 else { continue }
            let position = strangers[index].router
            guard now > routers[position].due else { continue }
            strangers[index].pending.removeAll()
            news = .some
            let gap = word.sighting.instant - routers[position].belief.spoke
            guard gap >= .zero, gap <= ElectionTimes.overdue(routers[position].belief.interval),
                routers[position].belief.advertisement.priority > 0,
                routers[position].mayHaveResigned(with: word, from: strangers[index].mac, virtualMAC: virtualMAC)
            else { continue }
            story.insert(word.content, from: position, word.sighting, identification: word.identification)
            routers[position].take(word)
            strangers.remove(at: index)
        }
        return news
    }
}

extension VirtualRouter {
    /// Whether a living master speaks against it that a router is master which is new, or keeps no cadence yet.
    ///
    /// A better router takes over where the master accepts it. A lesser one would yield, unless it rejects the master's
    /// advertisements; and whoever is heard by nobody is master of nothing. That it is master all the same, or that it is there
    /// at all, a router proves by going on: a single advertisement may be anybody's.
    func isDoubtful(_ received: borrowing ReceivedAdvertisement, of position: Int) -> Bool {
        let content = received.content
        return routers.indices.contains { other in
            guard other != position, !routers[other].isOnProbation, routers[other].belief.advertisement.priority > 0,
                received.sighting.instant - routers[other].belief.spoke <= ElectionTimes.overdue(routers[other].pace)
            else { return false }
            guard content.priority > 0 else { return true }
            guard routers[other].isHeardWith(content) else { return true }
            guard routers[other].adverts >= Stranger.cadence else { return false }
            let own = routers[other].belief.advertisement
            if (content.priority, received.source) < (own.priority, routers[other].address) { return true }
            return Acceptance(by: own, at: routers[other].address, of: content) != .accepts
        }
    }

    /// Whether another router is in the midst of advertising, so that nobody waits for a new one.
    func isAnySpeaking(at now: CaptureInstant, besides position: Int) -> Bool {
        routers.indices.contains { other in
            other != position && !routers[other].isOnProbation && routers[other].belief.advertisement.priority > 0
                && now - routers[other].belief.spoke <= ElectionTimes.overdue(routers[other].pace)
        }
    }

    /// Believes a router in doubt whose latest advertisement held another back, so that somebody heard it; called before the
    /// other's advertisement is noted.
    ///
    /// keepalived starts its timer anew at an advertisement that it rejects, and its next one shows that.
    mutating func believeHeard(by position: Int, at now: CaptureInstant) -> News {
        let belief = routers[position].belief
        guard let heldBack = [belief.heldBack, belief.mayBeHeldBack].compactMap(\.self).max(),
            heldBack - belief.spoke > ElectionTimes.together(belief.interval)
        else { return .none }
        let exactness = ElectionTimes.exactness(belief.interval)
        guard (now - heldBack - belief.interval).magnitude <= exactness else { return .none }
        var news = News.none
        for other in routers.indices where other != position && routers[other].isOnProbation {
            guard let last = routers[other].held.last, last.sighting.instant == heldBack else { continue }
            believe(other, last)
            news = .some
        }
        return news
    }

    /// Whether an advertisement ends the doubt about a router, which then was master with those that were held, too.
    mutating func confirms(_ received: borrowing ReceivedAdvertisement, _ position: Int) -> Bool {
        let content = received.content
        let isCrowded = isCrowded(at: received.sighting.instant, besides: position)
        if isCrowded || isDoubtful(received, of: position) {
            let isAccepted = !routers.indices.contains { other in
                other != position && !routers[other].isOnProbation && !routers[other].isHeardWith(content)
            }
            // A host that is many routers at once is none, however regularly it speaks.
            guard content.priority > 0, !(isCrowded && isOfCrowd(received.sourceMAC)) else { return false }
            let goesOn = goesOn(position, with: received, isCrowded)
            // One that nobody hears is a router of this segment all the same, where its host announces the addresses as well.
            func isAnnounced() -> Bool {
                let earliest = isAccepted ? received.sighting.instant : routers[position].held.first?.sighting.instant
                let before = ElectionTimes.announcementBefore(content.cadence)
                return earliest.map { hasAnnounced(received.sourceMAC, since: $0 - before) } ?? false
            }
            guard isAccepted ? goesOn || isAnnounced() : goesOn && isAnnounced() else { return false }
        }
        believe(position, Stranger.Word(received))
        return true
    }

    /// Whether an advertisement of a router in doubt is what the sender of the one before would send next: by its cadence, by
    /// its numbers, or by the cadence of a router that it rejects; of a crowd some keep that by chance.
    private func goesOn(_ position: Int, with received: borrowing ReceivedAdvertisement, _ isCrowded: Bool) -> Bool {
        guard let latest = routers[position].held.last else { return false }
        if latest.goesOn(with: received) { return true }
        let (now, content) = (received.sighting.instant, received.content)
        guard latest.content.priority > 0, now - latest.sighting.instant >= content.cadence * 3 / 4 else {
            return false
        }
        return routers.indices.contains { other in
            guard other != position, !routers[other].isOnProbation else { return false }
            let belief = routers[other].belief
            guard Acceptance(by: content, at: received.source, of: belief.advertisement) != .accepts else {
                return false
            }
            guard now - latest.sighting.instant <= Stranger.patience(latest.content) else { return false }
            // keepalived starts its timer anew at each advertisement that it rejects, and sends nothing meanwhile.
            if IdentificationSeries.isNext(received.identification, after: latest.identification) { return true }
            return !isCrowded
                && (now - belief.spoke - content.cadence).magnitude <= ElectionTimes.exactness(content.cadence)
        }
    }

    /// Ends the doubt about a router: what it said while it was in doubt belongs to the story.
    private mutating func believe(_ position: Int, _ next: Stranger.Word) {
        let held = routers[position].held
        routers[position].isOnProbation = false
        routers[position].held = []
        var next = next
        for word in held.reversed() {
            guard next.sighting.instant - word.sighting.instant <= Stranger.patience(word.content) else { break }
            next = word
            story.insert(word.content, from: position, word.sighting, identification: word.identification)
        }
    }

    /// Whether the sender of an advertisement has just announced a virtual address, as a new master does.
    func hasAnnounced(_ mac: MACAddress?, since earliest: CaptureInstant) -> Bool {
        guard let mac, mac != virtualMAC else { return false }
        return story.announcements.reversed().prefix { $0.sighting.instant >= earliest }.contains { $0.mac == mac }
    }

    /// Ends the doubt about a router that announces a virtual address behind its advertisement, as a new master does.
    mutating func believe(announcing mac: MACAddress, at now: CaptureInstant) -> News {
        var news = News.none
        for position in routers.indices where routers[position].isOnProbation && routers[position].macs.contains(mac) {
            guard let last = routers[position].held.last, last.content.priority > 0,
                now - last.sighting.instant <= ElectionTimes.announcementAfter(last.content.cadence),
                !routers.indices.contains(where: { $0 != position && !routers[$0].isHeardWith(last.content) })
            else { continue }
            believe(position, last)
            news = .some
        }
        return news
    }

    /// Takes senders without a cadence, which announced nothing, out of the story that were taken for masters before a router was
    /// heard which shows that nobody hears them.
    mutating func discountOthers(besides position: Int) {
        for other in routers.indices
        where other != position && !routers[other].isOnProbation && !routers[other].hasCadence
            && !routers[other].hasAnnounced
        {
            guard !routers[position].isHeardWith(routers[other].belief.advertisement) else { continue }
            routers[other].isOnProbation = true
            story.forget(router: other)
        }
    }

    /// Notes that a master goes on with an advertisement beside newcomers that were heard for a moment and announced nothing: those that
    /// it did not hear, or that do not go on themselves, may have been heard by nobody at all, and are in doubt again.
    mutating func defyNewcomers(_ position: Int, _ received: borrowing ReceivedAdvertisement) -> News {
        var news = News.none
        guard received.content.priority > 0, routers[position].adverts >= Stranger.cadence else { return news }
        for other in routers.indices where other != position && routers[other].isMomentary {
            guard !routers[other].isOnProbation, routers[other].belief.advertisement.priority > 0,
                isDefied(other, by: position, received)
            else { continue }
            doubt(other)
            news = .some
        }
        return news
    }

    /// Takes a router out of the story until it goes on: what it said is held.
    mutating func doubt(_ position: Int) {
        let latest = Stranger.Word(routers[position].belief)
        routers[position].isOnProbation = true
        routers[position].held = [latest]
        forgetStory(of: position)
    }

    private mutating func isDefied(_ other: Int, by position: Int, _ received: borrowing ReceivedAdvertisement) -> Bool
    {
        let belief = routers[other].belief
        let (now, cadence) = (received.sighting.instant, received.content.cadence)
        guard routers[other].isUncalled, now - belief.spoke > ElectionTimes.crossing(cadence),
            !routers[other].hasAnnounced, routers[other].lastMAC != virtualMAC
        else { return false }
        // Beside a master that announced the addresses, one that did not and is silent is none.
        let isAnnounced = routers[position].belief.claimed > .distantPast
        if isAnnounced, now - belief.spoke > ElectionTimes.longestPatience(cadence) { return true }
        let isBetter =
            (belief.advertisement.priority, routers[other].address)
            > (received.content.priority, routers[position].address)
        guard isBetter, routers[position].hasCadence, now - belief.spoke <= cadence * 5 / 2,
            acceptance(by: position, of: other) == .accepts
        else { return false }
        // A master yields to a better one that it accepts; once, their advertisements may have crossed.
        routers[other].defiances += 1
        return routers[other].defiances > 1
    }

    /// Whether an advertisement is held that may yet belong to the open part of the story.
    func holdsAny(at now: CaptureInstant) -> Bool {
        let open = story.longestInterval * 16
        return routers.indices.contains { position in
            routers[position].isOnProbation
                && routers[position].held.last.map { now - $0.sighting.instant <= open } ?? false
        }
    }

    /// Holds an advertisement until the doubt about its sender ends.
    mutating func hold(_ received: borrowing ReceivedAdvertisement, of position: Int) {
        if routers[position].held.count == Stranger.mostPending { routers[position].held.removeFirst() }
        routers[position].held.append(Stranger.Word(received))
    }
}

extension Stranger.Word {
    /// Whether an advertisement goes on with this one, in its cadence or its numbers.
    fileprivate func goesOn(with received: borrowing ReceivedAdvertisement) -> Bool {
        let interval = received.content.cadence
        let gap = received.sighting.instant - sighting.instant
        guard content.priority > 0, gap >= interval * 3 / 4 else { return false }
        if gap <= ElectionTimes.longestGapOnTime(interval) { return true }
        return gap <= interval * Int64(ElectionTimes.countedIntervals)
            && IdentificationSeries.isNext(received.identification, after: identification)
    }

    init(_ received: borrowing ReceivedAdvertisement) {
        content = received.content
        sighting = received.sighting
        identification = received.identification
        checksum = received.checksum
    }

    /// The latest advertisement of a router.
    fileprivate init(_ belief: Belief) {
        content = belief.advertisement
        sighting = Sighting(belief.evidence, at: belief.spoke)
        identification = belief.identification
        checksum = belief.checksum
    }
}

extension Stranger {
    /// Makes a stranger of a sender that was taken for a router, whose place another one takes.
    fileprivate init(_ router: Router, at position: Int) {
        let content = router.belief.advertisement
        let sighting = Sighting(router.belief.evidence, at: router.belief.spoke)
        self.init(
            router: position,
            mac: router.lastMAC,
            ttl: content.ttl,
            isToldByNumbers: false,
            occurrences: Occurrences(sighting),
            resignations: content.priority == 0 ? 1 : 0,
            contradictions: 1,
            differing: 1,
            highestPriority: max(router.priority, content.priority),
            longestInterval: content.interval
        )
    }
}

extension Router {
    /// Whether it was heard for less than its interval, so that it never went on.
    var isMomentary: Bool { lastSeen - firstSeen < belief.interval * 3 / 4 }

    /// Whether it claimed a virtual address about when it spoke, as a new master does.
    var hasAnnounced: Bool { belief.claimed >= belief.spoke - belief.interval }

    /// Whether it was heard at its cadence: a single advertisement may be anybody's.
    var hasCadence: Bool { cadence.samples + 1 >= Stranger.cadence }

    /// The interval that it keeps, as far as that is known, else the one that it advertises.
    fileprivate var pace: TimeSpan { cadence.samples > 0 ? min(belief.interval, cadence.nominal) : belief.interval }

    /// The instant behind which its next advertisement is missing.
    fileprivate var due: CaptureInstant { belief.spoke + ElectionTimes.overdue(belief.interval) }

    /// Makes an advertisement the latest one that was kept until it was known whose it is.
    fileprivate mutating func take(_ word: Stranger.Word) {
        adverts += 1
        lastSeen = max(lastSeen, word.sighting.instant)
        if let number = word.identification {
            identifications.add(number)
            recent.add(capture: word.sighting.observer, identification: number, checksum: word.checksum)
        }
        notePriority(word.content.priority, word.sighting)
        belief.advertisement = word.content
        belief.identification = word.identification
        belief.checksum = word.checksum
        belief.spoke = word.sighting.instant
        belief.evidence = word.sighting.reference
    }
}
