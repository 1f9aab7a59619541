internal import VRRPConfiguration

/// Equal priorities.
package enum ConfigPriorityTie: ConfigurationRule {
    package static let rule = Rule(
        "config-priority-tie",
        .warning,
        .checkElection,
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
