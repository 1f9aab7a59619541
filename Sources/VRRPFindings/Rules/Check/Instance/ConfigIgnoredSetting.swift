internal import VRRPConfiguration
internal import VRRPWire

/// Settings that others switch off.
package enum ConfigIgnoredSetting: ConfigurationRule {
    package static let rule = Rule(
        "config-ignored-setting",
        .warning,
        .checkInstance,
        summary: "a setting has no effect because of another one",
        meaning: "The daemon reports it once and goes on without: the instance behaves otherwise than the file reads.",
        remedy: "Take out the setting, or the one that excludes it.",
        references: ["keepalived, vrrp_complete_instance in vrrp.c"]
    )

    package static func findings(in set: ConfigurationSet) -> [ConfigurationFinding] {
        set.members.flatMap { member in
            ignored(in: member.instance).map { location, words in
                ConfigurationFinding(
                    rule,
                    at: location,
                    nodes: [member.router],
                    summary: "\(member.instance.name) of \(member.router): \(words)"
                )
            }
        }
    }

    private static func ignored(in instance: InstanceConfiguration) -> [(SourceLocation, String)] {
        var found: [(SourceLocation, String)] = []
        if let location = instance.ignoredAuthentication {
            let reason = instance.version == 3 ? "VRRPv3 has no authentication" : "AH is for IPv4 only"
            found.append((location, "the authentication is ignored: \(reason)"))
        }
        let isOwner = instance.priority == 255
        if !instance.preempts, instance.startsAsMaster || isOwner {
            found.append(
                (
                    instance.location(of: .preemption),
                    "nopreempt is ignored with \(isOwner ? "priority 255" : "state MASTER")"
                )
            )
        }
        if instance.preemptDelay > .zero, instance.startsAsMaster || !instance.preempts {
            let other = instance.preempts ? "state MASTER" : "nopreempt"
            found.append((instance.location(of: .preemptDelay), "preempt_delay is ignored with \(other)"))
        }
        if case .ah = instance.authentication, instance.startsAsMaster, !isOwner {
            found.append((instance.location(of: .state), "state MASTER is ignored with AH"))
        }
        if instance.ttl != nil, instance.delivery.isMulticast {
            found.append((instance.location(of: .ttl), "unicast_ttl is ignored without unicast_peer"))
        }
        return found
    }
}
