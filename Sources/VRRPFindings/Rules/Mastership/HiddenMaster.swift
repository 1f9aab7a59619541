internal import VRRPFacts
internal import VRRPWire
internal import VRRPTracker

/// A router that is master though it is silent.
package enum HiddenMaster: VirtualRouterRule {
    package static let rule = Rule(
        "hidden-master",
        .critical,
        .mastership,
        summary: "a router that claimed mastership cannot have yielded, though it is silent",
        clauses: [
            Rule.Clause("RFC9568-6.4.3-8", "where rejected advertisements keep it from firing"), "RFC9568-6.4.3-12",
            Rule.Clause("RFC3768-7.1-4", "where it silences a Master"),
        ],
        causeRank: 110,
        restsOnSilence: true,
        page: Rule.Page(
            meaning: """
                A router claimed mastership, nothing that it accepts has told it to yield, and yet it is not heard: \
                the advertisements that it rejects keep starting its timer anew, so it never gets to send its own.
                """,
            importance: """
                It holds the virtual addresses and answers for them. A capture, and every tool that looks at the last \
                advertisement only, shows a healthy single master.
                """,
            onTheWire: """
                router A 10.0.0.1 priority 100 interval 1
                router B 10.0.0.2 priority 90 interval 3
                0.1 B
                0..20 every 1 A
                20.5 end
                """,
            causes: ["any mismatch that makes keepalived discard its peer's advertisements: see the other findings"],
            remedy: """
                Mend the mismatch that the other findings name. Until then stop VRRP on the router that should not be \
                master. On the hidden master, `ip addr` shows whether it holds the addresses.
                """,
            notThis: "A router that yielded to an advertisement it accepts, or that died: it is no longer master.",
            thresholds: "silent for more than three of its intervals while it is master",
            references: ["keepalived, vrrp_dispatcher_read in vrrp_scheduler.c"]
        )
    )

    package static func findings(in subject: Subject, _ pending: inout Pending) -> [Finding] {
        let reigns = subject.history.reigns
        let open = reigns.indices.filter { reigns[$0].end == nil }
        // A master may be held back by another one, or as it was before.
        let mayBeHeldBack = open.count > 1 || open.contains { reigns[$0].longestSilence != nil }
        guard mayBeHeldBack || reigns.indices.contains(where: { reigns[$0].longestSilence != nil }) else { return [] }
        return subject.masters.compactMap { position in
            let router = subject.routers[position]
            let limit = max(router.advertisementInterval, .milliseconds(10)) * 3
            let silences = reigns.indices.compactMap { index in
                reigns[index].router == position
                    ? silence(of: reigns[index], limit, mayBeHeldBack: mayBeHeldBack, &pending) : nil
            }
            guard let first = silences.first, let last = silences.last else { return nil }
            let longest = silences.map(\.length).max() ?? .zero
            let rejected = subject.masters.filter { $0 != position }.compactMap { other in
                subject.history.rejection(by: position, of: other, in: subject.virtualRouter).map {
                    "\(router.address) does not accept the advertisements of \(subject.routers[other].address): \($0.words)."
                }
            }
            return Finding(
                rule,
                virtualRouter: subject.virtualRouter.key,
                routers: [router.address],
                from: first.start,
                to: last.end,
                ongoing: last.end == subject.end,
                count: silences.count,
                summary: last.end == subject.end
                    ? "\(router.address) has been silent for \(text(last.length)) and is still master"
                    : "\(router.address) was silent for \(silences.count > 1 ? "up to " : "")\(text(longest)) and remained master",
                explanation: (["\(router.address) claimed mastership with priority \(router.priority)."] + rejected
                    + [
                        "keepalived restarts its timer at each advertisement that it rejects, so it does not send its own."
                    ])
                    .joined(separator: " "),
                remedy:
                    "Mend the mismatch that the other findings name. Until then stop VRRP on the router that should not be "
                    + "master. On \(router.address), \(subject.implementation(of: position).addresses) shows whether it holds the "
                    + "addresses.",
                evidence: silences.prefix(8).map(\.evidence),
                occasions: silences.map { Finding.Occasion(start: $0.start, end: $0.end) }
            )
        }
    }

    /// The longest silence of a reign, if that is longer than a limit.
    ///
    /// Nothing new is seen when a master that is held back falls silent, so the silence of an open reign is pending until it is
    /// longer than the limit and than the longest before.
    private static func silence(
        of reign: Reign,
        _ limit: TimeSpan,
        mayBeHeldBack: Bool,
        _ pending: inout Pending
    ) -> Silence? {
        let longest = reign.longestSilence
        if mayBeHeldBack, reign.end == nil {
            let record = longest.map { $0.end < pending.now ? $0.length : .zero } ?? .zero
            _ = pending.isLonger(than: max(limit, record), from: reign.lastAdvert, to: pending.now)
        }
        return longest.flatMap { pending.isLonger(than: limit, from: $0.start, to: $0.end) ? $0 : nil }
    }
}
