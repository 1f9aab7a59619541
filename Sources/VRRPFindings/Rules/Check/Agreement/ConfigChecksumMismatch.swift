internal import VRRPConfiguration
internal import VRRPWire

/// Another checksum convention.
package enum ConfigChecksumMismatch: ConfigurationRule {
    package static let rule = Rule(
        "config-checksum-mismatch",
        .critical,
        .checkAgreement,
        summary: "routers of one VRID compute the VRRPv3 checksum over IPv4 in different ways",
        meaning: "Each finds the other's checksums wrong, discards its advertisements, and both are master.",
        remedy: "Set v3_checksum_as_v2, or FRR's checksum-with-ipv4-pseudoheader, alike on all routers.",
        references: ["RFC 9568 section 5.2.8", "RFC 5798 section 5.2.8"]
    )

    package static func findings(in set: ConfigurationSet) -> [ConfigurationFinding] {
        set.differences(rule, in: .checksum) { a, b in
            guard let left = a.instance.checksum, let right = b.instance.checksum, left != right else { return nil }
            return words(a, left.rawValue, b, right.rawValue)
        }
    }
}
