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
                + "or from a router that is not master while another one is.",
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
                "ARP spoofing",
            ],
            remedy: "Find the host by its MAC address in the switches' tables and take the address from it.",
            notThis: "The routers' own announcements, from their own or from the virtual MAC address.",
            thresholds: "one packet",
            references: ["RFC 9568 section 8.1.2", "RFC 5227 section 2.4"]
        )
    )

    package static func findings(in subject: Subject, _: inout Pending) -> [Finding] {
        guard !subject.virtualRouter.conflicts.isEmpty else { return [] }
        let known = Set(subject.routers.flatMap(\.macs))
        return subject.virtualRouter.conflicts.sorted { $0.key < $1.key }
            .compactMap { mac, conflict in
                let router = subject.routers.first { $0.macs.contains(mac) }
                // A claim by a router before its first advertisement was seen is not that of a stranger.
                if let router, conflict.occurrences.end <= router.firstSeen { return nil }
                let addresses = list(conflict.addresses.sorted().map(\.description))
                return Finding(
                    rule,
                    virtualRouter: subject.virtualRouter.key,
                    routers: router.map { [$0.address] } ?? [],
                    from: conflict.occurrences.start,
                    to: conflict.occurrences.end,
                    count: conflict.occurrences.count,
                    summary: router.map { "\($0.address) (\(mac)) claims \(addresses) while another router is master" }
                        ?? "\(mac) claims \(addresses) and is none of the routers",
                    explanation:
                        "\(count(conflict.occurrences.count, "packet")) of \(mac) claimed \(addresses); the routers use "
                        + "\(list(known.sorted().map(\.description))).",
                    evidence: conflict.occurrences.references
                )
            }
    }
}
