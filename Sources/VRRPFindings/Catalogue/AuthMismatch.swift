internal import VRRPWire
internal import VRRPTracker

/// Routers of one virtual router authenticate differently.
package enum AuthMismatch: Detector {
    package static let rule = FindingRule(
        "auth-mismatch",
        .critical,
        summary: "routers of one virtual router use different authentication types or keys",
        page: FindingRule.Page(
            meaning: """
                The speakers of one virtual router authenticate their advertisements in different ways, or with \
                different passwords. Each discards what the others send.
                """,
            importance: """
                Routers that reject each other's advertisements are all master. A keepalived that rejects holds back \
                its own advertisements, so the second master may hardly be heard and still hold the addresses.
                """,
            onTheWire: """
                router A 10.0.0.1 priority 100 pass 1111
                router B 10.0.0.2 priority 90 pass 2222
                0..10 every 1 A
                0.5..10.5 every 1 B
                11 end
                """,
            causes: [
                "auth_pass or auth_type was changed on one router only",
                "an unquoted # or ! in keepalived.conf starts a comment and cuts the password",
                "only the first eight characters of a password count",
                "an unrelated group uses the same VRID",
            ],
            remedy: """
                Compare auth_type and the first eight characters of auth_pass on all routers of this VRID and make \
                them equal; VRRPv3 has no authentication at all.
                """,
            notThis: """
                A change of password rolled out router by router shows for the minutes it takes. With AH a wrong key \
                cannot be read from the wire without the key: it is found from how the routers behave.
                """,
            thresholds: "none: two routers that have been master and differ",
            references: ["RFC 2338 section 5.3.6", "keepalived.conf(5), authentication"]
        )
    )

    package static func findings(in subject: Subject) -> [Finding] {
        let differing = subject.pairs.filter { differ(subject, $0, $1) }
        guard !differing.isEmpty else { return [] }
        let positions = Set(differing.flatMap { [$0.0, $0.1] }).sorted()
        let uses = positions.compactMap { position in
            subject.routers[position].authentications.last.map {
                "\(subject.routers[position].address) uses \($0.words)"
            }
        }
        let kinds = Set(positions.map { subject.routers[$0].authentications.last?.kind })
        let byBehaviour = differing.allSatisfy { subject.virtualRouter.rejection(by: $0.0, of: $0.1) == .unknown }
        return [
            subject.disagreement(
                rule,
                among: positions,
                summary: "\(subject.names(positions)) "
                    + (kinds.count > 1 ? "use different authentication types" : "use different keys"),
                explanation: list(uses) + ". "
                    + (byBehaviour
                        ? "The keys do not show, but each speaks exactly one interval after the other's advertisements "
                            + "although a better one is about: it rejects them."
                        : "Each discards the other's advertisements, so neither makes the other yield."),
                evidence: positions.compactMap { subject.routers[$0].authentications.last?.evidence }
            )
        ]
    }

    private static func differ(_ subject: Subject, _ a: Int, _ b: Int) -> Bool {
        let (left, right) = (subject.routers[a].authentications.last, subject.routers[b].authentications.last)
        if left?.kind != right?.kind || left?.key != right?.key { return true }
        let hidesKey = [.ah, .hmac, .ciscoMD5].contains(left?.kind ?? .none)
        return hidesKey && subject.virtualRouter.rejection(by: a, of: b) == .unknown
    }
}

extension Router.AuthenticationUse {
    fileprivate var words: String {
        switch kind {
        case .none: "none"
        case .simpleText: "simple text \(key?.tag ?? "")"
        case .ah: "an Authentication Header"
        case .ciscoMD5: "Cisco's MD5"
        case .hmac: "an HMAC trailer"
        case .unknown: "an unknown type"
        }
    }
}
