internal import VRRPFacts
internal import VRRPWire
internal import VRRPTracker

/// VRRPv2 and VRRPv3 speakers share a VRID.
package enum VersionMismatch: VirtualRouterRule {
    package static let rule = Rule(
        "version-mismatch",
        .critical,
        .mismatch,
        summary: "routers of one VRID speak VRRPv2 and VRRPv3, and discard each other's advertisements",
        clauses: [
            Rule.Clause("RFC9568-5.2.1-1", "where 2 and 3 meet"),
            Rule.Clause("RFC3768-5.3.1-1", "where 2 and 3 meet"), "RFC9568-7.1-2", "RFC9568-8.4-2",
        ],
        causeRank: 10,
        page: Rule.Page(
            meaning: "Routers of one VRID speak different versions of VRRP. Each discards the other's advertisements.",
            importance: "All of them are master, and hold the same addresses.",
            onTheWire: """
                router A 10.0.0.1 priority 100 v2
                router B 10.0.0.2 priority 90 v3
                0..10 every 1 A
                0.5..10.5 every 1 B
                11 end
                """,
            causes: [
                "vrrp_version differs between the nodes, or one was upgraded to another default (FRR speaks version 3)",
                "two unrelated groups use one VRID",
            ],
            remedy: "Set the same version on all routers of this VRID.",
            notThis: "One router that sends both versions side by side, as RFC 9568 section 8.4 allows for migrations.",
            thresholds: "none",
            references: ["RFC 9568 sections 7.1 and 8.4"]
        )
    )

    package static func findings(in subject: Subject, _: inout Pending) -> [Finding] {
        let differing = subject.pairs.filter { a, b in
            !subject.routers[a].versions.contains(where: subject.routers[b].versions.contains)
        }
        guard !differing.isEmpty else { return [] }
        let positions = Set(differing.flatMap { [$0.0, $0.1] }).sorted()
        return [
            subject.disagreement(
                rule,
                among: positions,
                summary: subject.differ(positions, "speak", "version of VRRP", "versions of VRRP"),
                explanation: list(
                    positions.map { position in
                        let versions = subject.routers[position].versions.map { "\($0)" }
                        return "\(subject.routers[position].address) speaks VRRPv\(list(versions))"
                    }
                ) + ". Each discards advertisements of the other version, so none of them yields.",
                remedy: "\(subject.equalizing(.version, on: positions)).",
                evidence: positions.compactMap { subject.routers[$0].priorities.first?.evidence }
            )
        ]
    }
}
