internal import VRRPFacts
internal import VRRPWire
internal import VRRPTracker

/// Advertisements whose checksum no convention explains.
package enum BadChecksum: VirtualRouterRule {
    package static let rule = Rule(
        "bad-checksum",
        .warning,
        .packets,
        summary: "the checksum of an advertisement fits no convention",
        clauses: [
            Rule.Clause("RFC9568-5.2.8-1", "where no convention in the field fits"), "RFC9568-5.2.8-2",
            "RFC3768-5.3.8-1", "RFC9568-7.1-5", "RFC9568-7.2-2",
        ],
        page: Rule.Page(
            meaning: """
                The checksum is wrong by every convention in the field: the message alone, with the pseudo-header of \
                the real destination, and with that of 224.0.0.18.
                """,
            importance: "Every receiver discards such an advertisement, as if it had not been sent.",
            onTheWire: """
                router A 10.0.0.1 priority 100 checksum invalid
                0..5 every 1 A
                6 end
                """,
            causes: [
                "something on the path changed the packet without correcting it",
                "a broken sender, or one that signs with a convention nobody else has",
            ],
            remedy:
                "Capture at the sender and at the receiver and compare the bytes; the hop between them is at fault.",
            notThis: """
                Checksums of VRRPv3 over IPv4 without a pseudo-header are right by RFC 9568, though tcpdump and \
                Wireshark call them bad. Checksum offload does not exist for VRRP.
                """,
            thresholds: "one advertisement",
            references: ["RFC 9568 section 5.2.8", "RFC 3768 section 5.3.8"]
        )
    )

    package static func findings(in subject: Subject, _: inout Pending) -> [Finding] {
        subject.oddities(.badChecksum, rule) { router, number in
            "\(count(number, "advertisement")) of \(router.address) \(number == 1 ? "has" : "have") a wrong checksum"
        } explanation: { router, number in
            "Of \(count(router.adverts, "advertisement")), \(number) \(number == 1 ? "has" : "have") a checksum that fits no "
                + "convention. Receivers discard such advertisements."
        }
    }
}
