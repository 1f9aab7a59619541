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
        /// The longest time between two of its frames at the point.
        var longestSilence: TimeSpan
    }

    /// Notes for each point the time before its first file, between files, behind its last, and what its files state.
    func note(in vantage: inout Vantage) {
        let spans = places.indices.map(spans)
        guard let start = spans.joined().map(\.start).min(), let end = spans.joined().map(\.end).max() else { return }
        for point in places.indices {
            var blind: [VantagePoint.Stretch] = []
            var longest = TimeSpan.zero
            var before: Span?
            var isCounted: Bool?
            for span in spans[point] {
                longest = max(longest, span.longestSilence)
                if let one = before, span.start > one.end {
                    if goesOn(one, in: span, at: point, &isCounted) {
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

    /// The longest time between two frames of a file at a point.
    private func longestSilence(in file: Int, at point: Int) -> TimeSpan {
        let views = survey.files[file].views.compactMap(\.self)
        let own = views.count > 1 ? places[point].views.filter(views.contains) : views
        return TimeSpan(nanoseconds: own.map { survey.views[$0].longestSilence }.max() ?? 0)
    }

    /// By the place of the file among those of a point: the longest time that passed between two frames that were compared; `nil`
    /// where the clock was not set, so that the stamps tell.
    private func silences(at point: Int) -> [Int: TimeSpan]? {
        guard !clocks.steps[point].isEmpty else { return nil }
        return Dictionary(grouping: clocks.sights[point], by: \.file).mapValues { sights in
            let instants = sights.map { clocks.instant(of: $0, at: point) }.sorted()
            return TimeSpan(nanoseconds: zip(instants, instants.dropFirst()).map { $1 - $0 }.max() ?? 0)
        }
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
    /// Whether their numbers count files, which is found out where it comes to that, is noted.
    private func goesOn(_ one: Span, in next: Span, at point: Int, _ isCounted: inout Bool?) -> Bool {
        if let sensor = survey.files[one.file].sensor, let later = survey.files[next.file].sensor,
            let missing = sensor.missing(before: later)
        {
            return missing == 0
        }
        let silence = next.start - one.end
        if silence > RingNames.shortSilence {
            let counts = isCounted ?? RingNames.areCounted(places[point].files.map { paths[$0] })
            isCounted = counts
            if counts, RingNames.isFurther(paths[next.file], after: paths[one.file], isCounted: true) { return false }
        }
        return RingNames.goesOn(
            paths[next.file],
            after: paths[one.file],
            silence: silence,
            longestSilence: one.longestSilence,
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
        let silences = silences(at: point)
        return places[point].files.compactMap { file in
            guard let (first, last) = stamps[file] else { return nil }
            let end = CaptureInstant(nanoseconds: last)
            // The end that a file states is one for all its interfaces.
            let stated = isOfOneClock(file, at: end) ? survey.files[file].end : nil
            let known = longestSilence(in: file, at: point)
            // Where the clock was set forward, that time did not pass.
            let passed = silences.map { silences in clocks.positions[point][file].flatMap { silences[$0] } ?? .zero }
            return Span(
                file: file,
                start: clocks.corrected(CaptureInstant(nanoseconds: first), of: file, isEnd: false, at: point),
                end: clocks.corrected(max(end, stated ?? end), of: file, isEnd: true, at: point),
                longestSilence: passed.map { min(known, $0) } ?? known
            )
        }.sorted { $0.start < $1.start }
    }
}
