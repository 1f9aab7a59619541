internal import VRRPFacts
internal import VRRPWire
internal import VRRPTracker

/// Advertisements come from a virtual MAC address that is not theirs.
package enum WrongVirtualMAC: VirtualRouterRule {
    package static let rule = Rule(
        "wrong-virtual-mac",
        .warning,
        .packets,
        summary: "a router uses the virtual MAC address of another VRID or family",
        clauses: [
            Rule.Clause(
                "RFC9568-7.2-3",
                "for that of another; the interface's own is common, since keepalived uses it without `use_vmac`"
            ),
            "RFC9568-7.3-1", "RFC9568-7.3-2",
        ],
        page: Rule.Page(
            meaning:
                "An advertisement's source is 00:00:5e:00:01:xx or 00:00:5e:00:02:xx, but not that of its VRID and family.",
            importance:
                "Two virtual routers share a MAC address: switches move it between ports, and hosts reach the wrong one.",
            onTheWire: """
                router A 10.0.0.1 priority 100 mac 00:00:5e:00:01:07
                0..5 every 1 A
                6 end
                """,
            causes: ["use_vmac with a MAC address set by hand", "a macvlan made for FRR with another VRID's address"],
            remedy: "Set the virtual MAC address to 00:00:5e:00:01:{VRID} for IPv4 and 00:00:5e:00:02:{VRID} for IPv6.",
            notThis:
                "Advertisements from the interface's own MAC address, which is how keepalived sends without use_vmac.",
            thresholds: "one advertisement",
            references: ["RFC 9568 section 7.3"]
        )
    )

    package static func findings(in subject: Subject, _: inout Pending) -> [Finding] {
        subject.oddities(.wrongVirtualMAC, rule) { router, _ in
            "\(router.address) sends from \(list(router.macs.filter(\.isVirtualRouter).map(\.description))), "
                + "not from \(subject.virtualRouter.virtualMAC)"
        } explanation: { router, number in
            "\(count(number, "advertisement")) of \(router.adverts) came from a virtual MAC address of another VRID or family."
        }
    }
}
