internal import VRRPFacts
internal import VRRPFindings
internal import VRRPTracker
internal import VRRPWire

/// Makes happenings of the changes of one virtual router.
struct HappeningMaker {
    private let subject: Subject
    let interval: TimeSpan
    private let transitions: [Transition]
    let speakers: [Speaker]

    init(_ subject: Subject) {
        self.subject = subject
        interval = max(subject.virtualRouter.advertisementInterval, .milliseconds(10))
        transitions = subject.history.transitions
        speakers = subject.virtualRouter.routers.enumerated().map { position, router in
            Speaker(
                address: router.address,
                macs: Array(router.macs).filter { !$0.isVirtualRouter },
                name: subject.roster?.name(of: position)
            )
        }
    }

    /// The happening that some neighbouring changes are; `nil` for the first master of a capture.
    func happening(_ range: Range<Int>) -> Happening? {
        let (first, last) = (transitions[range.lowerBound], transitions[range.upperBound - 1])
        if first.to.count > 1 || first.from.count > 1 { return split(range) }
        switch last.cause {
        case .initial: return nil
        case .timeout, .ended: return last.outage == nil && !last.to.isEmpty ? unseen(range) : loss(range)
        case .resigned: return last.outage == nil && !last.to.isEmpty ? unseen(range) : resignation(range)
        case .demoted: return relief(range)
        case .preempted, .contested, .yielded: return arrival(range)
        }
    }

    /// The parts of a happening that all kinds have.
    private func happening(
        _ kind: Incident.Kind,
        _ range: Range<Int>,
        actors: [Int],
        from start: CaptureInstant,
        causedBefore: CaptureInstant
    ) -> Happening {
        let (first, last) = (transitions[range.lowerBound], transitions[range.upperBound - 1])
        return Happening(
            kind: kind,
            virtualRouter: subject.virtualRouter.key,
            addresses: subject.virtualRouter.addresses,
            actors: actors.map { speakers[$0] },
            successors: Array(last.to).filter { !actors.contains($0) }.map { speakers[$0] },
            start: start,
            end: max(start, last.instant),
            isOngoing: false,
            causedAfter: start,
            causedBefore: causedBefore,
            interval: interval,
            outage: last.outage,
            bound: last.bound,
            isLate: last.outage.flatMap { outage in last.bound.map { Lateness.isLate(outage, bound: $0) } } ?? false,
            gravity: .planned,
            isMoved: !last.to.isEmpty && Set(last.to) != Set(first.from),
            transitions: range,
            detail: .none
        )
    }

    /// The masters that are none behind a change, or were none for a while.
    private static func lost(in change: Transition) -> [Int] {
        Array(change.from).filter { !change.to.contains($0) || change.from.count == 1 }
    }

    /// The slack for clocks and busy machines when the stretches of two causes are compared.
    private var slack: TimeSpan { max(interval / 4, .milliseconds(250)) }

    // MARK: A master that is gone

    private func loss(_ range: Range<Int>) -> Happening {
        let change = transitions[range.lowerBound]
        let lost = Self.lost(in: change)
        let start = change.outage.map { change.instant - $0 } ?? lastAdvert(of: lost, upTo: change.instant)
        var happening = happening(.routerLost, range, actors: lost, from: start, causedBefore: start + interval + slack)
        if change.to.isEmpty { goUnanswered(&happening, from: start) }
        let limit = interval * 4 + slack
        let isUnanswered = happening.outage.map { $0 > limit } ?? false
        happening.gravity = isUnanswered ? .unanswered : change.to.isEmpty ? .slight : .failover
        if change.to == change.from {
            happening.kind = .stall
            happening.detail = .cameBackItself
        } else if !change.to.isEmpty, let router = lost.first, let gap = gap(of: router, over: change.instant) {
            let numbering = numbering(of: router, in: gap)
            happening.detail = .heardAgain(at: gap.end, numbering)
            if numbering == .sentOn { happening.kind = .isolated }
        }
        return happening
    }

    private func resignation(_ range: Range<Int>) -> Happening {
        let change = transitions[range.lowerBound]
        let lost = Self.lost(in: change)
        let start = change.instant - (change.outage ?? .zero)
        var happening = happening(
            .plannedHandover,
            range,
            actors: lost,
            from: start,
            causedBefore: start + max(interval, .milliseconds(500))
        )
        if change.to.isEmpty { goUnanswered(&happening, from: start) }
        let version = lost.first.map { subject.virtualRouter.routers[$0].version } ?? 2
        let limit = (version == 2 ? .seconds(1) : interval) + slack
        let isUnanswered = happening.outage.map { $0 > limit } ?? false
        happening.gravity = isUnanswered ? .unanswered : happening.isLate || change.to.isEmpty ? .slight : .planned
        if change.to == change.from { happening.detail = .cameBackItself }
        return happening
    }

    /// Notes that nobody followed, up to the end of the observation.
    private func goUnanswered(_ happening: inout Happening, from start: CaptureInstant) {
        happening.detail = .nobodyFollowed
        happening.isOngoing = true
        happening.end = max(start, subject.history.end)
        happening.outage = happening.end - start
    }

    /// A change that happened where the capture could not see.
    private func unseen(_ range: Range<Int>) -> Happening {
        let change = transitions[range.lowerBound]
        let lost = Self.lost(in: change)
        let start = min(change.earliest, change.instant)
        var happening = happening(.other, range, actors: lost, from: start, causedBefore: change.instant)
        happening.gravity = .slight
        return happening
    }

    private func lastAdvert(of routers: [Int], upTo instant: CaptureInstant) -> CaptureInstant {
        let reigns = subject.history.reigns
        let last = reigns.indices.last { index in
            routers.contains(reigns[index].router) && (reigns[index].end ?? instant) <= instant
        }
        return min(instant, last.map { reigns[$0].lastAdvert } ?? instant)
    }

    /// The silence of a router in which another one took over, where it was heard again.
    private func gap(of router: Int, over instant: CaptureInstant) -> Router.Gap? {
        subject.virtualRouter.routers[router].endingGaps.last { $0.start <= instant && $0.end >= instant }
    }

    private func numbering(of router: Int, in gap: Router.Gap) -> Happening.Numbering {
        let series = subject.virtualRouter.routers[router].identifications
        guard series.counts, let step = gap.identificationStep else { return .silent }
        guard gap.isContinued(in: series) else { return .anew }
        return step == 1 ? .goesOn : Int(step) >= gap.due ? .sentOn : .sentSome
    }

    // MARK: A master that is relieved

    private func relief(_ range: Range<Int>) -> Happening {
        let change = transitions[range.lowerBound]
        let lost = Self.lost(in: change)
        var happening = happening(
            .plannedHandover,
            range,
            actors: lost,
            from: change.instant,
            causedBefore: change.instant
        )
        happening.causedAfter = change.instant - interval * 4 - slack
        if let router = lost.first {
            let priorities = subject.virtualRouter.routers[router].priorities.filter { $0.value > 0 }
            let now = priorities.lastIndex { $0.since <= change.instant }
            if let now, now > 0 {
                happening.detail = .priority(from: priorities[now - 1].value, to: priorities[now].value)
                happening.start = min(happening.start, priorities[now].since)
            }
        }
        return happening
    }

    private func arrival(_ range: Range<Int>) -> Happening {
        let change = transitions[range.lowerBound]
        let gained = Array(change.to).filter { !change.from.contains($0) }
        let actors = gained.isEmpty ? Array(change.to) : gained
        var happening = happening(
            .routerReturned,
            range,
            actors: actors,
            from: change.instant,
            causedBefore: change.instant
        )
        // A router that was started waits for its Master_Down_Interval before it takes over.
        happening.causedAfter = change.instant - interval * 4 - slack
        happening.successors = Array(change.from).filter { !actors.contains($0) }.map { speakers[$0] }
        guard let router = gained.first else { return happening }
        let reigns = subject.history.reigns
        guard
            let began = reigns.indices.last(where: { reigns[$0].router == router && reigns[$0].start <= change.instant }
            )
        else { return happening }
        let before = reigns.indices.last { $0 < began && reigns[$0].router == router }
        if before == nil {
            happening.detail = .firstHeard
        } else if let before, reigns[before].lastPriority != reigns[began].startPriority,
            reigns[before].lastPriority > 0
        {
            happening.kind = .configurationChange
            happening.detail = .priority(from: reigns[before].lastPriority, to: reigns[began].startPriority)
        }
        return happening
    }

    // MARK: Several masters

    private func split(_ range: Range<Int>) -> Happening {
        var masters: [Int] = []
        for index in range {
            for master in transitions[index].from + transitions[index].to where !masters.contains(master) {
                // Who was master alone before or after, and never beside another, had no part in it.
                let change = transitions[index]
                let wasBeside = change.from.count > 1 && change.from.contains(master)
                if wasBeside || (change.to.count > 1 && change.to.contains(master)) { masters.append(master) }
            }
        }
        let (first, last) = (transitions[range.lowerBound], transitions[range.upperBound - 1])
        let isOngoing = last.to.count > 1
        let start = first.instant
        var happening = happening(.split, range, actors: masters, from: start, causedBefore: start)
        happening.causedAfter = start - interval * 4 - slack
        happening.isOngoing = isOngoing
        if isOngoing { happening.end = max(start, subject.history.end) }
        happening.successors = isOngoing ? [] : last.to.map { speakers[$0] }
        happening.outage = nil
        happening.bound = nil
        happening.isLate = false
        happening.gravity = happening.end - start > ElectionTimes.longestHandover(interval) ? .divided : .slight
        if last.to.isEmpty { goUnanswered(&happening, from: last.instant) }
        return happening
    }
}
