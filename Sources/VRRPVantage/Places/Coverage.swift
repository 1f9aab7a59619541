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
                    if goesOn(one, in: span) {
                        longest = max(longest, span.start - one.end)
                    } else {
                        blind.append(VantagePoint.Stretch(from: one.end, to: span.start))
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
    ///
    /// Silence between them is ordinary if it is not much longer than the longest silence within a file. Files whose names
    /// differ in numbers may be further apart, because a failover may fall between two of them; and those that are numbered
    /// in a row by the program that captured are one capture, whatever lies between them.
    private func goesOn(_ one: Span, in next: Span) -> Bool {
        let silence = next.start - one.end
        let longest = survey.files[one.file].longestSilence
        let ordinary = longest + longest / 2
        // Names are looked at only where it comes to that.
        if silence <= min(ordinary, Self.ordinary) { return true }
        let (path, other) = (paths[one.file], paths[next.file])
        if RingNames.isNext(other, after: path) { return true }
        // Where a number is left out, a file is not there.
        guard RingNames.areAlike(path, other), !RingNames.isFurther(other, after: path) else { return false }
        return silence <= max(ordinary, .seconds(10), (one.end - one.start) / 10)
    }

    /// Whether the clocks of all interfaces of a file say the same, but for what tells no end of a capture from another.
    private func isOfOneClock(_ file: Int, at instant: CaptureInstant) -> Bool {
        guard survey.files[file].views.count > 1 else { return true }
        let instants = places.indices.filter { places[$0].files.contains(file) }
            .map { clocks.corrected(instant, of: file, isEnd: true, at: $0) }
        guard let first = instants.min(), let last = instants.max() else { return true }
        return last - first <= ClockCurve.nearness
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
