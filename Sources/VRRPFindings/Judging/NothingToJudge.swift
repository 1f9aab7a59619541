internal import VRRPFacts
package import VRRPTracker
internal import VRRPWire

/// The answer where an observation holds too little to judge: the reason, what was seen instead, what to check next.
package struct NothingToJudge: Hashable, Sendable {
    /// The reason; the raw values are those of JSON.
    package enum Reason: String, Hashable, Sendable, CaseIterable {
        case noAdverts = "no-adverts"
        /// The filter kept advertisements out.
        case filtered
        /// The capture sees one direction of the traffic only.
        case oneDirection = "one-direction"
        case tooShort = "too-short"
    }

    package var reason: Reason
    /// The reason in a clause without a full stop.
    package var clause: String
    /// The things seen instead, in sentences.
    package var seen: String
    /// The next three things to check, a sentence or two each.
    package var checks: [String]

    package init(reason: Reason, clause: String, seen: String, checks: [String]) {
        self.reason = reason
        self.clause = clause
        self.seen = seen
        self.checks = checks
    }

    /// The checks in a line, each with its number.
    package var instructions: String {
        checks.enumerated().map { "\($0.offset + 1). \($0.element)" }.joined(separator: " ")
    }

    /// Three of the usual intervals (RFC 9568 section 5.2.7); a shorter silence tells nothing.
    static let patience: TimeSpan = .seconds(3)
}

// MARK: - Silence

extension NothingToJudge {
    /// Draws up the answer for an observation that holds no advertisement that could be read.
    package init(about observation: Observation) {
        let start = observation.start.map { min($0, observation.terms.start ?? $0) }
        let length = start.flatMap { start in observation.end.map { $0 - start } } ?? .zero
        self.init(
            reason: Self.reason(observation, length),
            clause: Self.clause(observation, length),
            seen: Self.sentences(observation),
            checks: Self.checks(observation, length)
        )
    }

    private static func reason(_ observation: Observation, _ length: TimeSpan) -> Reason {
        if observation.terms.keptOut > 0 { return .filtered }
        if length < patience, observation.start != nil { return .tooShort }
        return onlyClaimant(observation) == nil ? .noAdverts : .oneDirection
    }

    private static func clause(_ observation: Observation, _ length: TimeSpan) -> String {
        let terms = observation.terms
        if terms.keptOut > 0, let filter = terms.filter {
            return "the filter '\(filter)' kept out \(terms.keptOut == 1 ? "the one" : "all \(terms.keptOut)") VRRP "
                + "advertisement\(terms.keptOut == 1 ? "" : "s"), on \(list(terms.placesKeptOut))"
        }
        guard observation.start != nil else { return "no packet was captured" }
        let deed = observation.malformed.isEmpty ? "was seen" : "could be read"
        guard length >= patience else {
            return "no VRRP advertisement \(deed) in \(length.words(.prose)), which is too short to tell"
        }
        return "no VRRP advertisement \(deed)"
    }

    private static func sentences(_ observation: Observation) -> String {
        let seen = seen(in: observation)
        var sentences = [
            seen.isEmpty
                ? "The capture also holds nothing else that tells of routers that share an address."
                : "The capture holds \(list(seen)) instead."
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
        let unread = observation.malformed.reduce(0) { $0 + $1.occurrences.count }
        if unread > 0 { words.append(count(unread, "packet") + " of IP protocol 112 that cannot be read") }
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

    private static func checks(_ observation: Observation, _ length: TimeSpan) -> [String] {
        Array((ownChecks(observation, length) + foreignChecks(observation) + commonChecks).prefix(3))
    }

    /// Checks of the capture itself, by what is known of it.
    private static func ownChecks(_ observation: Observation, _ length: TimeSpan) -> [String] {
        let terms = observation.terms
        var checks: [String] = []
        if terms.keptOut > 0 {
            checks.append("Change the filter: name \(list(terms.placesKeptOut)) in it, or leave it out.")
        } else if terms.filter != nil {
            checks.append(
                "Change the filter: it must let IP protocol 112 pass, 51 where VRRP is inside of AH, and both in VLANs."
            )
        }
        if lengthWithoutLink(observation) > .zero {
            checks.append("See whether the link is up: `ip -s link` shows that.")
        }
        if length < patience, observation.isFinished { checks.append("Capture for a minute.") }
        if terms.isPromiscuous == false {
            checks.append("Leave out -p, so that the interface also hands up packets for others.")
        }
        if onlyClaimant(observation) != nil {
            checks.append("Let the mirror port copy both directions, what is sent and what is received.")
        }
        return checks
    }

    /// Checks by what was seen instead.
    private static func foreignChecks(_ observation: Observation) -> [String] {
        var checks: [String] = []
        if !observation.malformed.isEmpty {
            checks.append("Read the finding malformed-advert: packets of IP protocol 112 came that cannot be read.")
        }
        if let group = observation.otherProtocols.first {
            let name = group.name.rawValue.uppercased()
            checks.append("Look at \(name): it shares addresses among routers here, and this program only names it.")
        }
        if !observation.carp.isEmpty {
            checks.append(
                "Look at CARP, which shares addresses among hosts here: `ifconfig` on them shows who is master."
            )
        }
        if !observation.refusals.isEmpty {
            checks.append(
                "Look at the firewall of the hosts that refuse IP protocol 112: the finding advert-refused names them."
            )
        }
        if observation.count(of: .otherBehindAH) > 0 {
            checks.append(
                "Leave the Authentication Headers aside: no VRRP is behind them, so they belong to another IPsec."
            )
        }
        if let kind = observation.tunnels.first?.0 {
            let hint = observation.terms.readsTunnels ? "" : ", or look into them with --tunnels"
            checks.append("Capture where the routers' segment leaves the \(kind.rawValue) tunnels\(hint).")
        }
        return checks
    }

    private static let commonChecks = [
        "Run `tcpdump -ni IFACE proto 112` on one of the routers. If nothing shows there, look at its VRRP daemon.",
        "See whether the capture is on the routers' segment and VLAN. For unicast VRRP, capture on a router itself.",
        "Look at the switch: with IGMP snooping it may keep 224.0.0.18 and ff02::12 from this port.",
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
