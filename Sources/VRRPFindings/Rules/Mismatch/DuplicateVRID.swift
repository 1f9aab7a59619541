internal import VRRPFacts
internal import VRRPWire
internal import VRRPTracker

/// Two unrelated groups use one VRID on one segment.
package enum DuplicateVRID: VirtualRouterRule {
    package static let rule = Rule(
        "duplicate-vrid",
        .critical,
        .mismatch,
        summary: "two unrelated groups (disjoint addresses) use one VRID on one segment",
        clauses: ["RFC9568-5.2.3-2", Rule.Clause("RFC9568-5.2.9-1", "where nothing is in common"), "RFC9568-7.3-3"],
        causeRank: 60,
        page: Rule.Page(
            meaning:
                "Routers with the same VRID advertise addresses that have nothing in common: two groups use one number.",
            importance: """
                They share one virtual MAC address, and each group's election is disturbed by the other's \
                advertisements; the better group can silence the other one.
                """,
            onTheWire: """
                router A 10.0.0.1 priority 100 addresses 10.0.0.100
                router B 10.0.0.9 priority 150 addresses 10.0.0.200 pass other
                0..10 every 1 A
                0.5..10.5 every 1 B
                11 end
                """,
            causes: [
                "a second cluster was set up on the segment with a copied configuration, or with the default VRID"
            ],
            remedy: "Give one of the groups a VRID that nobody uses on this segment.",
            notThis: "Members of one group whose lists differ but overlap: address-list-mismatch.",
            thresholds: "none: speakers whose address lists have nothing in common",
            references: ["RFC 9568 section 5.2.3"]
        )
    )

    package static func findings(in subject: Subject, _: inout Pending) -> [Finding] {
        guard subject.pairs.contains(where: { subject.routers[$0].addresses != subject.routers[$1].addresses }) else {
            return []
        }
        var groups: [(addresses: Set<IPAddress>, members: [Int])] = []
        for position in subject.masters where !subject.routers[position].addresses.isEmpty {
            var group = (addresses: Set(subject.routers[position].addresses), members: [position])
            // Groups that share an address with this one become one group with it.
            for known in groups.filter({ !$0.addresses.isDisjoint(with: group.addresses) }) {
                group = (group.addresses.union(known.addresses), known.members + group.members)
            }
            groups = groups.filter { $0.addresses.isDisjoint(with: group.addresses) } + [group]
        }
        guard groups.count > 1 else { return [] }
        let positions = groups.flatMap(\.members).sorted()
        return [
            subject.disagreement(
                rule,
                among: positions,
                summary: "\(groups.count) unrelated groups use VRID \(subject.virtualRouter.key.vrid)",
                explanation: groups.map { group in
                    "\(subject.names(group.members)) \(group.members.count == 1 ? "serves" : "serve") "
                        + "\(list(group.addresses.sorted().prefix(8).map(\.description)))"
                }.joined(separator: "; ") + ". No address is in both groups.",
                evidence: groups.compactMap { group in
                    group.members.first.flatMap { subject.routers[$0].priorities.first?.evidence }
                }
            )
        ]
    }
}
