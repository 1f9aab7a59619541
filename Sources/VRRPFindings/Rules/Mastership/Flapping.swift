internal import VRRPFacts
internal import VRRPWire
internal import VRRPTracker

/// Mastership changes again and again.
package enum Flapping: VirtualRouterRule {
    package static let rule = Rule(
        "flapping",
        .warning,
        .mastership,
        summary:
            "the master changed four times in a minute (or in 60 intervals, if that is longer), six in an hour, or twelve in a day",
        clauses: ["RFC9568-6.4.3-12"],
        page: Rule.Page(
            meaning: "The master changed four times or more within a minute, or again and again over an hour or a day.",
            importance: "Each change breaks connections and makes the whole segment learn the addresses anew.",
            onTheWire: """
                router A 10.0.0.1 priority 100
                router B 10.0.0.2 priority 90
                0..3 every 1 A
                3.5 A resigns
                4.2..7.2 every 1 B
                8..11 every 1 A
                11.5 A resigns
                12.2..15.2 every 1 B
                16..20 every 1 A
                21 end
                """,
            causes: [
                "a tracked script or interface that fails and recovers",
                "a master that stalls just longer than the Backup waits",
                "a lossy path between the routers",
            ],
            remedy: """
                Look at the causes of the changes: resignations point to tracking, timeouts to stalls or loss. \
                nopreempt or preempt_delay stops the switching back.
                """,
            notThis: """
                The first master seen does not count as a change, nor does the last one that is shut down with nobody after \
                it. Two masters at once and the end of that are one change.
                """,
            thresholds: """
                four changes of the masters in 60 s, or in 60 advertisement intervals if that is longer; six in an hour or \
                twelve in a day, where changes within five intervals of each other count once
                """,
            references: ["keepalived.conf(5), preempt_delay"]
        )
    )

    /// A number of changes within a time that is too many.
    private struct Limit {
        var count: Int
        var window: TimeSpan
        /// The changes, each with those that count as one with it, by position among the transitions.
        var changes: [[Int]]

        /// The changes of which as many as it takes lie within the window.
        func exceeding(_ transitions: [Transition]) -> Set<Int> {
            var found: Set<Int> = []
            for start in changes.indices.dropLast(count - 1) {
                let (first, last) = (changes[start][0], changes[start + count - 1][0])
                guard transitions[last].instant - transitions[first].instant <= window else { continue }
                found.formUnion(changes[start..<(start + count)].joined())
            }
            return found
        }
    }

    private static func limits(_ transitions: [Transition], _ interval: TimeSpan) -> [Limit] {
        let changes = transitions.indices.filter { index in
            // A contest and its end are one change. The first master is no change, nor is the end of the last one.
            transitions[index].cause != .initial && !(index == transitions.count - 1 && transitions[index].to.isEmpty)
                && !(transitions[index].cause == .yielded && index > 0 && transitions[index - 1].cause == .contested)
        }
        // A short takeover and the return are one incident to whoever counts by the hour.
        var incidents: [[Int]] = []
        for change in changes {
            if let latest = incidents.last?.last,
                transitions[change].instant - transitions[latest].instant <= interval * 5
            {
                incidents[incidents.count - 1].append(change)
            } else {
                incidents.append([change])
            }
        }
        return [
            Limit(count: 4, window: max(.seconds(60), interval * 60), changes: changes.map { [$0] }),
            Limit(count: 6, window: .seconds(3600), changes: incidents),
            Limit(count: 12, window: .seconds(86400), changes: incidents),
        ]
    }

    package static func findings(in subject: Subject, _ pending: inout Pending) -> [Finding] {
        let transitions = subject.history.transitions
        guard transitions.count >= 4 else { return [] }
        var found: Set<Int> = []
        var isOngoing = false
        for limit in limits(transitions, subject.interval) {
            let exceeding = limit.exceeding(transitions)
            guard let last = exceeding.max() else { continue }
            found.formUnion(exceeding)
            if !pending.isPast(transitions[last].instant + limit.window) { isOngoing = true }
        }
        return finding(about: found.sorted(), isOngoing: isOngoing, in: subject)
    }

    private static func finding(about episode: [Int], isOngoing: Bool, in subject: Subject) -> [Finding] {
        let transitions = subject.history.transitions
        guard let first = episode.first.map({ transitions[$0] }), let last = episode.last.map({ transitions[$0] })
        else { return [] }
        var positions: Set<Int> = []
        var causes: [(cause: Transition.Cause, count: Int)] = []
        for change in episode {
            positions.formUnion(transitions[change].from)
            positions.formUnion(transitions[change].to)
            let cause = transitions[change].cause
            if let index = causes.firstIndex(where: { $0.cause == cause }) {
                causes[index].count += 1
            } else {
                causes.append((cause, 1))
            }
        }
        return [
            Finding(
                rule,
                virtualRouter: subject.virtualRouter.key,
                routers: subject.addresses(positions),
                from: first.instant,
                to: last.instant,
                ongoing: isOngoing,
                count: episode.count,
                summary: "mastership changed \(episode.count) times in \(text(last.instant - first.instant))",
                explanation:
                    "The causes of the changes: \(list(causes.map { "\($0.cause.rawValue) \($0.count == 1 ? "once" : "\($0.count) times")" }))."
                    + stalls(episode.map { transitions[$0] }, in: subject),
                remedy: remedy(Set(causes.map(\.cause)), names: subject.names(positions)),
                evidence: episode.prefix(8).flatMap { transitions[$0].evidence },
                occasions: episode.map {
                    Finding.Occasion(start: transitions[$0].instant, end: transitions[$0].instant)
                }
            )
        ]
    }

    /// The sentences on the routers that fell silent and went on to count where they were, with a blank in front; empty where
    /// none did.
    private static func stalls(_ changes: [Transition], in subject: Subject) -> String {
        let silent = changes.filter { $0.cause == .timeout }.flatMap { change in
            change.from.map { (router: $0, instant: change.instant) }
        }
        return Dictionary(grouping: silent, by: \.router).sorted { $0.key < $1.key }.map { position, silences in
            let router = subject.routers[position]
            let stalled = silences.count { silence in
                router.identifications.counts
                    && router.endingGaps.contains {
                        $0.start <= silence.instant && $0.end >= silence.instant && $0.identificationStep == 1
                    }
            }
            guard stalled > 0 else { return "" }
            return
                " \(stalled == silences.count ? silences.count == 1 ? "When" : "Each time" : "\(stalled) of the \(silences.count) times that") \(router.address) fell silent, it stalled: by its IP "
                + "identification it sent nothing meanwhile and was not restarted (missed-adverts)."
        }.joined()
    }

    /// The remedy by what the changes have for causes.
    private static func remedy(_ causes: Set<Transition.Cause>, names: String) -> String {
        var parts: [String] = []
        if causes.contains(.timeout) {
            parts.append(
                "For the timeouts, read the findings failover and missed-adverts: which router fell silent, and whether it stalled "
                    + "or its advertisements were lost."
            )
        }
        if !causes.isDisjoint(with: [.resigned, .demoted]) {
            parts.append(
                "For the resignations and demotions, look in the logs of \(names) for the tracked script or interface that fails and "
                    + "recovers."
            )
        }
        if !causes.isDisjoint(with: [.contested, .yielded]) {
            parts.append("For the contests, look at the path between \(names): a Backup does not hear a living master.")
        }
        if causes.contains(.preempted) {
            parts.append("To stop the switching back, set nopreempt or preempt_delay on the better router.")
        }
        return parts.joined(separator: " ")
    }
}
