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
                one, and neither works well.
                """,
            onTheWire: """
                carp C 10.0.0.1 vhid 1
                0..5 every 1 C
                6 end
                """,
            causes: ["OPNsense, pfSense, OpenBSD or FreeBSD firewalls on the segment"],
            remedy: "Keep VHIDs and VRIDs of one segment different.",
            notThis: "VRRP. tcpdump and tshark show such packets as VRRPv2 with odd addresses.",
            thresholds: "one packet",
            references: ["OpenBSD, sys/netinet/ip_carp.h"]
        )
    )

    package static let reads: Set<Facet> = [.carp, .virtualRouters]

    package static func findings(in observation: Observation, _: inout Pending) -> [Finding] {
        observation.carp.map { group in
            let shared = observation.virtualRouters.contains {
                $0.key.segment == group.segment && $0.key.vrid == group.vhid
            }
            return Finding(
                rule,
                severity: shared ? .warning : nil,
                virtualRouter: nil,
                routers: group.sources.sorted(),
                from: group.occurrences.start,
                to: group.occurrences.end,
                count: group.occurrences.count,
                summary: "CARP group \(group.vhid) advertises on \(group.segment.name)"
                    + (shared ? ", and shares its virtual MAC address with VRID \(group.vhid)" : ""),
                explanation: "\(count(group.occurrences.count, "packet")) of CARP from "
                    + "\(list(group.sources.sorted().map(\.description))); they take no part in VRRP.",
                evidence: group.occurrences.references
            )
        }
    }
}
