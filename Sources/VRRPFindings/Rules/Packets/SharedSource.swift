internal import VRRPFacts
internal import VRRPWire
internal import VRRPTracker

/// Two machines send from one source address.
package enum SharedSource: VirtualRouterRule {
    package static let rule = Rule(
        "shared-source",
        .warning,
        .packets,
        summary: "two machines send from one source address (two MACs, or two IP identification series)",
        clauses: [
            Rule.Clause("RFC9568-5.1.1.1-1", "where two machines use one; which address is primary is not observable"),
            "RFC9568-7.2-4",
        ],
        page: Rule.Page(
            meaning: """
                The advertisements of one source address come in turn from two MAC addresses, or count in two \
                interleaved series of IP identifications: two machines, or two processes, behind one address.
                """,
            importance: "Neither can tell the other's advertisements from its own, so neither yields.",
            onTheWire: """
                router A 10.0.0.1 priority 100
                router B 10.0.0.1 priority 90 mac 02:00:00:00:00:99 id 5000
                0..10 every 1 A
                0.5..10.5 every 1 B
                11 end
                """,
            causes: [
                "a cloned machine with the same interface address",
                "a second keepalived started on the same host",
                "the same mcast_src_ip or unicast_src_ip on two routers; FRR's IPv6 macvlans often share a link-local address",
            ],
            remedy: "Give each router its own address. Where the MAC address is the same, look for a second process.",
            notThis: "A source that moved to another MAC address once, such as after a bond's failover.",
            thresholds: """
                three advertisements in a row at the cadence of a second sender, beside the first; or three returns to an \
                earlier MAC address, or three changes between two counting series
                """,
            references: ["RFC 9568 section 5.1.1.1"]
        )
    )

    private static let least = 3

    /// Whether two machines send from a router's address, so that nothing shows the cadence of either.
    static func isShared(_ router: Router) -> Bool {
        router.macReturns >= least || router.identifications.alternations >= least
    }

    package static func findings(in subject: Subject, _: inout Pending) -> [Finding] {
        let shared = Dictionary(grouping: subject.virtualRouter.strangers.filter(\.isSharing), by: \.router)
        return subject.routers.indices.filter { isShared(subject.routers[$0]) || shared[$0] != nil }.map { position in
            let router = subject.routers[position]
            if let strangers = shared[position] { return finding(strangers, router, subject) }
            let byMAC = router.macReturns >= least
            return Finding(
                rule,
                virtualRouter: subject.virtualRouter.key,
                routers: [router.address],
                from: router.firstSeen,
                to: router.lastSeen,
                ongoing: subject.isHeard(position),
                count: byMAC ? router.macReturns : router.identifications.alternations,
                summary: "two machines or processes advertise as \(router.address)",
                explanation: byMAC
                    ? "The advertisements of \(router.address) come in turn from \(list(router.macs.map(\.description)))."
                    : "The IP identifications of \(router.address) count in two series, which alternated "
                        + "\(router.identifications.alternations) times.",
                evidence: [router.priorities.first?.evidence].compactMap { $0 }
            )
        }
    }
    /// The finding about machines that advertise steadily beside a router, from its address.
    private static func finding(_ strangers: [Stranger], _ router: Router, _ subject: Subject) -> Finding {
        let number = strangers.reduce(0) { $0 + $1.occurrences.count }
        let end = strangers.map(\.occurrences.end).max() ?? router.lastSeen
        let macs = Words.list(Set(strangers.compactMap(\.mac) + router.macs).sorted().map(\.description), atMost: 4)
        let isNumbered = strangers.allSatisfy(\.isToldByNumbers)
        return Finding(
            rule,
            virtualRouter: subject.virtualRouter.key,
            routers: [router.address],
            from: router.firstSeen,
            to: max(end, router.lastSeen),
            ongoing: subject.end <= end + subject.interval * 4,
            count: number,
            summary: "two machines or processes advertise as \(router.address)",
            explanation: isNumbered
                ? "The IP identifications of \(router.address) count in two series. \(count(number, "advertisement")) "
                    + "belong\(number == 1 ? "s" : "") to the second."
                : "The advertisements of \(router.address) come in turn from \(macs), each at its own pace.",
            evidence: [router.priorities.first?.evidence].compactMap { $0 }
                + strangers.flatMap { $0.occurrences.references.prefix(1) }
        )
    }
}
