internal import VRRPFacts
package import VRRPWire
internal import VRRPTracker

/// A router that is master though it is silent.
package enum HiddenMaster: Detector {
    package static let rule = FindingRule(
        "hidden-master",
        .critical,
        summary: "a router that claimed mastership cannot have yielded, though it is silent",
        page: FindingRule.Page(
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
                master; `ip addr` on it shows whether it holds the addresses.
                """,
            notThis: "A router that yielded to an advertisement it accepts, or that died: it is no longer master.",
            thresholds: "silent for more than three of its intervals while it is master",
            references: ["keepalived, vrrp_dispatcher_read in vrrp_scheduler.c"]
        )
    )

    package static func findings(in subject: Subject) -> [Finding] {
        let reigns = subject.history.reigns
        let held = reigns.indices.filter { reigns[$0].longestSilence != nil }
        guard !held.isEmpty else { return [] }
        return subject.masters.compactMap { position in
            let router = subject.routers[position]
            let limit = limit(router)
            let silences = held.filter { reigns[$0].router == position }.compactMap { reigns[$0].longestSilence }
                .filter { $0.length > limit }
            guard let first = silences.first, let last = silences.last else { return nil }
            let longest = silences.map(\.length).max() ?? .zero
            let rejected = subject.masters.filter { $0 != position }.compactMap { other in
                subject.virtualRouter.rejection(by: position, of: other).map {
                    "It does not accept \(subject.routers[other].address)'s advertisements: \($0.words)."
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
                summary: "\(router.address) is silent for up to \(text(longest)) and is still master",
                explanation: (["It claimed mastership with priority \(router.priority)."] + rejected
                    + [
                        "keepalived starts its timer anew at each advertisement that it rejects, so its own do not go out."
                    ])
                    .joined(separator: " "),
                evidence: silences.prefix(8).map(\.evidence)
            )
        }
    }

    package static func nextChange(in subject: Subject) -> CaptureInstant? {
        let reigns = subject.history.reigns
        let open = reigns.indices.filter { reigns[$0].end == nil }.map { reigns[$0] }
        guard open.count > 1 || open.contains(where: { $0.longestSilence != nil }) else { return nil }
        return open.flatMap { reign in
            [limit(subject.routers[reign.router]), reign.longestSilence?.length].compactMap { $0 }
                .map { reign.lastAdvert + $0 }
        }.filter { $0 >= subject.end }.min()
    }

    private static func limit(_ router: Router) -> TimeSpan { max(router.advertisementInterval, .milliseconds(10)) * 3 }
}
