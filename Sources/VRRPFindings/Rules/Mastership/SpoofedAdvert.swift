internal import VRRPFacts
internal import VRRPTracker
internal import VRRPWire

/// Somebody advertises in the name of a router, and contradicts it.
package enum SpoofedAdvert: VirtualRouterRule {
    package static let rule = Rule(
        "spoofed-advert",
        .critical,
        .mastership,
        summary:
            "advertisements in a router's name come with another MAC address, TTL or cadence than its own, and contradict it",
        clauses: [Rule.Clause("RFC9568-9-2", "where such an advertisement comes with another TTL")],
        page: Rule.Page(
            meaning: """
                Advertisements bear the source address of a router, but another MAC address, TTL or numbering, and say \
                something else than the router, which goes on as before. Somebody else sent them. They change nothing in \
                this report: the router is master, or is not, by its own advertisements.
                """,
            importance: """
                Receivers cannot tell them from the router's own: a forged priority 0 makes Backups take over beside a \
                living master, and a forged high priority silences it.
                """,
            onTheWire: """
                router A 10.0.0.1 priority 100
                0..10 every 1 A
                5.5 A resigns mac 02:00:00:00:00:66
                11 end
                """,
            causes: [
                "somebody on the segment forges advertisements",
                "a second machine with the address of the router, such as a clone or a test set-up",
                "a router that forwards advertisements from another segment",
            ],
            remedy: """
                Find the sender by its MAC address in the switches' tables, and shut its port. Receivers cannot tell it from the \
                router: let switches filter IP protocol 112 from ports of hosts, or sign advertisements (keepalived's auth_hmac).
                """,
            notThis: """
                A router that moves to another network card, runs another program, or is replaced by another machine: the old \
                MAC address falls silent, and then the new one keeps a cadence. Two machines that both advertise steadily are shared-source.
                """,
            thresholds: """
                one advertisement that says something else, behind which the router goes on, or which nobody repeats within \
                four intervals
                """,
            references: ["RFC 9568 section 9"]
        )
    )

    package static func findings(in subject: Subject, _ pending: inout Pending) -> [Finding] {
        let strangers = subject.virtualRouter.strangers
        guard !strangers.isEmpty else { return [] }
        let told = strangers.filter { isTold($0, subject, &pending) }
        return Dictionary(grouping: told, by: \.router).sorted { $0.key < $1.key }.map { position, strangers in
            finding(strangers, as: position, in: subject, &pending)
        }
    }

    private static func isTold(_ stranger: Stranger, _ subject: Subject, _ pending: inout Pending) -> Bool {
        guard !stranger.isSharing, stranger.differing > 0 || stranger.ttl != 255 else { return false }
        guard !stranger.isSuccessor else {
            // A router that is replaced, or runs another program now, falls silent before it comes back so. Nor does it own
            // an address that it did not own before.
            let claimsToOwn = stranger.highestPriority == 255 && !owns(stranger.router, in: subject)
            return stranger.contradictions > 0 || claimsToOwn
        }
        return stranger.contradictions > 0 || pending.isPast(stranger.occurrences.end + subject.interval * 4)
    }

    /// Whether the address of a router is one of the virtual addresses, which are its own then.
    private static func owns(_ router: Int, in subject: Subject) -> Bool {
        subject.virtualRouter.addresses.contains(subject.routers[router].address)
    }

    private static func finding(
        _ strangers: [Stranger],
        as position: Int,
        in subject: Subject,
        _ pending: inout Pending
    ) -> Finding {
        let router = subject.routers[position]
        let number = strangers.reduce(0) { $0 + $1.occurrences.count }
        let start = strangers.map(\.occurrences.start).min() ?? subject.end
        let end = strangers.map(\.occurrences.end).max() ?? subject.end
        let others = Words.list(strangers.compactMap(\.mac).sorted().map(\.description), atMost: 4)
        let isNumbered = strangers.allSatisfy(\.isToldByNumbers)
        let sender = isNumbered || others.isEmpty ? "another sender" : others
        return Finding(
            rule,
            virtualRouter: subject.virtualRouter.key,
            routers: [router.address],
            from: start,
            to: end,
            ongoing: !pending.isPast(end + max(subject.interval * 4, .seconds(10))),
            count: number,
            summary: "\(sender) advertises in the name of \(router.address)",
            explanation: explanation(strangers, router, number),
            evidence: Array(strangers.flatMap(\.occurrences.references).prefix(Occurrences.kept))
        )
    }

    private static func explanation(_ strangers: [Stranger], _ router: Router, _ number: Int) -> String {
        let own = router.macs.isEmpty ? "" : "; its own come from \(list(router.macs.map(\.description)))"
        var sentences = [
            "\(count(number, "advertisement")) in the name of \(router.address) \(number == 1 ? "is" : "are") not its own\(own)."
        ]
        let resignations = strangers.reduce(0) { $0 + $1.resignations }
        if resignations > 0 {
            sentences.append("Priority 0 was sent \(resignations == 1 ? "once" : "\(resignations) times").")
        }
        let priorities = Set(strangers.map(\.highestPriority)).subtracting([0, router.priority]).sorted()
        if !priorities.isEmpty {
            sentences.append(
                "They say priority \(Words.list(priorities.map(\.description), atMost: 4)), \(router.address) says \(router.priority)."
            )
        }
        let intervals = Set(strangers.map(\.longestInterval)).subtracting([router.advertisementInterval]).sorted()
        if !intervals.isEmpty {
            sentences.append(
                "They announce an interval of \(Words.list(intervals.map { text($0) }, atMost: 4)), \(router.address) announces \(text(router.advertisementInterval))."
            )
        }
        let hops = Set(strangers.map(\.ttl)).subtracting([255]).sorted()
        if !hops.isEmpty {
            sentences.append(
                "Their TTL is \(Words.list(hops.map(\.description), atMost: 4)) instead of 255: receivers discard them."
            )
        }
        if strangers.contains(where: \.isToldByNumbers) {
            sentences.append("Their IP identification does not go on with that of \(router.address).")
        }
        if strangers.contains(where: { $0.contradictions > 0 }) {
            sentences.append("\(router.address) itself went on advertising as before.")
        } else {
            sentences.append("\(router.address) itself was silent then. This report judges it without them.")
        }
        return sentences.joined(separator: " ")
    }
}

extension Stranger {
    /// Whether it is a machine that shares the router's address: both go on.
    var isSharing: Bool { isSteady && contradictions > 0 }
}
