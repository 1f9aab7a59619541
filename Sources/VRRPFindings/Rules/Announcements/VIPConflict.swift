internal import VRRPFacts
internal import VRRPWire
internal import VRRPTracker

/// A stranger claims a virtual address.
package enum VIPConflict: VirtualRouterRule {
    package static let rule = Rule(
        "vip-conflict",
        .critical,
        .announcements,
        summary: "a host that is not master answers or announces a virtual address",
        clauses: [
            Rule.Clause("RFC9568-6.4.2-1", "for hosts that are no router of the group"),
            Rule.Clause("RFC9568-6.4.2-2", "as for ARP"), "RFC9568-8.1.2-1",
            Rule.Clause("RFC9568-8.1.3-1", "where it answers for a virtual address from another host"),
            "RFC9568-8.2.2-1", "RFC3768-8.2-1", "RFC9568-9-3",
        ],
        causeRank: 140,
        page: Rule.Page(
            meaning:
                "An ARP packet or Neighbor Advertisement for a virtual address came from a host that is none of the routers, "
                + "or from a router that is not master while another one is. Or an HSRP group says that it has the address.",
            importance:
                "Hosts that believe it send their traffic there: to a duplicate address, a proxy, or an attacker.",
            onTheWire: """
                router A 10.0.0.1 priority 100
                0..5 every 1 A
                3.3 host 02:00:00:00:00:99 announces 10.0.0.100
                6 end
                """,
            causes: [
                "the virtual address is also configured on another host",
                "proxy ARP on a router of the segment",
                "a router of the group that is not master keeps the address, for example after a crash",
                "the same address in an HSRP or CARP group",
                "ARP spoofing",
            ],
            remedy: "Find the host by its MAC address in the switches' tables and take the address from it.",
            notThis: "The routers' own announcements, from their own or from the virtual MAC address.",
            thresholds: "one packet",
            references: ["RFC 9568 section 8.1.2", "RFC 5227 section 2.4"]
        )
    )

    package static func findings(in subject: Subject, _: inout Pending) -> [Finding] {
        let groups = subject.groupsWithItsAddresses
        guard !subject.virtualRouter.conflicts.isEmpty || !groups.isEmpty else { return [] }
        var findings: [Finding] = []
        var named: [OtherProtocolGroup] = []
        for (mac, conflict) in subject.virtualRouter.conflicts.sorted(by: { $0.key < $1.key }) {
            let claimant = Claimant(mac, subject)
            // A claim by a router before its first advertisement was seen is not that of a stranger.
            if case .router(let router) = claimant, conflict.occurrences.end <= router.firstSeen { continue }
            if case .group(let group) = claimant { named.append(group) }
            findings.append(finding(mac, conflict, claimant, subject))
        }
        return findings + groups.filter { !named.contains($0) }.map { finding($0, subject) }
    }

    private static func finding(
        _ mac: MACAddress,
        _ conflict: VRRPTracker.AddressConflict,
        _ claimant: Claimant,
        _ subject: Subject
    ) -> Finding {
        let addresses = list(conflict.addresses.sorted().map(\.description))
        let known = Set(subject.routers.flatMap(\.macs))
        return Finding(
            rule,
            virtualRouter: subject.virtualRouter.key,
            routers: claimant.addresses,
            from: conflict.occurrences.start,
            to: conflict.occurrences.end,
            count: conflict.occurrences.count,
            summary: claimant.summary(of: mac, claiming: addresses),
            explanation:
                "\(count(conflict.occurrences.count, "packet")) from \(mac) claimed \(addresses). The routers of this virtual "
                + "router send from \(list(known.sorted().map(\.description)))." + claimant.reason,
            remedy: claimant.remedy(of: mac, claiming: addresses, subject),
            evidence: conflict.occurrences.references
        )
    }

    /// A group of another protocol that says that it has a virtual address.
    private static func finding(_ group: OtherProtocolGroup, _ subject: Subject) -> Finding {
        let claimant = Claimant.group(group)
        let claimed = Set(group.speakers.filter(\.isActive).compactMap(\.virtualAddress))
        let addresses = list(subject.virtualRouter.addresses.filter(claimed.contains).sorted().map(\.description))
        return Finding(
            rule,
            virtualRouter: subject.virtualRouter.key,
            routers: claimant.addresses,
            from: group.occurrences.start,
            to: group.occurrences.end,
            count: group.occurrences.count,
            summary: "\(claimant.name) has \(addresses) as well",
            explanation:
                "The capture holds \(count(group.occurrences.count, "hello")) of the group. Its active router answers "
                + "for \(addresses), an address of this virtual router.",
            remedy: claimant.remedy(of: nil, claiming: addresses, subject),
            evidence: group.occurrences.references
        )
    }
}

/// The owner of a MAC address that claims a virtual address, as far as the observation knows it.
private enum Claimant {
    case router(Router)
    case group(OtherProtocolGroup)
    /// HSRP's virtual MAC address, of a group of which no hello was seen.
    case hsrp(UInt16)
    case carp(CARPGroup)
    case virtualRouter(UInt8)
    case stranger

    init(_ mac: MACAddress, _ subject: Subject) {
        let segment = subject.virtualRouter.key.segment
        let groups = subject.observation.otherProtocols.filter { $0.segment == segment && $0.name == .hsrp }
        if let router = subject.routers.first(where: { $0.macs.contains(mac) }) {
            self = .router(router)
        } else if let group = groups.first(where: { group in
            group.speakers.contains { $0.mac == mac } || group.group == mac.hsrpGroup
        }) {
            self = .group(group)
        } else if let number = mac.hsrpGroup {
            self = .hsrp(number)
        } else if mac.isVirtualRouter {
            let number = UInt8(truncatingIfNeeded: mac.bits)
            let group = subject.observation.carp.first { $0.segment == segment && $0.vhid == number }
            self = group.map { .carp($0) } ?? .virtualRouter(number)
        } else {
            self = .stranger
        }
    }

    /// The hosts that are known by address.
    var addresses: [IPAddress] {
        switch self {
        case .router(let router): [router.address]
        case .group(let group): Self.holders(of: group)
        case .carp(let group): group.sources.sorted()
        case .hsrp, .virtualRouter, .stranger: []
        }
    }

    /// The active routers of a group, or all where none says that it is active.
    private static func holders(of group: OtherProtocolGroup) -> [IPAddress] {
        let active = group.speakers.filter(\.isActive).map(\.address)
        return (active.isEmpty ? group.sources : active).sorted()
    }

    var name: String {
        switch self {
        case .router(let router): router.address.description
        case .group(let group): "HSRP group \(group.group) of \(list(addresses.map(\.description)))"
        case .hsrp(let number): "HSRP group \(number)"
        case .carp(let group): "CARP group \(group.vhid) of \(list(addresses.map(\.description)))"
        case .virtualRouter(let number): "another virtual router, VRID \(number),"
        case .stranger: "an unknown host"
        }
    }

    func summary(of mac: MACAddress, claiming addresses: String) -> String {
        switch self {
        case .router: "\(name) (\(mac)) claims \(addresses) while another router is master"
        case .group, .hsrp, .carp, .virtualRouter: "\(name) (\(mac)) claims \(addresses)"
        case .stranger: "\(mac), which is none of the routers, claims \(addresses)"
        }
    }

    /// The sentence on how the claimant is known, with a blank in front.
    var reason: String {
        switch self {
        case .router: " \(name) has that MAC address. It is a router of this virtual router and was not master then."
        case .group: " \(name) has that MAC address, and its hellos are in the capture."
        case .hsrp(let number): " It is the virtual MAC address of HSRP group \(number), of which no hello was seen."
        case .carp: " It is the virtual MAC address of \(name), which advertises here."
        case .virtualRouter(let number): " It is the virtual MAC address of VRID \(number)."
        case .stranger: " Nothing else in the capture tells whose MAC address that is."
        }
    }

    /// The remedy; `nil` for the general one.
    func remedy(of mac: MACAddress?, claiming addresses: String, _ subject: Subject) -> String? {
        switch self {
        case .router:
            """
            On \(name), see with `ip addr show` whether the interface still has \(addresses), and remove it. Then find out \
            why the VRRP daemon left it there, or whether somebody configured it by hand.
            """
        case .group(let group):
            """
            Only one protocol may hold \(addresses): take the address out of HSRP group \(group.group) on \
            \(list(self.addresses.map(\.description))) (`no standby \(group.group) ip`), or out of VRID \
            \(subject.virtualRouter.key.vrid).
            """
        case .hsrp(let number):
            """
            Only one protocol may hold \(addresses): find the routers of HSRP group \(number) (`show standby brief`), and take the \
            address out of the group, or out of VRID \(subject.virtualRouter.key.vrid).
            """
        case .carp(let group):
            """
            Only one protocol may hold \(addresses): take the address out of VHID \(group.vhid) on \
            \(list(self.addresses.map(\.description))), or out of VRID \(subject.virtualRouter.key.vrid).
            """
        case .virtualRouter(let number):
            "Take \(addresses) out of VRID \(number) or out of VRID \(subject.virtualRouter.key.vrid)."
        case .stranger: nil
        }
    }
}

extension MACAddress {
    /// The HSRP group whose virtual MAC address it is; `nil` for any other address.
    ///
    /// It is 00:00:0c:07:ac:xx of version 1 (RFC 2281 section 2), 00:00:0c:9f:fx:xx of version 2, 00:05:73:a0:0x:xx of
    /// version 2 over IPv6.
    fileprivate var hsrpGroup: UInt16? {
        switch (bits >> 8, bits >> 12) {
        case (0x00_000c_07ac, _): UInt16(bits & 0xff)
        case (_, 0x0_0000_c9ff), (_, 0x0_0057_3a00): UInt16(bits & 0xfff)
        default: nil
        }
    }
}

extension Subject {
    /// Groups of other protocols whose active router says that it answers for a virtual address.
    fileprivate var groupsWithItsAddresses: [OtherProtocolGroup] {
        guard !observation.otherProtocols.isEmpty else { return [] }
        let addresses = virtualRouter.addresses
        return observation.otherProtocols.filter { group in
            group.segment == virtualRouter.key.segment
                && group.speakers.contains { speaker in
                    speaker.isActive && speaker.virtualAddress.map(addresses.contains) ?? false
                }
        }
    }
}
