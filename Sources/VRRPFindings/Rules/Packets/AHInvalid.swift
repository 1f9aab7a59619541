internal import VRRPFacts
internal import VRRPTracker

/// Authentication Headers that are not genuine, or come again.
package enum AHInvalid: VirtualRouterRule {
    package static let rule = Rule(
        "ah-invalid",
        .critical,
        .packets,
        summary: "with the key given, an Authentication Header's integrity value is wrong or its sequence goes back",
        clauses: [Rule.Clause("RFC2338-5.3.6.3-1", "with the key"), Rule.Clause("RFC2402-3.4.3-1", "with the key")],
        causeRank: 80,
        page: Rule.Page(
            meaning: """
                The integrity check value of IP Authentication Headers was not made with a given key, or it was, and \
                the sequence number is not above the one before.
                """,
            importance: """
                Routers with the given key discard these advertisements. So does any router that has heard a higher \
                sequence number, until it is restarted: both claim the addresses.
                """,
            onTheWire: """
                key s3cret
                router A 10.0.0.1 priority 100 ah s3cret
                router B 10.0.0.2 priority 90 ah other
                0..5 every 1 A
                0.5..5.5 every 1 B
                6 end
                """,
            causes: [
                "auth_pass differs on one router; only its first eight characters count",
                "the key that was given is not the one in use, or is for another VRID: write vrid= before it",
                "the router was restarted and counts from 1 again without having heard the others",
                "a device on the way changes the IP header; somebody forges or replays advertisements",
            ],
            remedy: """
                Compare auth_pass on the router named with the given key. Where the sequence went back, restart \
                keepalived on the routers that still expect the higher number, and find out who sends.
                """,
            notThis: """
                Routers that zero TTL in the value as RFC 2402 asks are genuine too, though keepalived does not take \
                them for it on multicast: that is auth-mismatch.
                """,
            thresholds: "one advertisement; a sequence counts from a tenth of an interval after the one before",
            references: ["RFC 2402 section 3.4", "RFC 2403", "keepalived, vrrp_in_chk_ipsecah in vrrp.c"]
        )
    )

    package static func findings(in subject: Subject, _: inout Pending) -> [Finding] {
        subject.oddities(.wrongAH, rule) { router, number in
            "\(count(number, "Authentication Header")) of \(router.address) \(number == 1 ? "fits" : "fit") no given key"
        } explanation: { router, number in
            "Of \(count(router.adverts, "advertisement")), \(number) had an integrity value that none of the given keys "
                + "makes. Routers with such a key discard them."
        } + subject.sequencesBack(.ahSequenceBack, rule)
    }
}

extension Subject {
    /// A finding for each router whose genuine advertisements do not grow in sequence.
    func sequencesBack(_ anomaly: Anomaly, _ rule: Rule) -> [Finding] {
        oddities(anomaly, rule) { router, number in
            "the sequence number of \(router.address) went back" + (number == 1 ? "" : " \(number) times")
        } explanation: { router, _ in
            let step = router.authenticationTrace?.stepBack
            let numbers = step.map { "The sequence number went from \($0.from) to \($0.to). " } ?? ""
            return numbers
                + "The integrity values are genuine, but receivers discard what is not above the last sequence number that "
                + "they accepted. The router was restarted, its clock was set back, or somebody replays its advertisements."
        }
    }
}
