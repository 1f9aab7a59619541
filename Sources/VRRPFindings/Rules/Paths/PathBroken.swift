internal import VRRPFacts
internal import VRRPTracker
internal import VRRPWire

/// Advertisements of a router leave it and do not arrive at another one.
package enum PathBroken: VirtualRouterRule {
    package static let rule = Rule(
        "path-broken",
        .critical,
        .paths,
        summary: "with several vantage points: adverts of one router leave it and do not arrive at another",
        clauses: [],
        page: Rule.Page(
            meaning: """
                Captures of several places show that a router's advertisements go out and never reach another router of the \
                same virtual router.
                """,
            importance: """
                The router that gets nothing takes over beside a living master, or would: both then hold the virtual \
                addresses.
                """,
            onTheWire: """
                point A
                point B
                router A 10.0.0.1 priority 100 captures 0,1
                router B 10.0.0.2 priority 90 captures 0,1
                0..3 every 1 A
                4..12 every 1 A captures 0
                6.648 B
                7.648..12 every 1 B
                13 end
                """,
            causes: [
                "a firewall, security group or hypervisor between the routers drops IP protocol 112",
                "a switch forwards the multicast group to ports with a listener only, and does not know of this one",
                "a VLAN, trunk or link between the routers is cut in one direction",
            ],
            remedy: """
                Look at the path between the last point that saw the advertisements and the first that did not: filters for IP \
                protocol 112, multicast snooping, VLANs and links. Another capture in the middle halves the search.
                """,
            notThis: """
                A capture with a filter that hides the advertisements looks the same: capture with `proto 112 or arp`. \
                Advertisements that arrive and are not acted upon are host-filter.
                """,
            thresholds: "three advertisements in a row that were sent while the other router's point captured",
            references: ["RFC 9568 section 6.4.2"]
        )
    )

    package static func findings(in subject: Subject, _: inout Pending) -> [Finding] {
        guard subject.virtualRouter.vantage.hasSeveral else { return [] }
        return subject.routers.indices.flatMap { sender in
            subject.routers.indices.filter { $0 != sender }.compactMap { receiver in
                finding(from: sender, to: receiver, in: subject)
            }
        }
    }

    private static func finding(from sender: Int, to receiver: Int, in subject: Subject) -> Finding? {
        let broken = subject.brokenEpisodes(from: sender, to: receiver)
        guard let first = broken.first, let last = broken.last else { return nil }
        let (from, to) = (subject.routers[sender].address, subject.routers[receiver].address)
        let sent = broken.reduce(0) { $0 + $1.sent }
        let isOngoing = last.end == subject.routers[sender].lastSeen && subject.isHeard(sender)
        let place = subject.lastPlace(of: first, from: sender, to: receiver)
        return Finding(
            rule,
            virtualRouter: subject.virtualRouter.key,
            routers: [from, to],
            from: first.start,
            to: last.end,
            ongoing: isOngoing,
            count: broken.count,
            summary: "\(count(sent, "advertisement")) of \(from) did not arrive at \(to)",
            explanation: "\(place) saw the advertisements. The capture at \(to) ran at the time and saw none of them."
                + (broken.count > 1 ? " That happened in \(broken.count) stretches of time." : "")
                + (subject.hostWords(of: receiver, from: sender).map { " " + $0 } ?? ""),
            evidence: subject.priorityEvidence(of: sender, at: first.end)
        )
    }
}
