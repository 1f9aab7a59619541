internal import VRRPConfiguration

/// A value that its keyword does not take.
package enum ConfigValue: ConfigurationRule {
    package static let rule = Rule(
        "config-value",
        .warning,
        .checkText,
        summary: "a keyword has a value that it does not take",
        meaning: "The daemon reports it, ignores the line and goes on with the default, or drops the instance.",
        remedy: "Give a value within the range.",
        references: ["keepalived.conf(5)", "FRR, vrrp commands"]
    )

    package static func findings(in set: ConfigurationSet) -> [ConfigurationFinding] { set.problems(.value, rule) }
}
