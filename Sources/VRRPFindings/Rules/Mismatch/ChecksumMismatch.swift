internal import VRRPFacts
internal import VRRPWire
internal import VRRPTracker

/// Routers of one VRID compute VRRPv3 checksums in different ways.
package enum ChecksumMismatch: VirtualRouterRule {
    package static let rule = Rule(
        "checksum-mismatch",
        .critical,
        .mismatch,
        summary: "routers of one VRID use different VRRPv3 checksum conventions",
        clauses: [
            Rule.Clause("RFC9568-5.2.8-1", "where routers use different ones"),
            Rule.Clause("RFC5798-5.2.8-1", "beside routers that follow RFC 9568"), "RFC9568-7.1-5",
        ],
        causeRank: 40,
        page: Rule.Page(
            meaning: """
                One router sums the message alone, as RFC 9568 has it, another adds a pseudo-header, as keepalived and \
                FRR do by default: each finds the other's checksum wrong.
                """,
            importance: "Each discards the other's advertisements, so both are master.",
            onTheWire: """
                router A 10.0.0.1 priority 100 v3 checksum message-only
                router B 10.0.0.2 priority 90 v3 checksum pseudo-header
                0..10 every 1 A
                0.5..10.5 every 1 B
                11 end
                """,
            causes: [
                "keepalived or FRR together with Cisco, Arista or Juniper",
                "v3_checksum_as_v2 or `no vrrp N checksum-with-ipv4-pseudoheader` on one router only",
            ],
            remedy: """
                Choose the convention of RFC 9568 everywhere: `v3_checksum_as_v2` in keepalived (2.2.8 and later), \
                `no vrrp N checksum-with-ipv4-pseudoheader` in FRR.
                """,
            notThis: "A checksum that fits no convention is bad-checksum.",
            thresholds: "none",
            references: ["RFC 9568 section 5.2.8", "keepalived.conf(5), v3_checksum_as_v2"]
        )
    )

    package static func findings(in subject: Subject, _: inout Pending) -> [Finding] {
        let differing = subject.pairs.filter { a, b in
            guard let left = convention(of: subject.routers[a]), let right = convention(of: subject.routers[b]) else {
                return false
            }
            return left != right
        }
        guard !differing.isEmpty else { return [] }
        let positions = Set(differing.flatMap { [$0.0, $0.1] }).sorted()
        return [
            subject.disagreement(
                rule,
                among: positions,
                summary: subject.differ(positions, "use", "checksum convention"),
                explanation: list(
                    positions.compactMap { position in
                        convention(of: subject.routers[position]).map {
                            "\(subject.routers[position].address) uses the convention \($0.rawValue)"
                        }
                    }
                ) + ". Each finds the checksum of the other convention wrong and discards the advertisement.",
                remedy: remedy(for: subject, positions),
                evidence: positions.compactMap { subject.routers[$0].checksums.last?.evidence }
            )
        ]
    }

    /// The settings of the routers that add a pseudo-header; `nil` for the words of the rule where no program shows.
    static func remedy(for subject: Subject, _ positions: [Int]) -> String? {
        let adding = positions.filter { convention(of: subject.routers[$0]) != .messageOnly }
        guard adding.contains(where: { subject.implementation(of: $0) != nil }) else { return nil }
        return
            "Let all routers sum the message alone, as RFC 9568 does. The setting is \(subject.settings(.checksum, on: adding))."
    }

    /// The convention that a router's advertisements follow; `nil` where there is only one or it does not show.
    private static func convention(of router: Router) -> ChecksumKind? {
        router.checksums.last {
            switch $0.kind {
            case .messageOnly, .pseudoHeader, .multicastPseudoHeader: true
            case .valid, .invalid, .unknown: false
            }
        }?.kind
    }
}
