/// What a kind of finding about configurations is: its stable id, its severity, and what `vrrpwatch explain` says of it.
package struct ConfigurationRule: Sendable {
    /// The raw values are the report's words, as for findings on the wire.
    package enum Severity: String, Hashable, Sendable, Comparable, CaseIterable {
        case notice, warning, critical

        package static func < (left: Self, right: Self) -> Bool {
            allCases.firstIndex(of: left) ?? 0 < allCases.firstIndex(of: right) ?? 0
        }
    }

    /// The name scripts rely on; all begin with `config-`.
    package var id: String
    package var severity: Severity
    /// When it is made, in one line.
    package var summary: String
    /// What comes of it.
    package var meaning: String
    package var remedy: String
    package var references: [String]

    init(
        _ id: String,
        _ severity: Severity,
        summary: String,
        meaning: String,
        remedy: String,
        references: [String]
    ) {
        self.id = id
        self.severity = severity
        self.summary = summary
        self.meaning = meaning
        self.remedy = remedy
        self.references = references
    }
}

/// One thing that is wrong with configurations, with the line to look at.
package struct ConfigurationFinding: Sendable {
    package var rule: ConfigurationRule
    package var severity: ConfigurationRule.Severity
    package var location: SourceLocation
    /// Further lines that have part in it.
    package var related: [SourceLocation]
    /// The names of the routers concerned.
    package var nodes: [String]
    /// One line, without file, line and secrets.
    package var summary: String

    init(
        _ rule: ConfigurationRule,
        severity: ConfigurationRule.Severity? = nil,
        at location: SourceLocation,
        related: [SourceLocation] = [],
        nodes: [String],
        summary: String
    ) {
        self.rule = rule
        self.severity = severity ?? rule.severity
        self.location = location
        self.related = related
        self.nodes = nodes
        self.summary = summary
    }
}

/// Makes the findings of one rule from configurations: a function of them alone.
package protocol ConfigurationCheck: SendableMetatype {
    static var rule: ConfigurationRule { get }
    static func findings(in set: ConfigurationSet) -> [ConfigurationFinding]
}

/// Every check there is.
package enum ConfigurationChecks {
    package static let all: [any ConfigurationCheck.Type] = [
        SyntaxCheck.self, ValueCheck.self, KeywordCheck.self, ReferenceCheck.self, IncludeCheck.self,
        UnevaluatedCheck.self, AuthenticationMismatchCheck.self, VersionMismatchCheck.self, IntervalMismatchCheck.self,
        AddressMismatchCheck.self, DeliveryMismatchCheck.self, PeerMismatchCheck.self, ChecksumMismatchCheck.self,
        DownTimerMismatchCheck.self, VRIDCollisionCheck.self, VRIDMismatchCheck.self, OwnerConflictCheck.self,
        PriorityTieCheck.self, WeightCheck.self, SyncGroupOrderCheck.self, SingleRouterCheck.self,
        PasswordLengthCheck.self, PasswordCutCheck.self, IntervalRangeCheck.self, IgnoredSettingCheck.self,
        StrictCheck.self, NoAddressCheck.self, LinkLocalCheck.self, SubnetCheck.self,
    ]

    package static var rules: [ConfigurationRule] { all.map { $0.rule } }

    package static subscript(id id: String) -> ConfigurationRule? { rules.first { $0.id == id } }

    /// What is wrong, in order of file and line, the gravest first on one line.
    package static func findings(in configurations: [RouterConfiguration]) -> [ConfigurationFinding] {
        let set = ConfigurationSet(configurations)
        return all.flatMap { $0.findings(in: set) }.enumerated().sorted { left, right in
            let (a, b) = (left.element, right.element)
            if a.location != b.location { return a.location < b.location }
            return a.severity == b.severity ? left.offset < right.offset : a.severity > b.severity
        }.map(\.element)
    }
}
