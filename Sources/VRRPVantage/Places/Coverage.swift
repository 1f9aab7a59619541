internal import VRRPFacts
internal import VRRPWire

/// The stretches in which each point captured nothing.
struct Coverage {
    /// Silence up to this length is ordinary.
    private static let ordinary = TimeSpan.seconds(2)

    private let survey: Survey
    private let places: [Place]
    private let clocks: PointClocks

    init(_ survey: Survey, _ places: [Place], _ clocks: PointClocks) {
        self.survey = survey
        self.places = places
        self.clocks = clocks
    }

    /// A file as its point's clock, corrected, places it.
    private struct Span {
        var start: CaptureInstant
        var end: CaptureInstant
    }

    /// Notes for each point the time before its first file, between files, behind its last, and what its files state.
    func note(in vantage: inout Vantage) {
        let spans = places.indices.map(spans)
        guard let start = spans.joined().map(\.start).min(), let end = spans.joined().map(\.end).max() else { return }
        for point in places.indices {
            var blind: [VantagePoint.Stretch] = []
            let patience = patience(of: point)
            var covered = start
            for span in spans[point] {
                if span.start - covered > patience { blind.append(VantagePoint.Stretch(from: covered, to: span.start)) }
                covered = max(covered, span.end)
            }
            if end - covered > patience { blind.append(VantagePoint.Stretch(from: covered, to: .distantFuture)) }
            if let first = blind.first, first.start == start { blind[0].start = .distantPast }
            for file in places[point].files {
                for spot in survey.files[file].blindSpots where spot.end > spot.start {
                    let from = clocks.corrected(spot.start, of: file, isEnd: false, at: point)
                    let to = clocks.corrected(spot.end, of: file, isEnd: true, at: point)
                    blind.append(VantagePoint.Stretch(from: from, to: to))
                }
            }
            vantage.points[point].blind = blind.sorted { $0.start < $1.start }
        }
    }

    /// The silence after which a point counts as blind.
    private func patience(of point: Int) -> TimeSpan {
        let longest = places[point].files.map { survey.files[$0].longestSilence }.max() ?? .zero
        return max(Self.ordinary, longest + longest / 2)
    }

    private func spans(of point: Int) -> [Span] {
        places[point].files.compactMap { file in
            guard let first = survey.files[file].first, let last = survey.files[file].last else { return nil }
            return Span(
                start: clocks.corrected(first, of: file, isEnd: false, at: point),
                end: clocks.corrected(max(last, survey.files[file].end ?? last), of: file, isEnd: true, at: point)
            )
        }.sorted { $0.start < $1.start }
    }
}
