internal import VRRPFacts
internal import VRRPTracker
internal import VRRPWire

/// One MAC address announces a virtual address far more often than any takeover needs.
package enum GARPStorm: VirtualRouterRule {
    package static let rule = Rule(
        "garp-storm",
        .warning,
        .announcements,
        summary: "one MAC announces an address more than ten times in a second, or without pause for a minute",
        // The RFCs ask for one announcement and forbid no further ones.
        clauses: [],
        page: Rule.Page(
            meaning: """
                A host sends gratuitous ARP or unsolicited Neighbor Advertisements for a virtual address again and again. A \
                takeover needs one, and keepalived sends five at once and five more after five seconds.
                """,
            importance: """
                Every host and switch on the segment handles each announcement. Many of them fill the switches' queues for \
                broadcasts, which then drop ARP that matters, and advertisements with it.
                """,
            onTheWire: """
                router A 10.0.0.1 priority 100
                0.5..1.05 every 0.05 A announces
                0..5 every 1 A
                6 end
                """,
            causes: [
                "garp_master_refresh or garp_master_repeat set to extremes",
                "a script that runs arping in a loop",
                "several masters at short intervals: each advertisement of a worse one makes keepalived announce again",
                "a loop in the network, which returns each announcement many times",
            ],
            remedy: """
                Find the sender by its MAC address. Set garp_master_refresh to 0 or to a minute and more, and \
                garp_master_repeat to 5; where the switches show the MAC address at several ports, look for a loop.
                """,
            notThis: """
                A block of announcements at a takeover or behind the advertisement of a worse router, and a refresh every few \
                seconds: a block counts once, and between blocks there is a pause. Several captures of one segment do not add up.
                """,
            thresholds: """
                more than ten announcements of one address within one second, where those within 40 ms count as one, or for more \
                than a minute no pause longer than two seconds
                """,
            references: ["RFC 9568 section 6.4.2", "keepalived.conf(5), garp_master_refresh and garp_master_repeat"]
        )
    )

    private static let mostInASecond = 10
    private static let longestStretch: TimeSpan = .seconds(60)

    package static func findings(in subject: Subject, _ pending: inout Pending) -> [Finding] {
        let storms = subject.virtualRouter.announcements.filter { run in
            run.pace.mostInASecond > mostInASecond || run.pace.longestStretch > longestStretch
        }
        return Dictionary(grouping: storms, by: \.mac).sorted { $0.key < $1.key }.compactMap { mac, runs in
            finding(about: mac, runs, subject, &pending)
        }
    }

    private static func finding(
        about mac: MACAddress,
        _ runs: [AnnouncementRun],
        _ subject: Subject,
        _ pending: inout Pending
    ) -> Finding? {
        guard let first = runs.map(\.occurrences.start).min(), let last = runs.map(\.occurrences.end).max() else {
            return nil
        }
        let most = runs.map(\.pace.mostInASecond).max() ?? 0
        let stretch = runs.map(\.pace.longestStretch).max() ?? .zero
        let number = runs.reduce(0) { $0 + $1.occurrences.count }
        let addresses = Set(runs.map(\.address)).sorted().prefix(4).map(\.description)
        let position = subject.routers.firstIndex { $0.macs.contains(mac) }
        let router = position.map { subject.routers[$0] }
        let busiest = most >= AnnouncementPace.mostCounted ? "at least \(most)" : "up to \(most)"
        return Finding(
            rule,
            virtualRouter: subject.virtualRouter.key,
            routers: router.map { [$0.address] } ?? [],
            from: first,
            to: last,
            ongoing: !pending.isPast(last + AnnouncementPace.pause),
            count: number,
            summary: "\(router.map { "\($0.address) (\(mac))" } ?? "\(mac)") announced \(list(addresses)) "
                + (most > mostInASecond
                    ? "\(busiest) times in a second" : "for \(text(stretch)) without pause"),
            explanation:
                "\(mac) sent \(count(number, "announcement")), \(busiest) of one address within a second. The longest stretch "
                + "without a pause of \(text(AnnouncementPace.pause)) lasted \(text(stretch)). "
                + "A takeover needs one announcement, and keepalived sends ten in all.",
            remedy: router.map {
                advice($0.address, position, first, last, subject) + " "
                    + "Where the switches show \(mac) at several ports, look for a loop."
            },
            evidence: Array(runs.flatMap(\.occurrences.references).prefix(8))
        )
    }

    /// The settings that keep a router from announcing so often; during a split, the split itself.
    private static func advice(
        _ address: IPAddress,
        _ position: Int?,
        _ start: CaptureInstant,
        _ end: CaptureInstant,
        _ subject: Subject
    ) -> String {
        let isContested = subject.history.timeline.contains { stretch in
            stretch.state == .split && stretch.start <= end && stretch.end >= start
                && position.map(stretch.masters.contains) ?? false
        }
        if isContested {
            return "Mend the split first: \(address) announces again at each advertisement of a worse router."
        }
        let settings = "set garp_master_refresh to 0 or to a minute and more, and garp_master_repeat to 5."
        switch position.flatMap({ subject.implementation(of: $0) }) {
        case .keepalived: return "On \(address), \(settings)"
        case nil: return "On \(address), if it runs keepalived: \(settings)"
        case .frr?, .cisco?, .mikroTik?:
            return "On \(address), look for what makes it master again and again, and for a script that announces."
        }
    }
}
