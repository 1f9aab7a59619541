internal import VRRPFacts
internal import VRRPWire

// How regularly a router advertises, and what keeps it from doing so.

extension VirtualRouter {
    /// Notes what an advertisement says of its sender's cadence; called before the advertisement is noted itself.
    mutating func keepTime(
        of position: Int,
        _ sighting: Sighting,
        identification: UInt16?,
        _ blindSpots: [BlindSpot]
    ) -> News {
        let belief = routers[position].belief
        let news = noteGap(of: position, belief, sighting, identification: identification, blindSpots)
        learnTimer(of: position, belief, at: sighting.instant)
        routers[position].belief.heldBack = nil
        routers[position].belief.mayBeHeldBack = nil
        routers[position].belief.isRelieved = false
        routers[position].belief.isReplaced = false
        return news
    }

    /// Learns from when a router speaks whether an advertisement that it rejected started its timer anew.
    private mutating func learnTimer(of position: Int, _ belief: Belief, at instant: CaptureInstant) {
        let interval = belief.interval
        guard let heldBack = belief.heldBack, heldBack - belief.spoke > ElectionTimes.together(interval) else { return }
        let exactness = ElectionTimes.exactness(interval)
        let sinceOwn = (instant - belief.spoke - interval).magnitude
        let sinceOther = (instant - heldBack - interval).magnitude
        // Timers that run out together prove nothing.
        if sinceOwn <= exactness, instant - heldBack > ElectionTimes.together(interval) {
            routers[position].belief.isHeldBackByRejected = false
        } else if sinceOther <= exactness, sinceOwn > exactness * 2 {
            routers[position].belief.isHeldBackByRejected = true
        }
    }

    /// Tells others of an advertisement, as far as it concerns their cadence.
    ///
    /// One that is in doubt may hold others back, but relieves nobody.
    mutating func tellOthers(
        of advertisement: Advertisement,
        from position: Int,
        _ sighting: Sighting,
        isDoubtful: Bool = false
    ) {
        let sender = routers[position].address
        for other in routers.indices where other != position {
            let belief = routers[other].belief
            let silence = sighting.instant - belief.spoke
            let verdict = acceptance(by: other, of: advertisement, from: position)
            switch verdict {
            case .notAddressed: continue
            // A socket for the group gets nothing that is for the host alone, nor the other way round.
            case .rejects where advertisement.isMulticast != belief.advertisement.isMulticast: continue
            case .rejects:
                // A router whose timer ran out long ago is not held back: it is gone.
                let timer =
                    sighting.instant
                    - max(belief.spoke, belief.isHeldBackByRejected ? belief.heldBack ?? belief.spoke : belief.spoke)
                if timer <= ElectionTimes.overdue(belief.interval) { routers[other].belief.heldBack = sighting.instant }
            case .accepts, .dependsOnImplementation:
                if verdict != .accepts { routers[other].belief.mayBeHeldBack = sighting.instant }
                guard advertisement.priority > 0, !isDoubtful else { continue }
                let own = belief.advertisement
                let wins = (advertisement.priority, sender) > (own.priority, routers[other].address)
                if wins || silence > ElectionTimes.silenceBeforeClaim(belief.interval) {
                    routers[other].belief.isRelieved = true
                    // A router that rejects it may have been held back by it instead.
                    if verdict == .accepts, !belief.isRelieved,
                        silence > ElectionTimes.silenceBeforeClaim(belief.interval)
                    {
                        routers[other].belief.isReplaced = true
                    }
                }
            }
        }
    }

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
        guard belief.heldBack == nil, belief.advertisement.priority > 0 else { return .none }
        func record() -> Router.Gap {
            Router.Gap(
                start: belief.spoke,
                end: sighting.instant,
                interval: interval,
                startEvidence: belief.evidence,
                endEvidence: sighting.reference,
                identificationStep: Router.Gap.step(from: belief.identification, to: identification)
            )
        }
        if belief.isReplaced || (!belief.isRelieved && gap > ElectionTimes.longestPatience(interval)),
            blindSpots.latest(from: belief.spoke, to: sighting.instant, on: interface) == nil,
            !isUnnoticed(position, until: sighting.instant)
        {
            return routers[position].keepEnding(record())
        }
        guard !belief.isRelieved || (gap >= interval * 7 / 8 && gap <= ElectionTimes.overdue(interval)),
            gap <= ElectionTimes.longestPatience(interval)
        else { return .none }
        guard blindSpots.latest(from: belief.spoke, to: sighting.instant, on: interface) == nil,
            !isUnnoticed(position, until: sighting.instant)
        else {
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
        if isLong { routers[position].keepLong(record()) }
        if keepsGaps { routers[position].keep(record()) }
        return News(isLong)
    }
}

extension Router {
    fileprivate mutating func keep(_ gap: Gap) {
        if everyGap.count < Self.mostKeptGaps { everyGap.append(gap) } else { gapsLeftOut += 1 }
    }

    /// Keeps a gap; of too many, the shortest goes.
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

extension Router {
    /// Keeps a silence that ended a reign; of too many, the shortest goes.
    fileprivate mutating func keepEnding(_ gap: Gap) -> News {
        if endingGaps.count == Self.mostGaps,
            let shortest = endingGaps.indices.min(by: { endingGaps[$0].length < endingGaps[$1].length })
        {
            guard gap.length > endingGaps[shortest].length else { return .none }
            endingGaps.remove(at: shortest)
        }
        endingGaps.append(gap)
        return .some
    }
}

extension Router.Gap {
    fileprivate var length: TimeSpan { end - start }

    /// The step from one IPv4 identification to the next, modulo 2^16; `nil` for IPv6.
    fileprivate static func step(from earlier: UInt16?, to later: UInt16?) -> UInt16? {
        guard let earlier, let later else { return nil }
        return IdentificationSeries.step(from: earlier, to: later)
    }
}

extension [BlindSpot] {
    /// The latest blind spot of an interface that overlaps a stretch of time.
    func latest(from start: CaptureInstant, to end: CaptureInstant, on interface: Int) -> BlindSpot? {
        // They arrive in order of time, give or take what several captures and interfaces differ.
        suffix(64).last { $0.end >= start && $0.start <= end && $0.concerns(interface) }
    }
}
