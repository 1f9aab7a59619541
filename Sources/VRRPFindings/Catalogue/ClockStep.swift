internal import VRRPWire
package import VRRPTracker

/// The capture's clock was set back.
package enum ClockStep: Detector {
    package static let rule = FindingRule(
        "clock-step",
        .notice,
        summary: "the capture's clock was set back or jumped",
        page: FindingRule.Page(
            meaning: "Frames that follow each other in the capture go back in time by more than a second.",
            importance: """
                Times before and after the step do not compare. From the step on, times are counted on from the \
                latest seen before, so that order and durations stay right; intervals across it are left out.
                """,
            onTheWire: """
                router A 10.0.0.1 priority 100
                0..10 every 1 A
                5.5 clock-back 3600
                11 end
                """,
            causes: ["NTP or an administrator set the clock of the capturing host", "files joined in the wrong order"],
            remedy: "Take the times after the step with a grain of salt; name rotated files in their order.",
            notThis: "Packets out of order by less than a second, as several queues of one card deliver them.",
            thresholds: "one second",
            references: ["pcap-tstamp(7)"]
        )
    )

    package static func findings(in observation: Observation) -> [Finding] {
        let steps = observation.blindSpots.filter { $0.reason == .clockStep }
        guard let first = steps.first, let last = steps.last else { return [] }
        return [
            Finding(
                rule,
                virtualRouter: nil,
                from: first.start,
                to: last.end,
                count: steps.count,
                summary: "the capture's clock was set back \(steps.count == 1 ? "once" : "\(steps.count) times")",
                explanation:
                    "Frames went back in time by more than a second; from there on times are counted on from the "
                    + "latest before."
            )
        ]
    }
}
