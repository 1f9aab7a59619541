internal import VRRPConfiguration

/// A virtual router of one.
package enum ConfigSingleRouter: ConfigurationRule {
    package static let rule = Rule(
        "config-single-router",
        .notice,
        .checkElection,
        summary: "only one of the configurations has this VRID",
        meaning: "No other configured router can take over if this one fails.",
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
