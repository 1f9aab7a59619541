internal import VRRPFacts
internal import VRRPWire
internal import VRRPTracker

/// Advertisements that were due were not seen.
package enum MissedAdverts: VirtualRouterRule {
    package static let rule = Rule(
        "missed-adverts",
        .notice,
        .cadence,
        summary: "advertisements were due and did not come: not sent, or lost, as the IP identification tells",
        clauses: ["RFC9568-6.2-1", "RFC9568-6.4.3-8"],
        restsOnSilence: true,
        page: Rule.Page(
            meaning: "Between two advertisements of a master one or more others were due and did not come.",
            importance: """
                Not sent means that the router stalled. Lost means that the path drops packets. The two are mended in \
                different places, and a receiver cannot tell them apart by the silence alone.
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
            notThis: """
                Silence that a capture's own drop counter explains is not counted. A router that begins to number anew was \
                restarted: it missed nothing, it was away.
                """,
            thresholds: """
                a gap of more than one and a half intervals within one reign; a longer one that ended a reign, after which the \
                router went on
                """,
            references: ["keepalived, vrrp_update_pkt in vrrp.c: the identification counts advertisements"]
        )
    )

    package static func findings(in subject: Subject, _: inout Pending) -> [Finding] {
        subject.routersWithGaps.compactMap { position in
            let router = subject.routers[position]
            let series = router.identifications
            let endings = subject.isHeldBack(position) ? [] : router.endingGaps.filter { $0.isContinued(in: series) }
            let gaps = (router.gaps + endings).sorted { $0.start < $1.start }
            guard let first = gaps.first, let longest = gaps.max(by: { $0.end - $0.start < $1.end - $1.start }) else {
                return nil
            }
            var missing = Missing()
            for gap in router.gaps { missing.add(gap, series) }
            // Gaps that were not kept in detail.
            missing.unknown += max(0, router.missedAdverts - missing.total)
            var ending = Missing()
            for gap in endings { ending.add(ending: gap, series) }
            let all = missing + ending
            return Finding(
                rule,
                virtualRouter: subject.virtualRouter.key,
                routers: [router.address],
                from: first.start,
                to: gaps.map(\.end).max() ?? first.end,
                count: all.total,
                summary: all.summary(of: router.address),
                explanation: sentence(about: router) + sentence(about: endings, ending, router)
                    + longest.senderClockSentence,
                remedy: all.remedy(for: router.address, subject.implementation(of: position)),
                evidence: gaps.prefix(8).flatMap { [$0.startEvidence, $0.endEvidence] },
                occasions: gaps.map { Finding.Occasion(start: $0.start, end: $0.end) }
            )
        }
    }

    private static func sentence(about router: Router) -> String {
        router.identifications.counts
            ? "\(router.address) counts its advertisements in the IP identification. A step of one across a gap means "
                + "that it sent nothing in the gap, a larger step means that packets were lost."
            : "\(router.address) does not count its advertisements in the IP identification. So the capture cannot tell "
                + "whether the router did not send them or the path lost them."
    }

    /// The sentence on the gaps in which the router ceased to count as master, with a blank in front; empty without any.
    private static func sentence(about endings: [Router.Gap], _ missing: Missing, _ router: Router) -> String {
        guard !endings.isEmpty else { return "" }
        let gaps = endings.count == 1 ? "One gap was" : "\(endings.count) gaps were"
        return " \(gaps) so long that another router takes over. Until then \(missing.clause)."
            + (missing.unknown == 0 && missing.lost == 0
                ? " So \(router.address) itself stalled, and the path lost nothing." : "")
            + (missing.unknown == 0 && missing.notSent == 0
                ? " So \(router.address) sent all the time, and the path lost its advertisements." : "")
    }
}

/// Advertisements that were due and did not come, by what became of them.
private struct Missing {
    var notSent = 0
    var lost = 0
    var late = 0
    var unknown = 0

    var total: Int { notSent + lost + late + unknown }

    /// The fate of all of them: `3 advertisements were not sent and 1 was sent and lost`.
    var clause: String {
        let parts = [
            (notSent, "not sent"), (lost, "sent and lost"), (late, "late on the way"), (unknown, "not sent or lost"),
        ].filter { $0.0 > 0 }
        guard !parts.isEmpty else { return "no advertisement was missed" }
        return list(
            parts.enumerated().map { index, part in
                (index == 0 ? count(part.0, "advertisement") : "\(part.0)") + (part.0 == 1 ? " was " : " were ")
                    + part.1
            }
        )
    }

    func summary(of router: IPAddress) -> String {
        let number = count(total, "advertisement")
        let kinds = [notSent, lost, late, unknown].count { $0 > 0 }
        if kinds == 1, notSent > 0 {
            return "\(router) did not send \(number) that \(total == 1 ? "was" : "were") due"
        }
        if kinds == 1, lost > 0 {
            return "\(number) of \(router) \(total == 1 ? "was" : "were") sent and lost on the way"
        }
        if kinds == 1, unknown > 0 { return "\(number) of \(router) did not come: not sent, or lost on the way" }
        return "\(number) of \(router) did not come in time: \(clause)"
    }

    static func + (left: Self, right: Self) -> Self {
        Self(
            notSent: left.notSent + right.notSent,
            lost: left.lost + right.lost,
            late: left.late + right.late,
            unknown: left.unknown + right.unknown
        )
    }

    mutating func add(_ gap: Router.Gap, _ series: IdentificationSeries) {
        var due = max(1, gap.due)
        if let step = gap.senderClockStep {
            let dueByItsClock = max(0, Int((step / gap.interval).rounded()) - 1)
            late += max(0, due - dueByItsClock)
            due = min(due, dueByItsClock)
        }
        guard series.counts, let step = gap.identificationStep, step > 0, Int(step) <= due + 1 else {
            unknown += due
            return
        }
        lost += Int(step) - 1
        notSent += due - (Int(step) - 1)
    }

    /// Adds a silence that ended a reign: nothing is due any more once another router is master, and a Backup waits for three
    /// advertisements (RFC 9568 section 6.1).
    mutating func add(ending gap: Router.Gap, _ series: IdentificationSeries) {
        let due = 3
        guard series.counts, let step = gap.identificationStep else {
            unknown += due
            return
        }
        lost += Int(step) - 1
        notSent += max(0, due - (Int(step) - 1))
    }

    /// The remedy that fits, on the machine that it concerns; `nil` for the page's.
    func remedy(for router: IPAddress, _ implementation: Implementation?) -> String? {
        if unknown == 0, late == 0, lost == 0 {
            return
                "On \(router), look at \(implementation.log) at these times, then at CPU steal, disk waits and snapshots of the "
                + "machine: its VRRP process did not run." + implementation.shield
        }
        if unknown == 0, late == 0, notSent == 0 {
            return "\(router) itself is well. Look for drops on the way from \(router) to where the capture was taken: "
                + "`ip -s link` on both machines, and the error counters of the switch ports between them."
        }
        return nil
    }
}
