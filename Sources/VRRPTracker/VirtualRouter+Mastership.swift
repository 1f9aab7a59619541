internal import VRRPWire

// Who is master. A claim begins with an advertisement; what ends it is inferred from what the router must have heard.

extension VirtualRouter {
    /// Handles an advertisement's claim of mastership, or its resignation.
    mutating func claim(
        _ position: Int,
        _ advertisement: Advertisement,
        _ sighting: Sighting,
        isNew: Bool,
        identification: UInt16?,
        _ blindSpots: [BlindSpot]
    ) {
        let instant = sighting.instant
        if advertisement.priority == 0 {
            if routers[position].belief.reign != nil {
                endReign(of: position, at: instant, .resigned, sighting.reference)
            }
            for other in routers.indices where routers[other].belief.better?.router == position {
                // Skew_Time now, not Master_Down_Interval (RFC 9568 section 6.4.2): an early claim proves nothing.
                routers[other].belief.better = nil
            }
            tellOthers(of: advertisement, from: position, sighting)
            return
        }
        if routers[position].belief.reign == nil {
            noteDefiance(of: position, advertisement, at: instant)
        }
        if routers[position].belief.reign == nil {
            endSilentReigns(before: instant, except: position)
            beginReign(of: position, advertisement, sighting)
        } else {
            continueReign(of: position, advertisement, sighting, identification: identification, blindSpots)
        }
        tellOthers(of: advertisement, from: position, sighting)
    }

    /// Decides, for every reign, what the time that passed says about it.
    mutating func settle(at now: CaptureInstant) {
        for position in routers.indices where routers[position].belief.reign != nil {
            let belief = routers[position].belief
            if let summons = belief.summons, now > belief.overdue {
                if summons.instant <= belief.overdue {
                    endReign(of: position, at: summons.instant, .yielded(to: summons.router), summons.evidence)
                } else {
                    endReign(of: position, at: belief.due, .silent, nil)
                }
            } else if now > belief.timerStart + belief.interval * 4 + belief.interval / 4 {
                // No Backup waits longer than three intervals and a skew of one (RFC 9568 section 6.1).
                endReign(of: position, at: belief.due, .silent, nil)
            }
        }
    }

    // MARK: Reigns

    private mutating func beginReign(of position: Int, _ advertisement: Advertisement, _ sighting: Sighting) {
        if reigns.count == Self.mostReigns { dropOldestReigns() }
        routers[position].belief.reign = reigns.count
        routers[position].belief.ignoresSummons = false
        routers[position].belief.summons = nil
        routers[position].belief.heldBack = nil
        reigns.append(Reign(of: position, from: sighting, advertisement.priority))
    }

    private mutating func continueReign(
        of position: Int,
        _ advertisement: Advertisement,
        _ sighting: Sighting,
        identification: UInt16?,
        _ blindSpots: [BlindSpot]
    ) {
        let belief = routers[position].belief
        guard let reign = belief.reign else { return }
        noteGap(of: position, belief, sighting, identification: identification, blindSpots)
        if let summons = belief.summons {
            // Packets cross: one advertisement right behind the summons was sent before it was heard.
            if sighting.instant - summons.instant > Self.crossing(belief.interval) {
                routers[position].belief.summons = nil
                routers[position].belief.ignoresSummons = true
            }
        }
        if let heldBack = belief.heldBack, heldBack - belief.spoke > belief.interval / 10,
            (sighting.instant - belief.spoke - belief.interval).magnitude <= max(.milliseconds(5), belief.interval / 50)
        {
            routers[position].belief.isHeldBackByRejected = false
        }
        routers[position].belief.heldBack = nil
        reigns[reign].note(advertisement.priority, sighting)
    }

    /// How long after a better advertisement one's own may still come that was sent before.
    private static func crossing(_ interval: TimeSpan) -> TimeSpan {
        min(.milliseconds(10), interval / 10)
    }

    private mutating func endReign(
        of position: Int,
        at end: CaptureInstant,
        _ reason: Reign.End,
        _ evidence: FrameReference?
    ) {
        guard let index = routers[position].belief.reign else { return }
        reigns[index].end = max(end, reigns[index].start)
        reigns[index].endReason = reason
        reigns[index].endEvidence = evidence
        routers[position].belief.reign = nil
        routers[position].belief.summons = nil
    }

    /// Ends the reigns of routers whose silence is what a new master waited for.
    private mutating func endSilentReigns(before instant: CaptureInstant, except position: Int) {
        for other in routers.indices where other != position && routers[other].belief.reign != nil {
            let belief = routers[other].belief
            if instant - belief.timerStart > belief.interval * 3 - belief.interval / 8 {
                endReign(of: other, at: belief.due, .silent, nil)
            }
        }
    }

    private mutating func dropOldestReigns() {
        // Half at once, so that the cost of moving the rest is shared; reigns that last are never among the oldest half
        // of a full list without being kept.
        let dropped = Self.mostReigns / 2
        let kept = reigns[..<dropped].filter { $0.end == nil }
        reigns.replaceSubrange(..<dropped, with: kept)
        droppedReigns += dropped - kept.count
        for position in routers.indices {
            routers[position].belief.reign = reigns.lastIndex { $0.router == position && $0.end == nil }
        }
    }

    // MARK: What others make of it

    private mutating func tellOthers(of advertisement: Advertisement, from position: Int, _ sighting: Sighting) {
        let sender = routers[position].address
        for other in routers.indices where other != position {
            switch acceptance(by: other, of: advertisement, from: position) {
            case .notAddressed: continue
            case .rejects:
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
                if advertisement.priority >= own.priority { routers[other].belief.better = heard }
                // RFC 9568 section 6.4.3: greater, or equal with the greater address.
                guard (advertisement.priority, sender) > (own.priority, routers[other].address) else { continue }
                if routers[other].belief.reign != nil, routers[other].belief.summons == nil {
                    routers[other].belief.summons = heard
                }
            }
        }
    }

    private func acceptance(by receiver: Int, of advertisement: Advertisement, from sender: Int) -> Acceptance {
        if routers[receiver].belief.provenRejections.contains(sender) { return .rejects(.password) }
        return Acceptance(
            by: routers[receiver].belief.advertisement,
            at: routers[receiver].address,
            of: advertisement
        )
    }

    // MARK: Rejection that shows only in behaviour

    /// Notes a claim that a better advertisement, heard and accepted, would have kept from being made.
    ///
    /// Such a router is deaf, or it rejects for a reason that does not show, such as an AH key. A rejecting keepalived
    /// speaks exactly one interval after the rejected advertisement; seen twice, that is proof.
    private mutating func noteDefiance(of position: Int, _ advertisement: Advertisement, at instant: CaptureInstant) {
        let belief = routers[position].belief
        guard let better = belief.better, better.priority >= advertisement.priority else { return }
        let patience = Advertisement.masterDownInterval(
            priority: advertisement.priority,
            interval: advertisement.interval,
            version: advertisement.version
        )
        guard instant - better.instant < patience - belief.interval / 8 else { return }
        let verdict = acceptance(by: position, of: routers[better.router].belief.advertisement, from: better.router)
        let deviation = (instant - better.instant - belief.interval).magnitude
        let isHeldBack = deviation <= max(.milliseconds(5), belief.interval / 50)
        switch verdict {
        case .dependsOnImplementation:
            prove(rejectionBy: position, of: better.router)
        case .accepts:
            let isFirstClaim = !reigns.contains { $0.router == position }
            guard isHeldBack || isFirstClaim else { return }
            routers[position].belief.defiance[better.router, default: 0] += 1
            if routers[position].belief.defiance[better.router, default: 0] >= 2 {
                prove(rejectionBy: position, of: better.router)
            }
        case .rejects, .notAddressed: break
        }
    }

    /// Notes that a router rejects another's advertisements, and takes back that it ever yielded to them.
    private mutating func prove(rejectionBy position: Int, of other: Int) {
        routers[position].belief.provenRejections.insert(other)
        routers[position].belief.heldBack = routers[position].belief.better?.instant
        routers[position].belief.better = nil
        guard let last = reigns.lastIndex(where: { $0.router == position }),
            case .yielded(to: other) = reigns[last].endReason
        else { return }
        // One reign from the first claim that it was thought to have given up for this router.
        var first = last
        while let previous = reigns[..<first].lastIndex(where: { $0.router == position }),
            case .yielded(to: other) = reigns[previous].endReason
        {
            reigns[previous].absorb(reigns[first])
            remove(reign: first)
            first = previous
        }
        reigns[first].end = nil
        reigns[first].endReason = nil
        reigns[first].endEvidence = nil
        routers[position].belief.reign = first
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
    ) {
        let gap = sighting.instant - belief.spoke
        let interval = belief.interval
        // A gap stretched by an advertisement that the router rejects says nothing about how it keeps time.
        guard belief.heldBack == nil else { return }
        guard !blindSpots.contains(where: { $0.end >= belief.spoke && $0.start <= sighting.instant }) else { return }
        // A reply to priority 0 or to a lower priority comes out of turn, and so does the one after it.
        guard gap >= interval / 2 else {
            routers[position].belief.spokeOutOfTurn = true
            return
        }
        if belief.spokeOutOfTurn {
            routers[position].belief.spokeOutOfTurn = false
            guard gap > interval + interval / 4 else { return }
        }
        routers[position].cadence.add(gap, interval: interval)
        guard gap > interval + interval / 2, routers[position].gaps.count < Router.mostGaps else { return }
        routers[position].gaps.append(
            Router.Gap(
                start: belief.spoke,
                end: sighting.instant,
                interval: interval,
                startEvidence: belief.evidence,
                endEvidence: sighting.reference,
                identificationStep: zip(identification, belief.identification).map { $0 &- $1 }
            )
        )
    }
}

extension Reign {
    fileprivate init(of router: Int, from sighting: Sighting, _ priority: UInt8) {
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
    fileprivate mutating func note(_ priority: UInt8, _ sighting: Sighting) {
        highestPriority = max(highestPriority, priority)
        if priority != lastPriority {
            lastPriority = priority
            lastPrioritySince = sighting.instant
        }
        lastAdvert = sighting.instant
        lastEvidence = sighting.reference
    }

    /// Takes over what a later reign of the same router knew.
    fileprivate mutating func absorb(_ later: Reign) {
        highestPriority = max(highestPriority, later.highestPriority)
        lastPriority = later.lastPriority
        lastPrioritySince = later.lastPrioritySince
        lastAdvert = later.lastAdvert
        lastEvidence = later.lastEvidence
    }
}

/// Both values, if both are there.
private func zip<A, B>(_ a: A?, _ b: B?) -> (A, B)? {
    guard let a, let b else { return nil }
    return (a, b)
}
