internal import VRRPConfiguration
internal import VRRPFacts
internal import VRRPTracker
internal import VRRPWire

/// A stranger speaks for a configured virtual router.
package enum UnexpectedRouter: VirtualRouterRule {
    package static let rule = Rule(
        "unexpected-router",
        .warning,
        .configuration,
        summary: "a router that no configuration knows speaks for a configured virtual router",
        clauses: [Rule.Clause("RFC9568-9-3", "where the configurations are given")],
        page: Rule.Page(
            meaning: """
                Somebody advertises a VRID, or under another VRID an address, that the configurations give to other \
                routers, and says too much otherwise to be one of them.
                """,
            importance: "It can take the addresses over, by mistake or on purpose, and nobody planned for that.",
            onTheWire: """
                config r1
                | vrrp_instance VI_1 {
                |     virtual_router_id 51
                |     priority 100
                |     virtual_ipaddress {
                |         10.0.0.100/24
                |     }
                | }
                router A 10.0.0.1 vrid 51 priority 100 addresses 10.0.0.100
                router X 10.0.0.9 vrid 51 priority 200 pass guess addresses 10.0.0.200
                0..5 every 1 A
                0.5..5.5 every 1 X
                6 end
                """,
            causes: [
                "a router whose configuration was not given",
                "another group that uses the same VRID on this segment",
                "a forgotten or test machine with an old configuration",
                "an attacker who takes the addresses over",
            ],
            remedy: """
                Find the machine by the MAC address of its advertisements. Give its configuration as well if it belongs \
                here; otherwise take it off the segment or give it another VRID.
                """,
            notThis: "A configured router that says one or two things otherwise: that is config-drift.",
            thresholds: """
                more than three settings that differ from those of each configured router that is left, or no common \
                address and another difference
                """,
            references: ["RFC 9568 sections 1.2 and 9"]
        )
    )

    package static func findings(in subject: Subject, _: inout Pending) -> [Finding] {
        guard let roster = subject.roster else { return [] }
        guard roster.members.isEmpty else {
            return roster.strangers.map { finding(about: $0, roster, subject) }
        }
        return addressUnderAnotherVRID(subject)
    }

    private static func finding(about speaker: Int, _ roster: Roster, _ subject: Subject) -> Finding {
        let router = subject.routers[speaker]
        let names = list(roster.members.map(\.router))
        let expected = roster.members.map(\.instance)
        let closest = expected.map { Drift.between(router, $0) }.min { $0.count < $1.count } ?? []
        let difference =
            closest.isEmpty
            ? "each of them is another router here" : "\(router.address) advertises \(list(closest.map(\.seen)))"
        return subject.disagreement(
            rule,
            among: [speaker],
            summary:
                "\(router.address) advertises for this virtual router and is none of the configured routers (\(names))",
            explanation:
                "Its source MAC address is \(list(router.macs.map(\.description))). None of the configured routers fits: "
                + "\(difference).",
            evidence: router.priorities.map(\.evidence)
        )
    }

    /// Returns a finding about configured addresses that are advertised under another VRID than the configured ones.
    private static func addressUnderAnotherVRID(_ subject: Subject) -> [Finding] {
        let key = subject.virtualRouter.key
        let vrids = subject.expectation.vrids(of: subject.virtualRouter.addresses)
        guard !vrids.isEmpty, !vrids.contains(key.vrid) else { return [] }
        let speakers = Array(subject.routers.indices)
        let configured = list(vrids.sorted().map { "\($0)" })
        return [
            subject.disagreement(
                rule,
                among: speakers,
                summary: "\(subject.names(speakers)) advertise\(speakers.count == 1 ? "s" : "") configured addresses "
                    + "under VRID \(key.vrid) instead of \(configured)",
                explanation:
                    "The configurations have no VRID \(key.vrid) with these addresses. Routers of different VRIDs ignore each "
                    + "other's advertisements, so all of them hold the addresses.",
                evidence: speakers.flatMap { subject.routers[$0].priorities.prefix(1).map(\.evidence) }
            )
        ]
    }
}
