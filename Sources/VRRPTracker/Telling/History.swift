package import VRRPFacts
package import VRRPWire

/// The history of a virtual router, ready to be told: its masters over time, and the causes of each change.
package struct History: Sendable {
    /// The masters over time, without gaps, from the first advertisement to the end of the observation.
    package let timeline: [TimelineInterval]
    package let transitions: [Transition]
    /// The reigns in order of their start; a reign that lasts may have the end that is most likely now.
    package let reigns: [Reign]
    /// The positions of the routers that have been master at some time, in order.
    package let masters: [Int]
    /// The instant up to which the history is told.
    package let end: CaptureInstant
    /// The time for which each router was master, by its position.
    package let masterTime: [TimeSpan]
    /// Pairs of settings that are accepted, or not, against their looks.
    let exceptions: [StoryLog.Pair]
    /// Routers that reject another's adverts, or did, for a key that does not show.
    let keyRejections: [StoryLog.Pair]
}

extension History {
    /// Why a router does not accept another's latest advertisement, as far as it shows; `nil` where it should accept it.
    package func rejection(by receiver: Int, of sender: Int, in virtualRouter: VirtualRouter) -> Rejection? {
        virtualRouter.rejection(by: receiver, of: sender, exceptions)
    }

    /// Whether a router that was master yielded to another.
    package func hasYielded(_ router: Int, to other: Int) -> Bool {
        reigns.indices.contains { reigns[$0].router == router && reigns[$0].endReason == .yielded(to: other) }
    }

    /// Whether a router rejects some advertisements for a key that does not show, so that it may be held back by them.
    package func isHeldBackByKeys(_ router: Int) -> Bool {
        keyRejections.contains { Int($0.receiver) == router }
    }

    /// Whether a router rejects another's advertisements, or did, for a key that does not show.
    package func isRejectedForItsKey(by receiver: Int, _ sender: Int) -> Bool {
        keyRejections.contains(StoryLog.Pair(receiver: UInt8(receiver), sender: UInt8(sender)))
    }
}

extension VirtualRouter {
    /// Tells what happened, up to the end of the observation.
    ///
    /// Reigns that have not ended get the end that is most likely now: an observation that goes on may still show
    /// otherwise.
    package func history(in observation: Observation) -> History {
        history(until: observation.end, isFinished: observation.isFinished, observation.blindSpots)
    }

    /// Tells the history from the parts of the observation that it depends on.
    package func history(until end: CaptureInstant?, isFinished: Bool, _ blindSpots: [BlindSpot]) -> History {
        let end = max(end ?? firstAdvert, firstAdvert)
        let story = Story(of: self, until: end, blindSpots, isFinished: isFinished)
        var reigns = story.reigns
        _ = attachAnnouncements(to: &reigns)
        var masterTime = routers.indices.map { _ in TimeSpan.zero }
        var masters = RouterSet()
        for index in reigns.indices {
            let router = reigns[index].router
            masterTime[router] = masterTime[router] + ((reigns[index].end ?? end) - reigns[index].start)
            masters.insert(router)
        }
        // Dropped reigns are not told; the history begins with the oldest reign kept.
        let start = droppedReigns > 0 ? reigns.first?.start : nil
        let timeline = History.timeline(of: reigns, story.unobserved, from: start ?? firstAdvert, until: end, self)
        return History(
            timeline: timeline,
            transitions: History.transitions(along: timeline, reigns),
            reigns: reigns,
            masters: routers.indices.filter(masters.contains),
            end: end,
            masterTime: masterTime,
            exceptions: story.exceptions,
            keyRejections: story.keyRejections
        )
    }
}

extension History {
    /// Sweeps over the reigns and merges neighbours with the same masters.
    fileprivate static func timeline(
        of reigns: [Reign],
        _ unobserved: [Silence],
        from start: CaptureInstant,
        until end: CaptureInstant,
        _ virtualRouter: VirtualRouter
    ) -> [TimelineInterval] {
        let routers = virtualRouter.routers
        var changes: [(instant: CaptureInstant, router: Int?, step: Int)] = []
        changes.reserveCapacity(2 * (reigns.count + unobserved.count))
        // Here and below, loops go by position, so that no reign is copied.
        for index in reigns.indices {
            let (router, reignStart, reignEnd) = (reigns[index].router, reigns[index].start, reigns[index].end)
            if let reignEnd, reignEnd <= reignStart { continue }
            changes.append((reignStart, router, 1))
            if let reignEnd, reignEnd <= end { changes.append((reignEnd, router, -1)) }
        }
        for stretch in unobserved {
            changes.append((max(stretch.start, start), nil, 1))
            changes.append((stretch.end, nil, -1))
        }
        changes.sort { $0.instant < $1.instant }
        var timeline: [TimelineInterval] = []
        timeline.reserveCapacity(changes.count + 1)
        var depth = routers.indices.map { _ in 0 }
        var reigning: SmallList<Int> = SmallList()
        var blindDepth = 0
        var from = start
        func close(at instant: CaptureInstant) {
            guard instant > from else { return }
            let masters = blindDepth > 0 ? SmallList() : reigning
            let state: TimelineInterval.State =
                blindDepth > 0 ? .notObserved : masters.isEmpty ? .none : masters.count == 1 ? .master : .split
            if let last = timeline.indices.last, timeline[last].masters == masters, timeline[last].state == state {
                timeline[last].end = instant
            } else {
                timeline.append(TimelineInterval(start: from, end: instant, state: state, masters: masters))
            }
            from = instant
        }
        for change in changes {
            close(at: change.instant)
            guard let router = change.router else {
                blindDepth += change.step
                continue
            }
            depth[router] += change.step
            if depth[router] == 0 {
                reigning.removeAll { $0 == router }
            } else if !reigning.contains(router) {
                reigning.append(router)
                if reigning.count > 1 { reigning.sort { routers[$0].address < routers[$1].address } }
            }
        }
        close(at: end)
        // What changes with the last packet has not lasted, and has changed all the same.
        let masters = reigning
        if timeline.isEmpty || (blindDepth == 0 && masters != timeline.last?.masters) {
            timeline.append(
                TimelineInterval(
                    start: end,
                    end: end,
                    state: masters.isEmpty ? .none : masters.count == 1 ? .master : .split,
                    masters: masters
                )
            )
        }
        return timeline
    }

    // MARK: Transitions

    fileprivate static func transitions(
        along timeline: [TimelineInterval],
        _ reigns: [Reign]
    ) -> [Transition] {
        var transitions: [Transition] = []
        transitions.reserveCapacity(timeline.count)
        var before: SmallList<Int> = SmallList()
        var isAfterGap = false
        var isAfterBlindness = false
        var narrator = Narrator(reigns: reigns)
        for interval in timeline {
            if interval.state == .notObserved {
                isAfterBlindness = true
                continue
            }
            if interval.masters.isEmpty {
                isAfterGap = true
                continue
            }
            if interval.masters != before || isAfterGap {
                transitions.append(narrator.change(from: before, to: interval.masters, at: interval.start))
                if isAfterBlindness {
                    // The outage is unknown where nobody could be seen.
                    transitions[transitions.count - 1].outage = nil
                    transitions[transitions.count - 1].bound = nil
                }
            }
            isAfterBlindness = false
            before = interval.masters
            isAfterGap = false
        }
        if isAfterGap, !before.isEmpty, let last = timeline.last(where: { !$0.masters.isEmpty }) {
            transitions.append(narrator.end(of: before, at: last.end))
        }
        return transitions
    }
}

/// Finds the cause of each change among the reigns that begin and end at it.
private struct Narrator {
    let reigns: [Reign]
    /// Reigns before this position began before the change at hand.
    private var next = 0

    init(reigns: [Reign]) {
        self.reigns = reigns
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
        return Transition(
            instant: instant,
            from: before,
            to: [],
            cause: ended.flatMap { reigns[$0].endReason } == .resigned ? .resigned : .ended,
            outage: nil,
            bound: nil,
            announcements: nil,
            evidence: ended.map { [reigns[$0].endEvidence ?? reigns[$0].lastEvidence] } ?? []
        )
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
            transition.cause = .timeout
            transition.outage = began.start - ended.lastAdvert
            transition.bound = ElectionTimes.masterDownInterval(
                priority: priority,
                interval: interval,
                version: version
            )
        case .yielded:
            let isDemoted =
                ended.lastPriority < ended.highestPriority && began.startPriority >= ended.lastPriority
                && began.startPriority <= ended.highestPriority
            transition.cause = isDemoted ? .demoted : .preempted
            transition.outage = .zero
        }
        // No timer says when a router comes back.
        if ended.router == began.router { transition.bound = nil }
        transition.evidence.insert(
            ended.endReason == .resigned ? ended.endEvidence ?? ended.lastEvidence : ended.lastEvidence,
            at: 0
        )
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
