package import VRRPWire
internal import VRRPTracker

/// Mastership changes again and again.
package enum Flapping: Detector {
    package static let rule = FindingRule(
        "flapping",
        .warning,
        summary: "four transitions or more in a minute (or in 60 intervals, if that is longer)",
        page: FindingRule.Page(
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
            notThis: "The first master seen does not count as a change.",
            thresholds: "four changes of the masters in 60 s, or in 60 advertisement intervals if that is longer",
            references: ["keepalived.conf(5), preempt_delay"]
        )
    )

    private static let least = 4

    package static func findings(in subject: Subject) -> [Finding] {
        let window = window(subject)
        let changes = subject.history.transitions.filter { $0.cause != .initial }
        var flapping: Set<Int> = []
        for index in changes.indices.dropLast(least - 1)
        where changes[index + least - 1].instant - changes[index].instant <= window {
            flapping.formUnion(index..<(index + least))
        }
        let episode = flapping.sorted().map { changes[$0] }
        guard let first = episode.first, let last = episode.last else { return [] }
        let positions = Set(episode.flatMap { $0.from + $0.to })
        var causes: [(cause: Transition.Cause, count: Int)] = []
        for change in episode {
            if let index = causes.firstIndex(where: { $0.cause == change.cause }) {
                causes[index].count += 1
            } else {
                causes.append((change.cause, 1))
            }
        }
        return [
            Finding(
                rule,
                virtualRouter: subject.virtualRouter.key,
                routers: subject.addresses(positions),
                from: first.instant,
                to: last.instant,
                ongoing: subject.end - last.instant < window,
                count: episode.count,
                summary: "mastership changed \(episode.count) times in \(text(last.instant - first.instant))",
                explanation: "By cause: \(list(causes.map { "\($0.count) \($0.cause.rawValue)" })).",
                evidence: episode.prefix(8).flatMap(\.evidence)
            )
        ]
    }

    package static func nextChange(in subject: Subject) -> CaptureInstant? {
        subject.history.transitions.last.map { $0.instant + window(subject) }
    }

    private static func window(_ subject: Subject) -> TimeSpan { max(.seconds(60), subject.interval * 60) }
}
