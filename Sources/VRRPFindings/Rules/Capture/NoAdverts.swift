internal import VRRPFacts
package import VRRPTracker
internal import VRRPWire

/// Nothing to judge.
package enum NoAdverts: ObservationRule {
    package static let rule = Rule(
        "no-adverts",
        .warning,
        .capture,
        summary: """
            the observation holds no VRRP advertisement, so there is nothing to judge; says what to check, by what else was \
            seen
            """,
        clauses: [],
        restsOnSilence: true,
        isCircumstance: true,
        page: Rule.Page(
            meaning: "No router advertised in the whole time that was looked at, as far as the capture shows.",
            importance: """
                A segment without advertisements has no master, or the capture is at the wrong place. Both look the same: \
                no finding means nothing then.
                """,
            onTheWire: """
                0..20 every 10 host 02:00:00:00:00:0a announces 10.0.0.77
                30 end
                """,
            causes: [
                "the capture is on another segment or VLAN, or on a port to which the switch does not forward the group's multicast",
                "the routers send unicast, past the place of the capture",
                "no VRRP daemon runs, or a firewall drops what it sends",
                "another protocol does the work: HSRP, GLBP, CARP, a cluster manager",
                "the filter of the capture left IP protocol 112 out",
            ],
            remedy: """
                Run `tcpdump -ni IFACE proto 112` on a router: if nothing shows there, look at its VRRP daemon; if \
                something does, capture there.
                """,
            notThis: "Advertisements that cannot be read: that is malformed-advert.",
            thresholds: """
                live 41 seconds, since VRRPv3 has intervals of up to 40.95 s; for a capture file its whole length
                """,
            references: ["RFC 9568 section 5.2.7"]
        )
    )

    package static let reads: Set<Facet> = [.traffic, .refusals]

    /// The longest interval of VRRPv3 (RFC 9568 section 5.2.7), rounded up.
    private static let patience: TimeSpan = .seconds(41)

    package static func findings(in observation: Observation, _ pending: inout Pending) -> [Finding] {
        guard !observation.hasAdvertisements, observation.malformed.isEmpty, let start = observation.start,
            let end = observation.end
        else { return [] }
        guard observation.isFinished || pending.isPast(start + patience) else { return [] }
        let seen = seen(in: observation)
        return [
            Finding(
                rule,
                virtualRouter: nil,
                from: start,
                to: end,
                ongoing: true,
                summary: "no VRRP advertisement was seen",
                explanation: seen.isEmpty
                    ? "Neither was there anything else that tells of routers that share an address."
                    : "What was seen: \(list(seen)).",
                remedy: remedy(observation),
                evidence: observation.carp.flatMap(\.occurrences.references)
            )
        ]
    }

    /// The things seen that tell of routers and addresses, in words.
    private static func seen(in observation: Observation) -> [String] {
        let total = observation.counts.reduce(into: (arp: 0, nd: 0)) { sum, counts in
            sum.arp += counts.arp
            sum.nd += counts.neighborAdvertisements
        }
        var words: [String] = []
        if total.arp > 0 { words.append(count(total.arp, "ARP packet")) }
        if total.nd > 0 { words.append(count(total.nd, "Neighbor Advertisement")) }
        words += observation.otherProtocols.prefix(mostGroups).map { group in
            "\(group.name.rawValue.uppercased()) group \(group.group) of \(list(group.sources.map(\.description)))"
        }
        words += observation.carp.prefix(mostGroups).map { group in
            "CARP group \(group.vhid) of \(list(group.sources.map(\.description)))"
        }
        if !observation.refusals.isEmpty { words.append("ICMP errors that refuse IP protocol 112") }
        let behindAH = observation.count(of: .otherBehindAH)
        if behindAH > 0 {
            words.append("\(count(behindAH, "packet")) with an Authentication Header and no VRRP behind it")
        }
        for (kind, number) in observation.tunnels {
            words.append("\(count(number, "\(kind.rawValue) tunnel packet")) without VRRP inside")
        }
        return words
    }

    private static let mostGroups = 4

    private static func remedy(_ observation: Observation) -> String {
        let general = rule.page.remedy
        if let group = observation.otherProtocols.first {
            let name = group.name.rawValue.uppercased()
            return "Here \(name) shares addresses among routers, which this program only names. If VRRP should be "
                + "there too: " + general
        }
        if !observation.carp.isEmpty {
            return "Here CARP shares addresses among hosts, which is not VRRP (`ifconfig` on them shows who is "
                + "master). If VRRP should be there too: " + general
        }
        guard observation.counts.contains(where: { $0.arp + $0.neighborAdvertisements > 0 }) else {
            return "See that the capture is on the routers' segment, and that its filter lets IP protocol 112 pass. "
                + general
        }
        return general
    }
}

extension Observation {
    fileprivate func count(of sidenote: Sidenote) -> Int {
        sidenotes.lazy.filter { $0.sidenote == sidenote }.reduce(0) { $0 + $1.count }
    }

    /// Packets of tunnels without anything inside that is tracked, by the tunnels' kinds in order of appearance.
    fileprivate var tunnels: [(Tunnel.Kind, Int)] {
        var kinds: [(Tunnel.Kind, Int)] = []
        for note in sidenotes {
            guard case .tunnel(let kind) = note.sidenote else { continue }
            if let known = kinds.firstIndex(where: { $0.0 == kind }) {
                kinds[known].1 += note.count
            } else {
                kinds.append((kind, note.count))
            }
        }
        return kinds
    }
}
