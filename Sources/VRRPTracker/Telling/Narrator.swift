internal import VRRPFacts
internal import VRRPWire

/// Finds the cause of each change among the reigns that begin and end at it.
struct Narrator {
    private let reigns: [Reign]
    private let doubts: [RouterStretch]
    /// Reigns before this position began before the change at hand.
    private var next = 0

    init(reigns: [Reign], _ doubts: [RouterStretch]) {
        self.reigns = reigns
        self.doubts = doubts
    }

    mutating func change(
        from before: SmallList<Int>,
        to after: SmallList<Int>,
        at instant: CaptureInstant
    ) -> Transition {
        let gained = after.filter { !before.contains($0) }
        let lost = before.filter { !after.contains($0) }
        var transition = Transition(
            instant: instant,
            earliest: instant,
            latest: instant,
            from: before,
            to: after,
            cause: .initial,
            outage: nil,
            bound: nil,
            announcements: nil,
            evidence: []
        )
        // A change has two pieces of evidence at the most.
        transition.evidence.reserveCapacity(2)
        let began = reign(beginningAt: instant, of: gained.isEmpty ? after : gained)
        if let began {
            transition.evidence.append(reigns[began].startEvidence)
            transition.announcements = reigns[began].announcements
        }
        guard !before.isEmpty else { return transition }
        let ended = latestEnd(of: lost.isEmpty ? before : lost, notAfter: instant)
        if let began, !gained.isEmpty || lost.isEmpty { widen(&transition, bounds(ofStart: began)) }
        if let ended, reigns[ended].end == instant { widen(&transition, bounds(ofEnd: ended)) }
        widenOverDoubts(&transition)
        if gained.isEmpty, !lost.isEmpty {
            transition.cause = ended.flatMap { reigns[$0].endReason } == .resigned ? .resigned : .yielded
            if let ended { transition.evidence.append(reigns[ended].endEvidence ?? reigns[ended].lastEvidence) }
        } else if lost.isEmpty, !gained.isEmpty {
            transition.cause = .contested
            transition.outage = .zero
        } else if let ended, let began {
            explain(&transition, reigns[ended], reigns[began])
        }
        return transition
    }

    mutating func end(of before: SmallList<Int>, at instant: CaptureInstant) -> Transition {
        let ended = latestEnd(of: before, notAfter: instant)
        var transition = Transition(
            instant: instant,
            earliest: instant,
            latest: instant,
            from: before,
            to: [],
            cause: ended.flatMap { reigns[$0].endReason } == .resigned ? .resigned : .ended,
            outage: nil,
            bound: nil,
            announcements: nil,
            evidence: ended.map { [reigns[$0].endEvidence ?? reigns[$0].lastEvidence] } ?? []
        )
        if let ended { widen(&transition, bounds(ofEnd: ended)) }
        widenOverDoubts(&transition)
        return transition
    }

    // MARK: When

    private typealias Bounds = (earliest: CaptureInstant, latest: CaptureInstant)

    /// The bounds of the instant at which a reign began: a new master advertises at once (RFC 9568 section 6.4.2).
    private func bounds(ofStart index: Int) -> Bounds {
        let (start, spread) = (reigns[index].start, ElectionTimes.crossing(reigns[index].startInterval))
        return (start - spread, start + spread)
    }

    /// The bounds of the instant at which a reign ended.
    ///
    /// A priority 0 tells the instant. A master that fell silent was master at its last advertisement. One that yielded did
    /// so at an advertisement that it heard, and no later than its own next one was due.
    private func bounds(ofEnd index: Int) -> Bounds {
        let end = reigns[index].end ?? reigns[index].lastAdvert
        let interval = reigns[index].cadence
        let spread = ElectionTimes.crossing(interval)
        let due = reigns[index].lastAdvert + interval + ElectionTimes.tolerance(interval)
        return switch reigns[index].endReason {
        case .resigned: (end - spread, end + spread)
        case .silent: (min(end - spread, reigns[index].lastAdvert - spread), max(end, due))
        case .yielded, nil: (end - spread, max(end + spread, min(due, end + interval)))
        }
    }

    private func widen(_ transition: inout Transition, _ bounds: Bounds) {
        transition.earliest = min(transition.earliest, bounds.earliest)
        transition.latest = max(transition.latest, bounds.latest)
    }

    /// Widens the bounds of a transition over the doubts that touch them, about routers that it concerns.
    private func widenOverDoubts(_ transition: inout Transition) {
        for doubt in doubts where transition.from.contains(doubt.router) != transition.to.contains(doubt.router) {
            guard doubt.start <= transition.latest, doubt.end >= transition.earliest else { continue }
            transition.earliest = min(transition.earliest, doubt.start)
            transition.latest = max(transition.latest, doubt.end)
        }
    }

    /// Explains a change from one master to another: its cause, and the longest outage that the timers allow.
    private func explain(_ transition: inout Transition, _ ended: Reign, _ began: Reign) {
        // VRRPv3 learns the interval from the master, VRRPv2 has its own (RFC 9568 section 6.1).
        let interval = began.version == 2 ? began.startInterval : ended.lastInterval
        let (priority, version) = (began.startPriority, began.version)
        switch ended.endReason {
        case .resigned:
            transition.cause = .resigned
            transition.outage = began.start - (ended.end ?? began.start)
            transition.bound = ElectionTimes.skewTime(priority: priority, interval: interval, version: version)
        case .silent, nil:
            let skew = ElectionTimes.skewTime(priority: priority, interval: interval, version: version)
            let outage = began.start - ended.lastAdvert
            transition.outage = outage
            if followsUnseenResignation(outage, skew, ended, began) {
                transition.cause = .resigned
                transition.isUnseenResignation = true
                transition.bound = ended.cadence + skew
            } else {
                transition.cause = .timeout
                transition.bound = ElectionTimes.masterDownInterval(
                    priority: priority,
                    interval: interval,
                    version: version
                )
            }
        case .yielded:
            let isDemoted =
                ended.lastPriority < ended.highestPriority && began.startPriority >= ended.lastPriority
                && began.startPriority <= ended.highestPriority
            transition.cause = isDemoted ? .demoted : .preempted
            transition.outage = began.start - (ended.end ?? began.start)
        }
        // No timer says when a router comes back.
        if ended.router == began.router { transition.bound = nil }
        transition.evidence.insert(
            ended.endReason == .resigned ? ended.endEvidence ?? ended.lastEvidence : ended.lastEvidence,
            at: 0
        )
    }

    /// Whether a router took over much sooner than its Master_Down_Interval allows, and when it would have after a
    /// resignation: Skew_Time after some instant before the predecessor's next advertisement was due.
    private func followsUnseenResignation(
        _ outage: TimeSpan,
        _ skew: TimeSpan,
        _ ended: Reign,
        _ began: Reign
    ) -> Bool {
        guard ended.router != began.router else { return false }
        let spread = ElectionTimes.tolerance(ended.cadence)
        return outage >= skew - spread && outage <= ended.cadence + skew + spread
    }

    /// The reign of one of the given routers that begins at an instant; instants must not decrease from call to call.
    private mutating func reign(beginningAt instant: CaptureInstant, of routers: SmallList<Int>) -> Int? {
        while next < reigns.count, reigns[next].start < instant { next += 1 }
        var index = next
        while index < reigns.count, reigns[index].start == instant {
            if routers.contains(reigns[index].router) { return index }
            index += 1
        }
        return nil
    }

    /// The reign of one of the given routers that ended last, not after an instant.
    private func latestEnd(of routers: SmallList<Int>, notAfter instant: CaptureInstant) -> Int? {
        var latest: Int?
        var latestEnd = CaptureInstant.distantPast
        var remaining = RouterSet()
        for router in routers { remaining.insert(router) }
        // Reigns of one router follow one another, so its last one that has ended is the nearest going back.
        var index = min(reigns.count, next + 1)
        while index > 0, !remaining.isEmpty {
            index -= 1
            let router = reigns[index].router
            guard remaining.contains(router), let end = reigns[index].end, end <= instant else { continue }
            remaining.remove(router)
            if end > latestEnd { (latest, latestEnd) = (index, end) }
        }
        return latest
    }
}
