internal import VRRPFacts
internal import VRRPWire
internal import VRRPTracker

/// The lists of virtual addresses differ.
package enum AddressListMismatch: VirtualRouterRule {
    package static let rule = Rule(
        "address-list-mismatch",
        .warning,
        .mismatch,
        summary: "routers of one VRID advertise different lists of virtual addresses",
        clauses: ["RFC9568-5.2.9-1", "RFC3768-5.3.9-1", "RFC9568-7.1-8", "RFC3768-7.1-3"],
        causeRank: 100,
        page: Rule.Page(
            meaning: "Routers of one VRID advertise different virtual addresses, some of them in common.",
            importance: """
                After a failover the addresses that the new master does not know are dead. keepalived up to 2.2 also \
                rejects advertisements with another number of addresses, so that both are master.
                """,
            onTheWire: """
                router A 10.0.0.1 priority 100 addresses 10.0.0.100
                router B 10.0.0.2 priority 90 addresses 10.0.0.100,10.0.0.101
                0..5 every 1 A
                5.2 A resigns
                5.9..10.9 every 1 B
                11 end
                """,
            causes: [
                "an address was added or removed on one router only", "lists cut at 20 addresses by old software",
            ],
            remedy: "Make virtual_ipaddress the same on all routers; order does not matter.",
            notThis: "Lists with nothing in common: two groups that share a VRID, which is duplicate-vrid.",
            thresholds: "none",
            references: ["RFC 9568 section 5.2.9", "RFC 3768 section 7.1"]
        )
    )

    package static func findings(in subject: Subject, _: inout Pending) -> [Finding] {
        let differing = subject.pairs.filter { a, b in
            guard subject.routers[a].addresses != subject.routers[b].addresses else { return false }
            let (left, right) = (Set(subject.routers[a].addresses), Set(subject.routers[b].addresses))
            return left != right && !left.isDisjoint(with: right)
                && subject.differed(a, b) { subject.routers[$0].addresses(at: $1) }
        }
        guard !differing.isEmpty else { return [] }
        let positions = Set(differing.flatMap { [$0.0, $0.1] }).sorted()
        let common = positions.dropFirst().reduce(Set(subject.routers[positions[0]].addresses)) {
            $0.intersection(subject.routers[$1].addresses)
        }
        let extras = positions.map { position in
            let extra = subject.routers[position].addresses.filter { !common.contains($0) }
            return "\(subject.routers[position].address) "
                + (extra.isEmpty ? "has no other address" : "also has \(list(extra.map(\.description)))")
        }
        return [
            subject.disagreement(
                rule,
                among: positions,
                summary: subject.differ(positions, "advertise", "list of virtual addresses", "virtual addresses"),
                explanation:
                    "They have in common: \(common.isEmpty ? "no address" : list(common.sorted().map(\.description))). \(list(extras)).",
                remedy: "\(subject.equalizing(.addresses, on: positions)). The order of the addresses does not matter.",
                evidence: positions.compactMap { subject.routers[$0].priorities.first?.evidence }
            )
        ]
    }
}
