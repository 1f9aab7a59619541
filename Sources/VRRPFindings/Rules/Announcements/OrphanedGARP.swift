internal import VRRPFacts
internal import VRRPWire
internal import VRRPTracker

/// The last announcement of a virtual address names a router that is no longer master.
package enum OrphanedGARP: VirtualRouterRule {
    package static let rule = Rule(
        "orphaned-garp",
        .critical,
        .announcements,
        summary: "the last announcement of a virtual address names a router that is no longer master",
        clauses: [
            Rule.Clause("RFC9568-6.4.2-1", "for announcements left behind by one that is"),
            Rule.Clause("RFC9568-6.4.2-8", "where a later Master does not take them back"), "RFC9568-8.1.2-1",
            "RFC9568-8.2.2-1", "RFC3768-8.2-1",
        ],
        causeRank: 150,
        page: Rule.Page(
            meaning: """
                A router announced the addresses and is no longer master. The router that is master now never announced \
                them again. Hosts keep sending to the router that announced them last.
                """,
            importance: """
                Nobody who heard the announcement reaches the virtual address for as long as the ARP entry \
                lives: minutes on Linux, up to four hours on Cisco. Both routers look healthy.
                """,
            onTheWire: """
                router A 10.0.0.1 priority 100
                router B 10.0.0.2 priority 90
                0 A announces
                0..5 every 1 A
                8.7 B
                8.701 B announces
                9.5..20.5 every 1 A
                21 end
                """,
            causes: [
                "the master stalled without noticing, so it sees no reason to announce its addresses again",
                "garp_lower_prio_repeat 0, or an old keepalived",
            ],
            remedy: """
                Make the master announce its addresses now (`arping -A -c 3 -I IFACE ADDRESS`, or a restart), or clear the \
                ARP entries of the hosts. To prevent this, set garp_master_refresh, garp_lower_prio_repeat or use_vmac in \
                keepalived.conf.
                """,
            notThis: "Announcements from the virtual MAC address, which all routers of the group share.",
            thresholds: """
                the rightful master has not announced the address within two seconds, or two intervals and what timers are off, of having \
                mastership to itself
                """,
            references: ["RFC 9568 section 6.4.2", "keepalived.conf(5), garp_master_refresh"]
        )
    )

    package static func findings(in subject: Subject, _ pending: inout Pending) -> [Finding] {
        guard !subject.virtualRouter.announcements.isEmpty else { return [] }
        let patience = max(.seconds(2), ElectionTimes.announcementAfter(subject.interval))
        let runs = Dictionary(grouping: subject.virtualRouter.announcements, by: \.address)
        var orphans: [(start: CaptureInstant, end: CaptureInstant, master: Int, run: AnnouncementRun)] = []
        for interval in subject.history.timeline where interval.state == .master {
            let master = interval.masters[0]
            // What was announced where nobody could see is not known.
            let unobserved = subject.unobserved(before: interval.start)
            for address in subject.routers[master].addresses {
                guard let runs = runs[address] else { continue }
                // The announcement in force when mastership was settled, and whatever follows it while it lasts.
                let following = runs.partitioningIndex { $0.occurrences.start > interval.start }
                for index in max(0, following - 1)..<runs.count {
                    guard runs[index].occurrences.start < interval.end else { break }
                    let next = index + 1 < runs.count ? runs[index + 1].occurrences.start : .distantFuture
                    let start = max(interval.start, runs[index].occurrences.start)
                    let end = min(interval.end, next)
                    if let unobserved, runs[index].occurrences.start < unobserved.end { continue }
                    guard isOrphan(runs[index], master, subject),
                        pending.isLonger(than: patience, from: start, to: end)
                    else { continue }
                    orphans.append((start, end, master, runs[index]))
                }
            }
        }
        guard let first = orphans.first, let last = orphans.max(by: { $0.end < $1.end }) else { return [] }
        let announcers = Set(
            orphans.compactMap { orphan in
                subject.routers.indices.first { subject.routers[$0].macs.contains(orphan.run.mac) }
            }
        )
        let addresses = Set(orphans.map(\.run.address)).sorted()
        let isOngoing = last.end == subject.end
        return [
            Finding(
                rule,
                virtualRouter: subject.virtualRouter.key,
                routers: subject.addresses(announcers.union([last.master])),
                from: first.start,
                to: last.end,
                ongoing: isOngoing,
                count: orphans.count,
                summary:
                    "hosts \(isOngoing ? "send" : "sent") packets for \(list(addresses.prefix(4).map(\.description))) to "
                    + "\(subject.names(announcers)) (\(last.run.mac)), but \(subject.routers[last.master].address) "
                    + "\(isOngoing ? "is" : "was") master",
                explanation:
                    "\(subject.names(announcers)) announced \(addresses.count == 1 ? "the address" : "the addresses") last, with "
                    + "the MAC address \(last.run.mac), and was no longer master then. "
                    + "\(subject.routers[last.master].address) (\(list(subject.routers[last.master].macs.map(\.description)))) "
                    + "was master for \(text(last.end - last.start)) without announcing \(addresses.count == 1 ? "it" : "them").",
                remedy:
                    "On \(subject.routers[last.master].address), run `arping -A -c 3 -I IFACE ADDRESS` for each address now, or "
                    + "restart the VRRP daemon. On hosts that still fail, clear the ARP entry. "
                    + subject.implementation(of: last.master).refresh,
                evidence: orphans.prefix(8).map(\.run.occurrences.last),
                occasions: orphans.map { Finding.Occasion(start: $0.start, end: $0.end) }
            )
        ]
    }

    /// Whether an announcement names another router of the group than the master.
    private static func isOrphan(_ run: AnnouncementRun, _ master: Int, _ subject: Subject) -> Bool {
        run.mac != subject.virtualRouter.virtualMAC && !subject.routers[master].macs.contains(run.mac)
            && subject.routers.contains { $0.macs.contains(run.mac) }
    }
}
