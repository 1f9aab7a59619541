internal import VRRPConfiguration
internal import VRRPFacts
internal import VRRPWire

/// Another interval.
package enum ConfigIntervalMismatch: ConfigurationRule {
    package static let rule = Rule(
        "config-interval-mismatch",
        .critical,
        .checkAgreement,
        summary: "routers of one VRID advertise at different intervals",
        meaning: """
            VRRPv2 discards advertisements of another interval, and both are master. In VRRPv3, where this is a warning, a \
            Backup takes over the master's interval, so that takeover times depend on who was master before.
            """,
        remedy: "Set the same interval on all routers.",
        references: ["RFC 3768 section 7.1", "RFC 9568 section 7.1"]
    )

    package static func findings(in set: ConfigurationSet) -> [ConfigurationFinding] {
        set.differences(rule, in: .interval) { a, b in
            let (left, right) = (a.instance.interval, b.instance.interval)
            guard a.instance.version == b.instance.version, left != right else { return nil }
            return words(a, left.inExactSeconds, b, right.inExactSeconds)
        } severity: {
            $0.version == 2 ? .critical : .warning
        }
    }
}
