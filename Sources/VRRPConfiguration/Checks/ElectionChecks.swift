internal import VRRPWire

// Findings about who is to be master: VRIDs, priorities, weights.

/// One VRID for two groups.
package enum VRIDCollisionCheck: ConfigurationCheck {
    package static let rule = ConfigurationRule(
        "config-vrid-collision",
        .critical,
        summary: "one VRID is used for different addresses on one interface",
        meaning: """
            Two groups with one VRID answer each other's advertisements and share a virtual MAC address. On interfaces of \
            different routers, where this is a warning, it does no harm if these are different networks.
            """,
        remedy: "Give each group on a network its own VRID.",
        references: ["RFC 9568 section 1.2", "keepalived.conf(5), virtual_router_id"]
    )

    package static func findings(in set: ConfigurationSet) -> [ConfigurationFinding] {
        set.groups.flatMap { group in
            neighbours(in: group).compactMap { a, b in
                guard collide(a, b), !a.instance.undecided.contains(.vrid), !b.instance.undecided.contains(.vrid)
                else { return nil }
                let isOne = a.position == b.position
                return ConfigurationFinding(
                    rule,
                    severity: isOne ? .critical : .warning,
                    at: b.location(of: .vrid),
                    related: [a.location(of: .vrid)],
                    nodes: isOne ? [a.router] : [a.router, b.router],
                    summary: "\(group.name) on \(a.instance.interface ?? ""): "
                        + "\(a.instance.name) of \(a.router) and \(b.instance.name) of \(b.router) have no address in common"
                )
            }
        }
    }

    /// Pairs of instances on interfaces of one name.
    private static func neighbours(
        in group: ConfigurationSet.Group
    ) -> [(ConfigurationSet.Member, ConfigurationSet.Member)] {
        Dictionary(grouping: group.members.filter { $0.instance.interface != nil }) { $0.instance.interface }
            .sorted { $0.key ?? "" < $1.key ?? "" }
            .flatMap { _, members in
                members.indices.flatMap { a in members.indices.filter { $0 > a }.map { (members[a], members[$0]) } }
            }
    }

    /// Unicast and other groups keep equal VRIDs apart (keepalived.conf(5), virtual_router_id).
    private static func collide(_ a: ConfigurationSet.Member, _ b: ConfigurationSet.Member) -> Bool {
        guard !a.instance.addresses.isEmpty, !b.instance.addresses.isEmpty,
            a.instance.addressSet.isDisjoint(with: b.instance.addressSet)
        else { return false }
        switch (a.instance.delivery, b.instance.delivery) {
        case (.multicast(let left), .multicast(let right)): return left == right
        case (.unicast(let left), .unicast(let right)): return !Set(left).isDisjoint(with: right)
        case (.multicast, .unicast), (.unicast, .multicast): return false
        }
    }
}

/// One address under two VRIDs.
package enum VRIDMismatchCheck: ConfigurationCheck {
    package static let rule = ConfigurationRule(
        "config-vrid-mismatch",
        .critical,
        summary: "one virtual address belongs to different VRIDs",
        meaning: "Routers of different VRIDs do not hear each other: both hold the address.",
        remedy: "Use the same virtual_router_id on all routers that share the address.",
        references: ["RFC 9568 section 5.2.3"]
    )

    package static func findings(in set: ConfigurationSet) -> [ConfigurationFinding] {
        var first: [IPAddress: ConfigurationSet.Member] = [:]
        var told: Set<[UInt8]> = []
        var findings: [ConfigurationFinding] = []
        for member in set.members where !member.instance.isShutDown && !member.instance.undecided.contains(.vrid) {
            guard let vrid = member.instance.vrid else { continue }
            for address in (member.instance.addresses + member.instance.excludedAddresses).map(\.address) {
                guard let other = first[address], let otherVRID = other.instance.vrid else {
                    first[address] = member
                    continue
                }
                guard otherVRID != vrid, told.insert([otherVRID, vrid]).inserted
                else { continue }
                findings.append(
                    ConfigurationFinding(
                        rule,
                        at: member.location(of: .vrid),
                        related: [other.location(of: .vrid)],
                        nodes: other.position == member.position ? [other.router] : [other.router, member.router],
                        summary: "\(address) has VRID \(otherVRID) on \(other.router) and VRID \(vrid) on "
                            + member.router
                    )
                )
            }
        }
        return findings
    }
}

/// Two owners.
package enum OwnerConflictCheck: ConfigurationCheck {
    package static let rule = ConfigurationRule(
        "config-owner-conflict",
        .critical,
        summary: "two routers of one VRID have priority 255",
        meaning:
            "An owner yields to nobody, so both stay master. In keepalived `state MASTER` without a priority is 255.",
        remedy: "Give 255 to the router that owns the address, or to none.",
        references: ["RFC 9568 section 8.3.2"]
    )

    package static func findings(in set: ConfigurationSet) -> [ConfigurationFinding] {
        set.differences(rule, in: .priority) { a, b in
            a.instance.priority == 255 && b.instance.priority == 255 ? "priority 255 on both" : nil
        }
    }
}

/// Equal priorities.
package enum PriorityTieCheck: ConfigurationCheck {
    package static let rule = ConfigurationRule(
        "config-priority-tie",
        .warning,
        summary: "two routers of one VRID have the same priority",
        meaning: """
            Backups wait equally long and claim mastership at once; the higher interface address wins then, which nobody \
            chose. With nopreempt on both, where this is a notice, it matters only when they start together.
            """,
        remedy: "Give each router its own priority.",
        references: ["RFC 9568 section 8.3.2", "keepalived.conf(5), priority"]
    )

    package static func findings(in set: ConfigurationSet) -> [ConfigurationFinding] {
        set.groups.flatMap { group in
            group.pairs.compactMap { a, b in
                guard a.instance.healthyPriority == b.instance.healthyPriority, a.instance.healthyPriority != 255,
                    !a.instance.undecided.contains(.priority), !b.instance.undecided.contains(.priority)
                else { return nil }
                let preempts = a.instance.preempts || b.instance.preempts
                return ConfigurationFinding(
                    rule,
                    severity: preempts ? .warning : .notice,
                    at: b.location(of: .priority),
                    related: [a.location(of: .priority)],
                    nodes: [a.router, b.router],
                    summary: "\(group.name) of \(a.router) and \(b.router): both have priority "
                        + "\(a.instance.healthyPriority)"
                )
            }
        }
    }
}

/// Weights that change nothing.
package enum WeightCheck: ConfigurationCheck {
    package static let rule = ConfigurationRule(
        "config-weight",
        .warning,
        summary: "tracked weights are too small to hand mastership over",
        meaning: "Even when all that is tracked fails, the first router's priority stays above the second one's.",
        remedy: "Make the weights greater than the distance of the priorities.",
        references: ["keepalived.conf(5), track_script"]
    )

    package static func findings(in set: ConfigurationSet) -> [ConfigurationFinding] {
        set.groups.flatMap { group in
            Set(group.members.map(\.position)).count > 1 ? findings(in: group) : []
        }
    }

    private static func findings(in group: ConfigurationSet.Group) -> [ConfigurationFinding] {
        let related = group.pairs
        return group.members.compactMap { member in
            let others = related.compactMap { a, b in
                a.position == member.position ? b : b.position == member.position ? a : nil
            }
            guard let second = others.max(by: { $0.instance.healthyPriority < $1.instance.healthyPriority }),
                member.instance.healthyPriority > second.instance.healthyPriority, member.instance.priority != 255,
                member.instance.tracked.contains(where: { !$0.isFault && $0.kind != .file }),
                !member.instance.tracked.contains(where: \.isFault),
                member.instance.undecided.isDisjoint(with: [.priority, .tracking]),
                member.instance.priorityRange.lowerBound > second.instance.healthyPriority
            else { return nil }
            return ConfigurationFinding(
                rule,
                at: member.location(of: .tracking),
                related: [second.location(of: .priority)],
                nodes: [member.router, second.router],
                summary: "\(group.name): \(member.router) never falls below "
                    + "\(member.instance.priorityRange.lowerBound), and \(second.router) has "
                    + "\(second.instance.healthyPriority)"
            )
        }
    }
}

/// A sync group whose members are to be master on different routers.
package enum SyncGroupOrderCheck: ConfigurationCheck {
    package static let rule = ConfigurationRule(
        "config-sync-group-order",
        .critical,
        summary: "the members of a sync group have their highest priorities on different routers",
        meaning:
            "A sync group is master as a whole: routers that each have half of it take it from each other for ever.",
        remedy: "Order the priorities of all members of a group alike.",
        references: ["keepalived.conf(5), vrrp_sync_group"]
    )

    package static func findings(in set: ConfigurationSet) -> [ConfigurationFinding] {
        var orders: [Key: [(first: ConfigurationSet.Member, second: ConfigurationSet.Member)]] = [:]
        for group in set.groups {
            for (a, b) in group.pairs where a.instance.priority != b.instance.priority {
                guard let left = a.instance.syncGroup, let right = b.instance.syncGroup else { continue }
                let key = Key(routers: [a.position, b.position], groups: [left, right])
                orders[key, default: []].append(a.instance.priority > b.instance.priority ? (a, b) : (b, a))
            }
        }
        return orders.values.compactMap { order in
            guard let one = order.first, let other = order.first(where: { $0.first.position != one.first.position })
            else { return nil }
            return ConfigurationFinding(
                rule,
                at: other.first.location(of: .priority),
                related: [one.first.location(of: .priority)],
                nodes: [one.first.router, other.first.router],
                summary: "\(one.first.instance.syncGroup ?? ""): \(one.first.instance.name) is to be master on "
                    + "\(one.first.router), \(other.first.instance.name) on \(other.first.router)"
            )
        }.sorted { $0.location < $1.location }
    }

    private struct Key: Hashable {
        var routers: [Int]
        var groups: [String]
    }
}

/// A virtual router of one.
package enum SingleRouterCheck: ConfigurationCheck {
    package static let rule = ConfigurationRule(
        "config-single-router",
        .notice,
        summary: "only one of the configurations has this VRID",
        meaning: "Nobody among the routers given takes over when this one fails.",
        remedy: "Configure the VRID on a second router, or name that router's configuration as well.",
        references: ["RFC 9568 section 1.1"]
    )

    package static func findings(in set: ConfigurationSet) -> [ConfigurationFinding] {
        guard set.routers.count > 1 else { return [] }
        return set.groups.flatMap { group in
            let paired = Set(group.pairs.flatMap { [$0.0.identity, $0.1.identity] })
            return group.members.filter { !paired.contains($0.identity) }.map { member in
                ConfigurationFinding(
                    rule,
                    at: member.instance.location,
                    nodes: [member.router],
                    summary: "\(group.name) is configured on \(member.router) only"
                )
            }
        }
    }
}
