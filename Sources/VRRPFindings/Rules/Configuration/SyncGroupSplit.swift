internal import VRRPConfiguration
internal import VRRPFacts
package import VRRPTracker
internal import VRRPWire

/// A sync group whose members are master on different routers.
package enum SyncGroupSplit: ExpectationRule {
    package static let rule = Rule(
        "sync-group-split",
        .critical,
        .configuration,
        summary: "members of one sync group have different masters for longer than a handover takes",
        clauses: [],
        page: Rule.Page(
            meaning: """
                By the given configurations these virtual routers are one sync group, which is master as a whole or not at \
                all. On the wire some of them have one master and some another.
                """,
            importance: """
                Traffic comes in through one router and is to leave through another, which knows nothing of its connections: \
                firewalls drop it, routes lead into the void.
                """,
            onTheWire: """
                config r1
                | vrrp_sync_group G {
                |     group {
                |         V1
                |         V2
                |     }
                | }
                | vrrp_instance V1 {
                |     mcast_src_ip 10.0.0.1
                |     virtual_router_id 51
                |     priority 150
                |     virtual_ipaddress {
                |         10.0.0.100
                |     }
                | }
                | vrrp_instance V2 {
                |     mcast_src_ip 10.0.0.1
                |     virtual_router_id 52
                |     priority 150
                |     virtual_ipaddress {
                |         10.0.0.200
                |     }
                | }
                config r2
                | vrrp_sync_group G {
                |     group {
                |         V1
                |         V2
                |     }
                | }
                | vrrp_instance V1 {
                |     mcast_src_ip 10.0.0.2
                |     virtual_router_id 51
                |     priority 100
                |     virtual_ipaddress {
                |         10.0.0.100
                |     }
                | }
                | vrrp_instance V2 {
                |     mcast_src_ip 10.0.0.2
                |     virtual_router_id 52
                |     priority 100
                |     virtual_ipaddress {
                |         10.0.0.200
                |     }
                | }
                router A1 10.0.0.1 vrid 51 priority 150 addresses 10.0.0.100
                router A2 10.0.0.1 vrid 52 priority 150 addresses 10.0.0.200
                router B1 10.0.0.2 vrid 51 priority 100 addresses 10.0.0.100
                0..5 every 1 A1
                0..30 every 1 A2
                5.5 A1 resigns
                6.109..30 every 1 B1
                30.5 end
                """,
            causes: [
                "a router does not run the group that the file has: it was not reloaded, or the group's name or a member is misspelt",
                "the router that gave one member away is stuck, so that it neither gave up the others nor took that one back",
                "the network of one member is down for one router alone, and what it tracks does not show that",
            ],
            remedy: """
                On both routers compare the state of all members (`journalctl -u keepalived`, SIGUSR1 writes \
                /tmp/keepalived.data), then restart keepalived on the router that holds the smaller part of the group.
                """,
            notThis: """
                A handover: the members follow one another within a Master_Down_Interval. Two masters of one member are a \
                split brain, which is told as such.
                """,
            thresholds: "longer than the longest Master_Down_Interval of the group and one interval",
            references: ["keepalived.conf(5), vrrp_sync_group"]
        )
    )

    package static let reads: Set<Facet> = [.speakers]

    package static func findings(
        in observation: Observation,
        expecting expectation: Expectation,
        _ rosters: [Roster],
        _ pending: inout Pending
    ) -> [Finding] {
        var told: Set<[Int]> = []
        return expectation.routers.indices.flatMap { position in
            expectation.routers[position].syncGroups.compactMap { group -> Finding? in
                let positions = rosters.indices.filter { index in
                    rosters[index].members.contains { $0.position == position && $0.instance.syncGroup == group.name }
                }
                // Every router of the group has it in its configuration.
                guard positions.count > 1, told.insert(positions).inserted else { return nil }
                let members = positions.map { Member(observation, rosters[$0], at: $0, of: position) }
                return finding(about: group, members, &pending)
            }
        }
    }

    /// A virtual router that belongs to a group.
    private struct Member {
        var virtualRouter: VirtualRouter
        var history: History
        var roster: Roster
        var name: String
        /// The longest time that a handover may take.
        var handover: TimeSpan

        init(_ observation: Observation, _ roster: Roster, at index: Int, of position: Int) {
            virtualRouter = observation.virtualRouters[index]
            history = virtualRouter.history(in: observation)
            self.roster = roster
            name = roster.members.first { $0.position == position }?.instance.name ?? ""
            let limits = roster.members.map { $0.instance.longestMasterDownInterval + $0.instance.interval }
            handover = max(limits.max() ?? .zero, virtualRouter.advertisementInterval * 5)
        }

        /// The configured routers that are master in a stretch; `nil` where somebody is not known or nothing was seen.
        func masters(in interval: TimelineInterval) -> Set<Int>? {
            guard interval.state == .master || interval.state == .split else { return nil }
            var positions: Set<Int> = []
            for master in interval.masters {
                guard let member = roster.member(of: master) else { return nil }
                positions.insert(member.position)
            }
            return positions
        }
    }

    private static func finding(
        about group: RouterConfiguration.SyncGroup,
        _ members: [Member],
        _ pending: inout Pending
    ) -> Finding? {
        let limit = members.map(\.handover).max() ?? .zero
        let splits = splits(members).filter { pending.isLonger(than: limit, from: $0.start, to: $0.end) }
        guard let first = splits.first, let last = splits.last else { return nil }
        let end = members.map(\.history.end).max() ?? last.end
        let longest = splits.map { $0.end - $0.start }.max() ?? .zero
        let holders = zip(members, last.masters).compactMap { member, masters -> String? in
            guard let masters else { return nil }
            let names = member.roster.members.filter { masters.contains($0.position) }.map(\.router)
            return "\(member.name) (VRID \(member.virtualRouter.key.vrid)) on \(list(names))"
        }
        let reigning = members.flatMap { member in
            member.history.reigns.filter { reign in
                reign.start <= first.start && reign.end.map { $0 > first.start } ?? true
            }.map { (member.virtualRouter.routers[$0.router].address, $0.startEvidence) }
        }
        return Finding(
            rule,
            virtualRouter: nil,
            routers: Set(reigning.map(\.0)).sorted(),
            from: first.start,
            to: last.end,
            ongoing: last.end == end,
            count: splits.count,
            summary: "members of sync group \(group.name) had different masters for \(text(longest)): \(list(holders))",
            explanation:
                "The configuration joins them in one group (\(group.location)). A handover of the whole group takes "
                + "\(text(limit)) at most.",
            evidence: reigning.prefix(8).map(\.1)
        )
    }

    private struct Split {
        var start: CaptureInstant
        var end: CaptureInstant
        /// For each member the configured routers that were master at its end.
        var masters: [Set<Int>?]
    }

    /// The stretches in which no router is master of all members whose masters are known.
    private static func splits(_ members: [Member]) -> [Split] {
        let changes = members.indices.flatMap { index in
            members[index].history.timeline.map {
                (instant: $0.start, member: index, masters: members[index].masters(in: $0))
            }
        }.sorted { ($0.instant, $0.member) < ($1.instant, $1.member) }
        let end = members.map(\.history.end).max() ?? .distantPast
        var masters: [Set<Int>?] = members.map { _ in nil }
        var splits: [Split] = []
        for (index, change) in changes.enumerated() {
            masters[change.member] = change.masters
            let next = index + 1 < changes.count ? changes[index + 1].instant : end
            let known = masters.compactMap { $0 }
            guard next > change.instant, let some = known.first,
                known.dropFirst().reduce(some, { $0.intersection($1) }).isEmpty
            else { continue }
            if let last = splits.indices.last, splits[last].end == change.instant {
                (splits[last].end, splits[last].masters) = (next, masters)
            } else {
                splits.append(Split(start: change.instant, end: next, masters: masters))
            }
        }
        return splits
    }
}
