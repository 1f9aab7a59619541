internal import VRRPFacts
internal import VRRPWire

// Findings about two routers that have one virtual router and do not agree.

/// `1 s on r1, 3 s on r2`.
private func words(
    _ a: ConfigurationSet.Member,
    _ left: String,
    _ b: ConfigurationSet.Member,
    _ right: String
) -> String {
    "\(left) on \(a.router), \(right) on \(b.router)"
}

/// Other authentication.
package enum AuthenticationMismatchCheck: ConfigurationCheck {
    package static let rule = ConfigurationRule(
        "config-auth-mismatch",
        .critical,
        summary: "routers of one VRID authenticate differently",
        meaning: "Each discards what the other sends, and both are master.",
        remedy: "Make auth_type and the first eight characters of auth_pass equal on all routers of the VRID.",
        references: ["RFC 2338 section 5.3.6", "keepalived, vrrp_check_packet in vrrp.c"]
    )

    package static func findings(in set: ConfigurationSet) -> [ConfigurationFinding] {
        set.differences(rule, in: .authentication) { a, b in
            // Across versions that mismatch says it all.
            let (left, right) = (a.instance.authentication, b.instance.authentication)
            guard left != right, a.instance.version == b.instance.version else { return nil }
            return left.kind == right.kind
                ? "\(left.words) with different passwords" : words(a, left.words, b, right.words)
        }
    }
}

extension ConfiguredAuthentication {
    fileprivate var words: String {
        switch self {
        case .none: "no authentication"
        case .simpleText: "auth_type PASS"
        case .ah: "auth_type AH"
        case .hmac: "auth_hmac"
        }
    }
}

/// Another version.
package enum VersionMismatchCheck: ConfigurationCheck {
    package static let rule = ConfigurationRule(
        "config-version-mismatch",
        .critical,
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

/// Another interval.
package enum IntervalMismatchCheck: ConfigurationCheck {
    package static let rule = ConfigurationRule(
        "config-interval-mismatch",
        .critical,
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

/// Other virtual addresses.
package enum AddressMismatchCheck: ConfigurationCheck {
    package static let rule = ConfigurationRule(
        "config-address-mismatch",
        .warning,
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

/// Multicast against unicast.
package enum DeliveryMismatchCheck: ConfigurationCheck {
    package static let rule = ConfigurationRule(
        "config-delivery-mismatch",
        .critical,
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

/// Unicast lists that do not meet.
package enum PeerMismatchCheck: ConfigurationCheck {
    package static let rule = ConfigurationRule(
        "config-peer-mismatch",
        .critical,
        summary: "unicast peers do not meet: a router is missing from another's list",
        meaning: "Advertisements do not reach the router that is missing, which then becomes master as well.",
        remedy: "List in unicast_peer of each router the unicast_src_ip of all others.",
        references: ["keepalived.conf(5), unicast_peer"]
    )

    package static func findings(in set: ConfigurationSet) -> [ConfigurationFinding] {
        set.groups.flatMap { group in
            group.pairs.flatMap { a, b in
                [missing(a, b, group), missing(b, a, group), samePeers(a, b, group)].compactMap { $0 }
            } + group.members.compactMap { member in itself(member, group) }
        }
    }

    /// The sender does not list the receiver's address.
    private static func missing(
        _ sender: ConfigurationSet.Member,
        _ receiver: ConfigurationSet.Member,
        _ group: ConfigurationSet.Group
    ) -> ConfigurationFinding? {
        guard case .unicast(let peers) = sender.instance.delivery, !receiver.instance.delivery.isMulticast,
            !sender.instance.undecided.contains(.delivery), let address = receiver.instance.source,
            !peers.contains(address)
        else { return nil }
        return ConfigurationFinding(
            rule,
            at: sender.location(of: .delivery),
            related: [receiver.location(of: .source)],
            nodes: [sender.router, receiver.router],
            summary: "\(group.name): \(sender.router) does not send to \(address), which is \(receiver.router)"
        )
    }

    /// Two routers that send to one and the same address cannot both be sending to each other.
    private static func samePeers(
        _ a: ConfigurationSet.Member,
        _ b: ConfigurationSet.Member,
        _ group: ConfigurationSet.Group
    ) -> ConfigurationFinding? {
        let (left, right) = (a.instance.delivery.peers, b.instance.delivery.peers)
        guard a.instance.source == nil, b.instance.source == nil, left.count == 1, left == right,
            group.members.count == 2
        else { return nil }
        return ConfigurationFinding(
            rule,
            at: b.location(of: .delivery),
            related: [a.location(of: .delivery)],
            nodes: [a.router, b.router],
            summary: "\(group.name): \(a.router) and \(b.router) both send to \(left[0]) and to nobody else"
        )
    }

    private static func itself(
        _ member: ConfigurationSet.Member,
        _ group: ConfigurationSet.Group
    ) -> ConfigurationFinding? {
        guard let source = member.instance.source, member.instance.delivery.peers.contains(source) else { return nil }
        return ConfigurationFinding(
            rule,
            severity: .warning,
            at: member.location(of: .delivery),
            related: [member.location(of: .source)],
            nodes: [member.router],
            summary: "\(group.name): \(member.router) lists its own address \(source) among its peers"
        )
    }
}

/// Another checksum convention.
package enum ChecksumMismatchCheck: ConfigurationCheck {
    package static let rule = ConfigurationRule(
        "config-checksum-mismatch",
        .critical,
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

/// Another number of missed advertisements.
package enum DownTimerMismatchCheck: ConfigurationCheck {
    package static let rule = ConfigurationRule(
        "config-down-timer-mismatch",
        .warning,
        summary: "routers of one VRID wait for different numbers of missed advertisements",
        meaning: "The router that waits for fewer takes over first, whatever the priorities say.",
        remedy: "Set the same down_timer_adverts on all routers, or leave the default of 3.",
        references: ["keepalived.conf(5), down_timer_adverts"]
    )

    package static func findings(in set: ConfigurationSet) -> [ConfigurationFinding] {
        set.differences(rule, in: .downTimer) { a, b in
            let (left, right) = (a.instance.downTimerAdverts, b.instance.downTimerAdverts)
            return left == right ? nil : words(a, "\(left) advertisements", b, "\(right)")
        }
    }
}
