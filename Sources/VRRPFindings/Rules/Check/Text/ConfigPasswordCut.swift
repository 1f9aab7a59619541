internal import VRRPConfiguration

/// A comment sign in a password.
package enum ConfigPasswordCut: ConfigurationRule {
    package static let rule = Rule(
        "config-password-cut",
        .warning,
        .checkText,
        summary: "an unquoted # or ! cuts a password short",
        meaning: "The sign begins a comment: the password ends before it, and differs from one that is quoted.",
        remedy: "Put the password in quotation marks, on all routers.",
        references: ["keepalived.conf(5), comments"]
    )

    package static func findings(in set: ConfigurationSet) -> [ConfigurationFinding] {
        set.problems(.cutPassword, rule)
    }
}
