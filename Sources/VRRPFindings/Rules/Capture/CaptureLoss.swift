internal import VRRPFacts
internal import VRRPWire
package import VRRPTracker

/// The capture itself lost packets.
package enum CaptureLoss: ObservationRule {
    package static let rule = Rule(
        "capture-loss",
        .warning,
        .capture,
        summary: "the capture itself lost packets, so silence proves less",
        clauses: [],
        page: Rule.Page(
            meaning: "The capture's own counters say that packets were dropped before they were written.",
            importance:
                "An advertisement missing in such a stretch may have been there. It is not held against anybody.",
            onTheWire: """
                router A 10.0.0.1 priority 100
                0..10 every 1 A
                4.2..4.8 blind dropped 12
                11 end
                """,
            causes: [
                "a capture without a filter on a busy link", "a slow disk",
                "a mirror port with more traffic than it carries",
            ],
            remedy: "Capture with a filter (`proto 112 or arp`), with a larger buffer (-B), or closer to the routers.",
            notThis: "Loss on the network itself, which shows as missed-adverts.",
            thresholds: "one packet",
            references: ["pcap_stats(3)", "pcapng, Interface Statistics Block"]
        )
    )

    package static let reads: Set<Facet> = [.blindSpots]

    package static func findings(in observation: Observation, _ pending: inout Pending) -> [Finding] {
        var lost = 0
        var spots: [BlindSpot] = []
        for spot in observation.blindSpots {
            guard case .dropped(let number) = spot.reason else { continue }
            lost += number
            spots.append(spot)
        }
        guard let first = spots.first, let last = spots.last else { return [] }
        return [
            Finding(
                rule,
                virtualRouter: nil,
                from: first.start,
                to: last.end,
                ongoing: !pending.isPast(last.end + patience) && !observation.isFinished,
                count: lost,
                summary: "the capture lost \(count(lost, "packet"))",
                explanation:
                    "The capture's drop counter grew in \(spots.count == 1 ? "one stretch" : "\(spots.count) stretches") of this time. This report "
                    + "does not take silence in \(spots.count == 1 ? "it" : "them") for a missing advertisement."
            )
        ]
    }

    /// The time for which a finding of loss stays open in a running watch after the latest loss.
    private static let patience: TimeSpan = .seconds(10)
}
