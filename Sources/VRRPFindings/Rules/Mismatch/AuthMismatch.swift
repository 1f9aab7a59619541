internal import VRRPFacts
internal import VRRPWire
internal import VRRPTracker

/// Routers of one virtual router authenticate differently.
package enum AuthMismatch: VirtualRouterRule {
    package static let rule = Rule(
        "auth-mismatch",
        .critical,
        .mismatch,
        summary: "routers of one virtual router use different authentication types or keys",
        clauses: [
            "RFC3768-5.3.6-1", "RFC2338-5.3.6.2-1",
            Rule.Clause("RFC2338-5.3.6.3-1", "without the key, from behaviour"), "RFC3768-7.1-2",
            Rule.Clause("RFC9568-9-1", "where some add keepalived's `auth_hmac` and others do not"), "RFC3768-10-1",
        ],
        causeRank: 20,
        page: Rule.Page(
            meaning: """
                The speakers of one virtual router authenticate their advertisements in different ways, or with \
                different keys. Each discards what the others send.
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
                "key or active_key of auth_hmac differ, or one router has no auth_hmac at all",
                "an unrelated group uses the same VRID",
            ],
            remedy: """
                Compare auth_type and the first eight characters of auth_pass, or auth_hmac, on all routers of this \
                VRID and make them equal; `--key-file` shows who uses which key.
                """,
            notThis: """
                A change of password rolled out router by router shows while the routers speak beside each other. A silent \
                Backup does not show what it was given, so nothing is said before it speaks. Without the key, a \
                wrong one in AH or auth_hmac is found only from how the routers behave. Routers that sign with keys \
                of different numbers may know both, and then it is a warning.
                """,
            thresholds: "none: two routers that have been master and differ, and did when both were heard last",
            references: ["RFC 2338 section 5.3.6", "keepalived.conf(5), authentication"]
        )
    )

    package static func findings(in subject: Subject, _: inout Pending) -> [Finding] {
        // Without authentication and without a given key, as with most of VRRPv3, there is nothing to compare.
        guard
            !subject.observation.givenKeys.isEmpty
                || subject.masters.contains(where: {
                    subject.routers[$0].authentications.last?.kind != AuthenticationKind.none
                })
        else { return [] }
        let differing = subject.pairs.compactMap { a, b in
            Difference(subject, a, b).map { (positions: [a, b], difference: $0) }
        }
        guard let gravest = differing.map(\.difference).max() else { return [] }
        let positions = Set(differing.flatMap(\.positions)).sorted()
        let uses = positions.compactMap { position in
            subject.routers[position].authentications.last.map {
                "\(subject.routers[position].address) uses \($0.words(subject.observation.givenKeys))"
            }
        }
        return [
            subject.disagreement(
                rule,
                severity: gravest == .keyID ? .warning : nil,
                among: positions,
                summary: gravest == .kind
                    ? subject.differ(positions, "use", "authentication type")
                    : subject.differ(positions, "use", secret(of: positions, in: subject)),
                explanation: list(uses) + ". " + gravest.consequence,
                remedy: remedy(for: subject, positions),
                evidence: positions.compactMap { subject.routers[$0].authentications.last?.evidence }
            )
        ]
    }

    /// The word for the secret that differs: a password where all send one in clear text, else a key.
    private static func secret(of positions: [Int], in subject: Subject) -> String {
        positions.allSatisfy { subject.routers[$0].authentications.last?.kind == .simpleText } ? "password" : "key"
    }

    /// The settings to make equal, by what each router uses; `nil` for the words of the rule where no program shows.
    static func remedy(for subject: Subject, _ positions: [Int]) -> String? {
        guard positions.contains(where: { subject.implementation(of: $0) != nil }) else { return nil }
        let kinds = Set(positions.compactMap { subject.routers[$0].authentications.last?.kind })
        if kinds == [.hmac] {
            return
                "Set the same keys and active_key of auth_hmac on \(subject.names(positions)). With `--key-file` this program "
                + "shows who uses which key."
        }
        return subject.equalizing(.authentication, on: positions)
            + (kinds.contains(.hmac) ? ", with auth_hmac on all of them or on none." : ".")
            + (kinds.contains(.simpleText) ? " Only the first eight characters of a password count." : "")
    }

    /// The kinds of difference between two routers, the surest last.
    private enum Difference: Comparable {
        /// The numbers of their keys. Each router may know several keys.
        case keyID
        /// Something that shows only in their behaviour.
        case behaviour
        /// The password, or the key by proof of the given ones.
        case key
        case kind

        init?(_ subject: Subject, _ a: Int, _ b: Int) {
            let (left, right) = (subject.routers[a].authentications.last, subject.routers[b].authentications.last)
            let showsDifference = subject.differed(a, b) { subject.routers[$0].credential(at: $1) }
            if showsDifference, left?.kind != right?.kind {
                self = .kind
                return
            }
            let hidesKey =
                switch left?.kind {
                case .ah, .hmac, .ciscoMD5: true
                default: false
                }
            if showsDifference, left?.key != right?.key || subject.virtualRouter.keysProvablyDiffer(a, b) {
                self = .key
            } else if hidesKey, subject.rejectsForItsKey(a, b) || subject.rejectsForItsKey(b, a) {
                self = .behaviour
            } else if showsDifference, left?.keyID != right?.keyID, !subject.history.hasYielded(a, to: b),
                !subject.history.hasYielded(b, to: a)
            {
                self = .keyID
            } else {
                return nil
            }
        }

        var consequence: String {
            switch self {
            case .kind, .key:
                "A router discards advertisements with another \(self == .kind ? "type" : "key"), so none of them yields."
            case .behaviour:
                "The packets do not show the keys. But each router sends exactly one interval after the other's advertisement, "
                    + "although a better router advertises: it rejects what it receives."
            case .keyID:
                "A router that does not have the key of a key ID discards advertisements signed with it. Nothing shows whether "
                    + "the routers have each other's keys."
            }
        }
    }
}

extension Subject {
    /// Whether a router rejects another's advertisements for a key that does not show.
    fileprivate func rejectsForItsKey(_ receiver: Int, _ sender: Int) -> Bool {
        history.isRejectedForItsKey(by: receiver, sender)
    }
}

extension Router.AuthenticationUse {
    fileprivate func words(_ givenKeys: [String]) -> String {
        let kind =
            switch kind {
            case .none: "no authentication"
            case .simpleText: "simple text with password \(key?.words ?? "")"
            case .ah: "an Authentication Header"
            case .ciscoMD5: "Cisco's MD5"
            case .hmac: "an HMAC trailer" + (keyID.map { " with key ID \($0)" } ?? "")
            case .unknown: "an unknown type"
            }
        switch verification {
        case .unchecked: return kind
        case .invalid:
            return (givenKeys.count > 1 ? "none of the given keys" : "another than the given key") + " in " + kind
        case .valid(let proof): return proof.words(givenKeys) + " in " + kind
        }
    }
}

extension KeyProof {
    /// `the given key`, or its label among several; then the method, where it is not keepalived's.
    func words(_ givenKeys: [String]) -> String {
        let label = givenKeys.indices.contains(Int(key)) ? givenKeys[Int(key)] : "\(key + 1)"
        var ways: [String] = []
        if method.contains(.zeroedTTL) { ways.append("TTL zeroed as RFC 2402 asks") }
        if method.contains(.wholeKey) { ways.append("more of it than keepalived's eight bytes") }
        if method.contains(.zeroedOptions) { ways.append("IP options zeroed") }
        return (givenKeys.count > 1 ? "the key of \(label)" : "the given key")
            + (ways.isEmpty ? "" : " (\(ways.joined(separator: ", ")))")
    }
}
