internal import VRRPConfiguration

/// A file that was to be included and was not read.
package enum ConfigInclude: ConfigurationRule {
    package static let rule = Rule(
        "config-include",
        .warning,
        .checkText,
        summary: "an included file cannot be read",
        meaning: "What it holds is missing from all that is said here; keepalived goes on without a word.",
        remedy: "Correct the path, or give the files in the places that they have on the router.",
        references: ["keepalived.conf(5), include"]
    )

    package static func findings(in set: ConfigurationSet) -> [ConfigurationFinding] { set.problems(.include, rule) }
}
