internal import VRRPFacts
package import VRRPWire

// Who is master: what is heard goes into the log of the story, and the cheapest story tells.

extension VirtualRouter {
    var interface: Int { key.segment.interface }

    /// Handles an advertisement's claim of mastership, or its resignation.
    mutating func claim(
        _ position: Int,
        _ advertisement: Advertisement,
        _ sighting: Sighting,
        identification: UInt16?,
        isNew: Bool,
        _ blindSpots: [BlindSpot]
    ) -> News {
        let interval = routers[position].belief.advertisement.cadence
        let isRepeated = !isNew && advertisement == routers[position].belief.advertisement
        story.pay()
        // Whoever speaks in the usual order and in time brings no news, unless another should have spoken meanwhile: it is
        // heard by that one, if that lives, and so tells whether it does.
        let isLate = sighting.instant - routers[position].belief.spoke > ElectionTimes.overdue(interval)
        var news = News(
            isNew || isLate || story.latestRouter != position
                || !isRepeated
                || isAnyMissing(at: sighting.instant, but: position)
        )
        // An advertisement that is held may still get its place among those of the router.
        if isRepeated, !holdsAny(at: sighting.instant),
            goesOn(position, sighting, identification: identification, blindSpots)
        {
            goOn(advertisement, from: position, sighting, identification: identification)
        } else {
            story.add(advertisement, from: position, sighting, identification: identification)
        }
        if !isNew, advertisement.priority > 0 {
            news |= keepTime(of: position, sighting, identification: identification, blindSpots)
        }
        tellOthers(of: advertisement, from: position, sighting)
        settleStory(at: sighting.instant, blindSpots)
        return news
    }

    /// Settles by decree what lies long enough behind, so that memory is bounded and files tell what a live watch tells.
    private mutating func settleStory(at now: CaptureInstant, _ blindSpots: [BlindSpot]) {
        guard let beginning = story.beginning, !story.entries.isEmpty else { return }
        let open = story.longestInterval * ElectionTimes.openIntervals
        guard now - beginning > open * 2 || story.entries.count >= StoryLog.mostEntries else { return }
        var cut = now - open
        if story.entries.count >= StoryLog.mostEntries {
            cut = max(cut, story.entries[StoryLog.mostEntries / 2].instant)
        }
        let told = Story(of: self, until: now, blindSpots, cut: cut)
        told.add(to: &reigns)
        noteReigning(told)
        story.spend(onReading: told.readingPrice)
        unobserved = told.unobserved
        doubts = told.doubts
        unheard = told.unheard
        story.exceptions = told.exceptions
        story.backupsMindInterval = told.backupsMindInterval
        story.keyRejections = told.keyRejections
        story.memories = told.memories
        settleClaims(upTo: cut)
        story.forget(upTo: cut)
    }

    /// Decides what the time that passed says about claims of addresses, and about the story, where more advertisements are
    /// missing than before.
    mutating func settle(at now: CaptureInstant, _ blindSpots: [BlindSpot]) -> News {
        var news = judgeClaims(at: now, isLast: false, blindSpots)
        let before = missed
        countMissed(at: now)
        news |= News(missed > before)
        if !strangers.isEmpty { news |= decideResignations(at: now) }
        return news
    }

    /// Whether ``settle(at:_:)`` would decide nothing, for no claim is due and no further advertisement is missing.
    func isSettled(at now: CaptureInstant) -> Bool {
        let isJudged = judgement.map { now <= $0 } ?? true
        return isJudged && missed(at: now) <= missed && strangersDecide.map { now <= $0 } ?? true
    }

    /// The time after the claim of an address at which it is judged.
    var judgementDelay: TimeSpan { ElectionTimes.announcementBefore(advertisementInterval) }

    /// The instant behind which the first claim that is open is judged; `nil` where none is.
    ///
    /// A judgement tells the story, so of many claims several are judged at once, and a long story of many routers is not told
    /// before so many frames came that each of them may pay for a part of it.
    var judgement: CaptureInstant? {
        guard let first = story.unjudged.first else { return nil }
        let wait = judgementDelay
        let due = first.sighting.instant + (story.unjudged.count > Self.fewClaims ? wait + wait / 4 : wait)
        return max(due, story.postponed)
    }

    private static let fewClaims = 32

    /// Postpones the judgement of claims for an interval where telling the story costs more than the frames since the last
    /// one pay for, and returns whether it did; else lets them pay.
    mutating func postponesJudgement(at now: CaptureInstant) -> Bool {
        let price = story.entries.count * routers.count
        guard price <= story.credit else {
            story.postponed = now + judgementDelay
            return true
        }
        story.credit -= price
        return false
    }

    /// Counts the advertisements that are missing at an instant; further ones are news.
    mutating func countMissed(at now: CaptureInstant) { missed = missed(at: now) }

    private func missed(at now: CaptureInstant) -> Int {
        routers.indices.reduce(0) { sum, position in sum + missed(by: position, at: now) }
    }

    /// Whether another router has just fallen silent, so that the story may still change its mind about it.
    private func isAnyMissing(at now: CaptureInstant, but position: Int) -> Bool {
        routers.indices.contains { other in
            guard other != position else { return false }
            let missed = missed(by: other, at: now)
            return missed > 0 && missed < ElectionTimes.countedIntervals
        }
    }

    /// The number of advertisements of a router that were due and have not come, as far as they are counted.
    private func missed(by position: Int, at now: CaptureInstant) -> Int {
        // An advertisement asks this several times, so nothing is copied.
        guard routers[position].belief.advertisement.priority > 0 else { return 0 }
        let interval = routers[position].belief.interval
        var sum = Self.missed(in: now - routers[position].belief.spoke, interval)
        if now > routers[position].belief.uncertainAfter { sum += 1 }
        if let second = routers[position].belief.restartedTimer { sum += Self.missed(in: now - second, interval) }
        return sum
    }

    private static func missed(in silence: TimeSpan, _ interval: TimeSpan) -> Int {
        let late = silence - ElectionTimes.tolerance(interval)
        guard late >= interval else { return 0 }
        return Int(min(late / interval, Double(ElectionTimes.countedIntervals)))
    }

    /// The instant at which ``settle(at:_:)`` decides something next if nothing is heard before; `nil` where nothing is open.
    package func nextDecision(in observation: Observation) -> CaptureInstant? {
        let now = observation.end ?? firstAdvert
        let silence = silence(after: now)
        guard let decision = [judgement, strangersDecide].compactMap(\.self).min() else { return silence }
        return min(silence ?? decision, decision) + TimeSpan(nanoseconds: 1)
    }

    /// The instant at which the next advertisement is missing that was due; `nil` where all have been silent for long.
    private func silence(after now: CaptureInstant) -> CaptureInstant? {
        var first: CaptureInstant?
        for position in routers.indices {
            guard let silence = silence(of: position, after: now) else { continue }
            first = min(first ?? silence, silence)
        }
        return first
    }

    private func silence(of position: Int, after now: CaptureInstant) -> CaptureInstant? {
        let belief = routers[position].belief
        guard belief.advertisement.priority > 0 else { return nil }
        var first = now <= belief.uncertainAfter ? belief.uncertainAfter + TimeSpan(nanoseconds: 1) : nil
        for start in belief.timerStarts {
            let tolerance = ElectionTimes.tolerance(belief.interval)
            let missed = max(0, (now - start - tolerance) / belief.interval)
            guard missed < Double(ElectionTimes.countedIntervals) else { continue }
            let next = start + belief.interval * (Int64(missed) + 1) + tolerance + TimeSpan(nanoseconds: 1)
            first = min(first ?? next, next)
        }
        return first
    }

    /// Notes whose settled reigns there are, behind a story that was settled.
    private mutating func noteReigning(_ told: Story) {
        for index in told.positions(in: reigns) { noteReigning(at: index) }
    }

    private mutating func noteReigning(at index: Int) {
        reigning.insert(reigns[index].router)
        if case .yielded(let other) = reigns[index].endReason { followed.insert(other) }
    }

    mutating func dropOldestReigns() {
        // Half at once, so that the cost of moving the rest is shared; reigns that last are never among the oldest half
        // of a full list without being kept.
        let dropped = reigns.count / 2
        let kept = reigns[..<dropped].filter { $0.end == nil }
        reigns.replaceSubrange(..<dropped, with: kept)
        droppedReigns += dropped - kept.count
        (reigning, followed) = (RouterSet(), RouterSet())
        for index in reigns.indices { noteReigning(at: index) }
        story.findOpenReigns(in: reigns)
    }

    // MARK: What others make of it

    /// The verdict of a router on the latest advertisement of another.
    func acceptance(by receiver: Int, of sender: Int) -> Acceptance {
        acceptance(by: receiver, of: routers[sender].belief.advertisement, from: sender)
    }

    func acceptance(by receiver: Int, of advertisement: Advertisement, from sender: Int) -> Acceptance {
        let own = routers[receiver].belief.advertisement
        return Acceptance(by: own, at: routers[receiver].address, of: advertisement)
    }

    /// The reason for which a router does not accept another's advertisements; `nil` where it should accept them.
    ///
    /// `exceptions` are pairs of settings that behaviour shows to be accepted, or not, against their looks.
    func rejection(by receiver: Int, of sender: Int, _ exceptions: [StoryLog.Pair]) -> Rejection? {
        let verdict = acceptance(by: receiver, of: sender)
        let isException =
            if let own = story.known(routers[receiver].belief.advertisement),
                let other = story.known(routers[sender].belief.advertisement)
            { exceptions.contains(StoryLog.Pair(receiver: own, sender: other)) } else { false }
        return switch verdict {
        case .accepts: isException ? .unknown : nil
        case .dependsOnImplementation(let reason): isException ? reason : nil
        case .rejects(let reason): isException ? nil : reason
        case .notAddressed: nil
        }
    }
}
