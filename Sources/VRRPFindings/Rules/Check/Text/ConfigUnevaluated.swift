internal import VRRPConfiguration

/// Reports values that the text alone does not decide.
package enum ConfigUnevaluated: ConfigurationRule {
    package static let rule = Rule(
        "config-unevaluated",
        .notice,
        .checkText,
        summary: "the text alone does not decide a value",
        meaning: "It depends on the machine, so that nothing is held against it.",
        remedy: "Name a file with conditional lines as FILE@ID, with the config-id of the router.",
        references: ["keepalived.conf(5), conditional configuration"]
    )

    package static func findings(in set: ConfigurationSet) -> [ConfigurationFinding] {
        set.problems(.unevaluated, rule)
    }
}
