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
            meaning: """
                Between two advertisements of a master one or more others were due and did not come, or, by captures at both, did \
                not come to another router.
                """,
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
                router went on; fewer than three in a row that did not arrive, by captures at both routers
                """,
            references: ["keepalived, vrrp_update_pkt in vrrp.c: the identification counts advertisements"]
        )
    )

    package static func findings(in subject: Subject, _: inout Pending) -> [Finding] {
        subject.routersWithLosses.compactMap { position in
            let router = subject.routers[position]
            let series = router.identifications
            let isHeldBack = subject.isHeldBack(position)
            let endings = isHeldBack ? [] : router.endingGaps.filter { $0.isContinued(in: series) }
            let gaps = (router.gaps + endings).sorted { $0.start < $1.start }
            let ways = subject.lossyWays(of: position)
            var missing = Missing()
            for gap in router.gaps { missing.add(gap, series, isWatched(gap, position, subject)) }
            // Gaps that were not kept in detail.
            missing.unknown += max(0, router.missedAdverts - missing.total)
            var ending = Missing()
            for gap in endings { ending.add(ending: gap, series, isWatched(gap, position, subject)) }
            var all = missing + ending
            all.underway = ways.map(\.lost).max() ?? 0
            let occasions = Subject.occasions(gaps, ways.flatMap(\.losses))
            guard let first = occasions.first else { return nil }
            let longest = gaps.max { $0.end - $0.start < $1.end - $1.start }
            let watched = gaps.filter { isWatched($0, position, subject) }
            return Finding(
                rule,
                virtualRouter: subject.virtualRouter.key,
                routers: [router.address],
                from: first.start,
                to: occasions.map(\.end).max() ?? first.end,
                count: all.total,
                summary: all.summary(of: router.address),
                explanation: [
                    gaps.isEmpty || watched.count == gaps.count ? nil : sentence(about: router),
                    watched.isEmpty ? nil : sentence(aboutWatched: watched, of: gaps, router, missing + ending),
                    ways.isEmpty ? nil : ways.map { $0.sentence(from: position, in: subject) }.joined(separator: " "),
                    sentence(about: endings, ending, router),
                ].compactMap { $0 }.joined(separator: " ") + (longest?.senderClockSentence ?? ""),
                remedy: all.remedy(for: router.address, subject.implementation(of: position), ways, subject),
                evidence: subject.evidence(of: gaps, of: position, at: first.start),
                occasions: occasions
            )
        }
    }

    /// Whether the capture at the router itself shows whether it sent in a gap.
    private static func isWatched(_ gap: Router.Gap, _ router: Int, _ subject: Subject) -> Bool {
        subject.isWatchedItself(router, from: gap.start, to: gap.end)
    }

    /// The sentence on the gaps in which the router's own capture went on.
    private static func sentence(
        aboutWatched watched: [Router.Gap],
        of gaps: [Router.Gap],
        _ router: Router,
        _ missing: Missing
    ) -> String {
        let these = watched.count == gaps.count ? "these gaps" : "\(watched.count) of these gaps"
        return "The capture at \(router.address) itself went on in \(these) and shows no advertisement, so that "
            + (missing.neverLeft > 0
                ? "those that the IP identification counts were made and never left the machine, and the others were not "
                    + "sent."
                : "none was sent.")
    }

    private static func sentence(about router: Router) -> String {
        router.identifications.counts
            ? "\(router.address) counts its advertisements in the IP identification. A step of one across a gap means "
                + "that it sent nothing in the gap, a larger step means that packets were lost."
            : "\(router.address) does not count its advertisements in the IP identification. So the capture cannot tell "
                + "whether the router did not send them or the path lost them."
    }

    /// The sentence on the gaps in which the router ceased to count as master; `nil` without any.
    private static func sentence(about endings: [Router.Gap], _ missing: Missing, _ router: Router) -> String? {
        guard !endings.isEmpty else { return nil }
        let gaps = endings.count == 1 ? "One gap was" : "\(endings.count) gaps were"
        return "\(gaps) so long that another router takes over. Until then \(missing.clause)."
            + (missing.unknown == 0 && missing.lost == 0 && missing.neverLeft == 0
                ? " So \(router.address) itself stalled, and the path lost nothing." : "")
            + (missing.unknown == 0 && missing.notSent == 0 && missing.neverLeft == 0
                ? " So \(router.address) sent all the time, and the path lost its advertisements." : "")
    }
}

/// Advertisements that were due and did not come, by what became of them.
private struct Missing {
    var notSent = 0
    var lost = 0
    var late = 0
    var unknown = 0
    /// Advertisements that were sent by their numbers, and that the capture at their sender does not show.
    var neverLeft = 0
    /// Advertisements that left their sender and did not arrive at another router, by captures at both.
    var underway = 0

    var total: Int { notSent + lost + late + unknown + neverLeft + underway }

    /// The fate of all of them: `3 advertisements were not sent and 1 was sent and lost`.
    var clause: String {
        let parts = [
            (notSent, "not sent"), (lost, "sent and lost"), (late, "late on the way"),
            (neverLeft, "made and not let out"), (underway, "lost on the way"), (unknown, "not sent or lost"),
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
        let kinds = [notSent, lost, late, unknown, neverLeft, underway].count { $0 > 0 }
        if kinds == 1, notSent > 0 {
            return "\(router) did not send \(number) that \(total == 1 ? "was" : "were") due"
        }
        if kinds == 1, lost > 0 {
            return "\(number) of \(router) \(total == 1 ? "was" : "were") sent and lost on the way"
        }
        if kinds == 1, underway > 0 { return "\(number) of \(router) \(total == 1 ? "was" : "were") lost on the way" }
        if kinds == 1, neverLeft > 0 {
            return "\(number) of \(router) \(total == 1 ? "was" : "were") made and did not leave the machine"
        }
        if kinds == 1, unknown > 0 { return "\(number) of \(router) did not come: not sent, or lost on the way" }
        return "\(number) of \(router) did not come in time: \(clause)"
    }

    static func + (left: Self, right: Self) -> Self {
        Self(
            notSent: left.notSent + right.notSent,
            lost: left.lost + right.lost,
            late: left.late + right.late,
            unknown: left.unknown + right.unknown,
            neverLeft: left.neverLeft + right.neverLeft,
            underway: left.underway + right.underway
        )
    }

    /// Adds the advertisements that were due in a gap; where it was watched, the capture at the sender went on, so that none of
    /// them left it.
    mutating func add(_ gap: Router.Gap, _ series: IdentificationSeries, _ isWatched: Bool) {
        var due = max(1, gap.due)
        if let step = gap.senderClockStep {
            let dueByItsClock = max(0, Int((step / gap.interval).rounded()) - 1)
            late += max(0, due - dueByItsClock)
            due = min(due, dueByItsClock)
        }
        guard series.counts, let step = gap.identificationStep, step > 0, Int(step) <= due + 1 else {
            if isWatched { notSent += due } else { unknown += due }
            return
        }
        if isWatched { neverLeft += Int(step) - 1 } else { lost += Int(step) - 1 }
        notSent += due - (Int(step) - 1)
    }

    /// Adds a silence that ended a reign: nothing is due any more once another router is master, and a Backup waits for three
    /// advertisements (RFC 9568 section 6.1).
    mutating func add(ending gap: Router.Gap, _ series: IdentificationSeries, _ isWatched: Bool) {
        let due = 3
        guard series.counts, let step = gap.identificationStep else {
            if isWatched { notSent += due } else { unknown += due }
            return
        }
        if isWatched { neverLeft += Int(step) - 1 } else { lost += Int(step) - 1 }
        notSent += max(0, due - (Int(step) - 1))
    }

    /// The remedy that fits, on the machine that it concerns; `nil` for the page's.
    func remedy(
        for router: IPAddress,
        _ implementation: Implementation?,
        _ ways: [Subject.LossyWay],
        _ subject: Subject
    ) -> String? {
        guard unknown == 0, late == 0 else { return nil }
        if neverLeft > 0 {
            return
                "On \(router), look for a filter of outgoing packets of IP protocol 112 (`nft list ruleset`, `iptables -S "
                + "OUTPUT`), and at the queue of the interface (`tc -s qdisc`)."
        }
        if lost == 0, underway == 0 {
            return
                "On \(router), look at \(implementation.log) at these times, then at CPU steal, disk waits and snapshots of the "
                + "machine: its VRRP process did not run." + implementation.shield
        }
        guard notSent == 0 else { return nil }
        if lost == 0 {
            let receivers = list(ways.map { "\(subject.routers[$0.receiver].address)" })
            return
                "\(router) itself is well. Look for drops on the way to \(receivers): `ip -s link` and `ethtool -S` on the "
                + "machines, and the error counters of the switch ports between. Another capture in the middle halves the "
                + "search."
        }
        return "\(router) itself is well. Look for drops on the way from \(router) to where the capture was taken: "
            + "`ip -s link` on both machines, and the error counters of the switch ports between."
    }
}

extension Subject.LossyWay {
    /// The sentence on a way that lost advertisements: where, how many and in which manner.
    func sentence(from sender: Int, in subject: Subject) -> String {
        let (from, to) = (subject.routers[sender].address, subject.routers[receiver].address)
        let place = subject.lastPlace(of: losses, from: sender, to: receiver)
        let manner: String =
            switch trace.pattern {
            case .bursts: ", in bursts"
            case .steady where losses.count > 1: ", as where a way loses some of all packets"
            case .none, .single, .steady, .all: ""
            }
        return "\(place) shows \(count(lost, "advertisement")) of \(from) that the capture at \(to) does not, "
            + "of \(trace.sent) in all\(manner)."
    }
}
