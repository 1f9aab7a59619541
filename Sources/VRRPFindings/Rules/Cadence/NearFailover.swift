internal import VRRPFacts
internal import VRRPWire
internal import VRRPTracker

/// A silence that nearly was a failover.
package enum NearFailover: VirtualRouterRule {
    package static let rule = Rule(
        "near-failover",
        .warning,
        .cadence,
        summary: "a master was silent for more than two intervals, and nobody took over",
        clauses: [Rule.Clause("RFC9568-6.1-6", "where it nearly was"), "RFC9568-6.2-1"],
        restsOnSilence: true,
        page: Rule.Page(
            meaning:
                "The master was silent for more than two intervals, then went on before a Backup took over.",
            importance:
                "One more late or lost advertisement, and a Backup would have taken over.",
            onTheWire: """
                router A 10.0.0.1 priority 100
                0..5 every 1 A
                7.9..15.9 every 1 A
                16 end
                """,
            causes: [
                "the master's process or virtual machine was paused",
                "advertisements were lost on the way; the IP identification then goes on by more than one",
                "packets waited on the way; with auth_hmac the sender's own clock then says so",
            ],
            remedy: """
                Find what stalled the master or the path at these times. Until then a longer advert_int or \
                down_timer_adverts lets the Backups wait longer.
                """,
            notThis: "A silence after which a Backup did take over is a failover, not a near failover.",
            thresholds: "more than two advertisement intervals, and more than timers are off, within one reign",
            references: ["RFC 9568 section 6.1, Active_Down_Interval"]
        )
    )

    package static func findings(in subject: Subject, _: inout Pending) -> [Finding] {
        subject.routersWithGaps.compactMap { position in
            let router = subject.routers[position]
            let gaps = router.gaps.filter { $0.end - $0.start > ElectionTimes.longestGapOfOne($0.interval) }
            guard let worst = gaps.max(by: { $0.end - $0.start < $1.end - $1.start }), let last = gaps.last else {
                return nil
            }
            let margin =
                subject.virtualRouter.masterDownInterval(afterSilenceOf: position, assuming: 254)
                - (worst.end - worst.start)
            return Finding(
                rule,
                virtualRouter: subject.virtualRouter.key,
                routers: [router.address],
                from: gaps[0].start,
                to: last.end,
                count: gaps.count,
                summary: gaps.count == 1
                    ? "\(router.address) was silent for \(text(worst.end - worst.start)) and remained master"
                    : "\(router.address) was silent \(gaps.count) times, for up to \(text(worst.end - worst.start)), and remained master",
                explanation:
                    "\(count(gaps.count, "gap")) between advertisements \(gaps.count == 1 ? "was" : "were") longer than two intervals "
                    + "of \(text(worst.interval)). "
                    + (margin > .zero
                        ? "A Backup would have taken over \(text(margin)) after the end of the longest gap."
                        : "A Backup should have taken over \(text(margin.magnitude)) before the end of the longest gap.")
                    + worst.senderClockSentence,
                remedy:
                    "The finding missed-adverts tells whether \(router.address) sent in these gaps. If it did not, look on "
                    + "\(router.address) for what stalled it: \(subject.implementation(of: position).log) at these times, CPU steal, "
                    + "disk waits, snapshots. If it did, look at the path. Until then a longer advertisement interval on all routers "
                    + "lets the Backups wait longer.",
                evidence: gaps.prefix(8).flatMap { [$0.startEvidence, $0.endEvidence] },
                occasions: gaps.map { Finding.Occasion(start: $0.start, end: $0.end) }
            )
        }
    }
}
