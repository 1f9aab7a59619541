internal import VRRPFacts
internal import VRRPWire
internal import VRRPTracker

/// Two or more routers are master at once, for longer than a handover takes.
package enum SplitBrain: VirtualRouterRule {
    package static let rule = Rule(
        "split-brain",
        .critical,
        .mastership,
        summary: "two or more routers are master of one virtual router for longer than a handover takes",
        clauses: [
            Rule.Clause("RFC9568-6.4.3-2", "where it goes on"), Rule.Clause("RFC9568-6.4.3-3", "where it goes on"),
            "RFC9568-6.4.3-12", Rule.Clause("RFC3768-7.1-3", "where it comes to that"), "RFC9568-9-3",
        ],
        causeRank: 120,
        page: Rule.Page(
            meaning: """
                Two or more routers hold the virtual addresses at the same time, because none of them hears, or none \
                accepts, what would make it yield.
                """,
            importance: """
                Hosts and switches follow whoever announced the addresses last. Connections break, and each further \
                announcement moves traffic again.
                """,
            onTheWire: """
                router A 10.0.0.1 priority 100
                router B 10.0.0.2 priority 90
                0..20 every 1 A
                4.5..14.5 every 1 B
                20 end
                """,
            causes: [
                "a firewall, switch, hypervisor or security group drops IP protocol 112 in one direction",
                "with unicast, a list of peers that leaves a router out (unicast-peer-missing)",
                "authentication, version, interval, checksum convention or delivery differ, so adverts are rejected",
                "the path between the routers is cut while hosts reach both",
            ],
            remedy: """
                Find the router that keeps advertising while a higher-priority router advertises. Either it does not receive \
                those advertisements or it rejects them: `tcpdump -ni IFACE proto 112` on that router tells which. Then look at \
                filters, at multicast snooping where multicast is used, and at the configuration.
                """,
            notThis: """
                At a preemption the advertisements of two routers may cross once; after a partition heals, the loser \
                yields at the first advertisement it hears. Neither lasts longer than one interval.
                """,
            thresholds: "longer than one and a half advertisement intervals, and than 250 ms",
            references: ["RFC 9568 section 6.4.3", "RFC 9568 section 8.3.2"]
        )
    )

    package static func findings(in subject: Subject, _ pending: inout Pending) -> [Finding] {
        let episodes = subject.splits(&pending)
        guard let first = episodes.first, let last = episodes.last else { return [] }
        let routers = Set(episodes.flatMap(\.masters)).sorted()
        let total = episodes.reduce(TimeSpan.zero) { $0 + ($1.end - $1.start) }
        let isOngoing = last.end == subject.end
        let causes = DeafnessCause.causes(in: subject, among: routers)
        let reasons = DeafnessCause.words(of: causes, in: subject)
        let details = causes.flatMap { $0.details(in: subject) }
        let evidence = episodes.prefix(8).flatMap { episode in
            let reigns = subject.history.reigns
            return reigns.indices.filter { index in
                reigns[index].start <= episode.end && reigns[index].end ?? subject.end >= episode.start
                    && episode.masters.contains(reigns[index].router)
            }.map { reigns[$0].startEvidence }
        }
        return [
            Finding(
                rule,
                virtualRouter: subject.virtualRouter.key,
                routers: subject.addresses(routers),
                from: first.start,
                to: last.end,
                ongoing: isOngoing,
                count: episodes.count,
                summary: "\(subject.names(routers)) were master at the same time for \(text(total))",
                explanation: (reasons.map { $0 + "." } + details + [
                    "A handover takes one interval at most, so more than \(text(ElectionTimes.longestHandover(subject.interval))) is a split brain."
                ]).joined(separator: " "),
                cause: reasons.first,
                remedy: causes.first?.remedy(in: subject),
                evidence: evidence,
                occasions: episodes.map { Finding.Occasion(start: $0.start, end: $0.end) }
            )
        ]
    }
}

extension Subject {
    /// The stretches in which several routers were master at once for longer than a handover takes.
    func splits(_ pending: inout Pending) -> [Episode] {
        let limit = ElectionTimes.longestHandover(interval)
        return history.episodes { $0.likeliestState == .split }.filter { episode in
            // Uncertain stretches make no split brain, though they may lie within one.
            pending.isLonger(than: limit + episode.uncertain, from: episode.start, to: episode.end)
        }
    }
}

/// Neighbouring stretches of a timeline for which something holds.
struct Episode {
    var start: CaptureInstant
    var end: CaptureInstant
    /// The masters of any of the stretches, by position.
    var masters: SmallList<Int>
    /// The part of the time in which the state is only the likeliest one.
    var uncertain: TimeSpan
}

extension History {
    /// Stretches of the timeline for which something holds, neighbours joined.
    ///
    /// Uncertain stretches may belong to an episode, but no episode ends with one or consists of such stretches alone.
    func episodes(_ holds: (TimelineInterval) -> Bool) -> [Episode] {
        var episodes: [Episode] = []
        var candidate: Episode?
        for interval in timeline where holds(interval) {
            if candidate?.end != interval.start {
                candidate = Episode(
                    start: interval.start,
                    end: interval.end,
                    masters: interval.masters,
                    uncertain: .zero
                )
            } else {
                candidate?.end = interval.end
                for master in interval.masters where candidate?.masters.contains(master) == false {
                    candidate?.masters.append(master)
                }
            }
            guard let known = candidate else { continue }
            if interval.state == .uncertain {
                candidate?.uncertain = known.uncertain + (interval.end - interval.start)
            } else if episodes.last?.start == known.start {
                episodes[episodes.count - 1] = known
            } else {
                episodes.append(known)
            }
        }
        return episodes
    }
}
