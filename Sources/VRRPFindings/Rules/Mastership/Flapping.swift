internal import VRRPFacts
internal import VRRPWire
internal import VRRPTracker

/// Mastership changes again and again.
package enum Flapping: VirtualRouterRule {
    package static let rule = Rule(
        "flapping",
        .warning,
        .mastership,
        summary: "four transitions or more in a minute (or in 60 intervals, if that is longer)",
        clauses: ["RFC9568-6.4.3-12"],
        page: Rule.Page(
            meaning: "The master changed four times or more within a minute.",
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
                "a master that stalls just longer than the backup's patience",
                "a lossy path between the routers",
            ],
            remedy: """
                Look at the causes of the transitions: resignations point to tracking, timeouts to stalls or loss. \
                nopreempt or preempt_delay stops the switching back.
                """,
            notThis: """
                The first master seen does not count as a change, nor does the last one that is shut down with nobody after \
                it. Two masters at once and the end of that are one change.
                """,
            thresholds: "four changes of the masters in 60 s, or in 60 advertisement intervals if that is longer",
            references: ["keepalived.conf(5), preempt_delay"]
        )
    )

    private static let least = 4

    package static func findings(in subject: Subject, _ pending: inout Pending) -> [Finding] {
        let transitions = subject.history.transitions
        guard transitions.count >= least else { return [] }
        let window = max(.seconds(60), subject.interval * 60)
        let changes = transitions.indices.filter { index in
            // A contest and its end are one change, and so are the first master and what is left when all are shut down.
            transitions[index].cause != .initial && !(index == transitions.count - 1 && transitions[index].to.isEmpty)
                && !(transitions[index].cause == .yielded && index > 0 && transitions[index - 1].cause == .contested)
        }
        // Each as many as it takes, close together; what they share counts once.
        var episode: [Int] = []
        var next = 0
        for start in changes.indices.dropLast(least - 1) {
            let end = start + least
            guard transitions[changes[end - 1]].instant - transitions[changes[start]].instant <= window else {
                continue
            }
            episode += changes[max(start, next)..<end]
            next = end
        }
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
                ongoing: !pending.isPast(last.instant + window),
                count: episode.count,
                summary: "mastership changed \(episode.count) times in \(text(last.instant - first.instant))",
                explanation: "By cause: \(list(causes.map { "\($0.count) \($0.cause.rawValue)" })).",
                remedy: remedy(Set(causes.map(\.cause)), names: subject.names(positions)),
                evidence: episode.prefix(8).flatMap { transitions[$0].evidence }
            )
        ]
    }

    /// The remedy by what the changes have for causes.
    private static func remedy(_ causes: Set<Transition.Cause>, names: String) -> String {
        var parts: [String] = []
        if causes.contains(.timeout) {
            parts.append(
                "Timeouts: failover and missed-adverts tell which router fell silent, and whether it stalled or was not heard."
            )
        }
        if !causes.isDisjoint(with: [.resigned, .demoted]) {
            parts.append(
                "Resignations and demotions: look in the logs of \(names) for the tracked script or interface that fails and recovers."
            )
        }
        if !causes.isDisjoint(with: [.contested, .yielded]) {
            parts.append("Contests: a Backup misses advertisements of a master that lives; look at the path to it.")
        }
        if causes.contains(.preempted) {
            parts.append("nopreempt, or preempt_delay on the better router, stops the switching back.")
        }
        return parts.joined(separator: " ")
    }
}
