internal import VRRPFacts
internal import VRRPTracker

/// `auth_hmac` trailers that are not genuine, or come again.
package enum HMACInvalid: VirtualRouterRule {
    package static let rule = Rule(
        "hmac-invalid",
        .critical,
        .packets,
        summary: "with the key given, an auth_hmac trailer's digest is wrong or its sequence goes back",
        clauses: [Rule.Clause("RFC9568-9-1", "with its key")],
        causeRank: 90,
        page: Rule.Page(
            meaning: """
                The digest in the trailer of keepalived's auth_hmac was not made with a given key, or it was, and the \
                time and counter in the trailer are not above those before.
                """,
            importance: """
                Routers with the given key discard these advertisements, and then take over from a master that is \
                well.
                """,
            onTheWire: """
                key 0123456789abcdef0123456789abcdef
                router A 10.0.0.1 priority 100 v3 hmac 0123456789abcdef0123456789abcdef
                router B 10.0.0.2 priority 90 v3 hmac another-key-another-key-another-k
                0..5 every 1 A
                0.5..5.5 every 1 B
                6 end
                """,
            causes: [
                "the key of this number differs on one router",
                "the key that was given is not the one in use, or is for another VRID or number: write vrid= or id= before it",
                "the sender's clock was set back",
                "somebody forges or replays advertisements",
            ],
            remedy: """
                Compare auth_hmac's key and active_key on the router named with the given key. Where the sequence went \
                back, look at the router's clock, and find out who sends.
                """,
            notThis: """
                Clocks of routers that differ do not make trailers wrong; the report shows by how much they do, and \
                beyond the time_window receivers discard them.
                """,
            thresholds: "one advertisement; a sequence counts from a tenth of an interval after the one before",
            references: ["draft-cassen-vrrp-auth-hmac", "keepalived, vrrp_auth_hmac_check in vrrp_auth_hmac.c"]
        )
    )

    package static func findings(in subject: Subject, _: inout Pending) -> [Finding] {
        subject.oddities(.wrongHMAC, rule) { router, number in
            "\(count(number, "HMAC trailer")) of \(router.address) \(number == 1 ? "fits" : "fit") no given key"
        } explanation: { router, number in
            "Of \(count(router.adverts, "advertisement")), \(number) had a digest that none of the given keys makes. Routers "
                + "with such a key discard them."
        } + subject.sequencesBack(.hmacSequenceBack, rule)
    }
}
