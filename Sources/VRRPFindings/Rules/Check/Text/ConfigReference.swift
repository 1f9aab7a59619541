internal import VRRPConfiguration

/// A name that nothing bears.
package enum ConfigReference: ConfigurationRule {
    package static let rule = Rule(
        "config-reference",
        .warning,
        .checkText,
        summary: "a script, file, process or instance is named that nothing defines",
        meaning: "The daemon ignores it: what should be tracked is not.",
        remedy: "Define it, or correct its name.",
        references: ["keepalived.conf(5)"]
    )

    package static func findings(in set: ConfigurationSet) -> [ConfigurationFinding] { set.problems(.reference, rule) }
}
