internal import VRRPFacts
package import VRRPTracker
package import VRRPWire

extension ReportDocument {
    /// The way of a router's advertisements to another one, in a stretch in which it stays the same.
    package struct Path: Sendable {
        package enum Verdict: String, Sendable {
            case arrives
            /// Nothing arrives.
            case lostBefore = "lost-before"
            /// No point is at the other router.
            case notVisible = "not-visible"
        }

        /// The number of advertisements that a point saw.
        package struct Seen: Hashable, Sendable {
            package var point: Int
            package var seen: Int
        }

        /// The advertisements that were lost on the way, over the whole observation.
        package struct Loss: Hashable, Sendable {
            package var lost: Int
            package var sent: Int
            /// The number of times that one or several in a row were lost, and the most in a row.
            package var runs: Int
            package var longestRun: Int
            package var pattern: PathTrace.Pattern
        }

        /// The time from the sender's own point to the point at the other router, over the whole observation.
        ///
        /// Where clocks were compared by frames of both directions, the two directions take the same time by construction: the
        /// error says by how much each may differ from that.
        package struct Delay: Hashable, Sendable {
            package var samples: Int
            package var p50: TimeSpan
            package var p95: TimeSpan
            package var maximum: TimeSpan
            package var error: TimeSpan
        }

        package var virtualRouter: String
        package var from: IPAddress
        package var to: IPAddress
        package var start: CaptureInstant
        package var end: CaptureInstant
        package var sent: Int
        /// In the order of the way: the sender's own point first, that at the other router last.
        package var points: [Seen]
        package var verdict: Verdict
        /// `nil` where no point is at the other router.
        package var loss: Loss?
        /// `nil` where the clocks of the two points were not compared.
        package var delay: Delay?
    }

    /// The points of a report: those of the observation, or one for each capture where nobody looked for them.
    static func points(_ vantage: Vantage, captures: Int) -> [VantagePoint] {
        guard vantage.points.isEmpty else { return vantage.points }
        return (0..<captures).map { capture in
            var point = VantagePoint(captures: [capture])
            if capture == 0 { (point.clockOffset, point.clockOffsetError, point.clockDrift) = (.zero, .zero, 0) }
            return point
        }
    }
}

extension ReportDocument.Path {
    /// The ways between the routers of a virtual router, and to the hosts at which there is a point.
    static func paths(in virtualRouter: VirtualRouter, _ names: ReportNames) -> [ReportDocument.Path] {
        guard virtualRouter.vantage.hasSeveral else { return [] }
        let id = names.id(virtualRouter.key)
        return virtualRouter.routers.indices.flatMap { sender in
            targets(of: sender, in: virtualRouter).flatMap { target in
                paths(from: sender, to: target, in: virtualRouter, id)
            }
        }
    }

    /// A host that advertisements should reach.
    private struct Target {
        var address: IPAddress
        /// The point there; `nil` for none.
        var point: Int?
    }

    private static func targets(of sender: Int, in virtualRouter: VirtualRouter) -> [Target] {
        let own = virtualRouter.point(of: sender)
        var targets = virtualRouter.routers.indices.filter { $0 != sender }.map { router in
            Target(address: virtualRouter.routers[router].address, point: virtualRouter.point(of: router))
        }
        for (point, place) in virtualRouter.vantage.points.enumerated().prefix(Vantage.mostPoints)
        where point != own && !targets.contains(where: { $0.point == point }) {
            let family = virtualRouter.key.family
            let alike = place.hosts.first { $0.family == family && !$0.isLinkLocalIPv6 }
            if let address = alike ?? place.at { targets.append(Target(address: address, point: point)) }
        }
        return targets
    }

    private static func paths(
        from sender: Int,
        to target: Target,
        in virtualRouter: VirtualRouter,
        _ id: String
    ) -> [ReportDocument.Path] {
        let router = virtualRouter.routers[sender]
        let own = virtualRouter.point(of: sender)
        let vantage = virtualRouter.vantage
        let between = vantage.points.indices.prefix(Vantage.mostPoints)
            .filter { point in
                vantage.points[point].at == nil && vantage.points[point].blind != [.always] && point != own
                    && point != target.point
            }
        let way = (own.map { [$0] } ?? []) + between + (target.point.map { [$0] } ?? [])
        let trace = target.point.flatMap { $0 < router.paths.count ? router.paths[$0] : nil }
        let loss = trace.map(Loss.init)
        let delay = trace.flatMap { Delay($0, own.map { vantage.points[$0] }, target.point.map { vantage.points[$0] }) }
        func path(_ episode: PathTrace.Episode, _ verdict: Verdict) -> ReportDocument.Path {
            ReportDocument.Path(
                virtualRouter: id,
                from: router.address,
                to: target.address,
                start: episode.start,
                end: episode.end,
                sent: episode.sent,
                points: way.map { Seen(point: $0, seen: $0 < episode.seenAt.count ? episode.seenAt[$0] : 0) },
                verdict: verdict,
                loss: loss,
                delay: delay
            )
        }
        if target.point != nil {
            return trace?.all.map { path($0, $0.isBroken ? .lostBefore : .arrives) } ?? []
        }
        let widest = router.paths.max { $0.sent < $1.sent }
        guard let whole = widest?.whole else { return [] }
        return [path(whole, .notVisible)]
    }
}

extension ReportDocument.Path.Loss {
    init(_ trace: PathTrace) {
        (lost, sent) = (trace.lost, trace.sent)
        (runs, longestRun) = (trace.lossCount, trace.longestLoss)
        pattern = trace.pattern
    }

    /// `3 lost, each by itself`; `nil` where nothing is lost, or nothing arrives.
    var words: String? {
        switch pattern {
        case .none, .all: nil
        case .single: "1 lost"
        case .steady where longestRun > 1: "\(lost) lost here and there, up to \(longestRun) in a row"
        case .steady: "\(lost) lost, each by itself"
        case .bursts where runs == 1: "\(lost) lost in a row"
        case .bursts: "\(lost) lost in \(runs) bursts, up to \(longestRun) in a row"
        }
    }
}

extension ReportDocument.Path.Delay {
    fileprivate init?(_ trace: PathTrace, _ own: VantagePoint?, _ other: VantagePoint?) {
        guard let p50 = trace.delay(0.5), let p95 = trace.delay(0.95), let maximum = trace.longestDelay,
            let own, let other, let ownError = own.clockOffsetError, let otherError = other.clockOffsetError
        else { return nil }
        self.p50 = p50
        self.p95 = p95
        self.maximum = maximum
        samples = trace.delayCount
        error = ownError + otherError
    }

    /// `0.05 ms on the way, at most 0.3 ms (± 0.1 ms)`.
    var words: String {
        "\(p50.words(.table)) on the way, at most \(maximum.words(.table)) (± \(error.words(.table)))"
    }
}
