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
                Check the routers first: `tcpdump -ni IFACE proto 112` on one of them. If nothing shows there, look at its \
                VRRP daemon; if something does, capture there. Then check the place of the capture: interface, VLAN, mirror \
                port. Then check the switch: with IGMP snooping it may keep 224.0.0.18 and ff02::12 from this port.
                """,
            notThis: "Advertisements that cannot be read: that is malformed-advert.",
            thresholds: """
                live three seconds, in which three advertisements are due at the usual interval; with a longer one, which \
                VRRPv3 allows up to 40.95 s, the finding is over with the first advertisement; for a capture file its whole \
                length, which below three seconds is called too short
                """,
            references: ["RFC 9568 section 5.2.7"]
        )
    )

    package static let reads: Set<Facet> = [.traffic, .refusals]

    /// Three of the usual intervals (RFC 9568 section 5.2.7).
    private static let patience: TimeSpan = .seconds(3)

    package static func findings(in observation: Observation, _ pending: inout Pending) -> [Finding] {
        guard !observation.hasAdvertisements, observation.malformed.isEmpty, let start = observation.start,
            let end = observation.end
        else { return [] }
        let first = min(start, observation.terms.start ?? start)
        guard observation.isFinished || pending.isPast(start + patience) else { return [] }
        return [
            Finding(
                rule,
                virtualRouter: nil,
                from: first,
                to: end,
                ongoing: true,
                summary: summary(observation, end - first),
                explanation: explanation(observation),
                remedy: remedy(observation, end - first),
                evidence: observation.carp.flatMap(\.occurrences.references)
            )
        ]
    }

    // MARK: What was seen

    private static func summary(_ observation: Observation, _ length: TimeSpan) -> String {
        let terms = observation.terms
        if terms.keptOut > 0, let filter = terms.filter {
            return "no VRRP advertisement passed the filter '\(filter)', which kept out "
                + "\(count(terms.keptOut, "advertisement")) on \(list(terms.placesKeptOut))"
        }
        guard length >= patience else {
            return "no VRRP advertisement was seen in \(length.words(.prose)), which is too short to tell"
        }
        return "no VRRP advertisement was seen"
    }

    private static func explanation(_ observation: Observation) -> String {
        let seen = seen(in: observation)
        var sentences = [
            seen.isEmpty
                ? "Neither was there anything else that tells of routers that share an address."
                : "What was seen: \(list(seen))."
        ]
        let terms = observation.terms
        if let filter = terms.filter, terms.keptOut == 0 { sentences.append("The filter was '\(filter)'.") }
        let down = lengthWithoutLink(observation)
        if down > .zero { sentences.append("The interface had no link for \(down.words(.prose)).") }
        if terms.isPromiscuous == false { sentences.append("The interface was not in promiscuous mode.") }
        if let only = onlyClaimant(observation) {
            sentences.append(
                "All ARP and neighbor packets are from \(only), as where a capture sees one direction only."
            )
        }
        return sentences.joined(separator: " ")
    }

    private static func lengthWithoutLink(_ observation: Observation) -> TimeSpan {
        observation.blindSpots.reduce(.zero) { sum, spot in
            guard case .linkDown = spot.reason else { return sum }
            return sum + (spot.end - spot.start)
        }
    }

    /// The number of packets of one host from which on they tell that others are not heard.
    private static let telling = 10

    /// The host that sent all ARP packets and neighbor advertisements, where there are enough to wonder.
    private static func onlyClaimant(_ observation: Observation) -> MACAddress? {
        let claimants = Set(observation.counts.compactMap(\.claimant))
        let total = observation.counts.reduce(0) { $0 + $1.arp + $1.neighborAdvertisements }
        guard claimants.count == 1, total >= telling, !observation.counts.contains(where: \.hasSeveralClaimants) else {
            return nil
        }
        return claimants.first
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

    // MARK: What to check

    /// The three things that are worth checking next, the likeliest first.
    private static func remedy(_ observation: Observation, _ length: TimeSpan) -> String {
        let checks = (ownChecks(observation, length) + foreignChecks(observation) + commonChecks).prefix(3)
        return "Check three things. "
            + checks.enumerated().map { "\($0.offset + 1): \($0.element)" }.joined(separator: " ")
    }

    /// The checks of the way in which was captured.
    private static func ownChecks(_ observation: Observation, _ length: TimeSpan) -> [String] {
        let terms = observation.terms
        var checks: [String] = []
        if terms.keptOut > 0 {
            checks.append("the filter; name \(list(terms.placesKeptOut)) in it, or leave it out.")
        } else if terms.filter != nil {
            checks.append(
                "the filter; it must let IP protocol 112 pass, and 51 where VRRP is inside of AH, also in VLANs."
            )
        }
        if lengthWithoutLink(observation) > .zero { checks.append("the link; `ip -s link` shows whether it is up.") }
        if length < patience, observation.isFinished { checks.append("the time; capture for a minute.") }
        if terms.isPromiscuous == false {
            checks.append("the mode; without -p the interface hands up what is for others as well.")
        }
        if onlyClaimant(observation) != nil {
            checks.append("the direction; a mirror port must copy what is sent and what is received.")
        }
        return checks
    }

    /// The checks that other traffic suggests.
    private static func foreignChecks(_ observation: Observation) -> [String] {
        var checks: [String] = []
        if let group = observation.otherProtocols.first {
            let name = group.name.rawValue.uppercased()
            checks.append("the protocol; here \(name) shares addresses among routers, which this program only names.")
        }
        if !observation.carp.isEmpty {
            checks.append(
                "the protocol; here CARP shares addresses among hosts, which is not VRRP, and `ifconfig` on them shows "
                    + "who is master."
            )
        }
        if !observation.refusals.isEmpty {
            checks.append("the firewall of the hosts that refuse IP protocol 112; advert-refused tells more.")
        }
        if observation.count(of: .otherBehindAH) > 0 {
            checks.append("the Authentication Headers; nothing behind them is VRRP, so they are of another IPsec.")
        }
        if let kind = observation.tunnels.first?.0 {
            let hint = observation.terms.readsTunnels ? "" : ", and --tunnels to look into them"
            checks.append("the \(kind.rawValue) tunnels; capture where the routers' segment leaves them\(hint).")
        }
        return checks
    }

    /// The checks that are always worth making.
    private static let commonChecks = [
        "the routers; run `tcpdump -ni IFACE proto 112` on one, and if nothing shows there, look at its VRRP daemon.",
        "the place; the capture must be on the routers' segment and VLAN, and for unicast VRRP on a router itself.",
        "the switch; with IGMP snooping it may keep 224.0.0.18 and ff02::12 from this port.",
    ]
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
