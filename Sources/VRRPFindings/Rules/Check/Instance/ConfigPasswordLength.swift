internal import VRRPConfiguration

/// A password of more than eight characters.
package enum ConfigPasswordLength: ConfigurationRule {
    package static let rule = Rule(
        "config-password-length",
        .warning,
        .checkInstance,
        summary: "a password is longer than the eight characters that count",
        meaning: "What follows the eighth character is cut off: passwords that differ only there are equal.",
        remedy: "Use at most eight characters.",
        references: ["RFC 2338 section 5.3.10", "keepalived.conf(5), auth_pass"]
    )

    package static func findings(in set: ConfigurationSet) -> [ConfigurationFinding] {
        set.members.compactMap { member in
            guard let length = member.instance.authentication.password?.length, length > 8 else { return nil }
            return ConfigurationFinding(
                rule,
                at: member.location(of: .authentication),
                nodes: [member.router],
                summary: "\(member.instance.name) of \(member.router): auth_pass has \(length) characters"
            )
        }
    }
}
