internal import VRRPFacts
internal import VRRPWire
package import VRRPTracker

/// CARP speaks the same IP protocol here.
package enum CARPPresent: ObservationRule {
    package static let rule = Rule(
        "carp-present",
        .notice,
        .packets,
        summary: "CARP speaks IP protocol 112 here; it is not VRRP and is kept apart",
        clauses: [Rule.Clause("RFC9568-7.3-3", "which is a warning where a VHID equals a VRID")],
        page: Rule.Page(
            meaning:
                "OpenBSD's and FreeBSD's CARP uses VRRP's protocol number and multicast address for another format.",
            importance: """
                CARP also uses VRRP's virtual MAC addresses: a VHID equal to a VRID on one segment makes both share \
                one, and neither works well. Two hosts that both go on advertising for one VHID are both master: they do \
                not hear each other, or differ in the password.
                """,
            onTheWire: """
                carp C 10.0.0.1 vhid 1
                0..5 every 1 C
                6 end
                """,
            causes: ["OPNsense, pfSense, OpenBSD or FreeBSD firewalls on the segment"],
            remedy: "Keep VHIDs and VRIDs of one segment different. Of one VHID only the master may advertise.",
            notThis: "VRRP. tcpdump and tshark show such packets as VRRPv2 with odd addresses.",
            thresholds: """
                one packet; a warning where a VHID equals a VRID, or where two hosts take turns for longer than four intervals, \
                which is more than a handover takes
                """,
            references: ["OpenBSD, sys/netinet/ip_carp.h"]
        )
    )

    package static let reads: Set<Facet> = [.carp, .virtualRouters]

    package static func findings(in observation: Observation, _ pending: inout Pending) -> [Finding] {
        observation.carp.map { group in
            let isShared = observation.virtualRouters.contains {
                $0.key.segment == group.segment && $0.key.vrid == group.vhid
            }
            let isGoingOn = group.contests.last.map { !pending.isPast($0.end + $0.patience) } ?? false
            let speakers = list(group.sources.sorted().map(\.description))
            return Finding(
                rule,
                severity: isShared || !group.contests.isEmpty ? .warning : nil,
                virtualRouter: nil,
                routers: group.sources.sorted(),
                from: group.occurrences.start,
                to: group.occurrences.end,
                ongoing: isGoingOn,
                count: group.occurrences.count,
                summary: "\(count(group.hosts, "host")) \(group.hosts == 1 ? "speaks" : "speak") CARP group "
                    + "\(group.vhid) on \(group.segment.name)"
                    + (group.contests.isEmpty ? "" : ", two of them at once")
                    + (isShared ? ", which shares its virtual MAC address with VRID \(group.vhid)" : ""),
                explanation:
                    "\(count(group.occurrences.count, "CARP packet")) came from \(speakers). CARP takes no part in VRRP."
                    + contests(of: group),
                remedy: remedy(group, isShared: isShared),
                evidence: group.occurrences.references
            )
        }
    }

    private static func contests(of group: CARPGroup) -> String {
        group.contests.map { contest in
            """
             \(list(contest.addresses.sorted().map(\.description))) took turns for \(text(contest.end - contest.start)), \
            longer than the \(text(contest.patience)) that a handover takes at most.
            """
        }.joined()
    }

    private static func remedy(_ group: CARPGroup, isShared: Bool) -> String? {
        guard let contest = group.contests.last else { return isShared ? rule.page.remedy : nil }
        let hosts = list(contest.addresses.sorted().map(\.description))
        return """
            Compare password, advbase and addresses of VHID \(group.vhid) on \(hosts), and see with `tcpdump -ni IFACE proto \
            112` on each whether it hears the other.
            """ + (isShared ? " " + rule.page.remedy : "")
    }
}

extension CARPGroup {
    /// The number of hosts that speak: of one that speaks over both IP versions, each version shows it once.
    fileprivate var hosts: Int {
        let ipv4 = speakers.count { $0.address.family == .ipv4 }
        return max(ipv4, speakers.count - ipv4)
    }
}
