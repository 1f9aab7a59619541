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
            meaning: "A router took over and did not announce its addresses to hosts and switches, or not all of them.",
            importance: "Hosts and switches go on sending to the old master until their entries age out.",
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
                "Look in the new master's log for errors when it added the addresses. Then look at ARP inspection on its switch port.",
            notThis: """
                A capture that holds no ARP or Neighbor Advertisements at all, because its filter kept them out: then \
                nothing is said. Neither is it about the first master seen, which may have announced before, about one that was \
                master for a shorter time than it had for announcing, nor about one that hosts still know.
                """,
            thresholds: """
                nothing within one second, or one interval if that is longer, of the takeover; not for a router whose \
                advertisements have a TTL below 255, since its announcements may be on another segment
                """,
            references: ["RFC 9568 sections 6.4.1 and 6.4.2"]
        )
    )

    package static func findings(in subject: Subject, _ pending: inout Pending) -> [Finding] {
        let seen = subject.observation.counts.contains {
            subject.virtualRouter.key.family == .ipv4 ? $0.arp > 0 : $0.neighborAdvertisements > 0
        }
        guard seen else { return [] }
        let window = max(.seconds(1), subject.interval)
        let silent = subject.history.transitions.compactMap { transition in
            gained(at: transition, in: subject).flatMap { router -> (transition: Transition, router: Int)? in
                let announced = transition.announcements?.addresses.count ?? 0
                guard announced < subject.routers[router].addresses.count, !subject.routers[router].mayBeRouted,
                    isKept(from: transition.instant, for: window, by: router, in: subject),
                    subject.unobserved(before: transition.instant) == nil, pending.isPast(transition.instant + window),
                    !subject.routers[router].addresses.allSatisfy({
                        isKnown($0, at: transition.instant, as: router, in: subject)
                    })
                else { return nil }
                return (transition, router)
            }
        }
        guard let first = silent.first?.transition, let last = silent.last?.transition else { return [] }
        let positions = Set(silent.map(\.router))
        return [
            Finding(
                rule,
                virtualRouter: subject.virtualRouter.key,
                routers: subject.addresses(positions),
                from: first.instant,
                to: last.instant,
                count: silent.count,
                summary: "\(subject.names(positions)) took over without announcing "
                    + "\(subject.virtualRouter.addresses.count == 1 ? "\(subject.virtualRouter.addresses[0])" : "all of its addresses")",
                explanation: silent.prefix(4).map { transition, router in
                    "\(subject.routers[router].address) announced "
                        + announced(
                            transition.announcements?.addresses.count ?? 0,
                            of: subject.routers[router].addresses.count
                        )
                        + " within \(text(window)) of its takeover."
                }.joined(separator: " "),
                remedy:
                    "On \(subject.names(positions)), look in the log at these times for errors when the addresses were "
                    + "added. Then look at ARP inspection on the switch port. `arping -A -c 3 -I IFACE ADDRESS` on the router helps hosts at once.",
                evidence: silent.prefix(8).flatMap(\.transition.evidence),
                occasions: silent.map { Finding.Occasion(start: $0.transition.instant, end: $0.transition.instant) }
            )
        ]
    }

    /// The words for a part of a router's addresses: `no address`, `1 of its 2 addresses`.
    private static func announced(_ number: Int, of all: Int) -> String {
        number == 0 ? "no address" : "\(number) of its \(count(all, "address", "addresses"))"
    }

    /// The router that became master and was not before; `nil` for a master that resumes, and where one only remained.
    private static func gained(at transition: Transition, in subject: Subject) -> Int? {
        guard transition.cause != .initial, transition.cause != .yielded, transition.announcements != nil else {
            return nil
        }
        return transition.to.first { !transition.from.contains($0) }
    }

    /// Whether a router that became master remained master for long enough to announce.
    private static func isKept(
        from start: CaptureInstant,
        for window: TimeSpan,
        by router: Int,
        in subject: Subject
    ) -> Bool {
        let reigns = subject.history.reigns
        guard let reign = reigns.indices.last(where: { reigns[$0].router == router && reigns[$0].start <= start })
        else {
            return false
        }
        return reigns[reign].end.map { $0 - start >= window } ?? true
    }

    /// Whether hosts know a router by an address before it takes over, so that it need not be announced.
    ///
    /// They know who announced it last. Where nobody did, they know the first master that was seen. A virtual MAC address
    /// that several routers use says nothing about which of them it leads to.
    private static func isKnown(
        _ address: IPAddress,
        at instant: CaptureInstant,
        as router: Int,
        in subject: Subject
    ) -> Bool {
        let runs = subject.virtualRouter.announcements
        guard let run = runs.last(where: { $0.address == address && $0.occurrences.start <= instant }) else {
            return subject.history.reigns.first?.router == router
        }
        guard subject.routers[router].macs.contains(run.mac) else { return false }
        return !subject.routers.indices.contains { $0 != router && subject.routers[$0].macs.contains(run.mac) }
    }
}
