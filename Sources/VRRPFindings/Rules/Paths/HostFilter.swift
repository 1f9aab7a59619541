internal import VRRPFacts
internal import VRRPTracker
internal import VRRPWire

/// Advertisements arrive at a router's interface, and it does not act on them though it should accept them.
package enum HostFilter: VirtualRouterRule {
    package static let rule = Rule(
        "host-filter",
        .critical,
        .paths,
        summary:
            "with several vantage points: adverts arrive at a router that does not act on them though it should accept them",
        clauses: [Rule.Clause("RFC9568-6.4.3-2", "where the host lets them through")],
        page: Rule.Page(
            meaning: """
                A capture at a router shows the advertisements of a better one, and the router stays master as if there were \
                none. Nothing in them gives a reason to reject them.
                """,
            importance: "Two routers hold the virtual addresses, although the network between them is whole.",
            onTheWire: """
                point A
                point B
                router A 10.0.0.1 priority 100 captures 0,1
                router B 10.0.0.2 priority 90 captures 0,1
                0..12 every 1 A
                4.5..12 every 1 B
                13 end
                """,
            causes: [
                "a local firewall drops IP protocol 112 behind the place where tcpdump listens (iptables, nftables, firewalld)",
                "the daemon listens on another interface, or has not joined the multicast group",
                "rp_filter drops packets whose source is not reached by this interface",
            ],
            remedy: """
                On the router that does not act: `nft list ruleset` and `iptables -S` for protocol 112, `ip maddr` for the \
                multicast group on the interface, and the daemon's configuration for the interface and for filters.
                """,
            notThis: """
                Where authentication, version or another setting differs, the advertisements are rejected, and the finding about \
                that setting says so. Advertisements that do not arrive are path-broken.
                """,
            thresholds: "three better advertisements seen at the router while both were master",
            references: ["RFC 9568 section 6.4.3"]
        )
    )

    package static func findings(in subject: Subject, _ pending: inout Pending) -> [Finding] {
        guard subject.virtualRouter.vantage.hasSeveral else { return [] }
        let splits = subject.splits(&pending)
        return subject.pairs.flatMap { a, b in
            [(a, b), (b, a)].compactMap { receiver, sender in
                finding(by: receiver, of: sender, splits, in: subject)
            }
        }
    }

    private static func finding(
        by receiver: Int,
        of sender: Int,
        _ splits: [Episode],
        in subject: Subject
    ) -> Finding? {
        let deaf = splits.filter { split in
            split.masters.contains(receiver) && split.masters.contains(sender)
                && subject.filters(receiver, from: sender, split.start, split.end)
        }
        guard let first = deaf.first, let last = deaf.last else { return nil }
        let (from, to) = (subject.routers[sender].address, subject.routers[receiver].address)
        return Finding(
            rule,
            virtualRouter: subject.virtualRouter.key,
            routers: [from, to],
            from: first.start,
            to: last.end,
            ongoing: last.end == subject.end,
            count: deaf.count,
            summary: "\(to) does not act on advertisements of \(from) that arrive at its interface",
            explanation:
                "The capture at \(to) shows the advertisements. \(from) has the better priority, and nothing in them gives a "
                + "reason to reject them." + (subject.hostObstacle(to: sender, at: receiver).map { " " + $0 } ?? ""),
            evidence: subject.priorityEvidence(of: sender, at: first.end)
        )
    }
}
