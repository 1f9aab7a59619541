package import VRRPWire

extension TimeSpan {
    /// The number of digits with which a length of time is put in words.
    ///
    /// All precisions round half up, so that two of them never contradict each other on one page.
    package enum Precision: Sendable {
        /// For tables: `640 ms`, `25.400 s`, `12 min 5 s`, `3 h 20 min`, `2 d 4 h`.
        case table
        /// For sentences: `6.5 ms`, `640 ms`, `3.65 s`, `2 min 5 s`, `3 h 20 min`, `2 d 4 h`.
        case prose
        /// For the first sentence of a report: `640 ms`, `9 s`, `25.4 s`, `12 min 5 s`, `3 h 20 min`, `2 d 4 h`.
        case headline
        /// For a cell of at most six characters: `640ms`, `2.00s`, `25.4s`, `12m05`, `3h20`, `2d04`.
        case cell
    }

    /// The length in words, rounded half up.
    package func words(_ precision: Precision) -> String {
        guard self != .zero else { return precision.zero }
        for scale in precision.scales {
            let count = magnitude.rounded(to: scale.step)
            guard count < scale.limit else { continue }
            return (self < .zero && count > 0 ? precision.minus : "") + scale.form.text(count)
        }
        preconditionFailure("the last scale has no limit")
    }

    /// The length in milliseconds, rounded half up to whole ones, and to tenths below 100: `652 ms`, `6.5 ms`.
    package var inMilliseconds: String { millisecondFigure + " ms" }

    /// The number of ``inMilliseconds`` without its unit, for columns whose heading has it.
    package var millisecondFigure: String {
        let step = magnitude < .milliseconds(100) ? TimeSpan(nanoseconds: 100_000) : .milliseconds(1)
        let count = magnitude.rounded(to: step)
        return (self < .zero && count > 0 ? "-" : "") + Form.decimal(count, places: step < .milliseconds(1) ? 1 : 0)
    }

    /// The length in seconds with all its digits, as configurations state intervals: `1 s`, `0.25 s`.
    package var inExactSeconds: String {
        (self < .zero ? "-" : "") + Form.decimal(magnitude.nanoseconds, places: 9) + " s"
    }

    /// The number of steps in a length that is not negative, rounded half up.
    fileprivate func rounded(to step: TimeSpan) -> Int64 {
        let (quotient, remainder) = nanoseconds.quotientAndRemainder(dividingBy: step.nanoseconds)
        return quotient + (remainder >= step.nanoseconds - remainder ? 1 : 0)
    }

    /// A range of lengths that are rounded to one step and put in words alike.
    fileprivate struct Scale {
        var step: TimeSpan
        /// The number of steps from which on the next scale is used.
        var limit: Int64
        var form: Form

        private static let hours = Self(step: .seconds(60), limit: 24 * 60, form: .pair("h", "min", of: 60))
        private static let days = Self(step: .seconds(3600), limit: .max, form: .pair("d", "h", of: 24))

        /// Minutes and seconds up to an hour, then hours and minutes, then days and hours.
        private static let long = [Self(step: .seconds(1), limit: 3600, form: .pair("min", "s", of: 60)), hours, days]

        private static let milliseconds = Self(
            step: .milliseconds(1),
            limit: 1000,
            form: .shortened(places: 0, unit: " ms")
        )
        static let table =
            [
                milliseconds,
                Self(step: .milliseconds(1), limit: 100_000, form: .fixed(places: 3, unit: " s")),
            ] + long
        static let prose =
            [
                Self(
                    step: TimeSpan(nanoseconds: 100_000),
                    limit: 100,
                    form: .shortened(places: 1, unit: " ms")
                ),
                milliseconds,
                Self(step: .milliseconds(10), limit: 6000, form: .shortened(places: 2, unit: " s")),
            ] + long
        static let headline =
            [
                milliseconds,
                Self(step: .milliseconds(100), limit: 1000, form: .shortened(places: 1, unit: " s")),
            ] + long
        static let cell = [
            Self(step: .milliseconds(1), limit: 1000, form: .shortened(places: 0, unit: "ms")),
            Self(step: .milliseconds(10), limit: 1000, form: .fixed(places: 2, unit: "s")),
            Self(step: .milliseconds(100), limit: 1000, form: .fixed(places: 1, unit: "s")),
            Self(step: .seconds(1), limit: 6000, form: .narrowPair("m", of: 60)),
            Self(step: .seconds(60), limit: 6000, form: .narrowPair("h", of: 60)),
            Self(step: .seconds(3600), limit: .max, form: .narrowPair("d", of: 24)),
        ]
    }

    fileprivate enum Form {
        /// A number and its unit, without zeros at the end.
        case shortened(places: Int, unit: String)
        /// A number and its unit with all decimals.
        case fixed(places: Int, unit: String)
        /// Two units, of which the first has so many of the second.
        case pair(String, String, of: Int64)
        /// Two units, of which the second has two digits and no name.
        case narrowPair(String, of: Int64)

        func text(_ count: Int64) -> String {
            switch self {
            case .shortened(let places, let unit): Self.decimal(count, places: places) + unit
            case .fixed(let places, let unit): Self.decimal(count, places: places, keepsZeros: true) + unit
            case .pair(let first, let second, let parts): "\(count / parts) \(first) \(count % parts) \(second)"
            case .narrowPair(let first, let parts): "\(count / parts)\(first)" + padded(count % parts, to: 2)
            }
        }

        static func decimal(_ count: Int64, places: Int, keepsZeros: Bool = false) -> String {
            guard places > 0 else { return "\(count)" }
            var scale: Int64 = 1
            for _ in 0..<places { scale *= 10 }
            var fraction = padded(count % scale, to: places)[...]
            while !keepsZeros, fraction.last == "0" { fraction.removeLast() }
            return "\(count / scale)" + (fraction.isEmpty ? "" : ".\(fraction)")
        }
    }
}

extension TimeSpan.Precision {
    fileprivate var minus: String { self == .prose ? "−" : "-" }

    fileprivate var zero: String { self == .cell ? "0ms" : "0 s" }

    fileprivate var scales: [TimeSpan.Scale] {
        switch self {
        case .table: TimeSpan.Scale.table
        case .prose: TimeSpan.Scale.prose
        case .headline: TimeSpan.Scale.headline
        case .cell: TimeSpan.Scale.cell
        }
    }
}

/// A number that is not negative in decimal, with at least so many digits.
private func padded(_ number: Int64, to digits: Int) -> String {
    let text = "\(number)"
    return String(repeating: "0", count: max(0, digits - text.utf8.count)) + text
}

/// A length of time in a sentence: ``VRRPWire/TimeSpan/words(_:)`` in its precision for prose.
package func text(_ span: TimeSpan) -> String { span.words(.prose) }
