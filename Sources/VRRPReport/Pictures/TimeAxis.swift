internal import VRRPWire

/// The places of instants in a picture, and the marked times on its edge.
struct TimeAxis {
    let start: CaptureInstant
    let end: CaptureInstant
    let left: Double
    let right: Double
    private let time: TimeStyle

    private static let steps: [TimeSpan] =
        [1, 2, 5, 10, 20, 50, 100, 200, 500].map { .milliseconds($0) }
        + [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10_800, 21_600, 43_200].map { .seconds($0) }
        + [1, 2, 7, 14, 28, 91, 365, 3650].map { .seconds(86_400 * $0) }
    private static let mostTicks: Int64 = 6

    init(from start: CaptureInstant, to end: CaptureInstant, left: Double, right: Double, _ time: TimeStyle) {
        self.start = start
        // A picture of an instant has some width all the same.
        self.end = max(end, start + .milliseconds(1))
        self.left = left
        self.right = right
        self.time = time
    }

    /// The place of an instant, within the edges.
    func x(_ instant: CaptureInstant) -> Double {
        let share = (instant - start) / (end - start)
        return left + (right - left) * min(max(share, 0), 1)
    }

    func contains(_ instant: CaptureInstant) -> Bool { instant >= start && instant <= end }

    /// Round times in the zone shown, and how they are written.
    var ticks: [(x: Double, label: String)] {
        let length = end - start
        let step = Self.steps.first { length.nanoseconds / $0.nanoseconds <= Self.mostTicks } ?? Self.steps.last
        guard let step else { return [] }
        let decimals = step < .milliseconds(10) ? 3 : step < .milliseconds(100) ? 2 : step < .seconds(1) ? 1 : 0
        var ticks: [(Double, String)] = []
        let offset = time.offset(at: start)
        let local = (start + offset).nanoseconds
        let (quotient, remainder) = local.quotientAndRemainder(dividingBy: step.nanoseconds)
        var instant = CaptureInstant(
            nanoseconds: (quotient + (remainder > 0 ? 1 : 0)) * step.nanoseconds - offset.nanoseconds
        )
        while instant <= end, ticks.count <= Self.mostTicks {
            let label =
                step >= .seconds(86_400) ? time.date(instant) : time.timeOfDay(instant, decimals: decimals)
            ticks.append((x(instant), label))
            instant = instant + step
        }
        return ticks
    }

    /// Draws the marked times above and through the rows.
    func draw(into drawing: inout Drawing, top: Double, bottom: Double) {
        for tick in ticks {
            drawing.line(tick.x, top, tick.x, bottom, "grid")
            let anchor = tick.x > right - 30 ? "end" : tick.x < left + 30 ? "start" : "middle"
            drawing.text(tick.label, tick.x, top - 6, anchor: anchor, "tick")
        }
    }
}
