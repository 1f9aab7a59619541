internal import VRRPConfiguration

/// Two owners.
package enum ConfigOwnerConflict: ConfigurationRule {
    package static let rule = Rule(
        "config-owner-conflict",
        .critical,
        .checkElection,
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
