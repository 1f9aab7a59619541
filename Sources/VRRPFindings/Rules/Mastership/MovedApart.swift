internal import VRRPFacts
package import VRRPTracker
internal import VRRPWire

/// Virtual routers that always moved together and then did not.
package enum MovedApart: ObservationRule {
    package static let rule = Rule(
        "moved-apart",
        .notice,
        .mastership,
        summary: "virtual routers that always moved from router to router together have different masters",
        clauses: [],
        page: Rule.Page(
            meaning: """
                Twice and more these virtual routers went from one router to the other at the same time, as a sync group does. \
                This time some of them went and some stayed.
                """,
            importance: """
                Where they belong together, such as the inside and the outside of a firewall, traffic comes in through one \
                router and is to leave through another.
                """,
            onTheWire: """
                router A1 10.0.0.1 vrid 51 priority 150 addresses 10.0.0.100
                router A2 10.0.0.1 vrid 52 priority 150 addresses 10.0.0.200
                router B1 10.0.0.2 vrid 51 priority 100 addresses 10.0.0.100
                router B2 10.0.0.2 vrid 52 priority 100 addresses 10.0.0.200
                0..5 every 1 A1
                0..5 every 1 A2
                5.5 A1 resigns
                5.5 A2 resigns
                6.109..20 every 1 B1
                6.109..20 every 1 B2
                20.5..30 every 1 A1
                20.5..60 every 1 A2
                30.6 A1 resigns
                31.2..60 every 1 B1
                60.5 end
                """,
            causes: [
                "the instances are in no sync group, and only one of them lost what it tracks",
                "a sync group that one of the routers does not run as configured",
            ],
            remedy: """
                If they belong together, join them in a sync group (keepalived: vrrp_sync_group) on all routers, and give the \
                configurations with --config: sync-group-split then says which member is where.
                """,
            notThis: """
                Virtual routers that move one by one, as where load is shared, and those that moved together once only.
                """,
            thresholds: """
                at least two moves together, between the same two routers by address or MAC address; apart for longer than \
                four and a half intervals; of the virtual routers of two routers that move at different times, the first 256 sets
                """,
            references: ["keepalived.conf(5), vrrp_sync_group"]
        )
    )

    package static let reads: Set<Facet> = [.speakers]

    package static func findings(in observation: Observation, _ pending: inout Pending) -> [Finding] {
        let returning = observation.virtualRouters.indices.filter { mayReturn(observation.virtualRouters[$0]) }
        guard returning.count > 1 else { return [] }
        let travellers = returning.compactMap { Traveller(observation.virtualRouters[$0], in: observation) }
        let groups = Dictionary(grouping: travellers, by: \.pair).values.filter { $0.count > 1 }
        return groups.flatMap { companies(of: $0) }.compactMap { finding(about: $0, &pending) }
            .sorted { ($0.start, $0.summary) < ($1.start, $1.summary) }
    }

    /// Whether some router may have become master again after another one, because it was heard before and after that one.
    ///
    /// To tell a history costs much more.
    private static func mayReturn(_ virtualRouter: VirtualRouter) -> Bool {
        let routers = virtualRouter.routers
        return routers.indices.contains { outer in
            routers.indices.contains { inner in
                outer != inner && routers[outer].firstSeen <= routers[inner].firstSeen
                    && routers[outer].lastSeen >= routers[inner].firstSeen
            }
        }
    }

    /// A virtual router that went back and forth between two routers.
    private struct Traveller {
        var key: VirtualRouterKey
        /// The two routers, the smaller first.
        var pair: [Identity]
        var moves: [Move]
        var interval: TimeSpan
        var end: CaptureInstant

        init?(_ virtualRouter: VirtualRouter, in observation: Observation) {
            let history = virtualRouter.history(in: observation)
            let identities = virtualRouter.routers.map { Identity($0) }
            var moves: [Move] = []
            var master: Int?
            for transition in history.transitions where transition.to.count == 1 {
                if let master, transition.to[0] != master {
                    let address = virtualRouter.routers[transition.to[0]].address
                    moves.append(
                        Move(
                            instant: transition.instant,
                            to: identities[transition.to[0]],
                            address: address,
                            evidence: transition.evidence.last
                        )
                    )
                }
                master = transition.to[0]
            }
            let pair = Set(history.masters.map { identities[$0] })
            guard moves.count > 1, pair.count == 2 else { return nil }
            key = virtualRouter.key
            self.pair = pair.sorted { $0.text < $1.text }
            self.moves = moves
            interval = max(virtualRouter.advertisementInterval, .milliseconds(10))
            end = history.end
        }
    }

    private struct Move {
        var instant: CaptureInstant
        var to: Identity
        var address: IPAddress
        var evidence: FrameReference?
    }

    /// A router across virtual routers: its MAC address where that is not a virtual one, or else its address.
    private struct Identity: Hashable {
        var text: String

        init(_ router: Router) {
            let own = router.macs.first { !$0.isVirtualRouter }
            text = own.map(\.description) ?? router.address.description
        }
    }

    /// The most sets of travellers between two routers with which further ones are compared.
    private static let mostCompanies = 256

    /// The travellers that made their first two moves together.
    private static func companies(of travellers: [Traveller]) -> [[Traveller]] {
        var companies: [[Traveller]] = []
        for traveller in travellers {
            let place = companies.firstIndex { company in
                (0..<2).allSatisfy { together(company[0], traveller, $0) }
            }
            if let place {
                companies[place].append(traveller)
            } else if companies.count < mostCompanies {
                companies.append([traveller])
            }
        }
        return companies.filter { $0.count > 1 }
    }

    /// The longest time between moves of one handover.
    private static func handover(_ a: Traveller, _ b: Traveller) -> TimeSpan {
        let interval = max(a.interval, b.interval)
        return interval * 4 + interval / 2
    }

    /// Whether two travellers made a move, by its position, together.
    private static func together(_ a: Traveller, _ b: Traveller, _ index: Int) -> Bool {
        guard index < a.moves.count, index < b.moves.count, a.moves[index].to == b.moves[index].to else { return false }
        return (a.moves[index].instant - b.moves[index].instant).magnitude <= handover(a, b)
    }

    private static func finding(about company: [Traveller], _ pending: inout Pending) -> Finding? {
        let first = company[0]
        let limit = company.map { handover(first, $0) }.max() ?? .zero
        // The first move that not all of them made together.
        let most = company.map(\.moves.count).max() ?? 0
        let parted = (2..<max(most, 2)).first { index in !company.allSatisfy { together(first, $0, index) } }
        guard let parted else { return nil }
        let starts = company.compactMap { parted < $0.moves.count ? $0.moves[parted].instant : nil }
        guard let start = starts.min() else { return nil }
        func went(_ traveller: Traveller) -> Bool {
            parted < traveller.moves.count && traveller.moves[parted].instant - start <= limit
        }
        let gone = company.filter(went)
        let stayed = company.filter { !went($0) }
        guard !stayed.isEmpty, let leader = gone.first else { return nil }
        // They are together again when those that stayed follow, or those that went return.
        let followed = stayed.map { parted < $0.moves.count ? $0.moves[parted].instant : $0.end }.max() ?? first.end
        let returned = gone.map { parted + 1 < $0.moves.count ? $0.moves[parted + 1].instant : $0.end }.max()
        let end = max(start, min(followed, returned ?? first.end))
        guard pending.isLonger(than: limit, from: start, to: end) else { return nil }
        func words(_ travellers: [Traveller]) -> String {
            let numbers = travellers.prefix(8).map { "VRID \($0.key.vrid)" }
            return list(numbers + (travellers.count > 8 ? ["\(travellers.count - 8) more"] : []))
        }
        return Finding(
            rule,
            virtualRouter: nil,
            routers: [leader.moves[parted].address],
            from: start,
            to: end,
            ongoing: end == first.end,
            summary: "\(words(gone)) moved to \(leader.moves[parted].address) without \(words(stayed)), "
                + "though they had moved together \(parted) times",
            explanation:
                "They had different masters for \(text(end - start)). Before, each moved within \(text(limit)) of the others.",
            evidence: gone.prefix(8).compactMap { $0.moves[parted].evidence }
        )
    }
}
