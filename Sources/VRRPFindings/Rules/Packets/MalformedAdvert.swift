internal import VRRPFacts
internal import VRRPWire
package import VRRPTracker

/// Advertisements that cannot be right.
package enum MalformedAdvert: Detector {
    package static let rule = FindingRule(
        "malformed-advert",
        .warning,
        summary: "length, type, version or count cannot be right",
        page: FindingRule.Page(
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

    package static func findings(in subject: Subject) -> [Finding] {
        subject.oddities(.noAddresses, rule) { router, _ in
            "\(router.address) advertises no address at all"
        } explanation: { router, number in
            "\(count(number, "advertisement")) of \(router.adverts) had an address count of 0, which RFC 9568 receivers ignore."
        }
            + subject.oddities(.noInterval, rule) { router, _ in
                "\(router.address) announces an advertisement interval of 0"
            } explanation: { router, number in
                "\(count(number, "advertisement")) of \(router.adverts) announced an interval of 0, which does not exist."
            }
    }

    package static func findings(in observation: Observation) -> [Finding] {
        observation.malformed.map { source in
            let number = source.occurrences.count
            return Finding(
                rule,
                virtualRouter: source.virtualRouter.flatMap { key in
                    observation.virtualRouters.contains { $0.key == key } ? key : nil
                },
                routers: [source.source],
                from: source.occurrences.start,
                to: source.occurrences.end,
                count: number,
                summary: "\(count(number, "packet")) of \(source.source) cannot be right: \(source.reason)",
                explanation:
                    "The first stops at byte \(source.reason.offset) of the \(source.reason.layer.rawValue) header: "
                    + "\(source.reason).",
                evidence: source.occurrences.references
            )
        }
    }
}
