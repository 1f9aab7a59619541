extension Term {
    /// Words of the protocol and of reports.
    static let words: [Term] = [
        Term(
            name: "vrid",
            aliases: ["virtual-router-id", "virtual-router"],
            group: .word,
            summary:
                "The number of a virtual router, 1 to 255; with the segment and the address family it tells virtual routers apart.",
            details: """
                A virtual router is what several routers stand for together: one or more addresses and one virtual MAC \
                address. Two groups on one segment must not use one VRID.
                """,
            related: ["duplicate-vrid", "virtual-mac"]
        ),
        Term(
            name: "basis",
            aliases: ["heard", "inferred"],
            group: .word,
            summary:
                "The evidence for a stretch of the timeline: heard where the masters advertised when due, inferred otherwise.",
            details:
                "A master that nobody hears stays master by the rules of the protocol, and the timeline infers that.",
            related: ["uncertain", "hidden-master"]
        ),
        Term(
            name: "timeline",
            group: .word,
            summary:
                "Who was master at which time, without a gap, from the first advertisement to the end of the capture.",
            related: ["master", "split", "none", "not-observed", "uncertain"]
        ),
        Term(
            name: "transition",
            aliases: ["change", "master-change"],
            group: .word,
            summary: "A change of the set of masters; the time without a master between two of them is part of it.",
            related: ["cause", "outage"]
        ),
        Term(
            name: "moved",
            group: .word,
            summary: "The number of virtual routers that have another master behind an incident than before it.",
            related: ["incident"]
        ),
        Term(
            name: "backup",
            group: .word,
            summary:
                "A router that is not master and would take over; it is silent, so a capture cannot show that it is there.",
            related: ["master", "priority"]
        ),
        Term(
            name: "master-down-interval",
            group: .word,
            summary:
                "How long a Backup waits for a silent master before it takes over: three intervals and its Skew_Time.",
            details: "At an interval of 1 s and a priority of 100 that is 3.61 s (RFC 9568 section 6.1).",
            related: ["skew-time", "bound", "timeout"]
        ),
        Term(
            name: "skew-time",
            aliases: ["skew"],
            group: .word,
            summary: "A Backup's own part of its wait, below one interval, and the shorter the higher its priority.",
            details: "It makes the best Backup the first to take over (RFC 9568 section 6.1).",
            related: ["master-down-interval", "resigned"]
        ),
        Term(
            name: "preemption",
            aliases: ["preempt", "nopreempt"],
            group: .word,
            summary: "A better router takes over from a live master; nopreempt forbids it.",
            related: ["preempted", "flapping"]
        ),
        Term(
            name: "gratuitous-arp",
            aliases: ["garp", "announcement"],
            group: .word,
            summary: "An ARP packet by which a new master tells hosts and switches where an address is now.",
            related: ["announced", "missing-garp", "garp-storm"]
        ),
        Term(
            name: "virtual-mac",
            group: .word,
            summary: "The MAC address of a virtual router: 00:00:5e:00:01:VRID for IPv4, 00:00:5e:00:02:VRID for IPv6.",
            related: ["wrong-virtual-mac", "vrid"]
        ),
        Term(
            name: "vantage-point",
            aliases: ["point"],
            group: .word,
            summary:
                "A place at which packets were captured: a router, a switch port, a tap; several files may be of one place.",
            details: "Captures of several places together show on which way advertisements are lost.",
            related: ["capture", "path-broken"]
        ),
        Term(
            name: "one-direction",
            group: .word,
            summary: "One router hears the other, which does not hear it: both are master, or one is deaf.",
            details: "A capture at one place cannot tell; captures at both routers at the same time can.",
            related: ["capture", "host-filter", "path-broken"]
        ),
        Term(
            name: "ip-identification",
            aliases: ["identification", "ip-id"],
            group: .word,
            summary: "A number in the IPv4 header; keepalived raises it by one with each advertisement that it sends.",
            details: """
                So it tells what became of advertisements that did not come. A step of one across a silence means that the \
                router sent nothing in it. A larger step means that packets were lost on the way. A number that begins anew \
                means that the router was restarted. FRR and others do not count so, and then the silence alone does not tell.
                """,
            related: ["missed-adverts", "failover", "advert-echo"]
        ),
        Term(
            name: "nothing-to-judge",
            aliases: ["too-short", "too-little-to-judge", "filtered"],
            group: .word,
            summary:
                "The answer where a capture holds too little to judge: why, what was seen instead, and three things to check next.",
            details: """
                The reasons are no-adverts (no advertisement), filtered (the filter kept them out), one-direction (all ARP is \
                from one host) and too-short (less than three intervals). No finding means nothing then.
                """,
            related: ["no-adverts", "one-direction", "capture"]
        ),
        Term(
            name: "severity",
            aliases: ["critical", "warning", "notice", "info"],
            group: .word,
            summary:
                "The weight: critical hurts users now, warning will hurt or has hurt, notice is worth knowing, info is as planned.",
            details: "--fail-on sets the severity from which on the exit status is 1.",
            related: ["incident"]
        ),
    ]
}
