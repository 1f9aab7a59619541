internal import VRRPConfiguration
internal import VRRPFacts
package import VRRPTracker
internal import VRRPWire

/// A configured router ought to be heard and is not.
package enum ExpectedRouterSilent: VirtualRouterRule, ExpectationRule {
    package static let rule = Rule(
        "expected-router-silent",
        .warning,
        .configuration,
        summary: "a configured router should have taken over and did not, or no configured router was ever heard",
        clauses: [Rule.Clause("RFC9568-6.4.2-7", "where the configurations say who had to")],
        restsOnSilence: true,
        page: Rule.Page(
            meaning: """
                A Backup is silent by protocol, so silence alone proves nothing. But this router has a higher priority than \
                the master whose advertisements it would accept, or nobody was master at all. That lasted longer than the \
                router waits, so it should have become master. Or no router of a configured virtual router was ever heard.
                """,
            importance: "The redundancy that the configuration promises is not there: the next failure finds nobody.",
            onTheWire: """
                config r1
                | vrrp_instance VI_1 {
                |     virtual_router_id 51
                |     priority 150
                |     virtual_ipaddress {
                |         10.0.0.100/24
                |     }
                | }
                config r2
                | vrrp_instance VI_1 {
                |     virtual_router_id 51
                |     priority 100
                |     virtual_ipaddress {
                |         10.0.0.100/24
                |     }
                | }
                router B 10.0.0.2 vrid 51 priority 100 addresses 10.0.0.100
                0..10 every 1 B
                10.5 end
                """,
            causes: [
                "the daemon does not run, or is in FAULT because of something that it tracks",
                "it runs another configuration than was given, with nopreempt or a lower priority",
                "its advertisements do not get to where the capture was taken",
            ],
            remedy: """
                Look at the router's own log and state (`journalctl -u keepalived`, `vtysh -c 'show vrrp'`), and see whether its \
                interface is up.
                """,
            notThis: """
                A Backup of lower or equal priority, one with nopreempt, a member of a sync group, one that would reject \
                the master's advertisements, and any router while the capture could not see: of these silence tells \
                nothing.
                """,
            thresholds: """
                the router's own Master_Down_Interval at its lowest possible priority, its preempt_delay, and one interval; \
                where nobody is ever heard, twice that
                """,
            references: ["RFC 9568 sections 6.1 and 6.4.2"]
        )
    )

    // MARK: Somebody should have taken over

    package static func findings(in subject: Subject, _ pending: inout Pending) -> [Finding] {
        guard let roster = subject.roster else { return [] }
        return roster.members.indices.compactMap { member in
            // Who cannot be told from another may be the one that speaks.
            guard !roster.candidates.values.contains(where: { $0.contains(member) }) else { return nil }
            return finding(about: member, roster, subject, &pending)
        }
    }

    private static func finding(
        about member: Int,
        _ roster: Roster,
        _ subject: Subject,
        _ pending: inout Pending
    ) -> Finding? {
        let expected = roster.members[member]
        let instance = expected.instance
        guard instance.syncGroup == nil, instance.undecided.isDisjoint(with: [.priority, .interval, .tracking]) else {
            return nil
        }
        let speaker = roster.speaker(of: member)
        let limit = instance.longestMasterDownInterval + instance.preemptDelay + instance.interval
        let stretches = turns(of: instance, as: speaker, subject).filter { stretch in
            let seen = subject.observation.sightedTime(from: stretch.start, to: stretch.end)
            return pending.isPast(stretch.end + (limit - seen), at: stretch.end)
        }
        guard let first = stretches.first, let last = stretches.last else { return nil }
        let longest = stretches.map { $0.end - $0.start }.max() ?? .zero
        let address = speaker.map { " (\(subject.routers[$0].address))" } ?? ""
        let evidence = stretches.prefix(8).compactMap { stretch in
            subject.history.reigns.last { $0.start <= stretch.start }?.lastEvidence
        }
        return Finding(
            rule,
            virtualRouter: subject.virtualRouter.key,
            routers: speaker.map { [subject.routers[$0].address] } ?? [],
            from: first.start,
            to: last.end,
            ongoing: last.end == subject.end,
            count: stretches.count,
            summary: "\(expected.router)\(address) should have become master, and was not heard for \(text(longest))",
            explanation: "By its configuration (\(instance.location(of: .priority))) its priority is at least "
                + "\(instance.priorityRange.lowerBound). \(situation(first, subject)) \(expected.router) waits "
                + "\(text(limit - instance.interval)) at most before it takes over."
                + (subject.hostObstacle(of: expected).map { " " + $0 } ?? ""),
            remedy:
                "On \(expected.router), look at \(Subject.implementation(of: expected).logAndState). See whether the interface "
                + "\(instance.interface.map { "\($0) " } ?? "")is up. If \(expected.router) says that it is master, its "
                + "advertisements do not arrive here.",
            evidence: evidence,
            occasions: stretches.map { Finding.Occasion(start: $0.start, end: $0.end) }
        )
    }

    private static func situation(_ stretch: TimelineInterval, _ subject: Subject) -> String {
        guard !stretch.masters.isEmpty else { return "Nobody was master." }
        return "The master was "
            + list(
                stretch.masters.map {
                    "\(subject.routers[$0].address) with priority \(subject.priority(of: $0, at: stretch.start))"
                }
            ) + "."
    }

    /// The stretches in which an instance that runs would make itself heard, neighbours joined.
    private static func turns(
        of instance: InstanceConfiguration,
        as speaker: Int?,
        _ subject: Subject
    ) -> [TimelineInterval] {
        var turns: [TimelineInterval] = []
        for interval in subject.history.timeline {
            for piece in subject.pieces(of: interval) where isItsTurn(instance, as: speaker, in: piece, subject) {
                if let last = turns.indices.last, turns[last].end == piece.start {
                    turns[last].end = piece.end
                } else {
                    turns.append(piece)
                }
            }
        }
        return turns
    }

    /// Whether, during a stretch in which no master changes its priority, an instance that runs would make itself heard.
    private static func isItsTurn(
        _ instance: InstanceConfiguration,
        as speaker: Int?,
        in interval: TimelineInterval,
        _ subject: Subject
    ) -> Bool {
        switch interval.state {
        case .notObserved, .uncertain: return false
        case .none:
            // Of the one that fell silent, no-master tells.
            let last = subject.history.reigns.last { $0.end.map { $0 <= interval.start } ?? false }
            return speaker == nil || last?.router != speaker
        case .master, .split:
            guard instance.preempts || instance.priority == 255 else { return false }
            return interval.masters.allSatisfy { master in
                master != speaker
                    && subject.priority(of: master, at: interval.start) < instance.priorityRange.lowerBound
                    && !rejects(instance, subject.routers[master])
            }
        }
    }

    /// Whether an instance discards a router's advertisements, as far as that is known.
    private static func rejects(_ instance: InstanceConfiguration, _ router: Router) -> Bool {
        Drift.between(router, instance).contains { drift in
            switch drift.setting {
            case .authentication, .version, .delivery, .checksum: true
            case .interval: instance.version == 2
            case .addresses: router.addresses.count != instance.addresses.count
            default: false
            }
        }
    }

    // MARK: Nobody ever spoke

    package static let reads: Set<Facet> = [.speakers]

    package static func findings(
        in observation: Observation,
        expecting expectation: Expectation,
        _ rosters: [Roster],
        _ pending: inout Pending
    ) -> [Finding] {
        let heard = Set(rosters.flatMap { $0.members.map { Place($0) } })
        return expectation.groups.compactMap { group in
            let silent = group.filter { !rosters.contains($0) && isSeen($0, heard, expectation) }
            guard let first = silent.first, let start = observation.start, let end = observation.end else {
                return nil
            }
            let limit = silent.map { $0.instance.longestMasterDownInterval + $0.instance.interval }.max() ?? .zero
            let seen = observation.sightedTime(from: start, to: end)
            guard pending.isPast(end + (limit * 2 - seen)) else { return nil }
            let names = list(silent.map(\.router))
            let vrid = first.instance.vrid.map { "\($0)" } ?? "?"
            let addresses = list(first.instance.addresses.prefix(4).map(\.address.description))
            return Finding(
                rule,
                virtualRouter: nil,
                from: start,
                to: end,
                ongoing: true,
                summary: "nobody advertised VRID \(vrid) (\(first.instance.family.rawValue)), which is configured on "
                    + names,
                explanation:
                    "No advertisement for \(addresses) was seen in \(text(seen)). A router that runs becomes master within \(text(limit)) when "
                    + "it hears no other one (\(first.instance.location)). Either none of them runs, or their advertisements do not "
                    + "reach the capture."
            )
        }
    }

    /// A router's interface, which is on one segment.
    private struct Place: Hashable {
        var position: Int
        var interface: String?

        init(_ expected: ExpectedInstance) {
            position = expected.position
            interface = expected.instance.interface
        }
    }

    /// Whether the capture looks at the segment of an instance: something else of that interface was heard or, with
    /// multicast, the router has no other interface that could be meant.
    private static func isSeen(
        _ expected: ExpectedInstance,
        _ heard: Set<Place>,
        _ expectation: Expectation
    ) -> Bool {
        if heard.contains(Place(expected)) { return true }
        let interfaces = Set(expectation.routers[expected.position].instances.map(\.interface))
        return interfaces.count == 1 && expected.instance.delivery.isMulticast && heard.isEmpty
    }
}

extension [Roster] {
    fileprivate func contains(_ expected: ExpectedInstance) -> Bool {
        contains { roster in
            roster.members.contains {
                // Several may stem from one line, so that lines do not tell them apart.
                $0.position == expected.position && $0.instance.name == expected.instance.name
                    && $0.instance.interface == expected.instance.interface
                    && $0.instance.family == expected.instance.family
            }
        }
    }
}

extension Subject {
    /// The priority that a router had advertised last at an instant; the highest where that is not known any more.
    fileprivate func priority(of router: Int, at instant: CaptureInstant) -> UInt8 {
        routers[router].priorities.last { $0.since <= instant }?.value ?? 255
    }

    /// The parts of a stretch of the timeline between the changes of its masters' priorities.
    fileprivate func pieces(of interval: TimelineInterval) -> [TimelineInterval] {
        let changes = Set(
            interval.masters.flatMap { master in
                routers[master].priorities.map(\.since).filter { $0 > interval.start && $0 < interval.end }
            }
        ).sorted()
        let bounds = [interval.start] + changes + [interval.end]
        return zip(bounds, bounds.dropFirst()).map { start, end in
            var piece = interval
            (piece.start, piece.end) = (start, end)
            return piece
        }
    }
}
