internal import VRRPFacts
internal import VRRPTracker
internal import VRRPWire

/// The reason why a master does not yield to another one, as far as the capture shows it.
struct DeafnessCause {
    private enum Evidence {
        /// Neither accepts the other's advertisements, or one does not accept the other's.
        case rejection(Rejection, isMutual: Bool)
        /// The better router sends unicast, and not to the other one.
        case missingPeer(VirtualRouter.MissingPeer)
        /// The better router's advertisements do not arrive, by captures at both.
        case lost
        /// They arrive, and are not acted upon.
        case filtered
        /// No capture that holds the advertisements of one of them holds any of the other.
        case apart
        /// The capture does not tell.
        case unknown
    }

    /// The router that should yield, or rejects, by position.
    private let receiver: Int
    /// The router that it should yield to.
    private let sender: Int
    private let evidence: Evidence

    /// Returns a cause for each pair of the given masters, those that the capture shows first.
    static func causes(in subject: Subject, among routers: [Int]) -> [DeafnessCause] {
        let all = subject.pairs.filter { routers.contains($0.0) && routers.contains($0.1) }.map {
            DeafnessCause(of: $0.0, $0.1, in: subject)
        }
        return all.filter(\.isShown) + all.filter { !$0.isShown }
    }

    private init(of a: Int, _ b: Int, in subject: Subject) {
        let (loser, winner) = subject.rank(a, b)
        let rejections = [(a, b), (b, a)].compactMap { receiver, sender in
            subject.history.rejection(by: receiver, of: sender, in: subject.virtualRouter).map {
                (receiver: receiver, sender: sender, reason: $0)
            }
        }
        if let first = rejections.first {
            (receiver, sender) = (first.receiver, first.sender)
            evidence = .rejection(first.reason, isMutual: rejections.count == 2)
            return
        }
        (receiver, sender) = (loser, winner)
        if let missing = subject.virtualRouter.missingPeer(of: winner, loser) {
            evidence = .missingPeer(missing)
        } else if !subject.brokenEpisodes(from: winner, to: loser).isEmpty {
            evidence = .lost
        } else if subject.filters(loser, from: winner, .distantPast, .distantFuture) {
            evidence = .filtered
        } else {
            evidence = subject.areSeenApart(loser, winner) ? .apart : .unknown
        }
    }

    private var isShown: Bool {
        switch evidence {
        case .rejection, .missingPeer, .lost, .filtered, .apart: true
        case .unknown: false
        }
    }

    // MARK: Words

    /// The clauses on the reasons of several causes; routers that reject one another for one reason are told of together.
    static func words(of causes: [DeafnessCause], in subject: Subject) -> [String] {
        var told: Set<Rejection> = []
        return causes.compactMap { cause in
            guard case .rejection(let reason, isMutual: true) = cause.evidence else { return cause.words(in: subject) }
            guard told.insert(reason).inserted else { return nil }
            let alike = causes.filter { other in
                if case .rejection(reason, isMutual: true) = other.evidence { true } else { false }
            }
            let names = subject.names(Set(alike.flatMap { [$0.receiver, $0.sender] }))
            return "\(names) do not accept each other's advertisements: \(reason.words)"
        }
    }

    /// The clause on the reason, without its full stop.
    func words(in subject: Subject) -> String {
        let (deaf, other) = (subject.routers[receiver].address, subject.routers[sender].address)
        let wentOn =
            "\(deaf) (priority \(subject.virtualRouter.priority(of: receiver))) went on although \(other) "
            + "(priority \(subject.virtualRouter.priority(of: sender))) advertised"
        switch evidence {
        case .rejection(let reason, let isMutual):
            return isMutual
                ? "\(deaf) and \(other) do not accept each other's advertisements: \(reason.words)"
                : "\(deaf) does not accept \(other)'s advertisements: \(reason.words)"
        case .missingPeer:
            let peers = list(subject.routers[sender].addressees.map(\.address.description))
            return "\(wentOn), because \(other) sends its advertisements to \(peers) and none to \(deaf) "
                + "(unicast-peer-missing)"
        case .lost:
            return
                "\(wentOn): captures at both show that \(other)'s advertisements do not arrive at \(deaf) (path-broken)"
        case .filtered:
            return
                "\(wentOn): a capture at \(deaf) shows that they arrive, and nothing in them gives a reason to reject them "
                + "(host-filter)"
        case .apart:
            return "\(wentOn): no capture holds advertisements of both, so they are lost between the two places"
        case .unknown:
            return
                "\(wentOn), and nothing in its advertisements gives a reason to reject them: the capture cannot tell "
                + "whether it does not hear or does not accept them"
        }
    }

    /// The next thing to do, and on which machine.
    func remedy(in subject: Subject) -> String {
        let (deaf, other) = (subject.routers[receiver].address, subject.routers[sender].address)
        let filter = "\(subject.virtualRouter.key.family == .ipv4 ? "proto" : "ip6 proto") 112"
        let look = "On \(deaf) run `tcpdump -ni IFACE \(filter) and src \(other)`."
        let isMulticast = subject.routers[sender].deliveries.contains(where: \.isMulticast)
        let path =
            isMulticast
            ? "filters for IP protocol 112, and multicast snooping on the switches between"
            : "filters, routes and security groups for IP protocol 112 from \(other) to \(deaf)"
        switch evidence {
        case .rejection(let reason, _):
            return remedy(for: reason, deaf, other, subject.implementation(of: receiver))
        case .missingPeer:
            return
                "On \(other), add \(deaf) to the list of peers (keepalived: unicast_peer), and look on \(deaf) whether "
                + "\(other) is in its list. `vrrpwatch check` compares the lists of all configurations."
        case .lost:
            return "Look at \(path), from \(other) to \(deaf)."
        case .filtered:
            return
                "On \(deaf) look for a local filter of IP protocol 112 (`nft list ruleset`, `iptables -S`), at the multicast "
                + "group on the interface (`ip maddr`), and at the interface that the daemon listens on."
        case .apart:
            return "\(look) If it shows nothing, look at \(path). The same the other way round."
        case .unknown:
            return
                "\(look) If it shows nothing, the path loses them: look at \(path). If it shows them, a filter on \(deaf) "
                + "itself or its configuration refuses them: \(subject.implementation(of: receiver).log) there and "
                + "`vrrpwatch check` tell."
        }
    }

    private func remedy(
        for reason: Rejection,
        _ deaf: IPAddress,
        _ other: IPAddress,
        _ implementation: Implementation?
    ) -> String {
        switch reason {
        case .absentPassword:
            "On all routers of this virtual router: version 3, or no authentication (keepalived: vrrp_version 3, and no "
                + "authentication block)."
        case .ttl:
            "Look why the advertisements of \(other) arrive with a TTL other than 255: \(deaf) discards them. bad-ttl says "
                + "where to look."
        case .unknown:
            "Compare the keys and passwords of \(other) and \(deaf). On \(deaf), \(implementation.log) names the reason for "
                + "which it discards advertisements."
        default:
            "Make \(other) and \(deaf) agree in what the explanation names; the finding named there says how. On \(deaf), "
                + "\(implementation.log) tells of the advertisements that it discards."
        }
    }
}

extension Subject {
    /// Returns which of two routers must yield to the other (RFC 9568 section 6.4.3).
    fileprivate func rank(_ a: Int, _ b: Int) -> (loser: Int, winner: Int) {
        let aWins = (routers[a].priority, routers[a].address) > (routers[b].priority, routers[b].address)
        return aWins ? (b, a) : (a, b)
    }

    /// Whether several captures hold the advertisements of two routers and none holds some of both.
    fileprivate func areSeenApart(_ a: Int, _ b: Int) -> Bool {
        let (left, right) = (routers[a].observers, routers[b].observers)
        // Once could be a packet at the edge of a file.
        guard left.contains(where: { $0 > 2 }), right.contains(where: { $0 > 2 }) else { return false }
        return !left.indices.contains { $0 < right.count && left[$0] > 0 && right[$0] > 0 }
    }
}

extension Rejection {
    /// The reason in words, with the finding that tells more.
    var words: String {
        switch self {
        case .authenticationHeader, .authenticationType: "their authentication types differ (auth-mismatch)"
        case .password: "their passwords differ (auth-mismatch)"
        case .absentPassword:
            "they announce a password (auth_type PASS), for which VRRPv2 over IPv6 has no room, and compare one all the same: "
                + "use version 3, or no authentication"
        case .key: "their keys differ, as the given keys prove (auth-mismatch)"
        case .keyID: "they sign with keys of different numbers (auth-mismatch)"
        case .ttl: "the TTL is not 255 (bad-ttl)"
        case .version: "they speak different versions of VRRP (version-mismatch)"
        case .interval: "their advertisement intervals differ, which VRRPv2 does not allow (interval-mismatch)"
        case .checksum: "they compute checksums in different ways (checksum-mismatch, bad-checksum)"
        case .delivery: "one sends multicast and the other unicast (delivery-mismatch)"
        case .addressCount:
            "they advertise different numbers of addresses (address-list-mismatch), which keepalived up to 2.2 rejects"
        case .unknown:
            "they speak exactly one interval after each other's advertisements, as a keepalived does that rejects them; "
                + "a key that differs is the usual reason (auth-mismatch)"
        }
    }
}
