internal import VRRPConfiguration

/// An instance without virtual addresses.
package enum ConfigNoAddress: ConfigurationRule {
    package static let rule = Rule(
        "config-no-address",
        .warning,
        .checkInstance,
        summary: "an instance has no virtual address",
        meaning: "It advertises nothing that anybody could use, or does not run at all.",
        remedy: "Give it a virtual address.",
        references: ["RFC 9568 section 5.2.9"]
    )

    package static func findings(in set: ConfigurationSet) -> [ConfigurationFinding] {
        set.members.filter { $0.instance.addresses.isEmpty && $0.instance.undecided.isEmpty }.map { member in
            ConfigurationFinding(
                rule,
                at: member.instance.location,
                nodes: [member.router],
                summary: "\(member.instance.name) of \(member.router) has no virtual address"
            )
        }
    }
}
