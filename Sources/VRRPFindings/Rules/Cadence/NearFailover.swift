internal import VRRPFacts
internal import VRRPWire
internal import VRRPTracker

/// A silence that nearly was a failover.
package enum NearFailover: VirtualRouterRule {
    package static let rule = Rule(
        "near-failover",
        .warning,
        .cadence,
        summary: "a master was silent for more than two intervals, and nobody took over",
        clauses: [Rule.Clause("RFC9568-6.1-6", "where it nearly was"), "RFC9568-6.2-1"],
        restsOnSilence: true,
        page: Rule.Page(
            meaning:
                """
                The master was silent for more than two intervals, or its advertisements were lost on the way to a Backup for as \
                long, by captures at both. Then they came again before the Backup took over.
                """,
            importance:
                "One more late or lost advertisement, and a Backup would have taken over.",
            onTheWire: """
                router A 10.0.0.1 priority 100
                0..5 every 1 A
                7.9..15.9 every 1 A
                16 end
                """,
            causes: [
                "the master's process or virtual machine was paused",
                "advertisements were lost on the way; the IP identification then goes on by more than one",
                "packets waited on the way; with auth_hmac the sender's own clock then says so",
            ],
            remedy: """
                Find what stalled the master or the path at these times. Until then a longer advert_int or \
                down_timer_adverts lets the Backups wait longer.
                """,
            notThis: "A silence after which a Backup did take over is a failover, not a near failover.",
            thresholds: """
                more than two advertisement intervals, and more than timers are off, within one reign; on the way, two \
                advertisements or more in a row
                """,
            references: ["RFC 9568 section 6.1, Active_Down_Interval"]
        )
    )

    package static func findings(in subject: Subject, _: inout Pending) -> [Finding] {
        subject.routersWithLosses.compactMap { position in
            let router = subject.routers[position]
            let gaps = router.gaps.filter { $0.end - $0.start > ElectionTimes.longestGapOfOne($0.interval) }
            let ways = deafWays(of: position, in: subject)
            let silences = Subject.occasions(gaps, ways.flatMap(\.losses))
            guard let first = silences.first else { return nil }
            return Finding(
                rule,
                virtualRouter: subject.virtualRouter.key,
                routers: [router.address] + ways.map { subject.routers[$0.receiver].address },
                from: first.start,
                to: silences.map(\.end).max() ?? first.end,
                count: silences.count,
                summary: summary(router, gaps, ways, subject),
                explanation: (sentences(about: gaps, of: position, in: subject)
                    + ways.map { $0.sentence(from: position, in: subject) }).joined(separator: " "),
                remedy: remedy(position, gaps, ways, subject),
                evidence: subject.evidence(of: gaps, of: position, at: first.start),
                occasions: silences
            )
        }
    }

    /// A Backup at which a master's advertisements were lost for so long that it nearly took over.
    private struct DeafWay {
        var receiver: Int
        var losses: [PathTrace.Loss]

        var longest: TimeSpan { losses.map(\.occasion).map { $0.end - $0.start }.max() ?? .zero }

        func sentence(from sender: Int, in subject: Subject) -> String {
            let (from, to) = (subject.routers[sender].address, subject.routers[receiver].address)
            let patience = ElectionTimes.masterDownInterval(
                priority: subject.routers[receiver].priority,
                interval: subject.routers[sender].advertisementInterval,
                version: subject.routers[sender].version
            )
            let margin = patience - longest
            let place = subject.lastPlace(of: losses, from: sender, to: receiver)
            let outcome =
                margin > .zero
                ? "\(to) would have taken over \(text(margin)) later."
                : "\(to) should have taken over \(text(margin.magnitude)) earlier."
            return
                "\(place) shows advertisements of \(from) that the capture at \(to) does not. So they were lost on the way, for up "
                + "to \(text(longest)). \(outcome)"
        }
    }

    private static func deafWays(of sender: Int, in subject: Subject) -> [DeafWay] {
        let interval = subject.routers[sender].advertisementInterval
        return subject.lossyWays(of: sender).compactMap { way in
            let losses = way.losses.filter { loss in
                guard let before = loss.before, let after = loss.after, loss.count > 1,
                    after - before > ElectionTimes.longestGapOfOne(interval)
                else {
                    return false
                }
                return isBackup(way.receiver, of: sender, from: before, to: after, in: subject)
            }
            return losses.isEmpty ? nil : DeafWay(receiver: way.receiver, losses: losses)
        }
    }

    /// Whether a router is not master, and another one is, all through a stretch of time.
    private static func isBackup(
        _ router: Int,
        of master: Int,
        from start: CaptureInstant,
        to end: CaptureInstant,
        in subject: Subject
    ) -> Bool {
        let stretches = subject.history.timeline.filter { $0.start < end && $0.end > start }
        return !stretches.isEmpty
            && stretches.allSatisfy { $0.masters.contains(master) && !$0.masters.contains(router) }
    }

    private static func summary(
        _ router: Router,
        _ gaps: [Router.Gap],
        _ ways: [DeafWay],
        _ subject: Subject
    ) -> String {
        guard let worst = gaps.max(by: { $0.end - $0.start < $1.end - $1.start }) else {
            let deaf = list(ways.map { "\(subject.routers[$0.receiver].address)" })
            let longest = ways.map(\.longest).max() ?? .zero
            return "\(deaf) heard nothing of \(router.address) for up to \(text(longest)) and did not take over"
        }
        return gaps.count == 1
            ? "\(router.address) was silent for \(text(worst.end - worst.start)) and remained master"
            : "\(router.address) was silent \(gaps.count) times, for up to \(text(worst.end - worst.start)), and remained master"
    }

    private static func sentences(about gaps: [Router.Gap], of position: Int, in subject: Subject) -> [String] {
        guard let worst = gaps.max(by: { $0.end - $0.start < $1.end - $1.start }) else { return [] }
        let margin =
            subject.virtualRouter.masterDownInterval(afterSilenceOf: position, assuming: 254)
            - (worst.end - worst.start)
        let patience =
            "\(count(gaps.count, "gap")) between advertisements \(gaps.count == 1 ? "was" : "were") longer than two intervals of "
            + "\(text(worst.interval)). "
            + (margin > .zero
                ? "A Backup would have taken over \(text(margin)) after the end of the longest gap."
                : "A Backup should have taken over \(text(margin.magnitude)) before the end of the longest gap.")
            + worst.senderClockSentence
        guard isWatched(gaps, position, subject) else { return [patience] }
        let itself = "The capture at \(subject.routers[position].address) itself"
        return [patience, "\(itself) went on and shows no advertisement either. So the path lost nothing."]
    }

    private static func isWatched(_ gaps: [Router.Gap], _ router: Int, _ subject: Subject) -> Bool {
        !gaps.isEmpty && gaps.allSatisfy { subject.isWatchedItself(router, from: $0.start, to: $0.end) }
    }

    private static func remedy(
        _ position: Int,
        _ gaps: [Router.Gap],
        _ ways: [DeafWay],
        _ subject: Subject
    ) -> String {
        let address = subject.routers[position].address
        let patience = "Until then a longer advertisement interval on all routers lets the Backups wait longer."
        let stalled =
            "for what stalled it: \(subject.implementation(of: position).log) at these times, CPU steal, disk waits, snapshots."
        if gaps.isEmpty {
            let deaf = list(ways.map { "\(subject.routers[$0.receiver].address)" })
            return
                "Look at the path from \(address) to \(deaf): `ip -s link` and `ethtool -S` on the machines, and the counters of "
                + "the switch ports between. \(patience)"
        }
        if isWatched(gaps, position, subject) {
            return "Look on \(address) \(stalled) \(patience)"
        }
        return
            "The finding missed-adverts tells whether \(address) sent in these gaps. If it did not, look on \(address) "
            + "\(stalled) If it did, look at the path. \(patience)"
    }
}
