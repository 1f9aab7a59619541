internal import VRRPFacts
internal import VRRPWire
internal import VRRPTracker

/// Multicast advertisements that seem to have been forwarded.
package enum BadTTL: VirtualRouterRule {
    package static let rule = Rule(
        "bad-ttl",
        .warning,
        .packets,
        summary: "TTL or hop limit is not 255 on a multicast advert",
        clauses: [
            Rule.Clause("RFC9568-5.1.1.3-1", "for multicast only, since keepalived routes unicast (`unicast_ttl`)"),
            Rule.Clause("RFC9568-5.1.2.3-1", "for multicast only"), "RFC3768-5.2.3-1", "RFC9568-7.1-1",
            "RFC9568-9-2",
        ],
        page: Rule.Page(
            meaning: "A multicast advertisement must leave with TTL (hop limit) 255 and is never forwarded.",
            importance: "Receivers must discard it, so the sender is master for nobody but itself.",
            onTheWire: """
                router A 10.0.0.1 priority 100 ttl 254
                0..5 every 1 A
                6 end
                """,
            causes: [
                "a router or tunnel between the segments forwards 224.0.0.18",
                "somebody outside the segment sends advertisements",
                "a sender that sets the wrong TTL",
            ],
            remedy: "Find who sends or forwards these advertisements by their source MAC address, and stop it.",
            notThis: "Unicast advertisements may be routed, and are not flagged.",
            thresholds: "one advertisement",
            references: ["RFC 9568 sections 5.1.1.3 and 5.1.2.3"]
        )
    )

    package static func findings(in subject: Subject, _: inout Pending) -> [Finding] {
        subject.oddities(.badTTL, rule) { router, number in
            "\(count(number, "advertisement")) of \(router.address) \(number == 1 ? "does" : "do") not have TTL 255"
        } explanation: { router, number in
            "Of \(count(router.adverts, "advertisement")), \(number) had another TTL or hop limit. Receivers discard such "
                + "advertisements."
        } remedy: { router in
            guard !router.macs.isEmpty else { return nil }
            return
                "These advertisements come from the MAC address \(list(router.macs.map(\.description))). See with `ip link` on "
                + "\(router.address) whether it has that MAC address. If it has, mend the TTL there. If not, another host forwards "
                + "the advertisements: stop that host from forwarding multicast to 224.0.0.18 or ff02::12."
        }
    }
}
