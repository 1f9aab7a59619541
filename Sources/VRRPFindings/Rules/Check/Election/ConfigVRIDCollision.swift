internal import VRRPConfiguration

/// One VRID for two groups.
package enum ConfigVRIDCollision: ConfigurationRule {
    package static let rule = Rule(
        "config-vrid-collision",
        .critical,
        .checkElection,
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
