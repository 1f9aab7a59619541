internal import VRRPFacts
package import VRRPTracker
internal import VRRPWire

/// One segment was captured twice.
package enum MirroredTwice: ObservationRule {
    package static let rule = Rule(
        "mirrored-twice",
        .notice,
        .capture,
        summary: "one segment was captured in two guises (tagged and untagged, inside and outside of a tunnel)",
        clauses: [],
        isCircumstance: true,
        page: Rule.Page(
            meaning: """
                The same advertisements were captured twice, once with a VLAN tag or a tunnel's header in front and once \
                without. This report treats both as one segment.
                """,
            importance: """
                Every frame of the segment is there twice: a capture of the tagged frames alone is half the size. No \
                virtual router is affected.
                """,
            onTheWire: """
                router A 10.0.0.1 priority 100
                0 copy vlan 120
                0..10 every 1 A
                11 end
                """,
            causes: [
                "a mirror session of a trunk and of an access port of the same VLAN",
                "a capture on `any` or on a bridge, with the tagged port and the interface of the VLAN",
                "a capture on a tunnel's end that sees the frame inside and outside of it",
            ],
            remedy: "Capture at one of the two places only; the result is the same.",
            notThis: """
                Two VLANs with the same VRID: their routers have other addresses. Two numbers of VLANs are never taken for \
                one segment.
                """,
            thresholds: """
                an advertisement that is the same in source, MAC address, bytes and IP identification within 5 ms, or that \
                is its sender's next one
                """,
            references: ["IEEE 802.1Q", "RFC 7348"]
        )
    )

    package static let reads: Set<Facet> = [.guises]

    package static func findings(in observation: Observation, _: inout Pending) -> [Finding] {
        observation.guises.map { guise in
            let number = guise.virtualRouters.count
            let (name, other) = (guise.segment.name, guise.other.name)
            return Finding(
                rule,
                virtualRouter: number == 1 ? guise.virtualRouters.first : nil,
                from: guise.occurrences.start,
                to: guise.occurrences.end,
                count: guise.occurrences.count,
                summary: "segment \(name) was captured a second time, as \(other)",
                explanation: "\(count(guise.occurrences.count, "advertisement")) of "
                    + "\(count(number, "virtual router")) came as \(other), too, with the same bytes as on \(name). This report counts them "
                    + "once.",
                evidence: guise.occurrences.references
            )
        }
    }
}
