internal import VRRPConfiguration

/// A keyword that is not known.
package enum ConfigKeyword: ConfigurationRule {
    package static let rule = Rule(
        "config-keyword",
        .warning,
        .checkText,
        summary: "a keyword is unknown, or in the wrong place",
        meaning: "The daemon skips what it does not know: a misspelt keyword leaves its default in force.",
        remedy: "Correct the keyword. One of a daemon newer than vrrpwatch may be right all the same.",
        references: ["keepalived.conf(5)", "FRR, vrrp commands"]
    )

    package static func findings(in set: ConfigurationSet) -> [ConfigurationFinding] { set.problems(.keyword, rule) }
}
