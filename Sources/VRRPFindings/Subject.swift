internal import VRRPFacts
package import VRRPTracker
package import VRRPWire

/// A virtual router with its history, as rules look at it.
package struct Subject: Sendable {
    package let virtualRouter: VirtualRouter
    package let history: History
    private let surroundings: Surroundings
    /// The configured routers that speak here; `nil` without configurations.
    package let roster: Roster?
    /// All pairs of routers that have been master.
    let pairs: [(Int, Int)]
    /// Whether anything is odd about a single advertisement.
    let hasAnomalies: Bool
    /// The longest interval that a router advertises, and not so short that timers mean nothing.
    let interval: TimeSpan

    /// Tells the history of a virtual router, which the observation need not have any more.
    package init(_ virtualRouter: consuming VirtualRouter, in surroundings: Surroundings, _ roster: Roster? = nil) {
        self.surroundings = surroundings
        self.roster = roster
        history = virtualRouter.history(
            until: surroundings.observation.end,
            isFinished: surroundings.observation.isFinished,
            surroundings.observation.blindSpots
        )
        var pairs: [(Int, Int)] = []
        for (index, a) in history.masters.enumerated() {
            for b in history.masters[(index + 1)...] { pairs.append((a, b)) }
        }
        self.pairs = pairs
        let routers = virtualRouter.routers
        hasAnomalies = routers.indices.contains { !routers[$0].anomalies.isEmpty }
        interval = max(virtualRouter.advertisementInterval, .milliseconds(10))
        self.virtualRouter = virtualRouter
    }

    package var observation: Observation { surroundings.observation }
    package var expectation: Expectation { surroundings.expectation }
    /// The courses of the virtual router by its routers' own logs.
    package var testimony: [(witness: Witness, course: Witness.Course)] {
        surroundings.witnesses.isEmpty ? [] : surroundings.witnesses.courses(of: virtualRouter.key)
    }

    var routers: [Router] { virtualRouter.routers }
    /// The end of what was observed.
    var end: CaptureInstant { history.end }

    func addresses(_ positions: some Sequence<Int>) -> [IPAddress] {
        positions.map { routers[$0].address }.sorted()
    }

    /// `A and B`, by address.
    func names(_ positions: some Sequence<Int>) -> String { list(addresses(positions).map(\.description)) }

    /// A clause that routers differ: `A and B use different passwords`, `A, B and C do not all use the same password`.
    ///
    /// - Parameters:
    ///   - positions: two routers or more.
    ///   - verb: the verb in the plural, such as `use`.
    ///   - thing: the thing that differs, in the singular.
    ///   - things: its plural; with an s where none is given.
    /// - Returns: the clause. Of three routers two may agree.
    func differ(_ positions: [Int], _ verb: String, _ thing: String, _ things: String? = nil) -> String {
        positions.count > 2
            ? "\(names(positions)) do not all \(verb) the same \(thing)"
            : "\(names(positions)) \(verb) different \(things ?? thing + "s")"
    }

    /// The stretch that nobody observed and that ends at an instant; `nil` where somebody observed what led to it.
    func unobserved(before instant: CaptureInstant) -> TimelineInterval? {
        let timeline = history.timeline
        let next = timeline.partitioningIndex { $0.end >= instant }
        guard next < timeline.count, timeline[next].end == instant, timeline[next].state == .notObserved else {
            return nil
        }
        return timeline[next]
    }

    /// Routers of which some advertisement did not come when it was due.
    var routersWithGaps: [Int] {
        routers.indices.filter { position in
            !(routers[position].gaps.isEmpty && routers[position].endingGaps.isEmpty)
                && !history.isHeldBackByKeys(position)
        }
    }

    /// Routers of which some advertisement did not come when it was due, or did not come everywhere.
    var routersWithLosses: [Int] {
        let withGaps = Set(routersWithGaps)
        return routers.indices.filter { position in
            withGaps.contains(position) || !(history.isHeldBackByKeys(position) || lossyWays(of: position).isEmpty)
        }
    }

    /// Routers that have been master at some time.
    var masters: [Int] { history.masters }

    /// The instant from which routers disagree: the first advertisement of the last of them to speak.
    func start(_ positions: some Sequence<Int>) -> CaptureInstant {
        positions.map { routers[$0].firstSeen }.max() ?? virtualRouter.firstAdvert
    }

    /// The instant up to which routers were heard to disagree: the last advertisement of the first of them to fall silent.
    func lastSeen(_ positions: some Sequence<Int>) -> CaptureInstant {
        positions.map { routers[$0].lastSeen }.min() ?? end
    }

    /// The last instant at which a router counts as active, if it is not heard again.
    private func lapse(of position: Int) -> CaptureInstant { routers[position].lastSeen + interval * 4 }

    /// Whether a router was heard not long before the end.
    func isHeard(_ position: Int) -> Bool { end <= lapse(of: position) }

    /// Whether a router is master at the end, be it silent, or was heard not long before.
    func isActive(_ position: Int) -> Bool {
        isHeard(position)
            || history.reigns.indices.contains { index in
                history.reigns[index].router == position && history.reigns[index].end == nil
            }
    }

    /// The instant behind which the next router counts as inactive, if it is not heard before; `nil` for none.
    package var nextLapse: CaptureInstant? {
        routers.indices.lazy.map(lapse).filter { $0 >= end }.min()
    }

    /// A finding that routers disagree about something that their advertisements say.
    func disagreement(
        _ rule: Rule,
        severity: Severity? = nil,
        among positions: [Int],
        summary: String,
        explanation: String,
        remedy: String? = nil,
        evidence: [FrameReference]
    ) -> Finding {
        let from = start(positions)
        let isOngoing = positions.allSatisfy(isActive)
        let to = isOngoing ? end : max(from, lastSeen(positions))
        return Finding(
            rule,
            severity: severity,
            virtualRouter: virtualRouter.key,
            routers: addresses(positions),
            from: from,
            to: to,
            ongoing: isOngoing,
            summary: summary,
            explanation: explanation,
            remedy: remedy,
            evidence: evidence
        )
    }
}
