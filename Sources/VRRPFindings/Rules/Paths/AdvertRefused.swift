internal import VRRPFacts
package import VRRPTracker
internal import VRRPWire

/// A host sends advertisements back.
package enum AdvertRefused: ObservationRule {
    package static let rule = Rule(
        "advert-refused",
        .critical,
        .paths,
        summary: "a host answers adverts with ICMP errors that quote IP protocol 112",
        clauses: [],
        causeRank: 55,
        page: Rule.Page(
            meaning: """
                A host that a router advertises to answers with an ICMP error: nothing there takes packets of IP \
                protocol 112, or a filter rejects them.
                """,
            importance: """
                The host takes no part in VRRP, or hears nobody. If it is the Backup, nobody takes over when the master \
                dies, or the host is master as well.
                """,
            onTheWire: """
                router A 10.0.0.1 priority 100 to 10.0.0.2
                router B 10.0.0.2 priority 90
                0..10 every 1 A
                0.001..10.001 every 1 B refuses A
                10.5 end
                """,
            causes: [
                "keepalived or FRR's vrrpd does not run on the host, or runs without this virtual router",
                "a wrong address in unicast_peer: the host is no router of the group",
                "a firewall that rejects IP protocol 112 (firewalld's default zone does)",
            ],
            remedy: """
                On the host that answers, see that the VRRP daemon runs (`systemctl status keepalived`) and that the \
                firewall accepts IP protocol 112.
                """,
            notThis: """
                Errors about the way, such as "host unreachable", and a host that drops the packets without an answer, \
                which a capture cannot show. Nobody answers multicast with an error.
                """,
            thresholds: """
                one error; a warning where the errors ended while the advertisements went on, or where the host had advertised \
                itself before and only its daemon ended
                """,
            references: ["RFC 792", "RFC 1122 section 3.2.2", "RFC 4443 sections 3.1 and 3.4"]
        )
    )

    package static let reads: Set<Facet> = [.refusals, .virtualRouters]

    package static func findings(in observation: Observation, _ pending: inout Pending) -> [Finding] {
        observation.refusals.map { refusal in
            let routers = refusal.virtualRouter.flatMap { key in
                observation.virtualRouters.first { $0.key == key }
            }?.routers
            let sender = routers?.first { $0.address == refusal.error.source }
            let host = routers?.first { $0.address == refusal.host }
            let (start, end) = (refusal.occurrences.start, refusal.occurrences.end)
            var circumstances = Circumstances()
            circumstances.isSenderKnown = sender != nil
            circumstances.ofHost = host.flatMap { Implementation(of: $0, in: observation) }
            circumstances.ofSender = sender.flatMap { Implementation(of: $0, in: observation) }
            // A host that is silent because nobody advertises to it any more has not changed its mind.
            let patience = max(least, (sender?.advertisementIntervals.last?.value ?? .zero) * 4)
            circumstances.hasEnded = pending.isPast(end + patience, at: sender?.lastSeen)
            circumstances.hadSpoken =
                refusal.error.meaning == .unknownProtocol && host.map { $0.firstSeen < start } ?? false
            return finding(refusal, circumstances)
        }
    }

    /// The facts besides the errors.
    private struct Circumstances {
        /// Whether an advertisement of the refused router was seen.
        var isSenderKnown = false
        /// Whether the advertisements went on without further errors.
        var hasEnded = false
        /// Whether the host advertised itself before, so that its daemon was there and has ended.
        var hadSpoken = false
        /// The programs on the host and on the refused router, where they show.
        var ofHost: Implementation?
        var ofSender: Implementation?
    }

    /// The time for which a refusal stays open: systems send at most one error a second (`icmp_ratelimit` of Linux).
    private static let least: TimeSpan = .seconds(4)

    private static func finding(_ refusal: Refusal, _ circumstances: Circumstances) -> Finding {
        let (host, error) = (refusal.host, refusal.error)
        let number = refusal.occurrences.count
        let isHost = host == error.destination
        let group = error.virtualRouterID.map { " for VRID \($0)" } ?? ""
        let hasEnded = circumstances.hasEnded
        let deed = hasEnded ? "refused" : "refuses"
        let way = isHost ? "" : ", on the way to \(error.destination)"
        return Finding(
            rule,
            severity: hasEnded || circumstances.hadSpoken ? .warning : nil,
            virtualRouter: circumstances.isSenderKnown ? refusal.virtualRouter : nil,
            routers: isHost ? [host, error.source].sorted() : [host, error.source, error.destination].sorted(),
            from: refusal.occurrences.start,
            to: refusal.occurrences.end,
            ongoing: !hasEnded,
            count: number,
            summary: "\(host) \(deed) the advertisements of \(error.source)\(group)\(way): \(error.words)",
            explanation: explanation(refusal, circumstances),
            remedy: remedy(refusal, circumstances),
            evidence: refusal.occurrences.references
        )
    }

    private static func explanation(_ refusal: Refusal, _ circumstances: Circumstances) -> String {
        let (host, error) = (refusal.host, refusal.error)
        let number = refusal.occurrences.count
        let meaning =
            error.meaning == .unknownProtocol
            ? "No program on \(host) takes packets of IP protocol 112." : "A filter on \(host) rejects the packets."
        return "\(host) sent \(count(number, "ICMP error")) (type \(error.type), code \(error.code)) that quote"
            + "\(number == 1 ? "s" : "") an advertisement from \(error.source) to \(error.destination). \(meaning)"
            + (circumstances.hadSpoken
                ? " \(host) itself advertised before: its VRRP daemon has ended, and the machine lives." : "")
            + (circumstances.hasEnded
                ? " The advertisements of \(error.source) went on, and no further error came." : "")
    }

    private static func remedy(_ refusal: Refusal, _ circumstances: Circumstances) -> String {
        let (host, error) = (refusal.host, refusal.error)
        switch error.meaning {
        case .unknownProtocol:
            return """
                On \(host), see that the VRRP daemon runs and has this virtual router (\(circumstances.ofHost.service)). If \
                \(host) is no router of the group, take it out of \
                \(circumstances.ofSender == .keepalived ? "unicast_peer" : "the list of peers") on \(error.source).
                """
        case .filtered:
            return """
                On \(host), let the firewall accept IP protocol 112 from \(error.source) (`nft list ruleset`, \
                `iptables -S`, or `firewall-cmd --add-protocol=vrrp`).
                """
        }
    }
}
