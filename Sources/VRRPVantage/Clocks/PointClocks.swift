internal import VRRPFacts
internal import VRRPWire

/// The clocks of all points, each compared with one that is known, from the first point on.
struct PointClocks {
    private let survey: Survey
    private let places: [Place]
    /// By point: the place of each file among its own.
    let positions: [[Int: Int]]
    /// The frames of each point in the order of its files.
    let sights: [[ClockAlignment.Sight]]
    /// By point.
    private(set) var curves: [ClockCurve]
    private(set) var isKnown: [Bool]
    private var errors: [Int64]
    private var steps: [[Int64]]

    init(_ survey: Survey, _ places: [Place]) {
        self.survey = survey
        self.places = places
        let positions = places.map { place in
            Dictionary(place.files.enumerated().map { ($0.element, $0.offset) }) { first, _ in first }
        }
        self.positions = positions
        sights = places.enumerated().map { point, place in
            place.views.flatMap { view in
                let file = positions[point][survey.views[view].file] ?? 0
                return survey.views[view].records.map { record in
                    ClockAlignment.Sight(
                        identity: record.identity,
                        instant: record.instant,
                        speaker: record.speaker,
                        isNumbered: record.isNumbered,
                        file: file,
                        number: record.number
                    )
                }
            }.sorted { ($0.file, $0.number) < ($1.file, $1.number) }
        }
        curves = places.map { _ in ClockCurve() }
        isKnown = places.map { _ in false }
        errors = places.map { _ in 0 }
        steps = places.map { _ in [] }
    }

    /// Compares each clock with the known one with which it has most frames in common.
    mutating func compare() {
        guard !places.isEmpty else { return }
        isKnown[0] = true
        guard places.count > 1, places.count <= Vantage.mostPoints else { return }
        let identities = sights.map { Set($0.map(\.identity)) }
        while true {
            var best: (common: Int, known: Int, other: Int) = (0, 0, 0)
            for other in places.indices where !isKnown[other] {
                for known in places.indices where isKnown[known] {
                    let common = identities[other].intersection(identities[known]).count
                    if common > best.common { best = (common, known, other) }
                }
            }
            guard best.common > 0 else { return }
            isKnown[best.other] = true
            guard align(best.other, with: best.known) else {
                isKnown[best.other] = false
                return
            }
        }
    }

    private mutating func align(_ other: Int, with known: Int) -> Bool {
        let reference = sights[known].map { sight in
            var sight = sight
            sight.instant = instant(of: sight, at: known)
            return sight
        }
        let matches = ClockAlignment(reference, sights[other]).matches()
        guard !matches.isEmpty else { return false }
        let fit = ClockFit(matches)
        curves[other] = ClockCurve(fit.pieces)
        errors[other] = fit.error + errors[known]
        steps[other] = fit.steps
        return true
    }

    /// The instant of a frame by the first point's clock, in nanoseconds.
    func instant(of sight: ClockAlignment.Sight, at point: Int) -> Int64 {
        let instant = CaptureInstant(nanoseconds: sight.instant)
        return curves[point].corrected(instant, file: sight.file, number: sight.number).nanoseconds
    }

    /// The instant of a file's first or last frame by the first point's clock.
    func corrected(_ instant: CaptureInstant, of file: Int, isEnd: Bool, at point: Int) -> CaptureInstant {
        let place = positions[point][file] ?? 0
        return curves[point].corrected(instant, file: place, number: isEnd ? .max : 0)
    }

    /// Says of a point how its clock differs.
    func describe(_ position: Int, in point: inout VantagePoint) {
        guard isKnown[position] else { return }
        let pieces = curves[position].pieces
        point.clockOffset = TimeSpan(nanoseconds: pieces.first?.offset ?? 0)
        point.clockOffsetError = TimeSpan(nanoseconds: errors[position])
        point.clockDrift = (pieces.map(\.gain).max { abs($0) < abs($1) } ?? 0) / 1000
        point.clockSteps = steps[position].map { step in
            let piece = pieces.last { $0.start <= step } ?? pieces.first
            return CaptureInstant(nanoseconds: step &- (piece?.ahead(at: step) ?? 0))
        }
    }
}
