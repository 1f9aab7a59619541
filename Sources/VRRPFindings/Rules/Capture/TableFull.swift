internal import VRRPFacts
package import VRRPTracker
package import VRRPWire

/// Something that is kept of the segment is full, so that a part of it is not judged.
package enum TableFull: VirtualRouterRule, ObservationRule {
    package static let rule = Rule(
        "table-full",
        .warning,
        .capture,
        summary:
            "a table of this program is full, so that it does not judge part of the segment",
        clauses: [],
        page: Rule.Page(
            meaning: """
                More senders, addresses or virtual routers were seen than are kept. What matters least is left out: whoever was \
                heard once, resigned only, and is silent for longest.
                """,
            importance: "What was left out is not judged: a fault in it would not be told.",
            onTheWire: """
                router A 10.0.0.1 priority 100
                0..10 every 1 A
                5 flood 300 A resigns
                11 end
                """,
            causes: [
                "somebody floods the segment with invented senders",
                "one capture of very many segments",
            ],
            remedy: """
                Find who sends these packets by their MAC addresses (`vrrpwatch decode`), and stop it; or watch fewer segments \
                at a time, by an interface each or with `-f`.
                """,
            notThis: "Many virtual routers as such: 2,048 are kept live, 25,000 of files.",
            thresholds:
                "the limits of Architecture.md; it ends ten seconds or four intervals after the last packet that was left out",
            references: ["vrrpwatch's Architecture.md, Bounds"]
        )
    )

    package static let reads: Set<Facet> = [.omissions]

    package static func findings(in subject: Subject, _ pending: inout Pending) -> [Finding] {
        guard !subject.virtualRouter.omissions.isEmpty else { return [] }
        return findings(
            subject.virtualRouter.omissions,
            of: subject.virtualRouter.key,
            patience: max(subject.interval * 4, patience),
            &pending
        )
    }

    package static func findings(in observation: Observation, _ pending: inout Pending) -> [Finding] {
        guard !observation.omissions.isEmpty else { return [] }
        return findings(observation.omissions, of: nil, patience: patience, &pending)
    }

    private static let patience: TimeSpan = .seconds(10)

    private static func findings(
        _ omissions: [Omission: Occurrences],
        of virtualRouter: VirtualRouterKey?,
        patience: TimeSpan,
        _ pending: inout Pending
    ) -> [Finding] {
        Omission.allCases.compactMap { omission in
            guard let occurrences = omissions[omission] else { return nil }
            let number = occurrences.count
            return Finding(
                rule,
                virtualRouter: virtualRouter,
                from: occurrences.start,
                to: occurrences.end,
                ongoing: !pending.isPast(occurrences.end + patience),
                count: number,
                summary:
                    "the table of \(words(omission).table) is full: \(count(number, words(omission).item)) left out",
                explanation:
                    words(omission).limit
                    + (number > 1
                        ? " The last one was left out \(text(occurrences.end - occurrences.start)) after the first."
                        : ""),
                evidence: omission == .blindSpots ? [] : occurrences.references
            )
        }
    }

    /// The sum of findings that a report has no room for.
    ///
    /// - Parameters:
    ///   - leftOut: their numbers by severity; at least one.
    ///   - most: the number of findings that a report holds.
    ///   - start: the earliest of their beginnings.
    ///   - end: the latest of their ends.
    /// - Returns: a finding about the capture as a whole.
    package static func finding(
        ofFindings leftOut: [Severity: Int],
        most: Int,
        from start: CaptureInstant,
        to end: CaptureInstant
    ) -> Finding {
        let number = leftOut.values.reduce(0, +)
        let each = leftOut.sorted { $0.key > $1.key }.map { "\($0.value) of severity \($0.key.rawValue)" }
        return Finding(
            rule,
            virtualRouter: nil,
            from: start,
            to: end,
            count: number,
            summary: "the table of findings is full: \(count(number, "finding")) left out",
            explanation:
                "A report holds at most \(most), the gravest first. Left out are \(each.joined(separator: ", "))."
        )
    }

    private static func words(_ omission: Omission) -> (table: String, item: String, limit: String) {
        switch omission {
        case .virtualRouters:
            ("virtual routers", "advertisement", "Advertisements of further virtual routers are not judged.")
        case .routers:
            (
                "routers of this virtual router", "advertisement",
                "At most \(Tracker.mostRoutersEach) senders of a virtual router are kept; those that were heard once or resigned only make room."
            )
        case .senders:
            (
                "senders that are judged at a time", "advertisement",
                "Known senders go first; of unknown ones some hundred a second are judged, and of one that advertises much faster than it says only some advertisements."
            )
        case .strangers:
            (
                "senders that use a router's address", "sender",
                "At most \(VirtualRouter.mostStrangers) senders that use a router's address are kept; those without a cadence make room."
            )
        case .addresses:
            ("virtual addresses", "address", "Claims of further addresses are not watched.")
        case .claimants:
            (
                "hosts that claim a virtual address", "host",
                "At most \(VirtualRouter.mostConflicts) are kept; those that claimed once make room."
            )
        case .claims: ("claims of virtual addresses", "claim", "The claims came faster than this program judges them.")
        case .malformed:
            ("senders of malformed advertisements", "packet", "At most \(Observation.mostMalformedSources) are kept.")
        case .carp: ("CARP groups", "packet", "At most \(Observation.mostCARPGroups) are kept.")
        case .otherGroups: ("groups of HSRP and GLBP", "packet", "At most \(Observation.mostOtherGroups) are kept.")
        case .contested: ("contested addresses", "packet", "At most \(Observation.mostContested) are kept.")
        case .refusals: ("hosts that refuse advertisements", "packet", "At most \(Observation.mostRefusals) are kept.")
        case .sidenotes: ("kinds of other frames", "packet", "At most \(Observation.mostSidenotes) are kept.")
        case .blindSpots:
            (
                "stretches without sight", "stretch",
                "At most \(Observation.mostBlindSpots) are kept; the last one is drawn out over the others."
            )
        }
    }
}
