internal import VRRPConfiguration
internal import VRRPWire

/// Multicast against unicast.
package enum ConfigDeliveryMismatch: ConfigurationRule {
    package static let rule = Rule(
        "config-delivery-mismatch",
        .critical,
        .checkAgreement,
        summary: "one router advertises by multicast, the other by unicast or to another group",
        meaning: "An instance of the one kind discards what comes in the other way, and both are master.",
        remedy: "Use unicast_peer on all routers of the VRID or on none, and the same multicast group.",
        references: ["keepalived, vrrp_check_packet in vrrp.c"]
    )

    package static func findings(in set: ConfigurationSet) -> [ConfigurationFinding] {
        set.differences(rule, in: .delivery) { a, b in
            switch (a.instance.delivery, b.instance.delivery) {
            case (.multicast(let left), .multicast(let right)):
                let usual = a.instance.family == .ipv4 ? IPAddress.vrrpMulticastIPv4 : .vrrpMulticastIPv6
                let (left, right) = (left ?? usual, right ?? usual)
                return left == right ? nil : words(a, "multicast to \(left)", b, "multicast to \(right)")
            case (.unicast, .unicast): return nil
            case (.multicast, .unicast): return words(a, "multicast", b, "unicast")
            case (.unicast, .multicast): return words(a, "unicast", b, "multicast")
            }
        }
    }
}
