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
            "\(deaf) (priority \(subject.virtualRouter.priority(of: receiver))) did not yield to the advertisements of "
            + "\(other) (priority \(subject.virtualRouter.priority(of: sender)))"
        switch evidence {
        case .rejection(let reason, let isMutual):
            return isMutual
                ? "\(deaf) and \(other) do not accept each other's advertisements: \(reason.words)"
                : "\(deaf) does not accept \(other)'s advertisements: \(reason.words)"
        case .missingPeer:
            let peers = list(subject.routers[sender].addressees.map(\.address.description))
            return "\(wentOn), because \(other) sends them to \(peers) and not to \(deaf) (unicast-peer-missing)"
        case .lost:
            return "\(wentOn), because they do not arrive at \(deaf) (path-broken)"
        case .filtered:
            return "\(wentOn), although they arrive at \(deaf) (host-filter)"
        case .apart:
            return "\(wentOn), because they are lost on the way"
        case .unknown:
            return wentOn
        }
    }

    /// The sentences behind the clause: what shows the cause, or why nothing does.
    func details(in subject: Subject) -> [String] {
        let (deaf, other) = (subject.routers[receiver].address, subject.routers[sender].address)
        let flawless = "Nothing in the advertisements of \(other) gives a reason to reject them."
        return switch evidence {
        case .rejection, .missingPeer: []
        case .lost: ["Captures at both routers show that."]
        case .filtered: ["A capture at \(deaf) shows them.", flawless]
        case .apart: ["No capture holds advertisements of both routers."]
        case .unknown:
            [flawless, "The capture cannot tell whether \(deaf) does not receive them or does not accept them."]
        }
    }

    /// The next thing to do, and on which machine.
    func remedy(in subject: Subject) -> String {
        let (deaf, other) = (subject.routers[receiver].address, subject.routers[sender].address)
        let filter = "\(subject.virtualRouter.key.family == .ipv4 ? "proto" : "ip6 proto") 112"
        let look = "On \(deaf), run `tcpdump -ni IFACE \(filter) and src \(other)`."
        let isMulticast = subject.routers[sender].deliveries.contains(where: \.isMulticast)
        let path =
            isMulticast
            ? "look for filters of IP protocol 112, and for multicast snooping on the switches between"
            : "look for filters, routes and security groups that stop IP protocol 112"
        switch evidence {
        case .rejection(let reason, _):
            return remedy(for: reason, in: subject)
        case .missingPeer:
            return
                "On \(other), add \(deaf) to the list of peers (keepalived: unicast_peer). On \(deaf), see whether \(other) "
                + "is in its list. `vrrpwatch check` compares the lists of all configurations."
        case .lost: return "On the path from \(other) to \(deaf), \(path)."
        case .filtered:
            return
                "On \(deaf), look for a local filter of IP protocol 112 (`nft list ruleset`, `iptables -S`). Then see whether "
                + "the interface has joined the multicast group (`ip maddr`), and on which interface the daemon listens."
        case .apart:
            return
                "\(look) If it shows nothing, the path loses the advertisements: \(path). Do the same in the "
                + "other direction."
        case .unknown:
            return
                "\(look) If it shows nothing, the path loses the advertisements: \(path). If it shows them, a filter "
                + "or the configuration of \(deaf) refuses them: look there at \(subject.implementation(of: receiver).log), and "
                + "run `vrrpwatch check` on the configurations."
        }
    }

    private func remedy(for reason: Rejection, in subject: Subject) -> String {
        let (deaf, other) = (subject.routers[receiver].address, subject.routers[sender].address)
        let log = subject.implementation(of: receiver).log
        let positions = [receiver, sender].sorted()
        let mend: String
        switch reason {
        case .absentPassword:
            return
                "On all routers of this virtual router, use VRRPv3 or no authentication (keepalived: vrrp_version 3, and no "
                + "authentication block)."
        case .ttl:
            return
                "Find out why the advertisements of \(other) arrive with a TTL other than 255: \(deaf) discards them. The "
                + "finding bad-ttl says where to look."
        case .unknown:
            return
                "Compare the keys and passwords of \(other) and \(deaf). On \(deaf), \(log) names the reason for which it "
                + "discards advertisements."
        case .authenticationHeader, .authenticationType, .password, .key, .keyID:
            mend = AuthMismatch.remedy(for: subject, positions) ?? AuthMismatch.rule.page.remedy
        case .version: mend = subject.equalizing(.version, on: positions) + "."
        case .interval: mend = subject.equalizing(.interval, on: positions) + "."
        case .addressCount: mend = subject.equalizing(.addresses, on: positions) + "."
        case .checksum: mend = ChecksumMismatch.remedy(for: subject, positions) ?? ChecksumMismatch.rule.page.remedy
        case .delivery: mend = DeliveryMismatch.rule.page.remedy
        }
        return "\(mend) On \(deaf), \(log) names the advertisements that it discards."
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
            "they announce a password (auth_type PASS), for which VRRPv2 over IPv6 has no room, and compare one all the same"
        case .key: "their keys differ, as the given keys prove (auth-mismatch)"
        case .keyID: "they sign with keys of different key IDs (auth-mismatch)"
        case .ttl: "the TTL is not 255 (bad-ttl)"
        case .version: "they speak different versions of VRRP (version-mismatch)"
        case .interval: "their advertisement intervals differ, which VRRPv2 does not allow (interval-mismatch)"
        case .checksum: "they compute checksums in different ways (checksum-mismatch, bad-checksum)"
        case .delivery: "one sends multicast and the other unicast (delivery-mismatch)"
        case .addressCount:
            "they advertise different numbers of addresses (address-list-mismatch), which keepalived up to 2.2 rejects"
        case .unknown:
            "each sends exactly one interval after the other's advertisement, as keepalived does that rejects them; "
                + "the usual reason is a different key (auth-mismatch)"
        }
    }
}
