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
        var reigns = reigns
        story.add(to: &reigns)
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
        let silent = silentMasters(reigns, until: end)
        // A shorter doubt is about the instant of a change, which has bounds of its own.
        let long = story.doubts.filter { $0.end - $0.start > ElectionTimes.overdue(routers[$0.router].belief.interval) }
        let timeline = Timeline(
            of: reigns,
            long + silent,
            story.unheard,
            story.unobserved,
            from: start ?? firstAdvert,
            until: end,
            routers.indices.map { routers[$0].address }
        )
        return History(
            timeline: timeline.intervals,
            transitions: History.transitions(along: timeline.intervals, reigns, story.doubts + silent),
            reigns: reigns,
            masters: routers.indices.filter(masters.contains),
            end: end,
            masterTime: masterTime,
            exceptions: story.exceptions,
            keyRejections: story.keyRejections
        )
    }

    /// The ends of reigns of which it is uncertain that they lasted so long, because nothing showed the router alive.
    ///
    /// A master that is held back by advertisements that it rejects keeps silent, and so does one that died meanwhile. An
    /// advertisement, a priority 0 or the claim of a virtual address proves that it was master until then.
    private func silentMasters(_ reigns: [Reign], until end: CaptureInstant) -> [RouterStretch] {
        var doubts: [RouterStretch] = []
        for index in reigns.indices where reigns[index].endReason != .resigned {
            let router = reigns[index].router
            let start = reigns[index].uncertainAfter(claim: routers[router].belief.claimed)
            doubts.add(router, from: start, to: reigns[index].end ?? end)
        }
        return doubts
    }
}

extension Reign {
    /// The instant from which it is uncertain whether the reign lasts without a further sign of life.
    ///
    /// `claim` is the latest claim of a virtual address by the router.
    func uncertainAfter(claim: CaptureInstant) -> CaptureInstant {
        let isWithin = claim >= start && end.map { claim <= $0 } ?? true
        return (isWithin ? max(lastAdvert, claim) : lastAdvert)
            + ElectionTimes.signOfLife(priority: lastPriority, interval: cadence, version: version)
    }
}

extension History {
    fileprivate static func transitions(
        along timeline: [TimelineInterval],
        _ reigns: [Reign],
        _ doubts: [RouterStretch]
    ) -> [Transition] {
        var transitions: [Transition] = []
        transitions.reserveCapacity(timeline.count)
        var before: SmallList<Int> = SmallList()
        var isAfterGap = false
        var isAfterBlindness = false
        var seenUntil = timeline.first?.start ?? .distantPast
        var narrator = Narrator(reigns: reigns, doubts)
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
                    // Neither the outage nor the instant is known where nobody could be seen.
                    transitions[transitions.count - 1].earliest = seenUntil
                    transitions[transitions.count - 1].outage = nil
                    transitions[transitions.count - 1].bound = nil
                }
            }
            isAfterBlindness = false
            seenUntil = interval.end
            before = interval.masters
            isAfterGap = false
        }
        if isAfterGap, !before.isEmpty, let last = timeline.last(where: { !$0.masters.isEmpty }) {
            transitions.append(narrator.end(of: before, at: last.end))
        }
        return transitions
    }
}
