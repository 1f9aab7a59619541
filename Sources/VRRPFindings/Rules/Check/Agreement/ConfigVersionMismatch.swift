internal import VRRPConfiguration

/// Another version.
package enum ConfigVersionMismatch: ConfigurationRule {
    package static let rule = Rule(
        "config-version-mismatch",
        .critical,
        .checkAgreement,
        summary: "routers of one VRID speak different versions of VRRP",
        meaning: "A router of one version discards the other's advertisements, and both are master.",
        remedy: "Set the same version, or vrrp_version, on all routers.",
        references: ["RFC 9568 section 7.1"]
    )

    package static func findings(in set: ConfigurationSet) -> [ConfigurationFinding] {
        set.differences(rule, in: .version) { a, b in
            let (left, right) = (a.instance.version, b.instance.version)
            return left == right ? nil : words(a, "VRRPv\(left)", b, "VRRPv\(right)")
        }
    }
}
