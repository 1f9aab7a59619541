internal import VRRPFacts
internal import VRRPWire

// A master that repeats itself while no other router sends anything.

extension VirtualRouter {
    /// Returns the router that just sent an advertisement, if a repetition would change nothing but times and counts.
    ///
    /// The conditions are those under which ``receive(_:_:_:_:)`` does no more than ``receive(_:)``.
    mutating func masterInSteadyState(
        _ address: IPAddress,
        _ sighting: Sighting,
        _ blindSpots: [BlindSpot]
    ) -> SteadyMaster? {
        guard !keepsGaps, let position = position(of: address) else { return nil }
        let belief = routers[position].belief
        let interval = belief.interval
        guard belief.advertisement.priority > 0, belief.spoke == sighting.instant,
            belief.evidence == sighting.reference, belief.heldBack == nil, !belief.spokeOutOfTurn,
            // What is signed never repeats itself, and would have to be told of if it did.
            !belief.advertisement.hidesItsKey,
            routers[position].isFaultless, routers[position].cadence.expects(interval),
            routers[position].hasOneObserver(sighting.observer), story.unjudged.isEmpty,
            blindSpots.latest(from: belief.spoke, to: .distantFuture, on: key.segment.interface) == nil
        else { return nil }
        // Beside others it has been alone in office since the advertisement before.
        guard routers.count == 1 || story.goesOn(position) && !vantage.hasSeveral else { return nil }
        var master = SteadyMaster()
        master.router = UInt8(position)
        master.source = SteadyMaster.Source(sighting)
        master.spoke = belief.spoke
        master.evidence = belief.evidence
        return master
    }

    /// Whether an advertisement that repeats its sender's latest comes when it was due from a router alone in office.
    ///
    /// Called before the advertisement is noted.
    func goesOn(
        _ position: Int,
        _ sighting: Sighting,
        identification: UInt16?,
        _ blindSpots: [BlindSpot]
    ) -> Bool {
        // A belief is not copied only to be looked at.
        guard routers[position].belief.advertisement.priority > 0, routers[position].belief.heldBack == nil,
            !routers[position].belief.spokeOutOfTurn, story.unjudged.isEmpty,
            ElectionTimes.isOnTime(
                sighting.instant - routers[position].belief.spoke,
                routers[position].belief.advertisement.cadence
            ),
            routers[position].isInOrder(identification)
        else { return false }
        return isAloneInOffice(position, blindSpots)
    }

    /// Adds an advertisement to the run of which it is.
    ///
    /// Where several points tell who sees an advertisement, it stands by itself until the next one comes, and then joins the run
    /// where the same points saw all of it.
    mutating func goOn(
        _ advertisement: Advertisement,
        from position: Int,
        _ sighting: Sighting,
        identification: UInt16?
    ) {
        guard vantage.hasSeveral else {
            return story.goOn(advertisement, from: position, sighting, identification: identification)
        }
        if let observers = story.commonObservers, reachesAll(observers),
            isWhollySeen(observers, until: sighting.instant)
        {
            story.joinLatest()
        }
        story.goOnBeingSeen(advertisement, from: position, sighting, identification: identification)
    }

    /// Whether the points at all routers, where they have any, are among some points.
    private func reachesAll(_ observers: RouterSet) -> Bool {
        for position in routers.indices {
            if let own = point(of: position), own < Vantage.mostPoints, !observers.contains(own) { return false }
        }
        return true
    }

    /// Whether none of some points was blind since the entry before the latest.
    private func isWhollySeen(_ observers: RouterSet, until instant: CaptureInstant) -> Bool {
        let start = story.entries[story.entries.count - 2].instant
        for point in vantage.points.indices.prefix(Vantage.mostPoints)
        where observers.contains(point) && !vantage.points[point].blind.isEmpty {
            if !vantage.blindness(ofAll: CollectionOfOne(point), from: start, to: instant).isEmpty { return false }
        }
        return true
    }

    /// Whether a router is the only master, by the cheapest story, and nobody else has spoken for some intervals.
    private func isAloneInOffice(_ position: Int, _ blindSpots: [BlindSpot]) -> Bool {
        // Nothing was heard since that was found.
        if story.goesOn(position) { return true }
        guard routers.count > 1 else { return true }
        let latest = story.entries.suffix(3)
        guard latest.count == 3, latest.allSatisfy({ Int($0.router) == position && $0.priority > 0 }) else {
            return false
        }
        for other in routers.indices where other != position && !routers[other].isOnProbation {
            if case .rejects = acceptance(by: other, of: position) { return false }
        }
        return Story.masters(of: self, at: routers[position].belief.spoke, blindSpots) == RouterSet(position)
    }

    /// Copies the statistics that each advertisement adds to; ``receive(_:)`` takes them back with more in them.
    func lend(to master: inout SteadyMaster) {
        let position = Int(master.router)
        master.identifications = routers[position].identifications
        master.cadence = routers[position].cadence
        master.cadence.expect(routers[position].belief.interval)
    }

    /// Takes advertisements that a router repeated, and the statistics that were lent.
    mutating func receive(_ master: SteadyMaster) -> News {
        let position = Int(master.router)
        routers[position].identifications = master.identifications
        routers[position].cadence = master.cadence
        guard master.count > 0 else { return .none }
        let sighting = Sighting(
            master.evidence,
            at: master.spoke,
            interface: Int(master.source.interface),
            observer: Int(master.source.observer)
        )
        routers[position].add(master, sighting)
        let belief = routers[position].belief
        story.goOn(belief.advertisement, from: position, sighting, identification: belief.identification)
        tellOthers(of: belief.advertisement, from: position, sighting)
        countMissed(at: master.spoke)
        return .none
    }
}

extension Router {
    /// Whether an identification goes on counting where the latest one was, if this router counts.
    fileprivate func isInOrder(_ identification: UInt16?) -> Bool {
        guard let identification else { return true }
        // An identification of 1 may be a restart, unless it is always the same.
        return (identification != 1 || identifications.isConstant) && identifications.isInOrder(identification)
    }

    /// Whether one capture alone has seen the router.
    fileprivate func hasOneObserver(_ observer: Int) -> Bool {
        for index in observers.indices where index != observer && observers[index] > 0 { return false }
        return true
    }

    fileprivate mutating func add(_ master: SteadyMaster, _ sighting: Sighting) {
        adverts += master.count
        observers[sighting.observer] += master.count
        lastSeen = max(lastSeen, master.spoke)
        belief.spoke = master.spoke
        belief.evidence = sighting.reference
        guard master.frame.isIPv4 else { return }
        for index in max(0, master.count - RecentAdvertisements.kept)..<master.count {
            let identification = master.recent[index & 7]
            recent.add(capture: sighting.observer, identification: identification, checksum: belief.checksum)
            belief.identification = identification
        }
    }
}
