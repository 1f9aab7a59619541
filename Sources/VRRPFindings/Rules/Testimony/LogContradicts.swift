internal import VRRPFacts
internal import VRRPTestimony
internal import VRRPTracker
internal import VRRPWire

/// A router's log and the wire say different things about whether it is master.
package enum LogContradicts: VirtualRouterRule {
    package static let rule = Rule(
        "log-contradicts",
        .warning,
        .testimony,
        summary: "a router's own log says that it is master and the wire shows that it is not, or the reverse",
        clauses: [],
        page: Rule.Page(
            meaning: """
                With `--log` the report lays what a router said of itself beside what the wire shows. For longer than clocks and \
                timers explain, the two name different states. The explanation says which of them to believe, and why: a log is \
                right about what a router thinks, the wire is right about what others hear of it.
                """,
            importance: """
                A router that holds the addresses unheard is half of a split brain. A log that lacks lines leads whoever reads \
                it alone to the wrong router.
                """,
            onTheWire: """
                log B
                | 2026-01-01T00:00:00.100Z (VI_1) Entering BACKUP STATE (init)
                | 2026-01-01T00:00:07.648Z (VI_1) Entering MASTER STATE
                | 2026-01-01T00:00:22.100Z (VI_1) Entering BACKUP STATE
                router A 10.0.0.1 priority 100
                router B 10.0.0.2 priority 90
                0..4 every 1 A
                7.648437500..11.7 every 1 B
                12.2..23 every 1 A
                23.5 end
                """,
            causes: [
                "the router's advertisements stop on their way to where the capture was made",
                "its daemon was not run for a while, and could neither speak nor log",
                "the log lacks lines: journald and syslog drop what comes too fast, and a rotated file ends early",
                "the log is another router's than the one it was named for",
            ],
            remedy: """
                Capture at the router itself at the same time (`vrrpwatch analyze --at r1=r1.pcap …`): that shows whether its \
                advertisements leave. Look for suppressed messages in its journal.
                """,
            notThis: """
                Shorter differences are told by nobody: a router that crashed does not say so, and a log that was silent since \
                the last state it named proves nothing. A log whose clock could not be compared with the wire's is not held \
                against it.
                """,
            thresholds: "two intervals, a second at least, and the error of the log's clock",
            references: ["keepalived vrrp.c and vrrp_scheduler.c; FRR vrrp.c (vrrp_change_state)"]
        )
    )

    package static func findings(in subject: Subject, _ pending: inout Pending) -> [Finding] {
        subject.testimony.flatMap { witness, course -> [Finding] in
            guard witness.clockOffset != nil else { return [] }
            let error = witness.resolution + (witness.clockOffsetError ?? .zero)
            let limit = max(subject.interval * 2, .seconds(1)) + error
            return [true, false].compactMap { saysMaster in
                let stretches = contradictions(course, saysMaster: saysMaster, subject)
                    .filter { $0.end - $0.start > limit }
                return finding(witness, course, saysMaster: saysMaster, stretches, subject)
            }
        }
    }

    // MARK: Where they differ

    /// The stretches in which the log says one thing and the wire the other, neighbours joined.
    private static func contradictions(
        _ course: Witness.Course,
        saysMaster: Bool,
        _ subject: Subject
    ) -> [TimelineInterval] {
        var stretches: [TimelineInterval] = []
        for word in course.words where !word.isStale && (word.state == .master) == saysMaster {
            for interval in subject.history.timeline where interval.end > word.start && interval.start < word.end {
                switch interval.state {
                case .notObserved, .uncertain: continue
                case .master, .split, .none: break
                }
                guard interval.masters.contains(course.router) != saysMaster else { continue }
                var stretch = interval
                (stretch.start, stretch.end) = (max(interval.start, word.start), min(interval.end, word.end))
                if let last = stretches.last, last.end == stretch.start {
                    stretches[stretches.count - 1].end = stretch.end
                } else {
                    stretches.append(stretch)
                }
            }
        }
        return stretches
    }

    private static func finding(
        _ witness: Witness,
        _ course: Witness.Course,
        saysMaster: Bool,
        _ stretches: [TimelineInterval],
        _ subject: Subject
    ) -> Finding? {
        guard let first = stretches.first, let last = stretches.last,
            let longest = stretches.max(by: { $0.end - $0.start < $1.end - $1.start })
        else { return nil }
        let address = subject.routers[course.router].address
        let label = witness.name.map { $0 == address.description ? $0 : "\($0) (\(address))" } ?? address.description
        let length = text(longest.end - longest.start)
        let summary =
            saysMaster
            ? "the log of \(label) says that it is master, but on the wire it was not for \(length)"
            : "the log of \(label) does not say that it is master, but on the wire it was for \(length)"
        return Finding(
            rule,
            virtualRouter: subject.virtualRouter.key,
            routers: [address],
            from: first.start,
            to: last.end,
            ongoing: last.end == subject.end,
            count: stretches.count,
            summary: summary,
            explanation: (saysMaster ? silentMaster : unsaidMaster)(longest, witness, course, subject)
                + " " + clockSentence(witness),
            evidence: evidence(longest, course, subject),
            occasions: stretches.map { Finding.Occasion(start: $0.start, end: $0.end) }
        )
    }

    private static func clockSentence(_ witness: Witness) -> String {
        let error = witness.clockOffsetError.map { " (± \(text($0)))" } ?? ""
        guard witness.clock == .adverts else { return "The log's clock is that of the capture at the router." }
        return
            "The log's clock was compared with the wire by \(count(witness.matches, "statement")) that an advertisement "
            + "follow\(witness.matches == 1 ? "s" : "ed")\(error)."
    }

    private static func evidence(
        _ stretch: TimelineInterval,
        _ course: Witness.Course,
        _ subject: Subject
    ) -> [FrameReference] {
        let own = subject.history.reigns.last { $0.router == course.router && $0.start <= stretch.end }
        let other = subject.history.reigns.first { reign in
            reign.router != course.router && (reign.end ?? stretch.end) > stretch.start
        }
        return [own?.lastEvidence, other?.startEvidence].compactMap { $0 }
    }

    // MARK: Which to believe

    /// The log says that it is master, and the wire does not.
    private static func silentMaster(
        _ stretch: TimelineInterval,
        _ witness: Witness,
        _ course: Witness.Course,
        _ subject: Subject
    ) -> String {
        let router = subject.routers[course.router]
        let others = stretch.masters.filter { $0 != course.router }
        let seen =
            others.isEmpty ? "nobody was heard" : "\(subject.names(others)) \(others.count == 1 ? "was" : "were") heard"
        let gaps = (router.gaps + router.endingGaps).filter { $0.start < stretch.end && $0.end > stretch.start }
        let said = "While the log says MASTER, \(seen) instead."
        if let gap = gaps.first(where: { $0.identificationStep != nil }), let step = gap.identificationStep {
            if step == 1 {
                return said
                    + " Believe the wire: by its IP identification the router sent nothing meanwhile. Its daemon did not "
                    + "run, and could not log either."
            }
            if router.identifications.counts, Int(step) > 1, Int(step) <= gap.due + 1 {
                let sent = count(Int(step) - 1, "advertisement")
                return said
                    + " Believe the log: by its IP identification the router sent \(sent) meanwhile, which "
                    + "\(Int(step) == 2 ? "was" : "were") lost on the way to the capture."
            }
        }
        if isStalled(stretch, witness) {
            return said
                + " Believe the wire: the log says afterwards that timers ran out late. The daemon did not run, and "
                + "could not log either."
        }
        return said
            + " Believe both. The log is right that the router takes itself for master and holds the addresses. The wire is "
            + "right that none of its advertisements reach the capture. The fault is on the way between."
    }

    /// Whether the log complains, in a stretch or soon after, that the daemon was not run in time.
    private static func isStalled(_ stretch: TimelineInterval, _ witness: Witness) -> Bool {
        witness.statements.contains { placed in
            guard placed.statement.kind == .stalled, let instant = placed.instant else { return false }
            return instant >= stretch.start && instant <= stretch.end + .seconds(2)
        }
    }

    /// The wire shows it as master, and the log does not.
    private static func unsaidMaster(
        _ stretch: TimelineInterval,
        _ witness: Witness,
        _ course: Witness.Course,
        _ subject: Subject
    ) -> String {
        if stretch.basis == .inferred {
            return
                "Believe the log: the router was not heard in this time. This report concluded from the protocol's rules alone "
                + "that it was master."
        }
        return
            "Believe the wire: only a master sends advertisements of a priority above 0, and this router sent them when they "
            + "were due. The log lacks lines, or is another router's."
    }
}
