internal import VRRPConfiguration

/// The text is damaged.
package enum ConfigSyntax: ConfigurationRule {
    package static let rule = Rule(
        "config-syntax",
        .critical,
        .checkText,
        summary: "the text is damaged: braces, quotes, definitions",
        meaning: "What follows such a line may be read in another way than was meant, by the daemon as well.",
        remedy: "Mend the line; `keepalived --config-test` tells whether the daemon agrees.",
        references: ["keepalived.conf(5)"]
    )

    package static func findings(in set: ConfigurationSet) -> [ConfigurationFinding] { set.problems(.syntax, rule) }
}
