internal import VRRPFacts
internal import VRRPWire

/// The stretches in which each point captured nothing.
struct Coverage {

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
                    if goesOn(one, in: span) {
                        longest = max(longest, span.start - one.end)
                    } else {
                        blind.append(VantagePoint.Stretch(from: one.end, to: span.start))
                    }
                }
                if span.end >= before?.end ?? span.end { before = span }
            }
            let patience = max(RingNames.shortSilence, longest + longest / 2)
            if let first = spans[point].first, first.start - start > patience {
                blind.append(VantagePoint.Stretch(from: .distantPast, to: first.start))
            }
            if let last = before, end - last.end > patience {
                blind.append(VantagePoint.Stretch(from: last.end, to: .distantFuture))
            }
            blind += stated(at: point)
            vantage.points[point].blind = VantagePoint.Stretch.joined(blind)
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

    /// Whether the second of two files of a point goes on where the first ended.
    private func goesOn(_ one: Span, in next: Span) -> Bool {
        RingNames.goesOn(
            paths[next.file],
            after: paths[one.file],
            silence: next.start - one.end,
            longestSilence: survey.files[one.file].longestSilence,
            length: one.end - one.start
        )
    }

    /// Whether the clocks of all interfaces of a file say the same, but for what tells no end of a capture from another.
    private func isOfOneClock(_ file: Int, at instant: CaptureInstant) -> Bool {
        guard survey.files[file].views.count > 1 else { return true }
        let points = places.indices.filter { places[$0].files.contains(file) }
        return ClockCurve.areNear(points.map { clocks.corrected(instant, of: file, isEnd: true, at: $0) })
    }

    private func spans(of point: Int) -> [Span] {
        var stamps: [Int: (first: Int64, last: Int64)] = [:]
        for view in places[point].views {
            let view = survey.views[view]
            let known = stamps[view.file] ?? (view.first, view.last)
            stamps[view.file] = (min(known.first, view.first), max(known.last, view.last))
        }
        return places[point].files.compactMap { file in
            guard let (first, last) = stamps[file] else { return nil }
            let end = CaptureInstant(nanoseconds: last)
            // The end that a file states is one for all its interfaces.
            let stated = isOfOneClock(file, at: end) ? survey.files[file].end : nil
            return Span(
                file: file,
                start: clocks.corrected(CaptureInstant(nanoseconds: first), of: file, isEnd: false, at: point),
                end: clocks.corrected(max(end, stated ?? end), of: file, isEnd: true, at: point)
            )
        }.sorted { $0.start < $1.start }
    }
}
