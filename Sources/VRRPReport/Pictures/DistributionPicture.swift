internal import Glibc
internal import VRRPFacts
internal import VRRPTracker
internal import VRRPWire

/// The time between a router's advertisements: its distribution function, and a histogram of the deviation from the
/// interval.
struct DistributionPicture {
    private static let width = 470.0
    private static let height = 230.0
    private static let left = 46.0
    private static let right = 458.0
    private static let top = 62.0
    private static let bottom = 192.0

    private let jitter: ReportDocument.Jitter
    private let name: String
    private let id: String

    init(_ router: ReportDocument.Router, id: String) {
        jitter = router.jitter
        name = router.address.description
        self.id = id
    }

    // MARK: Distribution function

    /// The share of gaps that were not longer than the time on the logarithmic axis.
    func cumulative() -> Markup<HTML> {
        let interval = jitter.interval.seconds
        let shortest = jitter.deviations.first.map { (jitter.interval + $0.lower).seconds } ?? interval
        let longest = jitter.distribution?.maximum.seconds ?? interval
        let low = log10(max(min(shortest, interval) / 2, interval / 1000))
        let high = log10(max(longest, jitter.patience.seconds) * 1.15)
        func x(_ seconds: Double) -> Double {
            place(log10(max(seconds, interval / 1000)), low, high)
        }
        func y(_ share: Double) -> Double { Self.bottom - (Self.bottom - Self.top) * share }
        var drawing = Drawing(width: Self.width, height: Self.height)
        for share in [0.0, 0.25, 0.5, 0.75, 1] {
            drawing.line(Self.left, y(share), Self.right, y(share), "grid")
            drawing.text("\(Int(share * 100)) %", Self.left - 4, y(share) + 4, anchor: "end", "tick")
        }
        for seconds in Self.ticks(from: low, to: high) {
            drawing.line(x(seconds), Self.bottom, x(seconds), Self.bottom + 4, "axis")
            drawing.text(Self.label(seconds), x(seconds), Self.bottom + 17, anchor: "middle", "tick")
        }
        drawing.text(
            "time between advertisements",
            (Self.left + Self.right) / 2,
            Self.bottom + 33,
            anchor: "middle",
            "tick"
        )
        drawLimits(
            [
                (interval, "one interval"), (interval + jitter.skew.seconds, "+ Skew_Time"),
                (jitter.patience.seconds, "Master_Down_Interval"),
            ],
            x,
            into: &drawing
        )
        drawing.path(curve(x, y, longest: longest), "curve")
        return drawing.element(
            id: "\(id)-e",
            style: "chart",
            title: "How long \(name) let pass between advertisements",
            description: "Empirical distribution function over \(jitter.samples) gaps. " + words
        )
    }

    /// The path of the distribution function, a step for each range of deviations.
    private func curve(_ x: (Double) -> Double, _ y: (Double) -> Double, longest: Double) -> String {
        var curve = "M\(Drawing.number(Self.left)) \(Drawing.number(Self.bottom))"
        var sum = 0
        for range in jitter.deviations {
            sum += range.count
            // No gap was longer than the longest.
            let upper = min((jitter.interval + range.upper).seconds, longest)
            curve += "H\(Drawing.number(x(upper)))V\(Drawing.number(y(Double(sum) / Double(max(jitter.samples, 1)))))"
        }
        return curve + "H\(Drawing.number(Self.right))"
    }

    // MARK: Histogram

    /// A tenth of a millisecond: deviations below it are noise on a log axis.
    private static let unit = 1e-4

    /// The number of gaps by their deviation from the interval, on an axis that is logarithmic on both sides of zero.
    func histogram() -> Markup<HTML> {
        func scale(_ seconds: Double) -> Double {
            let magnitude = log10(1 + abs(seconds) / Self.unit)
            return seconds < 0 ? -magnitude : magnitude
        }
        let margin = jitter.patience.seconds - jitter.interval.seconds
        let lowest = jitter.deviations.first?.lower.seconds ?? 0
        let highest = jitter.deviations.last?.upper.seconds ?? 0
        let low = scale(min(lowest, -1e-3)) - 0.2
        let high = scale(max(highest, margin)) + 0.2
        func x(_ seconds: Double) -> Double { place(scale(seconds), low, high) }
        let most = Double(jitter.deviations.map(\.count).max() ?? 1)
        func y(_ count: Double) -> Double {
            Self.bottom - (Self.bottom - Self.top) * log10(1 + count) / log10(1 + most)
        }
        var drawing = Drawing(width: Self.width, height: Self.height)
        var count = 1.0
        while count <= most {
            drawing.line(Self.left, y(count), Self.right, y(count), "grid")
            drawing.text("\(Int(count))", Self.left - 4, y(count) + 4, anchor: "end", "tick")
            count *= 10
        }
        drawTicks(from: low, to: high, scale, x, into: &drawing)
        drawing.text("gap − interval", (Self.left + Self.right) / 2, Self.bottom + 33, anchor: "middle", "tick")
        for range in jitter.deviations {
            let (from, to) = (x(range.lower.seconds), x(range.upper.seconds))
            let top = y(Double(range.count))
            drawing.rectangle(
                from,
                top,
                max(to - from, 1),
                Self.bottom - top,
                "bar",
                title: "\(range.count) from \(range.lower.millisecondsText) to \(range.upper.millisecondsText) ms"
            )
        }
        drawing.line(Self.left, Self.bottom, Self.right, Self.bottom, "axis")
        drawLimits(
            [
                (jitter.interval.seconds, "one interval late"), (jitter.skew.seconds, "Skew_Time"),
                (margin, "Master_Down_Interval"),
            ],
            x,
            into: &drawing
        )
        return drawing.element(
            id: "\(id)-h",
            style: "chart",
            title: "How far \(name) was off its interval",
            description: "Histogram of gap minus interval over \(jitter.samples) gaps. " + words
        )
    }

    private func drawTicks(
        from low: Double,
        to high: Double,
        _ scale: (Double) -> Double,
        _ x: (Double) -> Double,
        into drawing: inout Drawing
    ) {
        for seconds in [-10, -1, -0.1, -0.01, -0.001, 0, 0.001, 0.01, 0.1, 1, 10, 100] where scale(seconds) > low {
            guard scale(seconds) < high else { continue }
            drawing.line(x(seconds), Self.bottom, x(seconds), Self.bottom + 4, "axis")
            let label = seconds == 0 ? "0" : (seconds > 0 ? "+" : "−") + Self.label(abs(seconds))
            drawing.text(label, x(seconds), Self.bottom + 17, anchor: "middle", "tick")
        }
    }

    // MARK: Common parts

    private func place(_ value: Double, _ low: Double, _ high: Double) -> Double {
        Self.left + (Self.right - Self.left) * min(max((value - low) / (high - low), 0), 1)
    }

    /// Vertical lines, each with its name to the left, the rightmost on top: so no line crosses a name.
    private func drawLimits(
        _ limits: [(seconds: Double, name: String)],
        _ x: (Double) -> Double,
        into drawing: inout Drawing
    ) {
        let order = limits.indices.sorted { (limits[$0].seconds, $0) > (limits[$1].seconds, $1) }
        for (row, index) in order.enumerated() {
            let place = x(limits[index].seconds)
            let y = 14 + 16 * Double(row)
            drawing.line(place, y - 10, place, Self.bottom, "limit limit\(index)")
            let label = "\(limits[index].name), \(Self.label(limits[index].seconds))"
            drawing.text(label, place - 5, y, anchor: "end", "limitname")
        }
    }

    /// Round values 1, 2, 5 of each decade between two logarithms, or 1 alone where that is plenty.
    private static func ticks(from low: Double, to high: Double) -> [Double] {
        var ticks: [Double] = []
        let factors: [Double] = high - low > 2.5 ? [1] : [1, 2, 5]
        for decade in Int(low.rounded(.down))...Int(high.rounded(.up)) {
            for factor in factors {
                let value = factor * pow(10, Double(decade))
                if log10(value) >= low, log10(value) <= high { ticks.append(value) }
            }
        }
        return ticks
    }

    /// `500 ms`, `2 s`, `3.6 s`.
    private static func label(_ seconds: Double) -> String {
        if seconds < 0.0995 { return Drawing.number(seconds * 1000) + " ms" }
        if seconds < 0.9995 { return "\(Int((seconds * 1000).rounded())) ms" }
        return Drawing.number(seconds) + " s"
    }

    private var words: String {
        guard let distribution = jitter.distribution else { return "" }
        return "Median \(distribution.p50.inMilliseconds), 99th percentile "
            + "\(distribution.p99.inMilliseconds), longest \(distribution.maximum.inMilliseconds); "
            + "the interval is \(jitter.interval.inMilliseconds), another router takes over after "
            + "\(jitter.patience.inMilliseconds)."
    }
}
