internal import VRRPConfiguration

/// Weights that change nothing.
package enum ConfigWeight: ConfigurationRule {
    package static let rule = Rule(
        "config-weight",
        .warning,
        .checkElection,
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
