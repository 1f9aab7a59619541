internal import VRRPFacts
package import VRRPTracker
internal import VRRPWire

/// Nothing to judge.
package enum NoAdverts: ObservationRule {
    package static let rule = Rule(
        "no-adverts",
        .warning,
        .capture,
        summary:
            "the observation holds no VRRP advertisement, so there is nothing to judge; the finding says what to check",
        clauses: [],
        restsOnSilence: true,
        isCircumstance: true,
        page: Rule.Page(
            meaning: "No router advertised in the whole time that was looked at, as far as the capture shows.",
            importance: """
                A segment without advertisements has no master, or the capture is at the wrong place. Both look the same: \
                no finding means nothing then.
                """,
            onTheWire: """
                0..20 every 10 host 02:00:00:00:00:0a announces 10.0.0.77
                30 end
                """,
            causes: [
                "the capture is on another segment or VLAN, or on a port to which the switch does not forward the group's multicast",
                "the routers send unicast, past the place of the capture",
                "no VRRP daemon runs, or a firewall drops what it sends",
                "another protocol does the work: HSRP, GLBP, CARP, a cluster manager",
                "the filter of the capture left IP protocol 112 out",
            ],
            remedy: """
                Check the routers first: `tcpdump -ni IFACE proto 112` on one of them. If nothing shows there, look at its \
                VRRP daemon; if something does, capture there. Then check the place of the capture: interface, VLAN, mirror \
                port. Then check the switch: with IGMP snooping it may keep 224.0.0.18 and ff02::12 from this port.
                """,
            notThis: "Advertisements that cannot be read: that is malformed-advert.",
            thresholds: """
                live three seconds, in which three advertisements are due at the usual interval; with a longer one, which \
                VRRPv3 allows up to 40.95 s, the finding is over with the first advertisement; for a capture file its whole \
                length, which below three seconds is called too short
                """,
            references: ["RFC 9568 section 5.2.7"]
        )
    )

    package static let reads: Set<Facet> = [.traffic, .refusals]

    package static func findings(in observation: Observation, _ pending: inout Pending) -> [Finding] {
        guard !observation.hasAdvertisements, observation.malformed.isEmpty, let start = observation.start,
            let end = observation.end
        else { return [] }
        let first = min(start, observation.terms.start ?? start)
        guard observation.isFinished || pending.isPast(start + NothingToJudge.patience) else { return [] }
        let nothing = NothingToJudge(about: observation)
        return [
            Finding(
                rule,
                virtualRouter: nil,
                from: first,
                to: end,
                ongoing: true,
                summary: nothing.clause,
                explanation: nothing.seen,
                remedy: "Check three things. \(nothing.instructions)",
                evidence: observation.carp.flatMap(\.occurrences.references)
            )
        ]
    }
}
