internal import VRRPWire
internal import VRRPTracker

/// Some routers advertise by multicast, some by unicast.
package enum DeliveryMismatch: VirtualRouterRule {
    package static let rule = Rule(
        "delivery-mismatch",
        .critical,
        .mismatch,
        summary: "some routers of one VRID advertise by multicast, some by unicast",
        clauses: [
            Rule.Clause(
                "RFC9568-5.1.1.2-1",
                "where routers differ; unicast by common agreement, as keepalived has it, works"
            ),
            Rule.Clause("RFC9568-5.1.2.2-1", "where routers differ"),
        ],
        causeRank: 50,
        page: Rule.Page(
            meaning:
                "One router of the VRID sends to the group 224.0.0.18 or ff02::12, another to the address of its peer.",
            importance:
                "keepalived discards advertisements that do not come in the way that it sends its own, so both are master.",
            onTheWire: """
                router A 10.0.0.1 priority 100
                router B 10.0.0.2 priority 90 to 10.0.0.1
                0..10 every 1 A
                0.5..10.5 every 1 B
                11 end
                """,
            causes: [
                "unicast_peer is configured on one router only, or its list is empty on one, which means multicast"
            ],
            remedy: "Configure unicast_peer on all routers of this VRID, each naming the others, or on none.",
            notThis: "Unicast to several peers, which repeats one advertisement for each of them.",
            thresholds: "none",
            references: ["keepalived.conf(5), unicast_peer"]
        )
    )

    package static func findings(in subject: Subject, _: inout Pending) -> [Finding] {
        let masters = subject.masters
        guard masters.count > 1 else { return [] }
        let unicast = masters.filter { subject.routers[$0].deliveries.allSatisfy { !$0.isMulticast } }
        guard !unicast.isEmpty else { return [] }
        let multicast = masters.filter { subject.routers[$0].deliveries.allSatisfy(\.isMulticast) }
        guard !multicast.isEmpty else { return [] }
        let positions = (multicast + unicast).sorted()
        return [
            subject.disagreement(
                rule,
                among: positions,
                summary:
                    "\(subject.names(multicast)) \(multicast.count == 1 ? "advertises" : "advertise") by multicast, "
                    + "\(subject.names(unicast)) by unicast",
                explanation:
                    "keepalived accepts only the way of delivery that it uses itself, so the routers do not accept each "
                    + "other's advertisements.",
                remedy: "Add \(subject.names(unicast)) to the unicast peers of \(subject.names(multicast)), or remove "
                    + "\(subject.settings(.peers, on: unicast)).",
                evidence: positions.compactMap { subject.routers[$0].deliveries.last?.evidence }
            )
        ]
    }
}
