internal import VRRPFacts
internal import VRRPWire
package import VRRPTracker

/// The capture's clock was set back.
package enum ClockStep: ObservationRule {
    package static let rule = Rule(
        "clock-step",
        .notice,
        .capture,
        summary: "the capture's clock was set back or jumped",
        clauses: [],
        isCircumstance: true,
        page: Rule.Page(
            meaning: """
                Frames that follow each other in the capture go back in time by more than a second; or, live, the clock \
                went on by more than the time that passed.
                """,
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
            remedy: "Do not compare times after the step with other clocks. Name rotated files in their order.",
            notThis: "Packets out of order by less than a second, as several queues of one card deliver them.",
            thresholds: "one second",
            references: ["pcap-tstamp(7)"]
        )
    )

    package static let reads: Set<Facet> = [.blindSpots]

    package static func findings(in observation: Observation, _: inout Pending) -> [Finding] {
        let steps = observation.blindSpots.filter { $0.reason == .clockStep }
        guard let first = steps.first, let last = steps.last else { return [] }
        // Only a forward jump, which a running watch can tell from silence, leaves out time.
        let jumps = steps.filter { $0.end > $0.start }
        let back = steps.count - jumps.count
        let longest = jumps.map { $0.end - $0.start }.max() ?? .zero
        let deeds = [
            back > 0 ? "was set back \(times(back))" : nil,
            jumps.isEmpty
                ? nil : "jumped forward \(times(jumps.count)), by \(jumps.count > 1 ? "up to " : "")\(text(longest))",
        ].compactMap { $0 }
        return [
            Finding(
                rule,
                virtualRouter: nil,
                from: first.start,
                to: last.end,
                count: steps.count,
                summary: "the capture's clock \(list(deeds))",
                explanation: [
                    back > 0
                        ? "Frames went back in time by more than a second. From there on this report counts on from the latest time "
                            + "before." : nil,
                    jumps.isEmpty
                        ? nil
                        : "The clock moved on, but no such time passed. The time of the jump counts as not observed.",
                ].compactMap { $0 }.joined(separator: " ")
            )
        ]
    }

    private static func times(_ count: Int) -> String { count == 1 ? "once" : "\(count) times" }
}
