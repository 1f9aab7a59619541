internal import VRRPConfiguration
internal import VRRPFacts
internal import VRRPWire

/// An interval that the field cannot hold.
package enum ConfigIntervalRange: ConfigurationRule {
    package static let rule = Rule(
        "config-interval-range",
        .critical,
        .checkInstance,
        summary: "the version of VRRP cannot advertise this interval",
        meaning: """
            VRRPv2 has whole seconds from 1 to 255, VRRPv3 hundredths of a second up to 40.95 s. The daemon rounds or \
            refuses, and routers that round differently discard each other's advertisements.
            """,
        remedy: "Use whole seconds, or VRRPv3 on all routers for shorter intervals.",
        references: ["RFC 3768 section 5.3.7", "RFC 9568 section 5.2.7"]
    )

    package static func findings(in set: ConfigurationSet) -> [ConfigurationFinding] {
        set.members.filter { !$0.instance.canAdvertiseInterval }.map { member in
            ConfigurationFinding(
                rule,
                at: member.location(of: .interval),
                nodes: [member.router],
                summary:
                    "\(member.instance.name) of \(member.router): VRRPv\(member.instance.version) cannot advertise "
                    + member.instance.interval.inExactSeconds
            )
        }
    }
}
