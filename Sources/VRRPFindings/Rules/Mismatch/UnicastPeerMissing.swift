internal import VRRPFacts
internal import VRRPTracker
internal import VRRPWire

/// A router that sends unicast leaves another router of its virtual router out.
package enum UnicastPeerMissing: VirtualRouterRule {
    package static let rule = Rule(
        "unicast-peer-missing",
        .critical,
        .mismatch,
        summary: "a router that sends unicast never sends to another router of its virtual router",
        // Unicast is keepalived's, so no RFC says whom it must reach.
        clauses: [],
        causeRank: 52,
        restsOnSilence: true,
        isGradual: true,
        page: Rule.Page(
            meaning: """
                A router sends its advertisements to a list of peers, and another router of the same virtual router, which \
                was heard, is not among them.
                """,
            importance: """
                The router that is left out never hears the other one. As soon as both are no longer held back by a third, \
                each of them is master: a split brain that shows only when the usual master fails.
                """,
            onTheWire: """
                router A 10.0.0.1 priority 150 to 10.0.0.2 id constant
                router B 10.0.0.2 priority 120 to 10.0.0.1
                router C 10.0.0.3 priority 100 to 10.0.0.1
                0..5 every 1 A
                0.001..5.001 every 1 A to 10.0.0.3
                5.5 A resigns
                5.501 A priority 0 to 10.0.0.3
                6.03..20.03 every 1 B
                6.11..20.11 every 1 C
                20.5 end
                """,
            causes: [
                "a router was added, and not every unicast_peer list was changed",
                "an address in a list is mistyped, or that of another interface",
                "the router has another source address than its peers have in their lists",
            ],
            remedy: "Put every router of the virtual router into the list of peers of every other one.",
            notThis: """
                A capture on one machine sees unicast to and from that machine only. So nothing is said unless the capture \
                holds the opposite direction, or both routers are master at once, which they would not be if they reached \
                each other. Between routers of which some send multicast, delivery-mismatch tells.
                """,
            thresholds: "three advertisements to other routers; one of them must be in the capture that shows the hole",
            references: ["keepalived.conf(5), unicast_peer"]
        )
    )

    package static func findings(in subject: Subject, _ pending: inout Pending) -> [Finding] {
        guard subject.routers.count > 1 else { return [] }
        let limit = ElectionTimes.longestHandover(subject.interval)
        let splits = subject.history.timeline.filter { interval in
            interval.state == .split && pending.isLonger(than: limit, from: interval.start, to: interval.end)
        }
        return subject.routers.indices.compactMap { sender in
            var missing: [Int] = []
            var isShown = true
            for receiver in subject.routers.indices {
                guard let way = subject.virtualRouter.missingPeer(of: sender, receiver) else { continue }
                let isSplit = splits.contains { $0.masters.contains(sender) && $0.masters.contains(receiver) }
                guard way == .shown || isSplit else { continue }
                missing.append(receiver)
                isShown = isShown && way == .shown
            }
            return missing.isEmpty ? nil : finding(subject, sender, missing, isShown: isShown)
        }
    }

    private static func finding(_ subject: Subject, _ sender: Int, _ missing: [Int], isShown: Bool) -> Finding {
        let router = subject.routers[sender]
        let (address, others) = (router.address, subject.names(missing))
        let peers = list(router.addressees.map(\.address.description))
        return Finding(
            rule,
            virtualRouter: subject.virtualRouter.key,
            routers: subject.addresses([sender] + missing),
            from: router.firstSeen,
            to: router.lastSeen,
            ongoing: subject.isHeard(sender),
            count: missing.count,
            summary: "\(address) sends its advertisements to \(peers) and never to \(others)",
            explanation:
                "\(count(router.adverts, "advertisement")) of \(address) went to \(peers), and none went to \(others). The capture "
                + "holds advertisements of \(others) for this virtual router. "
                + (isShown
                    ? "The capture holds the opposite direction, so it would hold this one, too."
                    : "Both are master at the same time, as routers are that do not reach each other. A capture that was taken on "
                        + "\(router.addressees.count == 1 ? peers : "one of \(peers)") alone cannot tell a gap in the list of peers from a broken path: look at the list."),
            remedy: "On \(address), add \(others) to the list of peers "
                + (subject.implementation(of: sender) == nil ? "(in keepalived " : "(")
                + "`grep -A9 unicast_peer /etc/keepalived/keepalived.conf` shows it), then reload. See that the list on "
                + "\(others) has \(address).",
            evidence: router.addressees.prefix(8).map(\.evidence)
        )
    }
}
