internal import VRRPFacts
internal import VRRPWire
internal import VRRPTracker

/// A password travels in clear text.
package enum CleartextPassword: VirtualRouterRule {
    package static let rule = Rule(
        "cleartext-password",
        .notice,
        .packets,
        summary: "VRRPv2 simple-text authentication shows its password to the segment",
        clauses: [
            Rule.Clause("RFC3768-5.3.6-2", "for type 1; AH is accepted as what it is"), "RFC2338-5.3.10-1",
            "RFC3768-10-2",
        ],
        isCircumstance: true,
        page: Rule.Page(
            meaning:
                "The eight bytes behind the addresses of each advertisement are the password, for everyone to read.",
            importance: """
                It keeps misconfigured routers apart and attackers not at all; where the password is used elsewhere \
                too, it is lost there as well.
                """,
            onTheWire: """
                router A 10.0.0.1 priority 100 pass 1111
                0..5 every 1 A
                6 end
                """,
            causes: ["auth_type PASS in keepalived, `vrrp N authentication text` on Cisco"],
            remedy: """
                Treat the password as public. Use auth_hmac of keepalived 2.4 and later, or use no authentication and \
                protect the segment itself.
                """,
            notThis: "Not a fault in the protocol's run: routers with the same password work.",
            thresholds: "none",
            references: ["RFC 2338 section 5.3.6.2", "RFC 3768 section 10"]
        )
    )

    package static func findings(in subject: Subject, _: inout Pending) -> [Finding] {
        let uses = subject.routers.indices.compactMap { position in
            subject.routers[position].authentications.last { $0.kind == .simpleText && $0.key != nil }.map {
                (position, $0)
            }
        }
        guard !uses.isEmpty else { return [] }
        let keys = Set(uses.compactMap(\.1.key?.number)).count
        return [
            Finding(
                rule,
                virtualRouter: subject.virtualRouter.key,
                routers: subject.addresses(uses.map(\.0)),
                from: uses.map { subject.routers[$0.0].firstSeen }.min() ?? subject.end,
                to: uses.map { subject.routers[$0.0].lastSeen }.max() ?? subject.end,
                ongoing: true,
                count: uses.reduce(0) { $0 + subject.routers[$1.0].adverts },
                summary:
                    "\(subject.names(uses.map(\.0))) \(uses.count == 1 ? "sends its" : "send their") password in clear text",
                explanation:
                    "Each of their advertisements carries the password. "
                    + (keys > 1 ? "\(keys) different passwords were seen." : "One password was seen."),
                evidence: uses.map(\.1.evidence)
            )
        ]
    }
}
