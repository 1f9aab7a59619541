internal import VRRPWire
internal import VRRPTracker

/// Two routers claim to own the addresses.
package enum OwnerConflict: VirtualRouterRule {
    package static let rule = Rule(
        "owner-conflict",
        .critical,
        .mastership,
        summary: "two routers claim priority 255",
        clauses: [
            Rule.Clause("RFC9568-5.2.4-1", "where two claim it; who owns an address is not observable"),
            "RFC9568-6.1-2",
            Rule.Clause("RFC9568-7.1-7", "where the other claims to own as well; the log is not observable"),
            "RFC9568-8.3.2-1", "RFC9568-9-3",
        ],
        causeRank: 70,
        page: Rule.Page(
            meaning: "Priority 255 means that the virtual address is the router's own; two routers say so.",
            importance: """
                By the RFCs an owner yields to nobody, so both stay master. keepalived makes one of them give way, and \
                FRR none.
                """,
            onTheWire: """
                router A 10.0.0.1 priority 255
                router B 10.0.0.2 priority 255
                0..10 every 1 A
                0.5..10.5 every 1 B
                11 end
                """,
            causes: [
                "priority 255 was copied to both nodes; `state MASTER` without a priority means 255 in keepalived",
                "both routers have the virtual address configured as an interface address",
            ],
            remedy: "Give 255 to the router that really owns the address, or to none, and 1 to 254 to the others.",
            notThis: "An owner that returns and preempts.",
            thresholds: "none",
            references: ["RFC 9568 sections 6.1 and 8.3.2"]
        )
    )

    package static func findings(in subject: Subject, _: inout Pending) -> [Finding] {
        guard subject.masters.count > 1 else { return [] }
        let owners = subject.masters.filter { position in
            subject.routers[position].priorities.contains { $0.value == 255 }
        }
        guard owners.count > 1 else { return [] }
        return [
            subject.disagreement(
                rule,
                among: owners,
                summary: "\(subject.names(owners)) \(owners.count == 2 ? "both" : "all") claim priority 255",
                explanation:
                    "Only the router that owns the address, because its interface has it, may claim 255. It yields to nobody.",
                evidence: owners.compactMap { position in
                    subject.routers[position].priorities.first { $0.value == 255 }?.evidence
                }
            )
        ]
    }
}
