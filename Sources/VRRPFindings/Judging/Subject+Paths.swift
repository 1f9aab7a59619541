internal import VRRPFacts
internal import VRRPTracker
internal import VRRPWire

// What several points say about the way from router to router.

extension Subject {
    /// The advertisement that first showed the priority that a router had at an instant.
    func priorityEvidence(of router: Int, at instant: CaptureInstant) -> [FrameReference] {
        let priorities = routers[router].priorities
        return (priorities.last { $0.since <= instant } ?? priorities.first).map { [$0.evidence] } ?? []
    }

    /// The stretches in which a router's advertisements did not arrive at another one, in order.
    func brokenEpisodes(from sender: Int, to receiver: Int) -> [PathTrace.Episode] {
        guard isAddressed(receiver, by: sender) else { return [] }
        return episodes(from: sender, to: receiver).filter { $0.isBroken && $0.sent >= PathTrace.fewest }
    }

    /// Whether advertisements arrived at a router that they should make yield, and that stayed master beside their sender.
    func filters(_ receiver: Int, from sender: Int, _ start: CaptureInstant, _ end: CaptureInstant) -> Bool {
        let isBetter =
            (routers[sender].priority, routers[sender].address) > (
                routers[receiver].priority, routers[receiver].address
            )
        guard isBetter, isAddressed(receiver, by: sender),
            history.rejection(by: receiver, of: sender, in: virtualRouter) == nil
        else { return false }
        let limit = interval * Int64(PathTrace.fewest - 1)
        return episodes(from: sender, to: receiver).contains { episode in
            !episode.isBroken && episode.seen >= PathTrace.fewest && episode.seen * 2 > episode.sent
                && min(episode.end, end) - max(episode.start, start) >= limit
        }
    }

    /// The way of a router's advertisements to another one where some were lost and later ones arrived again.
    struct LossyWay {
        var receiver: Int
        var trace: PathTrace
        /// The losses too short for a path that is broken, in order of time.
        var losses: [PathTrace.Loss]

        var lost: Int { losses.reduce(0) { $0 + $1.count } }
    }

    /// The silences of a router and those that another one heard of it, in order.
    static func occasions(_ gaps: [Router.Gap], _ losses: [PathTrace.Loss]) -> [Finding.Occasion] {
        let silences = gaps.map { Finding.Occasion(start: $0.start, end: $0.end) } + losses.map(\.occasion)
        return silences.sorted { ($0.start, $0.end) < ($1.start, $1.end) }
    }

    /// The advertisements around gaps of a router; where the router had none, the one that showed its priority at an instant.
    func evidence(of gaps: [Router.Gap], of router: Int, at instant: CaptureInstant) -> [FrameReference] {
        gaps.isEmpty
            ? priorityEvidence(of: router, at: instant)
            : gaps.prefix(8).flatMap { [$0.startEvidence, $0.endEvidence] }
    }

    /// The ways on which some of a router's advertisements were lost.
    func lossyWays(of sender: Int) -> [LossyWay] {
        guard virtualRouter.vantage.hasSeveral else { return [] }
        return routers.indices.compactMap { receiver in
            guard receiver != sender, isAddressed(receiver, by: sender), let trace = trace(from: sender, to: receiver)
            else { return nil }
            // Where a capture begins or ends, nobody knows what its point would have seen.
            let losses = trace.losses.filter { $0.before != nil && $0.count < PathTrace.fewest }
            return losses.isEmpty ? nil : LossyWay(receiver: receiver, trace: trace, losses: losses)
        }
    }

    /// Whether the capture at a router itself went on through a stretch of time, so that what it does not show was not sent.
    func isWatchedItself(_ router: Int, from start: CaptureInstant, to end: CaptureInstant) -> Bool {
        let vantage = virtualRouter.vantage
        guard vantage.hasSeveral, let own = virtualRouter.point(of: router) else { return false }
        return vantage.blindness(ofAll: [own], from: start, to: end).isEmpty
    }

    /// The place of the last point that saw the advertisements of a stretch, at the beginning of a sentence.
    func lastPlace(of episode: PathTrace.Episode, from sender: Int, to receiver: Int) -> String {
        lastPlace(seenAt: episode.seenAt, from: sender, to: receiver)
    }

    /// The place of the last point that saw advertisements that were lost, at the beginning of a sentence.
    func lastPlace(of losses: [PathTrace.Loss], from sender: Int, to receiver: Int) -> String {
        var seenAt = [Int](repeating: 0, count: losses.map(\.seenAt.count).max() ?? 0)
        for loss in losses { for (point, count) in loss.seenAt.enumerated() { seenAt[point] += count } }
        return lastPlace(seenAt: seenAt, from: sender, to: receiver)
    }

    /// The place of the last point that saw advertisements, by how many each point saw, at the beginning of a sentence.
    private func lastPlace(seenAt: [Int], from sender: Int, to receiver: Int) -> String {
        let vantage = virtualRouter.vantage
        let (own, other) = (virtualRouter.point(of: sender), virtualRouter.point(of: receiver))
        let between = vantage.points.indices.last { point in
            point != own && point != other && vantage.points[point].at == nil && point < seenAt.count
                && seenAt[point] > 0
        }
        if let between {
            let known = vantage.points[between]
            return known.name.map { "The capture at \($0)" } ?? "Capture \(known.captures.first ?? between)"
        }
        return own == nil ? "Another capture" : "The capture at \(routers[sender].address)"
    }

    private func episodes(from sender: Int, to receiver: Int) -> [PathTrace.Episode] {
        trace(from: sender, to: receiver)?.all ?? []
    }

    /// The way to the point at another router; `nil` where no point is there.
    private func trace(from sender: Int, to receiver: Int) -> PathTrace? {
        guard let point = virtualRouter.point(of: receiver), point != virtualRouter.point(of: sender),
            point < routers[sender].paths.count
        else { return nil }
        return routers[sender].paths[point]
    }

    /// Whether a router's advertisements are for another one.
    private func isAddressed(_ receiver: Int, by sender: Int) -> Bool {
        routers[sender].deliveries.contains(where: \.isMulticast)
            || routers[sender].addressees.contains { $0.address == routers[receiver].address }
    }
}

extension PathTrace.Loss {
    /// The time from the last advertisement that arrived to the next one.
    var occasion: Finding.Occasion { Finding.Occasion(start: before ?? start, end: after ?? end) }
}
