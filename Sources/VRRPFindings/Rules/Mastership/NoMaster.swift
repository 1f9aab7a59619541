internal import VRRPFacts
internal import VRRPWire
internal import VRRPTracker

/// Nobody is master for longer than a takeover may take.
package enum NoMaster: VirtualRouterRule {
    package static let rule = Rule(
        "no-master",
        .critical,
        .mastership,
        summary: "nobody is master for longer than the protocol's timers allow for a takeover",
        clauses: [
            Rule.Clause("RFC9568-6.1-6", "where nobody is"), Rule.Clause("RFC9568-6.4.2-7", "where nobody does"),
            "RFC9568-6.4.2-11",
        ],
        causeRank: 130,
        restsOnSilence: true,
        page: Rule.Page(
            meaning: """
                The master resigned or fell silent and no Backup took over within the time that the protocol's timers \
                give it: three intervals and a skew after the last advertisement, or the skew after priority 0.
                """,
            importance: "Nobody answers for the virtual addresses. Whoever uses them as a gateway is cut off.",
            onTheWire: """
                router A 10.0.0.1 priority 100
                0..5 every 1 A
                20 end
                """,
            causes: [
                "no Backup is running, or it is in FAULT because of a tracked interface or script",
                "the Backups are cut off from the segment together with the master",
                "a Backup waits for something else: preempt_delay, startup delay, a macvlan that is not up",
            ],
            remedy: """
                See whether a Backup is alive on this segment, and read in its log which state it is in. A Backup in FAULT \
                names the tracked item that failed.
                """,
            notThis: "The seconds of an ordinary failover: a timeout within its bound is not flagged.",
            thresholds: """
                a quarter of an interval, at least 250 ms, beyond four intervals of silence, or beyond one interval \
                (in VRRPv2 one second) after priority 0; four seconds where every router known has resigned; and not before \
                it is certain that the silent router is no master, which the fifth advertisement that is missing decides
                """,
            references: ["RFC 9568 section 6.1", "RFC 3768 section 6.1"]
        )
    )

    package static func findings(in subject: Subject, _ pending: inout Pending) -> [Finding] {
        let stretches = subject.history.episodes { $0.likeliestState == .none }
        guard !stretches.isEmpty else { return [] }
        let gaps = zip(stretches, subject.history.lastEnded(upTo: stretches.map(\.start)))
            .compactMap { stretch, ended in ended.map { gap(stretch, after: subject.history.reigns[$0], in: subject) } }
            .filter { pending.isPast($0.limit, at: $0.end) }
        guard let first = gaps.first, let last = gaps.last else { return [] }
        let sentences = gaps.prefix(4).map { gap in
            let router = subject.routers[gap.router].address
            let deed = gap.resigned ? "resigned" : "sent its last advertisement"
            return "\(router) \(deed), and nobody took over in the \(text(gap.length)) after that; "
                + "a Backup needs \(text(gap.bound)) at most"
        }
        let total = gaps.reduce(TimeSpan.zero) { $0 + $1.length }
        let longest = gaps.map(\.length).max() ?? .zero
        return [
            Finding(
                rule,
                virtualRouter: subject.virtualRouter.key,
                routers: subject.addresses(Set(gaps.map(\.router))),
                from: first.start,
                to: last.end,
                ongoing: last.end == subject.end,
                count: gaps.count,
                summary: "nobody was master for \(text(total))"
                    + (gaps.count > 1 ? " in \(gaps.count) stretches, the longest \(text(longest))" : ""),
                explanation: sentences.map { $0 + "." }.joined(separator: " "),
                cause: sentences.first,
                remedy: remedy(Set(gaps.map(\.router)), in: subject),
                evidence: gaps.prefix(8).map(\.evidence),
                occasions: gaps.map { Finding.Occasion(start: $0.start, end: $0.end) }
            )
        ]
    }

    /// The next thing to do, on the routers that did not take over.
    private static func remedy(_ gone: Set<Int>, in subject: Subject) -> String {
        let others = subject.routers.indices.filter { !gone.contains($0) }
        let place = others.isEmpty ? "On the Backup, if there is one" : "On \(subject.names(others))"
        let program = subject.implementation(of: others.isEmpty ? Array(gone) : others)
        return "\(place), look at \(program.logAndState). A Backup in FAULT names there the tracked item that failed."
    }

    private struct Gap {
        var start: CaptureInstant
        var end: CaptureInstant
        var router: Int
        var resigned: Bool
        var bound: TimeSpan
        var evidence: FrameReference
        /// The instant after which it is too long.
        var limit: CaptureInstant
        var length: TimeSpan { end - start }
    }

    private static func gap(_ stretch: Episode, after reign: Reign, in subject: Subject) -> Gap {
        let resigned = reign.endReason == .resigned
        let interval = max(reign.lastInterval, .milliseconds(10))
        // After a stretch that could not be observed, silence counts from its end.
        let start = resigned || reign.end != stretch.start ? stretch.start : reign.lastAdvert
        let bound: TimeSpan
        if !resigned {
            bound = interval * 4
        } else if subject.routers.indices.contains(where: {
            $0 != reign.router && !subject.hasLeft($0, by: stretch.start)
        }) {
            bound = reign.version == 2 ? .seconds(1) : interval
        } else {
            // Everybody known left in good order: a restarted daemon waits as long as for a dead master.
            bound = max(interval * 4, restart)
        }
        return Gap(
            start: start,
            end: stretch.end,
            router: reign.router,
            resigned: resigned,
            bound: bound,
            evidence: reign.endEvidence ?? reign.lastEvidence,
            limit: start + bound + max(interval / 4, .milliseconds(250))
        )
    }

    /// The time that a service normally takes to restart and find its peers.
    private static let restart: TimeSpan = .seconds(4)
}

extension History {
    /// For each of some instants, which must not decrease, the position of the reign that ended last up to it.
    ///
    /// Of several that ended at once it is the one that began first.
    fileprivate func lastEnded(upTo instants: [CaptureInstant]) -> [Int?] {
        let ends = reigns.indices.compactMap { index in reigns[index].end.map { (instant: $0, reign: index) } }
            .sorted { ($0.instant, $0.reign) < ($1.instant, $1.reign) }
        var next = 0
        var last: (instant: CaptureInstant, reign: Int)?
        return instants.map { instant in
            while next < ends.count, ends[next].instant <= instant {
                if ends[next].instant != last?.instant { last = ends[next] }
                next += 1
            }
            return last?.reign
        }
    }
}

extension Subject {
    /// Whether the last word of a router up to an instant was a resignation.
    fileprivate func hasLeft(_ position: Int, by instant: CaptureInstant) -> Bool {
        routers[position].priorities.last { $0.since <= instant }?.value == 0
    }
}
