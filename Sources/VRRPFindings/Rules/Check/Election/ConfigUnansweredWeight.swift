internal import VRRPConfiguration
internal import VRRPFacts

/// Tracked weights that nobody answers.
package enum ConfigUnansweredWeight: ConfigurationRule {
    package static let rule = Rule(
        "config-unanswered-weight",
        .warning,
        .checkElection,
        summary: "a tracked weight lowers the master's priority, and no other router takes over because of it",
        meaning: """
            A Backup takes mastership from a live master only if its own priority is higher then and it may preempt. With \
            nopreempt it accepts the lower priority and stays Backup (RFC 9568 section 6.4.2). So the check fails, the \
            priority falls, and the address stays on the router whose check failed.
            """,
        example: """
            file r1.conf
            | vrrp_script chk {
            |     script /bin/true
            |     weight -50
            | }
            | vrrp_instance VI_1 {
            |     interface eth0
            |     virtual_router_id 51
            |     priority 150
            |     nopreempt
            |     track_script {
            |         chk
            |     }
            |     virtual_ipaddress {
            |         10.0.0.100/24
            |     }
            | }
            file r2.conf
            | vrrp_script chk {
            |     script /bin/true
            |     weight -50
            | }
            | vrrp_instance VI_1 {
            |     interface eth0
            |     virtual_router_id 51
            |     priority 149
            |     nopreempt
            |     track_script {
            |         chk
            |     }
            |     virtual_ipaddress {
            |         10.0.0.100/24
            |     }
            | }
            """,
        remedy: """
            Take nopreempt out on the Backup, or take the weight out of the tracking, so that the failure puts the instance \
            into FAULT, which every Backup answers. Where the Backup's own priority is too low, make the weight greater.
            """,
        references: ["RFC 9568 section 6.4.2", "keepalived.conf(5), nopreempt and track_script"]
    )

    package static func findings(in set: ConfigurationSet) -> [ConfigurationFinding] {
        set.groups.flatMap { group in
            group.members.flatMap { member in findings(about: member, in: group) }
        }
    }

    private static func findings(
        about member: ConfigurationSet.Member,
        in group: ConfigurationSet.Group
    ) -> [ConfigurationFinding] {
        let instance = member.instance
        let others = group.pairs.compactMap { a, b in
            a.identity == member.identity ? b : b.identity == member.identity ? a : nil
        }
        let all = [member] + others
        guard instance.healthyPriority != 255, !others.isEmpty,
            all.allSatisfy({ $0.instance.undecided.isDisjoint(with: [.priority, .tracking, .preemption]) }),
            others.allSatisfy({ $0.instance.healthyPriority != 255 })
        else { return [] }
        let weights = instance.tracked.filter { !$0.isFault && $0.kind != .file }
        guard !weights.isEmpty else { return [] }
        let fallen = instance.priorityRange.lowerBound
        // Where every other router stays below, config-weight tells.
        let level = others.filter { $0.instance.healthyPriority >= fallen }
        guard !level.isEmpty, !level.contains(where: { takesOver($0.instance, from: fallen) }) else { return [] }
        let reasons = level.map { other in
            other.instance.healthyPriority == fallen
                ? "\(other.router) has \(fallen) as well, which is not higher" : "\(other.router) has nopreempt"
        }
        return [
            ConfigurationFinding(
                rule,
                at: weights[0].location,
                related: level.map { other in
                    other.location(of: other.instance.healthyPriority == fallen ? .priority : .preemption)
                },
                nodes: [member.router] + level.map(\.router),
                summary: "\(group.name): when \(list(weights.map(\.name))) fails, \(member.router) falls from "
                    + "\(instance.healthyPriority) to \(fallen) and stays master: \(list(reasons))"
            )
        ]
    }

    /// Whether an instance takes over from a live master of some priority.
    private static func takesOver(_ instance: InstanceConfiguration, from priority: UInt8) -> Bool {
        // nopreempt is ignored with `state MASTER` (keepalived, `vrrp_complete_instance` in vrrp.c).
        instance.healthyPriority > priority && (instance.preempts || instance.startsAsMaster)
    }
}
