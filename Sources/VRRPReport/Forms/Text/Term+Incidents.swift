extension Term {
    /// The kinds of incidents, each by the name that reports give it; a split is among the states.
    static let incidents: [Term] = [
        Term(
            name: "incident",
            aliases: ["incidents", "incident-kinds"],
            group: .incident,
            summary:
                "Everything that happened at one time for one reason, over all virtual routers, as one thing with a story.",
            details: """
                A router with twenty virtual routers that dies is one incident, not twenty. Its kind is one of router-lost, \
                router-returned, planned-handover, split, isolated, stall, configuration-change, address-conflict and other. \
                Its severity is critical or warning where somebody was interrupted without a plan, and info where all went \
                as planned.
                """,
            related: ["moved", "outage"]
        ),
        Term(
            name: "router-lost",
            group: .incident,
            summary: "A master fell silent without resigning, and others took over its virtual routers, or nobody did.",
            related: ["timeout", "failover", "no-master"]
        ),
        Term(
            name: "router-returned",
            group: .incident,
            summary: "A better router came, or came back, and took over from a live one.",
            related: ["preempted"]
        ),
        Term(
            name: "planned-handover",
            group: .incident,
            summary: "A master resigned, or lowered its priority, and another router took over.",
            related: ["resigned", "demoted"]
        ),
        Term(
            name: "isolated",
            group: .incident,
            summary: "A master went on advertising, but the others did not hear it and took it for dead.",
            remedy:
                "Look at the path between the routers, not at the routers: switch ports, VLANs, IGMP snooping, filters.",
            related: ["split-brain", "path-broken"]
        ),
        Term(
            name: "stall",
            group: .incident,
            summary: "A master kept silent for longer than it should, and stayed or became master again by itself.",
            details:
                "Its machine or its VRRP process did not run for a while: CPU steal, disk waits, a snapshot, swapping.",
            related: ["near-failover", "missed-adverts"]
        ),
        Term(
            name: "configuration-change",
            group: .incident,
            summary: "A router came with another priority than it had, and mastership moved for that.",
            related: ["priority", "config-drift"]
        ),
        Term(
            name: "address-conflict",
            group: .incident,
            summary: "A virtual address was claimed by a host that is not its master.",
            details: "The finding of that name is about addresses that are no virtual router's.",
            related: ["vip-conflict", "orphaned-garp"]
        ),
        Term(
            name: "other",
            group: .incident,
            summary: "Mastership moved while the capture could not see, so nothing tells why.",
            related: ["not-observed", "capture-loss"]
        ),
    ]
}
