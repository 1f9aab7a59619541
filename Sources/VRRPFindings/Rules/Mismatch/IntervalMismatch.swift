internal import VRRPFacts
internal import VRRPWire
internal import VRRPTracker

/// Advertised intervals differ.
package enum IntervalMismatch: VirtualRouterRule {
    package static let rule = Rule(
        "interval-mismatch",
        .critical,
        .mismatch,
        summary: "advertised intervals differ: VRRPv2 receivers discard such advertisements, VRRPv3 learns them",
        clauses: [
            Rule.Clause("RFC9568-5.2.7-2", "which is a warning in VRRPv3"),
            Rule.Clause("RFC3768-5.3.7-1", "which is critical"),
            Rule.Clause("RFC9568-7.1-9", "which is a warning in VRRPv3"),
            Rule.Clause("RFC3768-7.1-4", "which is critical"),
        ],
        causeRank: 30,
        page: Rule.Page(
            meaning: "Routers of one VRID announce different advertisement intervals.",
            importance: """
                In VRRPv2 the interval must be equal, or advertisements are discarded and all are master. In VRRPv3 a \
                Backup learns the master's interval: takeover times then depend on who was master before.
                """,
            onTheWire: """
                router A 10.0.0.1 priority 100 interval 1
                router B 10.0.0.2 priority 90 interval 3
                0..12 every 1 A
                0.5 B
                12.5 end
                """,
            causes: [
                "advert_int was changed on one router only",
                "sub-second intervals in VRRPv2, whose field holds whole seconds",
            ],
            remedy: "Set the same advert_int on all routers of this VRID; below one second use VRRPv3.",
            notThis: """
                Advertisements that come at other times than announced: that is advert-jitter. An interval that is changed on \
                one router after the other: a Backup does not show what it was given, so nothing is said before it speaks.
                """,
            thresholds: "none; critical in VRRPv2, a warning in VRRPv3",
            references: ["RFC 3768 section 7.1", "RFC 9568 section 7.1"]
        )
    )

    package static func findings(in subject: Subject, _: inout Pending) -> [Finding] {
        let differing = subject.pairs.filter { a, b in
            subject.virtualRouter.version(of: a) == subject.virtualRouter.version(of: b)
                && subject.differed(a, b) { subject.routers[$0].advertisementInterval(at: $1) }
        }
        guard !differing.isEmpty else { return [] }
        let positions = Set(differing.flatMap { [$0.0, $0.1] }).sorted()
        let isVersion2 = positions.contains { subject.virtualRouter.version(of: $0) == 2 }
        return [
            subject.disagreement(
                rule,
                severity: isVersion2 ? .critical : .warning,
                among: positions,
                summary: subject.differ(positions, "announce", "advertisement interval"),
                explanation: list(
                    positions.map {
                        "\(subject.routers[$0].address) announces \(text(subject.virtualRouter.advertisementInterval(of: $0)))"
                    }
                )
                    + (isVersion2
                        ? ". A VRRPv2 router discards advertisements of another interval, so none of them yields."
                        : ". A VRRPv3 Backup uses the master's interval for its timers."),
                remedy:
                    "\(subject.equalizing(.interval, on: positions)). Only VRRPv3 can advertise intervals below one second.",
                evidence: positions.compactMap { subject.routers[$0].advertisementIntervals.last?.evidence }
            )
        ]
    }
}
