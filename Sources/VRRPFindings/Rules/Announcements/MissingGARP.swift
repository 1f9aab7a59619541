internal import VRRPFacts
internal import VRRPWire
internal import VRRPTracker

/// A new master did not announce its addresses.
package enum MissingGARP: VirtualRouterRule {
    package static let rule = Rule(
        "missing-garp",
        .warning,
        .announcements,
        summary: "a new master did not announce its addresses (gratuitous ARP, unsolicited NA)",
        clauses: ["RFC9568-6.4.1-2", "RFC9568-6.4.1-3", "RFC9568-6.4.2-8", "RFC9568-6.4.2-9"],
        restsOnSilence: true,
        page: Rule.Page(
            meaning: "A router took over and did not tell hosts and switches, or not for all of its addresses.",
            importance: "They go on sending to the old master until their entries age out.",
            onTheWire: """
                router A 10.0.0.1 priority 100
                router B 10.0.0.2 priority 90
                0 A announces
                0..5 every 1 A
                8.7..15.7 every 1 B
                16 end
                """,
            causes: [
                "the address could not be added to the interface",
                "a filter on the router or the switch drops its announcements (ARP inspection)",
                "addresses on another interface (`dev`), whose announcements go there",
            ],
            remedy:
                "Look in the new master's log for errors when it added the addresses, and at ARP inspection on its port.",
            notThis: """
                A capture that holds no ARP or Neighbor Advertisements at all, because its filter kept them out: then \
                nothing is said. Neither is it about the first master seen, which may have announced before.
                """,
            thresholds: "nothing within one second, or one interval if that is longer, of the takeover",
            references: ["RFC 9568 sections 6.4.1 and 6.4.2"]
        )
    )

    package static func findings(in subject: Subject, _ pending: inout Pending) -> [Finding] {
        let seen = subject.observation.counts.contains {
            subject.virtualRouter.key.family == .ipv4 ? $0.arp > 0 : $0.neighborAdvertisements > 0
        }
        let window = max(.seconds(1), subject.interval)
        let silent = subject.history.transitions.filter { transition in
            guard transition.cause != .initial, let announcements = transition.announcements,
                let gained = transition.to.first(where: { !transition.from.contains($0) }) ?? transition.to.first
            else { return false }
            return announcements.addresses.count < subject.routers[gained].addresses.count
                && !transition.to.isEmpty && transition.cause != .yielded
                && pending.isPast(transition.instant + window)
        }
        guard seen, let first = silent.first, let last = silent.last else { return [] }
        let positions = Set(silent.compactMap { transition in transition.to.first { !transition.from.contains($0) } })
        return [
            Finding(
                rule,
                virtualRouter: subject.virtualRouter.key,
                routers: subject.addresses(positions),
                from: first.instant,
                to: last.instant,
                count: silent.count,
                summary: "\(subject.names(positions)) took over without announcing "
                    + "\(subject.virtualRouter.addresses.count == 1 ? "the address" : "all addresses")",
                explanation: silent.prefix(4).map { transition in
                    let gained = transition.to.first { !transition.from.contains($0) } ?? transition.to[0]
                    return
                        "\(subject.routers[gained].address) announced \(transition.announcements?.addresses.count ?? 0) of "
                        + "\(subject.routers[gained].addresses.count) within \(text(window)) of its takeover."
                }.joined(separator: " "),
                evidence: silent.prefix(8).flatMap(\.evidence)
            )
        ]
    }
}
