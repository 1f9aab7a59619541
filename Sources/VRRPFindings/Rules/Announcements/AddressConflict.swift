internal import VRRPFacts
package import VRRPTracker
internal import VRRPWire

/// Two hosts have one address, and no VRRP decides between them.
package enum AddressConflict: ObservationRule {
    package static let rule = Rule(
        "address-conflict",
        .warning,
        .announcements,
        summary: "two MAC addresses claim one address that is no virtual router's, again and again",
        clauses: [],
        causeRank: 145,
        page: Rule.Page(
            meaning: """
                ARP packets or Neighbor Advertisements for one address come in turn from two MAC addresses: each claims \
                it again after the other one did.
                """,
            importance: """
                Whoever asks for the address gets two answers and believes now the one, now the other. Connections \
                break and come back.
                """,
            onTheWire: """
                0..9 every 3 host 02:00:00:00:00:0a announces 10.0.0.77
                0.9..9.9 every 3 host 02:00:00:00:00:0b announces 10.0.0.77
                12 end
                """,
            causes: [
                "an address that was given twice, by hand or by two DHCP servers",
                "two nodes of a cluster without VRRP, which both hold its address: each takes the other for dead",
                "a router with proxy ARP that answers for hosts of its own segment",
                "ARP spoofing",
            ],
            remedy: """
                Find both hosts by their MAC addresses in the switches' tables, and take the address from the one that \
                should not have it. In a cluster, look why its nodes do not hear each other.
                """,
            notThis: """
                An address that moved: the host that had it says nothing more. A bond in mode balance-alb, or hosts \
                that share an address on purpose, look like this and are none.
                """,
            thresholds: """
                both come back to the address, three times in all, each within two minutes of its claim before
                """,
            references: ["RFC 5227 section 2.4", "RFC 826"]
        )
    )

    package static let reads: Set<Facet> = [.contested, .virtualRouters]

    package static func findings(in observation: Observation, _ pending: inout Pending) -> [Finding] {
        let established = observation.contested.filter { $0.isEstablished && !isVirtual($0, observation) }
        return established.map { contested in
            let macs = list(contested.macs.map(\.description))
            let place = contested.segment.name == "untagged" ? "" : " on \(contested.segment.name)"
            let (start, end) = (contested.occurrences.start, contested.occurrences.end)
            return Finding(
                rule,
                virtualRouter: nil,
                routers: [contested.address],
                from: start,
                to: end,
                ongoing: !pending.isPast(end + patience),
                count: contested.occurrences.count,
                summary: "\(macs) both claim \(contested.address)\(place)",
                explanation: """
                    \(count(contested.occurrences.count, "time")) within \(text(end - start)) one of the two claimed \
                    \(contested.address) again after the other had claimed it. No VRRP advertisement names the address.
                    """,
                evidence: contested.occurrences.references
            )
        }
    }

    /// The time for which a conflict stays open in a running watch after the latest return.
    private static let patience: TimeSpan = .seconds(120)

    /// Whether a virtual router holds the address by now: then others judge.
    private static func isVirtual(_ contested: ContestedAddress, _ observation: Observation) -> Bool {
        observation.virtualRouters.contains {
            $0.key.segment == contested.segment && $0.addresses.contains(contested.address)
        }
    }
}
