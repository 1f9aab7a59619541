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
    /// Of many frames those by which clocks and places are compared, the same ones of every point.
    let samples: [[ClockAlignment.Sight]]
    /// By point.
    private(set) var curves: [ClockCurve]
    private(set) var isKnown: [Bool]
    private var errors: [Int64]
    /// By point: the stamps at which its clock was set.
    private(set) var steps: [[Int64]]

    init(_ survey: Survey, _ places: [Place]) {
        self.survey = survey
        self.places = places
        let positions = places.map { place in
            Dictionary(place.files.enumerated().map { ($0.element, $0.offset) }) { first, _ in first }
        }
        self.positions = positions
        sights = places.indices.map { Self.sights(of: places[$0], survey, positions[$0]) }
        samples = ClockAlignment.samples(sights)
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
        compare(samples)
        // What two have in common may be too little for a sample.
        if samples.map(\.count) != sights.map(\.count) { compare(sights) }
    }

    /// Follows the steps of the first clock, which is the axis: others would seem to be set where it is.
    ///
    /// Which of two clocks was set their own stamps show.
    private mutating func followFirst(by other: Int) {
        guard curves[0].pieces.isEmpty, let start = sights[0].first else { return }
        let matches = ClockAlignment(sights[other], sights[0]).matches()
        let contrary = ClockAlignment(sights[0], sights[other]).matches().filter { $0.isStep && $0.isSeen }
        let others = Set(contrary.map(\.identity))
        var pieces = [ClockCurve.Piece(file: 0, number: 0, start: start.instant, offset: 0, gain: 0)]
        for (before, match) in zip(matches, matches.dropFirst())
        where match.isStep && match.isSeen && !others.contains(match.identity) {
            let sight = sights[0][match.start]
            pieces.append(
                ClockCurve.Piece(
                    file: sight.file,
                    number: sight.number,
                    start: sight.instant,
                    offset: (pieces.last?.offset ?? 0) &+ (match.ahead &- before.ahead),
                    gain: 0
                )
            )
            steps[0].append(sight.instant)
        }
        if pieces.count > 1 { curves[0] = ClockCurve(pieces) }
    }

    private mutating func compare(_ frames: [[ClockAlignment.Sight]]) {
        guard isKnown.contains(false) else { return }
        let identities = frames.map { Set($0.map(\.identity)) }
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
            guard align(best.other, with: best.known, frames) else {
                isKnown[best.other] = false
                return
            }
        }
    }

    private static func sights(of place: Place, _ survey: Survey, _ positions: [Int: Int]) -> [ClockAlignment.Sight] {
        var sights: [ClockAlignment.Sight] = []
        sights.reserveCapacity(place.views.reduce(0) { $0 + survey.views[$1].records.count })
        var isInOrder = true
        for view in place.views {
            let file = positions[survey.views[view].file] ?? 0
            if let last = sights.last, let next = survey.views[view].records.first {
                isInOrder = isInOrder && (last.file, last.number) < (file, next.number)
            }
            for record in survey.views[view].records { sights.append(ClockAlignment.Sight(record, file: file)) }
        }
        if !isInOrder { sights.sort { ($0.file, $0.number) < ($1.file, $1.number) } }
        return sights
    }

    private mutating func align(_ other: Int, with known: Int, _ frames: [[ClockAlignment.Sight]]) -> Bool {
        var fit = fit(frames[other], with: frames[known], at: known)
        if !fit.steps.isEmpty {
            if known == 0 { followFirst(by: other) }
            // A clock that was set is followed frame by frame.
            fit = self.fit(sights[other], with: sights[known], at: known)
        }
        guard !fit.pieces.isEmpty else { return false }
        curves[other] = ClockCurve(fit.pieces)
        errors[other] = fit.error + errors[known]
        steps[other] = fit.steps
        return true
    }

    /// The fit of a point's frames to those of a point of which the clock is known.
    private func fit(
        _ own: [ClockAlignment.Sight],
        with reference: [ClockAlignment.Sight],
        at known: Int
    ) -> ClockFit {
        let corrected = reference.map { sight in
            var sight = sight
            sight.instant = instant(of: sight, at: known)
            return sight
        }
        return ClockFit(ClockAlignment(corrected, own).matches(), of: own)
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
