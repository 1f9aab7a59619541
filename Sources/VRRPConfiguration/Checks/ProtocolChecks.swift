internal import VRRPFacts
internal import VRRPWire

// Findings about one instance against the protocol and against itself.

/// A password of more than eight characters.
package enum PasswordLengthCheck: ConfigurationCheck {
    package static let rule = ConfigurationRule(
        "config-password-length",
        .warning,
        summary: "a password is longer than the eight characters that count",
        meaning: "What follows the eighth character is cut off: passwords that differ only there are equal.",
        remedy: "Use at most eight characters.",
        references: ["RFC 2338 section 5.3.10", "keepalived.conf(5), auth_pass"]
    )

    package static func findings(in set: ConfigurationSet) -> [ConfigurationFinding] {
        set.members.compactMap { member in
            guard let length = member.instance.authentication.password?.length, length > 8 else { return nil }
            return ConfigurationFinding(
                rule,
                at: member.location(of: .authentication),
                nodes: [member.router],
                summary: "\(member.instance.name) of \(member.router): auth_pass has \(length) characters"
            )
        }
    }
}

/// An interval that the field cannot hold.
package enum IntervalRangeCheck: ConfigurationCheck {
    package static let rule = ConfigurationRule(
        "config-interval-range",
        .critical,
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

/// Settings that others switch off.
package enum IgnoredSettingCheck: ConfigurationCheck {
    package static let rule = ConfigurationRule(
        "config-ignored-setting",
        .warning,
        summary: "a setting has no effect because of another one",
        meaning: "The daemon reports it once and goes on without: the instance behaves otherwise than the file reads.",
        remedy: "Take out the setting, or the one that excludes it.",
        references: ["keepalived, vrrp_complete_instance in vrrp.c"]
    )

    package static func findings(in set: ConfigurationSet) -> [ConfigurationFinding] {
        set.members.flatMap { member in
            ignored(in: member.instance).map { location, words in
                ConfigurationFinding(
                    rule,
                    at: location,
                    nodes: [member.router],
                    summary: "\(member.instance.name) of \(member.router): \(words)"
                )
            }
        }
    }

    private static func ignored(in instance: InstanceConfiguration) -> [(SourceLocation, String)] {
        var found: [(SourceLocation, String)] = []
        if let location = instance.ignoredAuthentication {
            let reason = instance.version == 3 ? "VRRPv3 has no authentication" : "AH is for IPv4 only"
            found.append((location, "the authentication is ignored: \(reason)"))
        }
        let isOwner = instance.priority == 255
        if !instance.preempts, instance.startsAsMaster || isOwner {
            found.append(
                (
                    instance.location(of: .preemption),
                    "nopreempt is ignored with \(isOwner ? "priority 255" : "state MASTER")"
                )
            )
        }
        if instance.preemptDelay > .zero, instance.startsAsMaster || !instance.preempts {
            let other = instance.preempts ? "state MASTER" : "nopreempt"
            found.append((instance.location(of: .preemptDelay), "preempt_delay is ignored with \(other)"))
        }
        if case .ah = instance.authentication, instance.startsAsMaster, !isOwner {
            found.append((instance.location(of: .state), "state MASTER is ignored with AH"))
        }
        if instance.ttl != nil, instance.delivery.isMulticast {
            found.append((instance.location(of: .ttl), "unicast_ttl is ignored without unicast_peer"))
        }
        return found
    }
}

/// What strict mode forbids.
package enum StrictCheck: ConfigurationCheck {
    package static let rule = ConfigurationRule(
        "config-strict",
        .warning,
        summary: "a setting that strict mode forbids",
        meaning: "keepalived with vrrp_strict drops such a setting or the whole instance.",
        remedy: "Take out the setting, or vrrp_strict.",
        references: ["keepalived.conf(5), vrrp_strict"]
    )

    package static func findings(in set: ConfigurationSet) -> [ConfigurationFinding] {
        set.members.filter(\.instance.isStrict).flatMap { member in
            forbidden(in: member.instance).map { setting, words in
                ConfigurationFinding(
                    rule,
                    at: member.location(of: setting),
                    nodes: [member.router],
                    summary: "\(member.instance.name) of \(member.router): strict mode forbids \(words)"
                )
            }
        }
    }

    private static func forbidden(
        in instance: InstanceConfiguration
    ) -> [(InstanceConfiguration.Setting, String)] {
        var found: [(InstanceConfiguration.Setting, String)] = []
        if instance.authentication != .none { found.append((.authentication, "authentication")) }
        if !instance.delivery.isMulticast { found.append((.delivery, "unicast peers")) }
        if instance.preemptDelay > .zero { found.append((.preemptDelay, "preempt_delay")) }
        if instance.downTimerAdverts != 3 { found.append((.downTimer, "another down_timer_adverts than 3")) }
        if instance.startsAsMaster, instance.priority != 255 {
            found.append((.state, "state MASTER with a priority other than 255"))
        }
        if !instance.startsAsMaster, instance.priority == 255 {
            found.append((.state, "priority 255 without state MASTER"))
        }
        return found
    }
}

/// An instance without virtual addresses.
package enum NoAddressCheck: ConfigurationCheck {
    package static let rule = ConfigurationRule(
        "config-no-address",
        .warning,
        summary: "an instance has no virtual address",
        meaning: "It advertises nothing that anybody could use, or does not run at all.",
        remedy: "Give it a virtual address.",
        references: ["RFC 9568 section 5.2.9"]
    )

    package static func findings(in set: ConfigurationSet) -> [ConfigurationFinding] {
        set.members.filter { $0.instance.addresses.isEmpty && $0.instance.undecided.isEmpty }.map { member in
            ConfigurationFinding(
                rule,
                at: member.instance.location,
                nodes: [member.router],
                summary: "\(member.instance.name) of \(member.router) has no virtual address"
            )
        }
    }
}

/// An IPv6 virtual router whose first address is not link-local.
package enum LinkLocalCheck: ConfigurationCheck {
    package static let rule = ConfigurationRule(
        "config-link-local",
        .warning,
        summary: "the first IPv6 address is not link-local",
        meaning: "The first address must be the virtual router's link-local one; strict receivers discard others.",
        remedy: "Put an address of fe80::/10 first.",
        references: ["RFC 9568 section 5.2.9"]
    )

    package static func findings(in set: ConfigurationSet) -> [ConfigurationFinding] {
        set.members.compactMap { member in
            guard member.instance.family == .ipv6, let first = member.instance.addresses.first?.address,
                !first.isLinkLocalIPv6
            else { return nil }
            return ConfigurationFinding(
                rule,
                at: member.location(of: .addresses),
                nodes: [member.router],
                summary: "\(member.instance.name) of \(member.router): \(first) comes first and is not link-local"
            )
        }
    }
}

/// A virtual address outside the network of its interface, where the configuration tells that.
package enum SubnetCheck: ConfigurationCheck {
    package static let rule = ConfigurationRule(
        "config-subnet",
        .notice,
        summary: "a virtual address lies in no network of its interface",
        meaning:
            "Hosts of the network do not reach it without a route. Only networks that the file tells are looked at.",
        remedy: "Check the address and its prefix length.",
        references: ["RFC 9568 section 4"]
    )

    package static func findings(in set: ConfigurationSet) -> [ConfigurationFinding] {
        set.members.flatMap { member in
            let networks = networks(of: member.instance)
            guard !networks.isEmpty else { return [] as [ConfigurationFinding] }
            return member.instance.addresses.filter { address in
                address.device == nil && !address.address.isLinkLocalIPv6
                    && !networks.contains { $0.contains(address.address) }
            }.map { address in
                ConfigurationFinding(
                    rule,
                    at: member.location(of: .addresses),
                    nodes: [member.router],
                    summary: "\(member.instance.name) of \(member.router): \(address.address) lies in no network of "
                        + (member.instance.interface ?? "its interface")
                )
            }
        }
    }

    /// FRR names the interface's addresses; with keepalived a source and the prefix of a virtual address tell the network.
    private static func networks(of instance: InstanceConfiguration) -> [ConfiguredAddress] {
        if !instance.interfaceAddresses.isEmpty { return instance.interfaceAddresses }
        guard let source = instance.source,
            let prefix = instance.addresses.compactMap(\.prefixLength).filter({ $0 > 0 && $0 < 32 }).min(),
            instance.family == .ipv4
        else { return [] }
        return [ConfiguredAddress(source, prefixLength: prefix)]
    }
}

extension ConfiguredAddress {
    /// Whether an address lies in this one's network.
    fileprivate func contains(_ other: IPAddress) -> Bool {
        guard other.family == address.family, let length = prefixLength.map(Int.init) else { return false }
        let width = address.family == .ipv4 ? 32 : 128
        func same(_ left: UInt64, _ right: UInt64, _ bits: Int, of width: Int) -> Bool {
            bits <= 0 || (left ^ right) >> UInt64(width - min(bits, width)) == 0
        }
        guard width == 128 else { return same(address.low, other.low, length, of: 32) }
        return same(address.high, other.high, min(length, 64), of: 64)
            && same(address.low, other.low, length - 64, of: 64)
    }
}
