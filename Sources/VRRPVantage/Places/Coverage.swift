internal import VRRPFacts
internal import VRRPWire

/// The stretches in which each point captured nothing.
struct Coverage {
    /// Silence up to this length is ordinary.
    private static let ordinary = TimeSpan.seconds(2)

    private let survey: Survey
    private let places: [Place]
    private let clocks: PointClocks

    private let paths: [String]

    init(_ survey: Survey, _ places: [Place], _ clocks: PointClocks, _ paths: [String]) {
        self.survey = survey
        self.paths = paths
        self.places = places
        self.clocks = clocks
    }

    /// A file as its point's clock, corrected, places it.
    private struct Span {
        var file: Int
        var start: CaptureInstant
        var end: CaptureInstant
    }

    /// Notes for each point the time before its first file, between files, behind its last, and what its files state.
    func note(in vantage: inout Vantage) {
        let spans = places.indices.map(spans)
        guard let start = spans.joined().map(\.start).min(), let end = spans.joined().map(\.end).max() else { return }
        for point in places.indices {
            var blind: [VantagePoint.Stretch] = []
            var longest = TimeSpan.zero
            var before: Span?
            for span in spans[point] {
                longest = max(longest, survey.files[span.file].longestSilence)
                if let one = before, span.start > one.end {
                    if span.start - one.end > patience(between: one, span) {
                        blind.append(VantagePoint.Stretch(from: one.end, to: span.start))
                    } else {
                        longest = max(longest, span.start - one.end)
                    }
                }
                if span.end >= before?.end ?? span.end { before = span }
            }
            let patience = max(Self.ordinary, longest + longest / 2)
            if let first = spans[point].first, first.start - start > patience {
                blind.append(VantagePoint.Stretch(from: .distantPast, to: first.start))
            }
            if let last = before, end - last.end > patience {
                blind.append(VantagePoint.Stretch(from: last.end, to: .distantFuture))
            }
            blind += stated(at: point)
            vantage.points[point].blind = blind.sorted { $0.start < $1.start }
        }
        Pauses(clocks).note(in: &vantage)
    }

    /// The stretches that its files call blind.
    private func stated(at point: Int) -> [VantagePoint.Stretch] {
        places[point].files.flatMap { file in
            survey.files[file].blindSpots.filter { $0.end > $0.start }.map { spot in
                VantagePoint.Stretch(
                    from: clocks.corrected(spot.start, of: file, isEnd: false, at: point),
                    to: clocks.corrected(spot.end, of: file, isEnd: true, at: point)
                )
            }
        }
    }

    /// The silence between two files of a point up to which the second goes on where the first ended.
    ///
    /// It is ordinary if it is not much longer than the longest silence within a file. Files whose names differ in numbers
    /// may be further apart, because a failover may fall between two of them.
    private func patience(between one: Span, _ next: Span) -> TimeSpan {
        let longest = survey.files[one.file].longestSilence
        let ordinary = longest + longest / 2
        func text(_ file: Int) -> String { paths[file].filter { !$0.isASCII || !$0.isNumber } }
        guard text(one.file) == text(next.file) else { return min(ordinary, Self.ordinary) }
        return max(ordinary, .seconds(10), (one.end - one.start) / 10)
    }

    private func spans(of point: Int) -> [Span] {
        places[point].files.compactMap { file in
            guard let first = survey.files[file].first, let last = survey.files[file].last else { return nil }
            return Span(
                file: file,
                start: clocks.corrected(first, of: file, isEnd: false, at: point),
                end: clocks.corrected(max(last, survey.files[file].end ?? last), of: file, isEnd: true, at: point)
            )
        }.sorted { $0.start < $1.start }
    }
}
