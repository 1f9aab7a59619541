extension Term {
    /// The columns of tables, each by its heading.
    static let columns: [Term] = [
        Term(
            name: "outage",
            aliases: ["worst-outage", "no-master-for"],
            group: .column,
            summary:
                "The time without a master: from the predecessor's last sign of mastership to the successor's first advertisement.",
            details: """
                It is what users may have felt. It counts from the last advertisement, because nobody can tell at which instant \
                behind it the master died.
                """,
            related: ["bound", "timeline"]
        ),
        Term(
            name: "bound",
            group: .column,
            summary: "The longest that a takeover may take by the protocol's timers.",
            details: """
                Behind a silence it is the successor's Master_Down_Interval; behind a priority 0 it is its Skew_Time; behind a \
                lowered priority it is one interval. An outage longer than its bound by a tenth, and by 50 ms at least, is late.
                """,
            related: ["outage", "skew-time", "master-down-interval"]
        ),
        Term(
            name: "margin",
            aliases: ["to-failover", "closest-failover-margin"],
            group: .column,
            summary:
                "The time by which the longest gap between advertisements could have been longer before a Backup took over.",
            details: "The less there is, the nearer a router came to losing mastership without any fault being told.",
            related: ["near-failover", "advert-jitter"]
        ),
        Term(
            name: "announced",
            group: .column,
            summary: "The addresses that the new master announced, of how many, and after which time.",
            details: """
                It announces them by gratuitous ARP or unsolicited Neighbor Advertisements, so that hosts and switches learn \
                where the addresses are now.
                """,
            related: ["missing-garp", "orphaned-garp"]
        ),
        Term(
            name: "cause",
            group: .column,
            summary:
                "The reason for a change of master: initial, timeout, resigned, preempted, demoted, contested, yielded or ended.",
            related: ["timeout", "resigned", "preempted", "demoted"]
        ),
        Term(
            name: "changes",
            group: .column,
            summary: "The number of changes of master; the first master of a capture is no change.",
            related: ["flapping"]
        ),
        Term(
            name: "master-for",
            group: .column,
            summary: "The time for which a router was master, in all.",
            related: ["timeline"]
        ),
        Term(
            name: "master-at-the-end",
            group: .column,
            summary: "The router that was master when the capture ended; nobody where none was.",
            related: ["none", "uncertain"]
        ),
        Term(
            name: "interval",
            aliases: ["advert-interval", "advert-int"],
            group: .column,
            summary: "Advertisement_Interval, the time between two advertisements of a master.",
            details: "All routers of a virtual router must have the same one. One second is usual.",
            related: ["interval-mismatch", "master-down-interval"]
        ),
        Term(
            name: "priority",
            group: .column,
            summary:
                "A router's rank: 1 to 254, of which the greatest wins, 255 for the owner of the address, 0 for a resignation.",
            details: "Several values in a row are the changes that were seen. Of equals the higher address wins.",
            related: ["priority-tie", "owner-conflict", "demoted"]
        ),
        Term(
            name: "adverts",
            aliases: ["advertisements", "advertisement", "advert"],
            group: .column,
            summary:
                "The number of advertisements; an advertisement is the one message of VRRP, which only a master sends.",
            related: ["no-adverts", "interval"]
        ),
        Term(
            name: "late",
            aliases: ["missed"],
            group: .column,
            summary: "The numbers of advertisements that came late, and of those that were due and did not come.",
            related: ["missed-adverts", "advert-jitter"]
        ),
        Term(
            name: "p50",
            aliases: ["p95", "p99", "samples", "mean", "std-dev", "max"],
            group: .column,
            summary:
                "How the times between advertisements are spread: half, 95 % or 99 % of them are not longer; the longest is MAX.",
            related: ["advert-jitter", "margin"]
        ),
        Term(
            name: "checksum",
            group: .column,
            summary:
                "What a router's checksum covers: the message alone, or a pseudo-header as well; valid where there is one way only.",
            related: ["checksum-mismatch", "bad-checksum"]
        ),
        Term(
            name: "authentication",
            aliases: ["key-tag", "key-1", "simple-text"],
            group: .column,
            summary: "How a router authenticates its advertisements, with a label in place of the password.",
            details:
                "key-1 and key-2 tell equal passwords from different ones and nothing else; --show-secrets shows them.",
            related: ["auth-mismatch", "cleartext-password"]
        ),
        Term(
            name: "sent-by",
            aliases: ["delivery", "multicast", "unicast"],
            group: .column,
            summary: "Whether advertisements go to the group (multicast) or to configured peers (unicast).",
            related: ["delivery-mismatch", "unicast-peer-missing"]
        ),
        Term(
            name: "verdict",
            aliases: ["arrives", "lost-before", "not-visible"],
            group: .column,
            summary:
                "Whether the advertisements of one router reach another: arrives, lost-before, or not-visible without a capture there.",
            related: ["path-broken", "vantage-point"]
        ),
        Term(
            name: "frame",
            aliases: ["evidence"],
            group: .column,
            summary:
                "The packet that shows it, by its number in the file, as Wireshark counts; with several captures 1:34 is in capture 1.",
            related: []
        ),
    ]
}
