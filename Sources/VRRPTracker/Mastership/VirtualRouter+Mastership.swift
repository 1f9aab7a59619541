internal import VRRPFacts
package import VRRPWire

// The mastership of routers. A claim begins with an advertisement. Its end is inferred from the advertisements that the
// router must have heard.

extension VirtualRouter {
    /// Handles an advertisement's claim of mastership, or its resignation.
    mutating func claim(
        _ position: Int,
        _ advertisement: Advertisement,
        _ sighting: Sighting,
        identification: UInt16?,
        _ blindSpots: [BlindSpot]
    ) -> News {
        let instant = sighting.instant
        var news = News.none
        if advertisement.priority == 0 {
            if routers[position].belief.reign == nil { news |= reopenForResignation(of: position, identification) }
            news |= endReign(of: position, at: instant, .resigned, sighting.reference)
            for other in routers.indices { routers[other].belief.forgetWhatWasHeard(of: position) }
            news |= tellOthers(of: advertisement, from: position, sighting)
            return news
        }
        news |= endIfRestarted(position, advertisement, identification, at: instant)
        news |= noteDefiance(of: position, advertisement, identification, at: instant)
        if routers[position].belief.reign == nil {
            news |= endSilentReigns(before: instant, except: position, blindSpots)
            news |= beginReign(of: position, advertisement, sighting)
        } else {
            news |= continueReign(of: position, advertisement, sighting, identification: identification, blindSpots)
        }
        news |= tellOthers(of: advertisement, from: position, sighting)
        return news
    }

    /// Ends the reigns that are over by now: the router must have yielded, or it has been silent for too long.
    ///
    /// Also notes the parts of silences in which nothing could have been seen.
    mutating func settle(at now: CaptureInstant, _ blindSpots: [BlindSpot]) -> News {
        var news = News.none
        for position in routers.indices
        where routers[position].belief.reign != nil && now > routers[position].belief.overdue {
            let belief = routers[position].belief
            if let summons = belief.summons {
                if summons.instant <= belief.overdue {
                    news |= endReign(of: position, at: summons.instant, .yielded(to: summons.router), summons.evidence)
                } else {
                    news |= endReign(of: position, at: belief.due, .silent, nil)
                }
                continue
            }
            // Silence counts from the end of the latest blind spot.
            let blind = blindSpots.latest(from: belief.timerStart, to: now, on: interface)
            if let blind { news |= noteUnobserved(blind, from: belief.due, to: now, belief.evidence) }
            let watched = max(belief.timerStart, blind?.end ?? belief.timerStart)
            guard now > watched + ElectionTimes.longestPatience(belief.interval) else { continue }
            news |= endReign(of: position, at: belief.due, .silent, nil)
        }
        return news
    }

    /// Returns the instant at which ``settle(at:_:)`` next decides something if nothing is heard before; `nil` while
    /// nobody is master.
    package func nextDecision(in observation: Observation) -> CaptureInstant? {
        let now = observation.end ?? firstAdvert
        var next: CaptureInstant?
        for position in routers.indices where routers[position].belief.reign != nil {
            let belief = routers[position].belief
            var decision = belief.overdue
            if belief.summons == nil {
                let blind = observation.blindSpots.latest(from: belief.timerStart, to: now, on: interface)
                let watched = max(belief.timerStart, blind?.end ?? belief.timerStart)
                // A stretch that could not be observed is noted as soon as an advertisement should have been heard.
                if blind == nil || now > decision {
                    decision = watched + ElectionTimes.longestPatience(belief.interval)
                }
            }
            next = min(next ?? decision, decision)
        }
        return next.map { $0 + TimeSpan(nanoseconds: 1) }
    }

    private var interface: Int { key.segment.interface }

    /// Notes the part of a silence in which nothing could have been seen.
    private mutating func noteUnobserved(
        _ blind: BlindSpot,
        from due: CaptureInstant,
        to end: CaptureInstant,
        _ evidence: FrameReference
    ) -> News {
        let part = Silence(start: max(due, blind.start), end: min(end, blind.end), evidence: evidence)
        guard part.length > .zero, unobserved.count < Self.mostUnobserved else { return .none }
        if let last = unobserved.last, last.end >= part.start, last.start <= part.start {
            unobserved[unobserved.count - 1].end = max(last.end, part.end)
            return .none
        }
        unobserved.append(part)
        return .some
    }

    // MARK: Reigns

    private mutating func beginReign(of position: Int, _ advertisement: Advertisement, _ sighting: Sighting) -> News {
        routers[position].belief.reign = reigns.count
        routers[position].belief.ignoresSummons = false
        routers[position].belief.summons = nil
        routers[position].belief.heldBack = nil
        // A second reign nearly always follows.
        if reigns.isEmpty { reigns.reserveCapacity(2) }
        reigns.append(Reign(of: position, from: sighting, advertisement))
        return .some
    }

    private mutating func continueReign(
        of position: Int,
        _ advertisement: Advertisement,
        _ sighting: Sighting,
        identification: UInt16?,
        _ blindSpots: [BlindSpot]
    ) -> News {
        let belief = routers[position].belief
        guard let reign = belief.reign else { return .none }
        var news = noteGap(of: position, belief, sighting, identification: identification, blindSpots)
        if let summons = belief.summons {
            // Packets cross: an advertisement right behind the summons was sent before the summons was heard.
            let crossing = ElectionTimes.crossing(belief.interval)
            if sighting.instant - summons.instant > crossing {
                news = .some
                routers[position].belief.ignoresSummons = true
                let latest = belief.latestSummons
                routers[position].belief.summons =
                    latest.map { sighting.instant - $0.instant <= crossing } ?? false ? latest : nil
            }
        }
        if let heldBack = belief.heldBack, heldBack - belief.spoke > ElectionTimes.together(belief.interval),
            // Timers that run out together prove nothing.
            sighting.instant - heldBack > ElectionTimes.together(belief.interval),
            (sighting.instant - belief.spoke - belief.interval).magnitude <= belief.tolerance
        {
            routers[position].belief.isHeldBackByRejected = false
        }
        if belief.heldBack != nil {
            reigns[reign].keepSilence(from: belief.spoke, to: sighting.instant, belief.evidence)
        }
        routers[position].belief.heldBack = nil
        reigns[reign].goOn(with: advertisement, sighting)
        return news
    }

    private mutating func endReign(
        of position: Int,
        at end: CaptureInstant,
        _ reason: Reign.End,
        _ evidence: FrameReference?
    ) -> News {
        guard let index = routers[position].belief.reign else { return .none }
        reigns[index].end = max(end, reigns[index].start)
        if routers[position].belief.heldBack != nil {
            reigns[index].keepSilence(from: reigns[index].lastAdvert, to: end, reigns[index].lastEvidence)
        }
        reigns[index].endReason = reason
        reigns[index].endEvidence = evidence
        routers[position].belief.reign = nil
        routers[position].belief.summons = nil
        return .some
    }

    /// Takes back the end of a router's last reign because it resigns now: only a master sends priority 0.
    ///
    /// keepalived and FRR send it when they stop as master (`vrrp_state_leave_master` in vrrp.c, `vrrp_shutdown` in
    /// FRR's vrrp.c). Had the router become master anew, it would have advertised, and the identification would tell.
    private mutating func reopenForResignation(of position: Int, _ identification: UInt16?) -> News {
        guard let identification, let previous = routers[position].belief.identification,
            identification == previous &+ 1, let last = reigns.lastIndex(where: { $0.router == position })
        else { return .none }
        switch reigns[last].endReason {
        case .resigned, nil: return .none
        case .silent: break
        case .yielded(let other):
            routers[position].belief.provenRejections.insert(other)
        }
        reigns[last].reopen()
        routers[position].belief.reign = last
        return .some
    }

    /// Ends the reign of a router that begins to count anew: it was restarted, and was Backup before it claimed again.
    ///
    /// keepalived numbers its advertisements from 1 in the IPv4 identification (`vrrp_update_pkt` in vrrp.c). A master
    /// that others hold back may be gone long before that shows; it was master until some time before it was started.
    private mutating func endIfRestarted(
        _ position: Int,
        _ advertisement: Advertisement,
        _ identification: UInt16?,
        at instant: CaptureInstant
    ) -> News {
        let belief = routers[position].belief
        guard belief.reign != nil, identification == 1, routers[position].identifications.counts,
            // Near their end, the identifications start again by themselves.
            let previous = belief.identification, previous < .max - 100
        else { return .none }
        let asBackup = ElectionTimes.masterDownInterval(
            priority: advertisement.priority,
            interval: belief.interval,
            version: advertisement.version
        )
        let started = advertisement.priority == 255 ? instant : instant - asBackup
        let due = belief.spoke + belief.interval
        guard belief.heldBack != nil else { return endReign(of: position, at: min(due, instant), .silent, nil) }
        // Nothing tells when the router stopped. Assume the middle of the possible time, and at most a few seconds
        // before the restart.
        let absence = min((started - due) / 2, ElectionTimes.longestRestart(belief.interval))
        return endReign(of: position, at: min(max(started - absence, due), instant), .silent, nil)
    }

    /// Ends the reigns of routers whose silence let a new master claim.
    private mutating func endSilentReigns(
        before instant: CaptureInstant,
        except position: Int,
        _ blindSpots: [BlindSpot]
    ) -> News {
        var news = News.none
        for other in routers.indices where other != position && routers[other].belief.reign != nil {
            let belief = routers[other].belief
            if instant - belief.timerStart > ElectionTimes.silenceBeforeClaim(belief.interval) {
                if let blind = blindSpots.latest(from: belief.timerStart, to: instant, on: interface) {
                    news |= noteUnobserved(blind, from: belief.due, to: instant, belief.evidence)
                }
                news |= endReign(of: other, at: belief.due, .silent, nil)
            }
        }
        return news
    }

    mutating func dropOldestReigns() {
        // Drop half at once, so that the cost of moving the rest is shared. Reigns in the oldest half that still last
        // are kept.
        let dropped = reigns.count / 2
        let kept = reigns[..<dropped].filter { $0.end == nil }
        reigns.replaceSubrange(..<dropped, with: kept)
        droppedReigns += dropped - kept.count
        for position in routers.indices {
            routers[position].belief.reign = reigns.lastIndex { $0.router == position && $0.end == nil }
        }
    }

    // MARK: The effect on other routers

    mutating func tellOthers(of advertisement: Advertisement, from position: Int, _ sighting: Sighting) -> News {
        var news = News.none
        let sender = routers[position].address
        for other in routers.indices where other != position {
            switch acceptance(by: other, of: advertisement, from: position) {
            case .notAddressed: continue
            case .rejects:
                // A router whose timer ran out long ago is not held back: it is gone.
                guard sighting.instant <= routers[other].belief.overdue else { continue }
                routers[other].belief.heldBack = sighting.instant
            case .accepts, .dependsOnImplementation:
                guard advertisement.priority > 0 else { continue }
                let own = routers[other].belief.advertisement
                let heard = Belief.Heard(
                    instant: sighting.instant,
                    router: position,
                    priority: advertisement.priority,
                    evidence: sighting.reference
                )
                routers[other].belief.heard = heard
                if advertisement.priority >= own.priority { routers[other].belief.better = heard }
                // RFC 9568 section 6.4.3: greater, or equal with the greater address. Of two that claim to own the addresses,
                // keepalived lowers its own priority at the other's advertisement, and so yields (`vrrp_state_master_rx`).
                let isOwnerTwice = advertisement.priority == 255 && own.priority == 255
                guard
                    isOwnerTwice || (advertisement.priority, sender) > (own.priority, routers[other].address)
                else { continue }
                guard routers[other].belief.reign != nil else { continue }
                routers[other].belief.latestSummons = heard
                guard routers[other].belief.summons == nil else { continue }
                routers[other].belief.summons = heard
                news = .some
            }
        }
        return news
    }

    /// Returns whether a router accepts the latest advertisement of another.
    func acceptance(by receiver: Int, of sender: Int) -> Acceptance {
        acceptance(by: receiver, of: routers[sender].belief.advertisement, from: sender)
    }

    func acceptance(by receiver: Int, of advertisement: Advertisement, from sender: Int) -> Acceptance {
        let verdict = Acceptance(
            by: routers[receiver].belief.advertisement,
            at: routers[receiver].address,
            of: advertisement
        )
        guard routers[receiver].belief.provenRejections.contains(sender) else { return verdict }
        switch verdict {
        case .accepts: return .rejects(.unknown)
        case .dependsOnImplementation(let reason): return .rejects(reason)
        case .rejects, .notAddressed: return verdict
        }
    }

    // MARK: Rejection that shows only in behaviour

    /// Infers from the timing of an advertisement whether its sender rejected an earlier one.
    ///
    /// A keepalived that rejects an advertisement speaks exactly one interval after that advertisement, not one
    /// interval after its own last. Seen twice, with nothing to the contrary in between, this is proof, even where the
    /// reason does not show, such as an AH key. A router that keeps its own cadence does not hear the other. Where
    /// implementations differ, a claim is decisive if accepting a better advertisement would have prevented it.
    private mutating func noteDefiance(
        of position: Int,
        _ advertisement: Advertisement,
        _ identification: UInt16?,
        at instant: CaptureInstant
    ) -> News {
        let belief = routers[position].belief
        let isClaim = belief.reign == nil
        if isClaim, let better = belief.better, better.priority >= advertisement.priority {
            let patience = ElectionTimes.masterDownInterval(
                priority: advertisement.priority,
                // VRRPv3 learns the interval from the master (RFC 9568 section 6.4.2).
                interval: advertisement.version == 2
                    ? advertisement.interval : routers[better.router].belief.interval,
                version: advertisement.version
            )
            let isEarly = instant - better.instant < patience - ElectionTimes.earlyClaim(belief.interval)
            if isEarly, case .dependsOnImplementation = acceptance(by: position, of: better.router) {
                return prove(rejectionBetween: position, and: better.router)
            }
            guard isEarly else { return .none }
        } else if isClaim {
            // Against a lower priority a claim is no defiance; without a pause in its numbers it was there all along.
            guard let identification, let last = belief.identification, identification == last &+ 1 else {
                return .none
            }
        }
        guard let heard = belief.heard, heard.instant > belief.spoke, instant > heard.instant else { return .none }
        let tolerance = belief.tolerance
        let sinceOwn = (instant - belief.spoke - belief.interval).magnitude
        let sinceOther = (instant - heard.instant - belief.interval).magnitude
        if sinceOther <= tolerance, sinceOwn > tolerance * 2 {
            routers[position].belief.isHeldBackByRejected = true
            return note(defianceBy: position, against: heard.router)
        }
        if sinceOwn <= tolerance, sinceOther > tolerance * 2, instant - heard.instant > tolerance * 2 {
            routers[position].belief.defied.remove(heard.router)
            routers[position].belief.provenRejections.remove(heard.router)
        }
        return .none
    }

    private mutating func note(defianceBy position: Int, against other: Int) -> News {
        // A difference between hidden keys works in both directions.
        let isMutual =
            routers[position].belief.advertisement.hidesItsKey && routers[other].belief.advertisement.hidesItsKey
        let isFirst = routers[position].belief.defied.insert(other)
        let isAnswered = isMutual && routers[other].belief.defied.contains(position)
        switch acceptance(by: position, of: other) {
        case .dependsOnImplementation: return prove(rejectionBetween: position, and: other)
        case .accepts:
            guard !isFirst || isAnswered else { return .none }
            return isMutual
                ? prove(rejectionBetween: position, and: other) : prove(rejectionBy: position, of: other)
        case .rejects, .notAddressed: return .none
        }
    }

    /// Notes that two routers reject each other: a difference between two routers works in both directions.
    private mutating func prove(rejectionBetween a: Int, and b: Int) -> News {
        var news = prove(rejectionBy: a, of: b)
        news |= prove(rejectionBy: b, of: a)
        return news
    }

    /// Notes that a router rejects another's advertisements, and takes back that it ever yielded to them.
    private mutating func prove(rejectionBy position: Int, of other: Int) -> News {
        guard routers[position].belief.provenRejections.insert(other) else { return .none }
        let belief = routers[position].belief
        routers[position].belief.better = nil
        routers[position].belief.heard = nil
        // The samples are not its own cadence, because others held it back.
        routers[position].cadence = Cadence()
        routers[position].gaps = []
        routers[position].missedAdverts = 0
        routers[position].belief.heldBack = belief.heard?.instant
        if belief.summons?.router == other { routers[position].belief.summons = nil }
        // All reigns from the first one that seemed to end because of this router become one.
        var later = belief.reign
        while let last = reigns[..<(later ?? reigns.count)].lastIndex(where: { $0.router == position }),
            isExplained(reigns[last], byHoldingBack: other, until: later.map { reigns[$0].start })
        {
            if let index = later {
                reigns[last].absorb(reigns[index])
                remove(reign: index)
            } else {
                reigns[last].reopen()
            }
            routers[position].belief.reign = last
            later = last
        }
        return .some
    }

    /// Whether a reign seemed to end only because another router's advertisements held its router back.
    private func isExplained(_ reign: Reign, byHoldingBack other: Int, until resumption: CaptureInstant?) -> Bool {
        switch reign.endReason {
        case .yielded(let router): router == other
        case .silent:
            reigns.contains {
                $0.router == other && $0.start <= reign.end ?? .distantFuture
                    && $0.end ?? .distantFuture >= resumption ?? .distantFuture
            }
        case .resigned, nil: false
        }
    }

    private mutating func remove(reign index: Int) {
        reigns.remove(at: index)
        for position in routers.indices {
            if let reign = routers[position].belief.reign, reign > index { routers[position].belief.reign = reign - 1 }
        }
    }

    // MARK: Cadence

    private mutating func noteGap(
        of position: Int,
        _ belief: Belief,
        _ sighting: Sighting,
        identification: UInt16?,
        _ blindSpots: [BlindSpot]
    ) -> News {
        let gap = sighting.instant - belief.spoke
        let interval = belief.interval
        // A gap stretched by an advertisement that the router rejects says nothing about how it keeps time.
        guard belief.heldBack == nil else { return .none }
        if let blind = blindSpots.latest(from: belief.spoke, to: sighting.instant, on: interface) {
            if sighting.instant > belief.overdue {
                _ = noteUnobserved(blind, from: belief.due, to: sighting.instant, belief.evidence)
            }
            return .some
        }
        // A reply to priority 0 or to a lower priority comes out of turn, and so does the one after it.
        guard gap >= ElectionTimes.shortestGap(interval) else {
            routers[position].belief.spokeOutOfTurn = true
            return .none
        }
        if belief.spokeOutOfTurn {
            routers[position].belief.spokeOutOfTurn = false
            guard gap > ElectionTimes.longestGapOnTime(interval) else { return .none }
        }
        routers[position].cadence.add(gap, interval: interval)
        let isLong = gap > ElectionTimes.overdue(interval)
        guard isLong || keepsGaps else { return .none }
        let record = Router.Gap(
            start: belief.spoke,
            end: sighting.instant,
            interval: interval,
            startEvidence: belief.evidence,
            endEvidence: sighting.reference,
            identificationStep: Router.Gap.step(from: belief.identification, to: identification)
        )
        if isLong { routers[position].keepLong(record) }
        if keepsGaps { routers[position].keep(record) }
        return News(isLong)
    }
}

extension Router {
    fileprivate mutating func keep(_ gap: Gap) {
        if everyGap.count < Self.mostKeptGaps { everyGap.append(gap) } else { gapsLeftOut += 1 }
    }

    /// Keeps a gap; when there are too many, the shortest is dropped.
    fileprivate mutating func keepLong(_ gap: Gap) {
        missedAdverts += max(1, Int(((gap.end - gap.start) / gap.interval).rounded()) - 1)
        if gaps.count == Self.mostGaps,
            let shortest = gaps.indices.min(by: { gaps[$0].end - gaps[$0].start < gaps[$1].end - gaps[$1].start })
        {
            guard gap.end - gap.start > gaps[shortest].end - gaps[shortest].start else { return }
            gaps.remove(at: shortest)
        }
        gaps.append(gap)
    }
}

extension Router.Gap {
    /// The step from one IPv4 identification to the next, modulo 2^16; `nil` for IPv6.
    fileprivate static func step(from earlier: UInt16?, to later: UInt16?) -> UInt16? {
        guard let earlier, let later else { return nil }
        return later &- earlier
    }
}

extension Reign {
    fileprivate init(of router: Int, from sighting: Sighting, _ advertisement: Advertisement) {
        let priority = advertisement.priority
        startInterval = advertisement.interval
        lastInterval = advertisement.interval
        version = advertisement.version
        self.router = router
        start = sighting.instant
        startEvidence = sighting.reference
        startPriority = priority
        highestPriority = priority
        lastPriority = priority
        lastPrioritySince = sighting.instant
        lastAdvert = sighting.instant
        lastEvidence = sighting.reference
    }

    /// Notes an advertisement of the router that reigns.
    fileprivate mutating func goOn(with advertisement: Advertisement, _ sighting: Sighting) {
        let priority = advertisement.priority
        lastInterval = advertisement.interval
        highestPriority = max(highestPriority, priority)
        if priority != lastPriority {
            lastPriority = priority
            lastPrioritySince = sighting.instant
        }
        lastAdvert = sighting.instant
        lastEvidence = sighting.reference
    }

    mutating func keepSilence(from start: CaptureInstant, to end: CaptureInstant, _ evidence: FrameReference) {
        let silence = Silence(start: start, end: end, evidence: evidence)
        if silence.length > longestSilence?.length ?? .zero { longestSilence = silence }
    }

    /// Takes over the facts of a later reign of the same router.
    fileprivate mutating func absorb(_ later: Reign) {
        keepSilence(from: lastAdvert, to: later.start, lastEvidence)
        if let silence = later.longestSilence { keepSilence(from: silence.start, to: silence.end, silence.evidence) }
        highestPriority = max(highestPriority, later.highestPriority)
        lastPriority = later.lastPriority
        lastInterval = later.lastInterval
        lastPrioritySince = later.lastPrioritySince
        lastAdvert = later.lastAdvert
        lastEvidence = later.lastEvidence
        end = later.end
        endReason = later.endReason
        endEvidence = later.endEvidence
    }

    /// Undoes the end of the reign.
    fileprivate mutating func reopen() {
        end = nil
        endReason = nil
        endEvidence = nil
    }
}

extension [BlindSpot] {
    /// The latest blind spot of an interface that overlaps a stretch of time.
    func latest(from start: CaptureInstant, to end: CaptureInstant, on interface: Int) -> BlindSpot? {
        // Blind spots arrive in order of time, except for differences between several captures and interfaces.
        suffix(64).last { $0.end >= start && $0.start <= end && $0.concerns(interface) }
    }
}
