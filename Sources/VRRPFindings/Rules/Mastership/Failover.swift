internal import VRRPFacts
internal import VRRPTracker
internal import VRRPWire

/// A master fell silent and another router took over.
package enum Failover: VirtualRouterRule {
    package static let rule = Rule(
        "failover",
        .warning,
        .mastership,
        summary: "the master fell silent without resigning, and another router took over",
        // A Backup that takes over does as the protocol asks.
        clauses: [],
        restsOnSilence: true,
        page: Rule.Page(
            meaning: """
                The master sent no more advertisements, not even the last one of priority 0 by which it resigns, and a Backup \
                took over when its Master_Down_Interval was over.
                """,
            importance: """
                Nobody answered for the addresses in the meantime. Redundancy did its work, but something failed: a machine, a \
                process, a link or the path.
                """,
            onTheWire: """
                router A 10.0.0.1 priority 100
                router B 10.0.0.2 priority 90
                0 A announces
                0..5 every 1 A
                8.648 B
                8.649 B announces
                9.648..20.648 every 1 B
                21 end
                """,
            causes: [
                "the machine, its VRRP process or its link failed",
                "the machine stood still for a while: snapshots, migration, disk waits",
                "the path lost the advertisements while the master went on",
            ],
            remedy: "On the router that fell silent, look at its log, its link and its machine at this time.",
            notThis: """
                A master that resigns (priority 0), lowers its priority or is preempted by a better router: those are planned. \
                Where the capture was blind, or the instant is uncertain, nothing is said.
                """,
            thresholds: "one takeover of cause timeout, known to within one interval",
            references: ["RFC 9568 section 6.4.2, Active_Down_Timer"]
        )
    )

    package static func findings(in subject: Subject, _: inout Pending) -> [Finding] {
        let takeovers = subject.history.transitions.filter { isFailover($0, in: subject) }
        guard let first = takeovers.first, let last = takeovers.last,
            let worst = takeovers.max(by: { ($0.outage ?? .zero) < ($1.outage ?? .zero) })
        else { return [] }
        let outage = text(worst.outage ?? .zero)
        var moves: [(words: String, count: Int)] = []
        for takeover in takeovers {
            let words = "from \(subject.names(takeover.from)) to \(subject.names(takeover.to))"
            if let known = moves.firstIndex(where: { $0.words == words }) {
                moves[known].count += 1
            } else {
                moves.append((words, 1))
            }
        }
        let failed = Set(takeovers.flatMap(\.from))
        let names = subject.names(failed)
        return [
            Finding(
                rule,
                virtualRouter: subject.virtualRouter.key,
                routers: subject.addresses(Set(takeovers.flatMap { $0.from + $0.to })),
                from: first.instant,
                to: last.instant,
                count: takeovers.count,
                summary: takeovers.count == 1
                    ? "\(names) fell silent, and \(subject.names(worst.to)) took over \(outage) after its last advertisement"
                    : "the master fell silent and another router took over \(takeovers.count) times, after \(outage) at most",
                explanation: (takeovers.count == 1
                    ? ""
                    : "Mastership moved \(list(moves.map { "\($0.words)\($0.count == 1 ? "" : " \($0.count) times")" })). ")
                    + "\(names) had not resigned, and no better router had preempted it. "
                    + later(takeovers, subject)
                    + (isWatched(takeovers, subject)
                        ? " The capture at \(names) itself shows no further advertisement. So the path lost nothing."
                        : ""),
                remedy:
                    "On \(names), read \(subject.implementation(of: failed).log) from a minute before on. Then look at the link and the "
                    + "machine (out of memory, disk waits, a paused virtual machine)."
                    + (isWatched(takeovers, subject)
                        ? ""
                        : " If \(failed.count == 1 ? names : "one of them") noticed nothing and went on, look at the path to "
                            + "\(subject.names(Set(takeovers.flatMap(\.to))))."),
                evidence: takeovers.prefix(8).flatMap(\.evidence),
                occasions: takeovers.map { Finding.Occasion(start: $0.instant, end: $0.instant) }
            )
        ]
    }

    /// Whether another router took over because the master fell silent, at an instant that is known.
    private static func isFailover(_ transition: Transition, in subject: Subject) -> Bool {
        transition.cause == .timeout && transition.outage != nil
            && transition.latest - transition.earliest <= subject.interval
            && !transition.to.isEmpty && !transition.to.contains(where: transition.from.contains)
    }

    /// Whether the captures at the masters that fell silent went on up to each takeover, and show nothing either.
    private static func isWatched(_ takeovers: [Transition], _ subject: Subject) -> Bool {
        takeovers.allSatisfy { takeover in
            takeover.from.allSatisfy {
                subject.isWatchedItself($0, from: takeover.instant - (takeover.outage ?? .zero), to: takeover.instant)
            }
        }
    }

    /// The sentences on what became of the masters that fell silent.
    private static func later(_ takeovers: [Transition], _ subject: Subject) -> String {
        var (returns, continued): ([TimeSpan], Int) = ([], 0)
        for takeover in takeovers {
            for router in takeover.from {
                let gap = subject.routers[router].endingGaps.first {
                    $0.start <= takeover.instant && $0.end >= takeover.instant
                }
                let reigns = subject.history.reigns
                let heard = gap?.end ?? reigns.first { $0.router == router && $0.start > takeover.instant }?.start
                guard let heard else { continue }
                returns.append(heard - takeover.instant)
                let series = subject.routers[router].identifications
                if let gap, gap.isContinued(in: series), !subject.isHeldBack(router) { continued += 1 }
            }
        }
        guard let longest = returns.max() else {
            return "\(subject.names(Set(takeovers.flatMap(\.from)))) was not heard again."
        }
        let name = subject.names(Set(takeovers.flatMap(\.from)))
        let again =
            takeovers.count == 1
            ? "\(name) was heard again \(text(longest)) later."
            : "\(returns.count < takeovers.count ? "\(returns.count) of \(takeovers.count) times" : "Each time") "
                + "\(name) was heard again, up to \(text(longest)) later."
        return again + " "
            + (continued == returns.count
                ? "It was not restarted: the finding missed-adverts tells whether it stalled or its advertisements were lost."
                : continued == 0
                    ? "Its IP identification does not continue from where it was: it was restarted, or away for long."
                    : "\(continued) of \(returns.count) times it was not restarted: the finding missed-adverts tells whether it "
                        + "stalled. The other times it was restarted, or away for long.")
    }
}
