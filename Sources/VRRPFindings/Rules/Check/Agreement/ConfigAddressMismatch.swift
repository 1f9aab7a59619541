internal import VRRPConfiguration
internal import VRRPFacts
internal import VRRPWire

/// Other virtual addresses.
package enum ConfigAddressMismatch: ConfigurationRule {
    package static let rule = Rule(
        "config-address-mismatch",
        .warning,
        .checkAgreement,
        summary: "routers of one VRID have different virtual addresses",
        meaning:
            "Some addresses go away with a failover. keepalived up to 2.2 rejects advertisements with another count.",
        remedy: "Give all routers of the VRID the same addresses.",
        references: ["RFC 9568 section 7.1", "keepalived, vrrp_check_packet in vrrp.c"]
    )

    package static func findings(in set: ConfigurationSet) -> [ConfigurationFinding] {
        set.differences(rule, in: .addresses) { a, b in
            let onlyLeft = a.instance.addressSet.subtracting(b.instance.addressSet).sorted()
            let onlyRight = b.instance.addressSet.subtracting(a.instance.addressSet).sorted()
            guard !onlyLeft.isEmpty || !onlyRight.isEmpty else { return nil }
            let parts = [
                onlyLeft.isEmpty ? nil : "only \(a.router) has \(list(onlyLeft.map(\.description)))",
                onlyRight.isEmpty ? nil : "only \(b.router) has \(list(onlyRight.map(\.description)))",
            ]
            return parts.compactMap { $0 }.joined(separator: ", ")
        }
    }
}
