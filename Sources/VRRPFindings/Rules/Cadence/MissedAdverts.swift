internal import VRRPFacts
internal import VRRPWire
internal import VRRPTracker

/// Advertisements that were due were not seen.
package enum MissedAdverts: VirtualRouterRule {
    package static let rule = Rule(
        "missed-adverts",
        .notice,
        .cadence,
        summary: "adverts that were due were not seen, and whether they were not sent or lost (IP identification)",
        clauses: ["RFC9568-6.2-1", "RFC9568-6.4.3-8"],
        restsOnSilence: true,
        page: Rule.Page(
            meaning: "Between two advertisements of a master one or more others were due and did not come.",
            importance: """
                Not sent means that the router stalled; lost means that the path drops packets. The two are mended in \
                different places, and the receiving end cannot tell them apart by the silence alone.
                """,
            onTheWire: """
                router A 10.0.0.1 priority 100
                0..5 every 1 A
                8..15 every 1 A
                16 end
                """,
            causes: ["a stalled or paused sender", "loss on the way, or in a capture that does not report its drops"],
            remedy:
                "For adverts not sent look at the sender's CPU and hypervisor; for lost ones at the switches in between.",
            notThis: "Silence that a capture's own drop counter explains is not counted.",
            thresholds: "a gap of more than one and a half intervals within one reign",
            references: ["keepalived, vrrp_update_pkt in vrrp.c: the identification counts advertisements"]
        )
    )

    package static func findings(in subject: Subject, _: inout Pending) -> [Finding] {
        subject.routersWithGaps.compactMap { position in
            let router = subject.routers[position]
            guard let first = router.gaps.first, let last = router.gaps.last,
                let longest = router.gaps.max(by: { $0.end - $0.start < $1.end - $1.start })
            else { return nil }
            var missed = (notSent: 0, lost: 0, late: 0, unknown: 0)
            for gap in router.gaps {
                var due = max(1, Int(((gap.end - gap.start) / gap.interval).rounded()) - 1)
                if let step = gap.senderClockStep {
                    let dueByItsClock = max(0, Int((step / gap.interval).rounded()) - 1)
                    missed.late += max(0, due - dueByItsClock)
                    due = min(due, dueByItsClock)
                }
                guard router.identifications.counts, let step = gap.identificationStep, step > 0, Int(step) <= due + 1
                else {
                    missed.unknown += due
                    continue
                }
                missed.lost += Int(step) - 1
                missed.notSent += due - (Int(step) - 1)
            }
            // Gaps that were not kept in detail.
            missed.unknown += max(0, router.missedAdverts - missed.notSent - missed.lost - missed.late - missed.unknown)
            let parts = [
                missed.notSent > 0 ? "\(missed.notSent) not sent" : nil,
                missed.lost > 0 ? "\(missed.lost) sent and lost" : nil,
                missed.late > 0 ? "\(missed.late) late on the way" : nil,
                missed.unknown > 0 ? "\(missed.unknown) not sent or lost" : nil,
            ].compactMap { $0 }
            let total = missed.notSent + missed.lost + missed.late + missed.unknown
            return Finding(
                rule,
                virtualRouter: subject.virtualRouter.key,
                routers: [router.address],
                from: first.start,
                to: last.end,
                count: total,
                summary: "\(count(total, "advertisement")) of \(router.address) did not come: \(list(parts))",
                explanation: (router.identifications.counts
                    ? "\(router.address) counts its advertisements in the IP identification: a step of one across a gap means "
                        + "that nothing was sent in it, a larger one that packets were lost."
                    : "\(router.address) does not count its advertisements in the IP identification, so not sent and lost "
                        + "look the same.")
                    + longest.senderClockSentence,
                evidence: router.gaps.prefix(8).flatMap { [$0.startEvidence, $0.endEvidence] }
            )
        }
    }
}
