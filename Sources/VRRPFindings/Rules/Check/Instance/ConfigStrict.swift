internal import VRRPConfiguration
internal import VRRPWire

/// Reports settings that strict mode forbids.
package enum ConfigStrict: ConfigurationRule {
    package static let rule = Rule(
        "config-strict",
        .warning,
        .checkInstance,
        summary: "strict mode forbids a setting",
        meaning: "keepalived with vrrp_strict drops such a setting or the whole instance.",
        remedy: "Take out the setting, or vrrp_strict.",
        references: ["keepalived.conf(5), vrrp_strict"]
    )

    package static func findings(in set: ConfigurationSet) -> [ConfigurationFinding] {
        set.members.filter(\.instance.isStrict).flatMap { member in
            forbidden(in: member.instance).map { setting, words in
                ConfigurationFinding(
                    rule,
                    at: member.location(of: setting),
                    nodes: [member.router],
                    summary: "\(member.instance.name) of \(member.router): strict mode forbids \(words)"
                )
            }
        }
    }

    private static func forbidden(
        in instance: InstanceConfiguration
    ) -> [(InstanceConfiguration.Setting, String)] {
        var found: [(InstanceConfiguration.Setting, String)] = []
        // With auth_hmac only the mode is forced, of which the reader tells.
        if instance.authentication.password != nil { found.append((.authentication, "authentication")) }
        if !instance.delivery.isMulticast { found.append((.delivery, "unicast peers")) }
        if instance.preemptDelay > .zero { found.append((.preemptDelay, "preempt_delay")) }
        if instance.downTimerAdverts != 3 { found.append((.downTimer, "another down_timer_adverts than 3")) }
        if instance.startsAsMaster, instance.priority != 255 {
            found.append((.state, "state MASTER with a priority other than 255"))
        }
        if !instance.startsAsMaster, instance.priority == 255 {
            found.append((.state, "priority 255 without state MASTER"))
        }
        return found
    }
}
