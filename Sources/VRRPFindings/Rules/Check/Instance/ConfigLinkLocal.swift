internal import VRRPConfiguration
internal import VRRPWire

/// An IPv6 virtual router whose first address is not link-local.
package enum ConfigLinkLocal: ConfigurationRule {
    package static let rule = Rule(
        "config-link-local",
        .warning,
        .checkInstance,
        summary: "the first IPv6 address is not link-local",
        meaning: "The first address must be the virtual router's link-local one; strict receivers discard others.",
        remedy: "Put an address of fe80::/10 first.",
        references: ["RFC 9568 section 5.2.9"]
    )

    package static func findings(in set: ConfigurationSet) -> [ConfigurationFinding] {
        set.members.compactMap { member in
            guard member.instance.family == .ipv6, let first = member.instance.addresses.first?.address,
                !first.isLinkLocalIPv6
            else { return nil }
            return ConfigurationFinding(
                rule,
                at: member.location(of: .addresses),
                nodes: [member.router],
                summary: "\(member.instance.name) of \(member.router): \(first) comes first and is not link-local"
            )
        }
    }
}
