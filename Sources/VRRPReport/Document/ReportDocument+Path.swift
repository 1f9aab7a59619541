internal import VRRPFacts
internal import VRRPTracker
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

        package var virtualRouter: String
        package var from: IPAddress
        package var to: IPAddress
        package var start: CaptureInstant
        package var end: CaptureInstant
        package var sent: Int
        /// In the order of the way: the sender's own point first, that at the other router last.
        package var points: [Seen]
        package var verdict: Verdict
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
            .filter { vantage.points[$0].at == nil && $0 != own && $0 != target.point }
        let way = (own.map { [$0] } ?? []) + between + (target.point.map { [$0] } ?? [])
        func path(_ episode: PathTrace.Episode, _ verdict: Verdict) -> ReportDocument.Path {
            ReportDocument.Path(
                virtualRouter: id,
                from: router.address,
                to: target.address,
                start: episode.start,
                end: episode.end,
                sent: episode.sent,
                points: way.map { Seen(point: $0, seen: $0 < episode.seenAt.count ? episode.seenAt[$0] : 0) },
                verdict: verdict
            )
        }
        if let point = target.point {
            guard point < router.paths.count else { return [] }
            return router.paths[point].all.map { path($0, $0.isBroken ? .lostBefore : .arrives) }
        }
        let widest = router.paths.max { $0.sent < $1.sent }
        guard let whole = widest?.whole else { return [] }
        return [path(whole, .notVisible)]
    }
}
