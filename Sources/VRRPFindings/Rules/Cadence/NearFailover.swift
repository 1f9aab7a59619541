internal import VRRPFacts
internal import VRRPWire
internal import VRRPTracker

/// A silence that nearly was a failover.
package enum NearFailover: VirtualRouterRule {
    package static let rule = Rule(
        "near-failover",
        .warning,
        .cadence,
        summary: "a gap of more than two intervals that did not yet lead to a takeover",
        clauses: [Rule.Clause("RFC9568-6.1-6", "where it nearly was"), "RFC9568-6.2-1"],
        restsOnSilence: true,
        page: Rule.Page(
            meaning:
                "The master was silent for more than two intervals, then went on before a backup's patience ended.",
            importance:
                "One more advertisement late or lost, and a backup would have taken over, and given back again.",
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
                Find what stalled the master or the path at these times; until then a longer advert_int or \
                down_timer_adverts buys patience.
                """,
            notThis: "A silence after which a backup did take over is a transition, not a near failover.",
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
                summary: "\(router.address) was silent for up to \(text(worst.end - worst.start)) and stayed master",
                explanation:
                    "\(count(gaps.count, "gap")) of more than two intervals of \(text(worst.interval)); after the "
                    + "longest, a backup "
                    + (margin > .zero
                        ? "would have taken over \(text(margin)) later."
                        : "should have taken over \(text(margin.magnitude)) earlier.")
                    + worst.senderClockSentence,
                remedy:
                    "missed-adverts tells whether \(router.address) had sent in these gaps. If not, look on it for what "
                    + "stalled it: \(subject.implementation(of: position).log) at these times, CPU steal, disk waits, snapshots. If it "
                    + "had, look at the path. Until then a longer advertisement interval buys patience, on all routers alike.",
                evidence: gaps.prefix(8).flatMap { [$0.startEvidence, $0.endEvidence] },
                occasions: gaps.map { Finding.Occasion(start: $0.start, end: $0.end) }
            )
        }
    }
}
