internal import VRRPFacts
internal import VRRPWire
internal import VRRPTracker

/// VRRPv3 over IPv6 without link-local addresses where they must be.
package enum SourceNotLinkLocal: VirtualRouterRule {
    package static let rule = Rule(
        "source-not-link-local",
        .warning,
        .packets,
        summary: "a VRRPv3 IPv6 advert from, or first address, outside fe80::/10",
        clauses: ["RFC9568-5.1.2.1-1", "RFC9568-5.2.9-2", "RFC9568-7.2-4"],
        page: Rule.Page(
            meaning:
                "Over IPv6 the source and the first advertised address must be link-local. Here one of them is not.",
            importance: "Routers that check it discard the advertisement, and hosts learn no link-local gateway.",
            onTheWire: """
                router A fd00::1 priority 100 v3 addresses fe80::100,fd00::100
                0..5 every 1 A
                6 end
                """,
            causes: [
                "virtual_ipaddress does not begin with a link-local address",
                "mcast_src_ip or unicast_src_ip is a global one",
            ],
            remedy: "Put a link-local address first in virtual_ipaddress, and let the source be the interface's own.",
            notThis: "Global addresses further down the list, which are welcome.",
            thresholds: "one advertisement",
            references: ["RFC 9568 sections 5.1.2.1 and 5.2.9"]
        )
    )

    package static func findings(in subject: Subject, _: inout Pending) -> [Finding] {
        subject.oddities(.sourceNotLinkLocal, rule) { router, _ in
            "\(router.address) advertises from an address that is not link-local"
        } explanation: { router, number in
            "\(count(number, "advertisement")) of \(router.adverts) came from \(router.address), which is outside fe80::/10."
        }
            + subject.oddities(.firstAddressNotLinkLocal, rule) { router, _ in
                "the first address that \(router.address) advertises is not link-local"
            } explanation: { router, number in
                "\(count(number, "advertisement")) of \(router.adverts) began with "
                    + "\(router.addresses.first.map(\.description) ?? "another address"), which is outside fe80::/10."
            }
    }
}
