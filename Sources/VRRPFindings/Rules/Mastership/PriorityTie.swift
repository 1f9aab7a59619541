internal import VRRPWire
internal import VRRPTracker

/// Routers that have been master share a priority.
package enum PriorityTie: VirtualRouterRule {
    package static let rule = Rule(
        "priority-tie",
        .notice,
        .mastership,
        summary: "two routers that have been master have the same priority",
        clauses: [
            "RFC9568-6.1-2", Rule.Clause("RFC9568-6.4.3-3", "which says that addresses decide"), "RFC9568-8.3.2-2",
        ],
        page: Rule.Page(
            meaning: "Two routers have the same priority; between masters the higher address then wins.",
            importance: """
                Backups wait equally long, so both may claim mastership at a failover and sort it out only then; who \
                wins is decided by addresses nobody chose for that.
                """,
            onTheWire: """
                router A 10.0.0.1 priority 100
                router B 10.0.0.2 priority 100
                0..5 every 1 A
                5.3 A resigns
                5.9..10.9 every 1 B
                11 end
                """,
            causes: [
                "the same configuration on both nodes", "a tracked weight that brings one to the other's priority",
            ],
            remedy: "Give each router its own priority, in the order in which they should take over.",
            notThis: "Priority 255 twice is owner-conflict.",
            thresholds: "none",
            references: ["RFC 9568 section 6.4.3"]
        )
    )

    package static func findings(in subject: Subject, _: inout Pending) -> [Finding] {
        guard
            subject.pairs.contains(where: {
                subject.routers[$0].standingPriority == subject.routers[$1].standingPriority
            })
        else {
            return []
        }
        let tied = Dictionary(grouping: subject.masters) { subject.routers[$0].standingPriority }
            .filter { $0.value.count > 1 && $0.key != 255 && $0.key != 0 }
        return tied.sorted { $0.key > $1.key }.map { priority, positions in
            subject.disagreement(
                rule,
                among: positions,
                summary: "\(subject.names(positions)) have the same priority, \(priority)",
                explanation: "Between masters of equal priority the higher address wins: "
                    + "\(subject.addresses(positions).last.map(\.description) ?? "").",
                remedy:
                    "Give each router its own value of \(subject.settings(.priority, on: positions)), in the order in "
                    + "which they should take over.",
                evidence: positions.compactMap { position in
                    subject.routers[position].priorities.last { $0.value == priority }?.evidence
                }
            )
        }
    }
}

extension Router {
    /// The latest priority with which the router stood for election.
    ///
    /// A router that is about to leave may lower its priority first, as an owner that loses its address does; with that it
    /// never stood.
    fileprivate var standingPriority: UInt8 {
        guard let latest = priorities.lastIndex(where: { $0.value > 0 }), latest > 0, latest + 1 < priorities.count,
            priorities[latest + 1].since - priorities[latest].since < advertisementInterval
        else { return priority }
        return priorities[..<latest].last { $0.value > 0 }?.value ?? priority
    }
}
