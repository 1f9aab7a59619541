// Findings about the text itself: what the reader could not make sense of.

extension ConfigurationSet {
    fileprivate func problems(_ kind: ConfigurationProblem.Kind, _ rule: ConfigurationRule) -> [ConfigurationFinding] {
        routers.flatMap { router in
            router.problems.filter { $0.kind == kind }.map {
                ConfigurationFinding(rule, at: $0.location, nodes: [router.name], summary: $0.message)
            }
        }
    }
}

/// The text is damaged.
package enum SyntaxCheck: ConfigurationCheck {
    package static let rule = ConfigurationRule(
        "config-syntax",
        .critical,
        summary: "the text is damaged: braces, quotes, definitions",
        meaning: "What follows such a line may be read in another way than was meant, by the daemon as well.",
        remedy: "Mend the line; `keepalived --config-test` tells whether the daemon agrees.",
        references: ["keepalived.conf(5)"]
    )

    package static func findings(in set: ConfigurationSet) -> [ConfigurationFinding] { set.problems(.syntax, rule) }
}

/// A value that its keyword does not take.
package enum ValueCheck: ConfigurationCheck {
    package static let rule = ConfigurationRule(
        "config-value",
        .warning,
        summary: "a value that its keyword does not take",
        meaning: "The daemon reports it, ignores the line and goes on with the default, or drops the instance.",
        remedy: "Give a value within the range.",
        references: ["keepalived.conf(5)", "FRR, vrrp commands"]
    )

    package static func findings(in set: ConfigurationSet) -> [ConfigurationFinding] { set.problems(.value, rule) }
}

/// A keyword that is not known.
package enum KeywordCheck: ConfigurationCheck {
    package static let rule = ConfigurationRule(
        "config-keyword",
        .warning,
        summary: "an unknown keyword, or a known one in the wrong place",
        meaning: "The daemon skips what it does not know: a misspelt keyword leaves its default in force.",
        remedy: "Correct the keyword. One of a daemon newer than vrrpwatch may be right all the same.",
        references: ["keepalived.conf(5)", "FRR, vrrp commands"]
    )

    package static func findings(in set: ConfigurationSet) -> [ConfigurationFinding] { set.problems(.keyword, rule) }
}

/// A name that nothing bears.
package enum ReferenceCheck: ConfigurationCheck {
    package static let rule = ConfigurationRule(
        "config-reference",
        .warning,
        summary: "a script, file, process or instance is named that nothing defines",
        meaning: "The daemon ignores it: what should be tracked is not.",
        remedy: "Define it, or correct its name.",
        references: ["keepalived.conf(5)"]
    )

    package static func findings(in set: ConfigurationSet) -> [ConfigurationFinding] { set.problems(.reference, rule) }
}

/// A file that was to be included and was not read.
package enum IncludeCheck: ConfigurationCheck {
    package static let rule = ConfigurationRule(
        "config-include",
        .warning,
        summary: "an included file cannot be read",
        meaning: "What it holds is missing from all that is said here; keepalived goes on without a word.",
        remedy: "Correct the path, or give the files in the places that they have on the router.",
        references: ["keepalived.conf(5), include"]
    )

    package static func findings(in set: ConfigurationSet) -> [ConfigurationFinding] { set.problems(.include, rule) }
}

/// What the text alone does not decide.
package enum UnevaluatedCheck: ConfigurationCheck {
    package static let rule = ConfigurationRule(
        "config-unevaluated",
        .notice,
        summary: "a value that the text alone does not decide",
        meaning: "It depends on the machine, so that nothing is held against it.",
        remedy: "Name a file with conditional lines as FILE@ID, with the config-id of the router.",
        references: ["keepalived.conf(5), conditional configuration"]
    )

    package static func findings(in set: ConfigurationSet) -> [ConfigurationFinding] {
        set.problems(.unevaluated, rule)
    }
}

/// A comment sign in a password.
package enum PasswordCutCheck: ConfigurationCheck {
    package static let rule = ConfigurationRule(
        "config-password-cut",
        .warning,
        summary: "an unquoted # or ! cuts a password short",
        meaning: "The sign begins a comment: the password ends before it, and differs from one that is quoted.",
        remedy: "Put the password in quotation marks, on all routers.",
        references: ["keepalived.conf(5), comments"]
    )

    package static func findings(in set: ConfigurationSet) -> [ConfigurationFinding] {
        set.problems(.cutPassword, rule)
    }
}
