extension Term {
    /// The causes of changes of master, each by the name that reports give it.
    static let causes: [Term] = [
        Term(
            name: "initial",
            group: .cause,
            summary: "The first master that the capture shows.",
            details: "It is no change: who was master before is not known, because nothing was captured before.",
            related: ["timeline"]
        ),
        Term(
            name: "timeout",
            group: .cause,
            summary: "The master fell silent, and a Backup took over when its Master_Down_Interval had run out.",
            details: """
                The master sent no priority 0, so it did not stop in order: it crashed, hung, lost its link, or its \
                advertisements were lost on the way. The outage is the time from its last advertisement to the first one of the \
                successor; three intervals and a Skew_Time are what the protocol takes.
                """,
            remedy: """
                On the router that fell silent, read the log from a minute before, then look at its link and the machine. If \
                it noticed nothing, its advertisements were lost: look at the path between the two.
                """,
            related: ["failover", "bound", "outage", "missed-adverts"]
        ),
        Term(
            name: "resigned",
            group: .cause,
            summary: "The master sent an advertisement of priority 0, and a Backup took over after its Skew_Time.",
            details: """
                A router sends priority 0 when it is stopped in order, or when a tracked item fails in a way that puts it into \
                FAULT. The handover takes less than one interval.
                """,
            remedy: "If nobody stopped it, look in its log for the tracked item that failed.",
            related: ["planned-handover", "skew-time"]
        ),
        Term(
            name: "preempted",
            group: .cause,
            summary: "A better router took over from a live master, which yielded at once.",
            details: """
                A router with a higher priority, or with the same priority and a higher address, takes over when it comes \
                back, unless nopreempt is set. Nobody is interrupted, apart from hosts that miss the announcement.
                """,
            related: ["router-returned", "missing-garp", "priority"]
        ),
        Term(
            name: "demoted",
            group: .cause,
            summary: "The master lowered its own priority, and a router that is better now took over.",
            details: """
                A tracked script, interface or file with a weight lowers the priority. The master goes on until the better \
                router takes over, so that nobody is interrupted.
                """,
            remedy: "On the router that lowered its priority, find out which tracked item failed.",
            related: ["unanswered-demotion", "planned-handover", "priority"]
        ),
        Term(
            name: "contested",
            group: .cause,
            summary: "A second router claims mastership while the first one goes on.",
            details: "For as long as it lasts, several routers answer for the address, and connections break.",
            remedy: "See whether each of them hears the other one, and whether their settings agree.",
            related: ["split-brain", "split", "auth-mismatch", "one-direction"]
        ),
        Term(
            name: "yielded",
            group: .cause,
            summary: "Of several masters at the same time, all but the remaining ones stepped down.",
            details: "The one that yields has heard an advertisement that it accepts and that is better than its own.",
            related: ["contested", "split-brain"]
        ),
        Term(
            name: "ended",
            group: .cause,
            summary: "The last master fell silent, and nobody followed.",
            details: """
                Its next advertisement was due and did not come, though the capture could have seen it. From then on nobody \
                answers for the address.
                """,
            remedy: "Look whether a Backup is running at all, and whether it is in FAULT.",
            related: ["no-master", "timeout"]
        ),
    ]

    /// The states of a timeline.
    static let states: [Term] = [
        Term(
            name: "master",
            aliases: ["active"],
            group: .state,
            summary: "Exactly one router answers for the addresses; it is the only one that advertises.",
            related: ["backup", "basis"]
        ),
        Term(
            name: "split",
            group: .state,
            summary: "Several routers are master at the same time.",
            details: """
                As an incident it is critical where it lasts longer than a handover takes. Each master keeps the addresses, so \
                hosts reach now the one and now the other.
                """,
            remedy:
                "Stop VRRP on the router that should not be master, then find out why the two do not hear each other.",
            related: ["split-brain", "contested"]
        ),
        Term(
            name: "none",
            aliases: ["nobody"],
            group: .state,
            summary: "No router is master, so nobody answers for the addresses.",
            related: ["no-master", "outage", "ended"]
        ),
        Term(
            name: "not-observed",
            aliases: ["blind-spot"],
            group: .state,
            summary: "The capture could not have seen an advertisement, so silence proves nothing.",
            details:
                "It lost packets, no file covers the time, the file is damaged there, or the interface had no link.",
            related: ["capture-loss", "basis"]
        ),
        Term(
            name: "uncertain",
            group: .state,
            summary: "What the wire shows fits several answers; the likelier one is named.",
            related: ["basis"]
        ),
    ]
}
