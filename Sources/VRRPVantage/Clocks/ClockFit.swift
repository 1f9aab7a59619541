internal import VRRPWire

/// The line through the differences of a clock, between the two directions in which frames come.
struct ClockFit {
    typealias Match = ClockAlignment.Match

    /// Ways that take less than this, in nanoseconds, are of one length.
    private static let resolution: Int64 = 20_000
    /// The error of an offset that frames of one direction alone tell, in nanoseconds: a millisecond on the way.
    private static let oneWay: Int64 = 1_000_000
    /// A stretch is halved where a line misses it by more, in nanoseconds.
    private static let misfit: Int64 = 300_000
    private static let leastToHalve = 16
    private static let leastForDrift = 6
    /// The shortest stretch that drift is told from, in nanoseconds.
    private static let shortestForDrift: Int64 = 5_000_000_000

    private(set) var pieces: [ClockCurve.Piece] = []
    private(set) var error: Int64 = 0
    /// The stamps at which the clock was set.
    private(set) var steps: [Int64] = []

    private let sights: [ClockAlignment.Sight]

    /// - Parameters:
    ///   - matches: the frames that both saw, in order.
    ///   - sights: all frames of the point in question, in order of capture.
    init(_ matches: [Match], of sights: [ClockAlignment.Sight]) {
        self.sights = sights
        var rest = matches[...]
        while let first = rest.first {
            let next = rest.dropFirst().firstIndex { $0.isStep } ?? rest.endIndex
            if !pieces.isEmpty { steps.append(sights[first.start].instant) }
            add(Array(rest[..<next]))
            rest = rest[next...]
        }
        guard !pieces.isEmpty else { return }
        pieces[0].file = 0
        pieces[0].number = 0
        if let first = matches.first, let last = matches.last { followAlone(before: first.place, behind: last.place) }
    }

    /// Follows a clock that was set back while no other point captured, by its own stamps alone.
    private mutating func followAlone(before first: Int, behind last: Int) {
        let leap = ClockLeap(sights)
        for place in sights.indices.dropFirst(last + 1) {
            guard let step = leap.stepBack(at: place), var piece = pieces.last else { continue }
            piece.offset = piece.ahead(at: sights[place - 1].instant) &+ step
            begin(&piece, at: place)
            pieces.append(piece)
            steps.append(piece.start)
        }
        for place in sights.indices.prefix(first + 1).dropFirst().reversed() {
            guard let step = leap.stepBack(at: place), var piece = pieces.first else { continue }
            let offset = piece.ahead(at: sights[place].instant) &- step
            begin(&piece, at: place)
            piece.offset = offset &+ step
            pieces[0] = piece
            steps.insert(piece.start, at: 0)
            (piece.offset, piece.start) = (offset, sights[place - 1].instant)
            (piece.file, piece.number) = (0, 0)
            pieces.insert(piece, at: 0)
        }
    }

    /// Lets a piece begin with a frame.
    private func begin(_ piece: inout ClockCurve.Piece, at place: Int) {
        (piece.start, piece.file, piece.number) = (
            sights[place].instant, sights[place].file, sights[place].number
        )
    }

    private mutating func add(_ matches: [Match]) {
        guard let first = matches.first, let last = matches.last else { return }
        let span = last.instant - first.instant
        let gain = Self.gain(matches, span)
        let ways = Self.ways(matches, gain)
        if matches.count >= Self.leastToHalve, Self.misses(matches, gain, ways) {
            add(Array(matches[..<(matches.count / 2)]))
            add(Array(matches[(matches.count / 2)...]))
            return
        }
        let (low, high) = ways.bounds
        var offset = low / 2 + high / 2 + (low % 2 + high % 2) / 2
        let isBothWays = high - low > Self.resolution / 4 && ways.count > 1
        let error = isBothWays ? max((high - low) / 2, Self.resolution / 20) : Self.oneWay
        // Clocks that may be equal by all that the frames tell are taken for equal.
        let slack = isBothWays ? Self.resolution : Self.oneWay
        if gain == 0, low - slack <= 0, high + slack >= 0 { offset = 0 }
        self.error = max(self.error, error)
        pieces.append(
            ClockCurve.Piece(
                file: sights[first.start].file,
                number: sights[first.start].number,
                start: first.instant,
                offset: offset,
                gain: gain
            )
        )
    }

    // MARK: Drift

    /// The nanoseconds that the clock gains in a second; zero where no gain shows.
    private static func gain(_ matches: [Match], _ span: Int64) -> Double {
        guard matches.count >= leastForDrift, span >= shortestForDrift else { return 0 }
        var slopes: [Double] = []
        for speaker in Set(matches.map(\.speaker)) {
            let own = matches.filter { $0.speaker == speaker }
            let apart = own.count / 2
            guard apart > 0 else { continue }
            for index in 0..<(own.count - apart) {
                let (one, other) = (own[index], own[index + apart])
                let time = Double(other.instant - one.instant) / 1e9
                guard time > Double(span) / 4e9 else { continue }
                slopes.append(Double(other.ahead - one.ahead) / time)
            }
        }
        guard slopes.count >= 3 else { return 0 }
        let gain = slopes.sorted()[slopes.count / 2]
        let unrest = median(slopes.map { Int64((abs($0 - gain) * Double(span) / 1e9).rounded()) })
        let total = Int64((abs(gain) * Double(span) / 1e9).rounded())
        return total > max(unrest * 3, resolution * 5) ? gain : 0
    }

    // MARK: Directions

    /// The median difference of each sender's frames, without drift.
    private struct Ways {
        var medians: [Int32: Int64] = [:]
        var count: Int { medians.count }
        /// The frames from the far side, and those from the near side.
        var bounds: (low: Int64, high: Int64) { (medians.values.min() ?? 0, medians.values.max() ?? 0) }
    }

    private static func ways(_ matches: [Match], _ gain: Double) -> Ways {
        let start = matches.first?.instant ?? 0
        var values: [Int32: [Int64]] = [:]
        for match in matches { values[match.speaker, default: []].append(flat(match, gain, start)) }
        // One frame may have waited; several of one sender are better evidence.
        let most = values.values.map(\.count).max() ?? 0
        let enough = values.values.count { $0.count >= 3 } > 1 ? 3 : min(most, 1)
        var ways = Ways()
        for (speaker, own) in values where own.count >= enough { ways.medians[speaker] = median(own) }
        return ways
    }

    private static func flat(_ match: Match, _ gain: Double, _ start: Int64) -> Int64 {
        match.ahead - Int64((Double(match.instant - start) / 1e9 * gain).rounded())
    }

    /// Whether the differences of some quarter lie beside the line.
    private static func misses(_ matches: [Match], _ gain: Double, _ ways: Ways) -> Bool {
        let start = matches[0].instant
        let rests = matches.compactMap { match in
            ways.medians[match.speaker].map { flat(match, gain, start) - $0 }
        }
        guard rests.count >= leastToHalve else { return false }
        let quarter = rests.count / 4
        return (0..<4).contains { part in
            abs(median(Array(rests[(part * quarter)..<((part + 1) * quarter)]))) > misfit
        }
    }
}
