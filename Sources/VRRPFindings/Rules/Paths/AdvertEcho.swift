internal import VRRPFacts
internal import VRRPTracker
internal import VRRPWire

/// Advertisements come back.
package enum AdvertEcho: VirtualRouterRule {
    package static let rule = Rule(
        "advert-echo",
        .warning,
        .paths,
        summary: """
            identical copies of adverts (bytes and IP identification) come back later: a loop or a mirror, not a second sender
            """,
        clauses: [],
        page: Rule.Page(
            meaning: """
                Advertisements are seen once more, some milliseconds to seconds after they were sent: the same bytes from the \
                same MAC address, with an IP identification that their sender has already passed.
                """,
            importance: """
                The network sends frames round in a circle, or a device plays them back. Routers may hear a master that \
                is gone. Copies are left out of all counts, of the regularity and of who is master.
                """,
            onTheWire: """
                router A 10.0.0.1 priority 100
                0 copy after 0.3
                0..10 every 1 A
                11 end
                """,
            causes: [
                "a loop in the network: two cables between two switches, spanning tree that is off or blocked",
                "a mirror port whose frames are fed back into the network",
                "a wireless access point, a bridge or a tunnel that sends multicast back to where it came from",
            ],
            remedy: """
                Look in the switches' logs for MAC addresses that move between two ports: the loop is between these. If \
                only the capture sees the copies, look at the mirror session.
                """,
            notThis: """
                A second machine with the same address (shared-source): it counts on its own. A copy within 5 ms is a mirror \
                port that shows both directions. Where the identification is always the same, nothing tells a copy.
                """,
            thresholds: "three copies, each more than 5 ms and at most eight intervals after its advertisement",
            references: ["RFC 791 section 3.1", "keepalived, `vrrp_build_ip4` in vrrp.c"]
        )
    )

    private static let least = 3

    package static func findings(in subject: Subject, _ pending: inout Pending) -> [Finding] {
        subject.routers.indices.compactMap { position in
            let router = subject.routers[position]
            guard let echoes = router.echoes, echoes.occurrences.count >= least else { return nil }
            let (start, end) = (echoes.occurrences.start, echoes.occurrences.end)
            let number = count(echoes.occurrences.count, "advertisement")
            return Finding(
                rule,
                virtualRouter: subject.virtualRouter.key,
                routers: [router.address],
                from: start,
                to: end,
                ongoing: !pending.isPast(end + subject.interval * 4),
                count: echoes.occurrences.count,
                summary: "copies of the advertisements of \(router.address) come back \(delay(of: echoes)) later",
                explanation:
                    "\(number) of \(router.address) came a second time with the same bytes, MAC address and IP "
                    + "identification. \(router.address) counts its advertisements in the IP identification, so it sent each of them "
                    + "once. Nothing else in this report counts the copies.",
                evidence: echoes.occurrences.references
            )
        }
    }

    private static func delay(of echoes: Echoes) -> String {
        let (shortest, longest) = (text(echoes.shortest), text(echoes.longest))
        return shortest == longest ? shortest : "\(shortest) to \(longest)"
    }
}
