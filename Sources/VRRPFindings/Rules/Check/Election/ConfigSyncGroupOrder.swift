internal import VRRPConfiguration

/// A sync group whose members are to be master on different routers.
package enum ConfigSyncGroupOrder: ConfigurationRule {
    package static let rule = Rule(
        "config-sync-group-order",
        .critical,
        .checkElection,
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
