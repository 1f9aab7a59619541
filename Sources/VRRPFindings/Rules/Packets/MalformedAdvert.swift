internal import VRRPFacts
internal import VRRPWire
package import VRRPTracker

/// Advertisements that cannot be right.
package enum MalformedAdvert: VirtualRouterRule, ObservationRule {
    package static let rule = Rule(
        "malformed-advert",
        .warning,
        .packets,
        summary: "the length, type, version or address count of an advertisement cannot be right",
        clauses: [
            Rule.Clause("RFC9568-5.2.1-1", "for what is neither 2 nor 3"),
            Rule.Clause("RFC3768-5.3.1-1", "for what is neither 2 nor 3"), "RFC9568-5.2.2-1", "RFC3768-5.3.2-1",
            Rule.Clause("RFC9568-5.2.3-1", "for 0"),
            Rule.Clause("RFC9568-5.2.5-1", "where the packet is too short for it"),
            Rule.Clause(
                "RFC9568-5.2.9-4",
                "where the length does not fit, since the IP version gives the width of all addresses"
            ),
            "RFC3768-5.3.5-1", "RFC9568-7.1-3", Rule.Clause("RFC9568-7.1-4", "unless the capture cut it"),
        ],
        page: Rule.Page(
            meaning: """
                A packet of IP protocol 112 whose version, type, VRID, address count or length contradict each other \
                or the protocol.
                """,
            importance: "Receivers discard it. A sender of such packets is broken, or probes the routers.",
            onTheWire: """
                router A 10.0.0.1 priority 100 malformed
                0..5 every 1 A
                6 end
                """,
            causes: [
                "a bug in the sender, or a device that speaks another protocol with number 112",
                "a packet generator or an attack",
            ],
            remedy: "Look at the frames named, and at the device behind their source MAC address.",
            notThis: """
                A frame that the capture itself cut short never counts; neither do bytes behind the message, such as \
                Ethernet padding, keepalived's HMAC trailer or Cisco's MD5 block.
                """,
            thresholds: "one packet",
            references: ["RFC 9568 section 7.1 and errata 8299, 8301", "RFC 3768 section 7.1"]
        )
    )

    package static func findings(in subject: Subject, _: inout Pending) -> [Finding] {
        subject.oddities(.noAddresses, rule) { router, _ in
            "\(router.address) advertises no address at all"
        } explanation: { router, number in
            "\(count(number, "advertisement")) of \(router.adverts) had an address count of 0. Receivers ignore them by RFC 9568."
        }
            + subject.oddities(.noInterval, rule) { router, _ in
                "\(router.address) announces an advertisement interval of 0"
            } explanation: { router, number in
                "\(count(number, "advertisement")) of \(router.adverts) announced an interval of 0, which the protocol does not allow."
            }
    }

    package static let reads: Set<Facet> = [.malformed, .virtualRouters]

    package static func findings(in observation: Observation, _: inout Pending) -> [Finding] {
        guard !observation.malformed.isEmpty else { return [] }
        let known = Set(observation.virtualRouters.map(\.key))
        return observation.malformed.map { source in
            let number = source.occurrences.count
            return Finding(
                rule,
                virtualRouter: source.virtualRouter.flatMap { known.contains($0) ? $0 : nil },
                routers: [source.source],
                from: source.occurrences.start,
                to: source.occurrences.end,
                count: number,
                summary:
                    "\(count(number, "packet")) of IP protocol 112 from \(source.source) cannot be read: \(source.reason)",
                explanation:
                    "The first packet is wrong at byte \(source.reason.offset) of the \(source.reason.layer.rawValue) header: "
                    + "\(source.reason).",
                evidence: source.occurrences.references
            )
        }
    }
}
