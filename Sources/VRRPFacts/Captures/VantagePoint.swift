package import VRRPWire

/// A place at which frames were captured: one clock, and one view of a segment.
package struct VantagePoint: Hashable, Sendable {
    /// A stretch of time in which nothing was captured.
    package struct Stretch: Hashable, Sendable {
        package var start: CaptureInstant
        package var end: CaptureInstant

        package init(from start: CaptureInstant, to end: CaptureInstant) {
            self.start = start
            self.end = end
        }

        /// All time there is.
        package static let always = Stretch(from: .distantPast, to: .distantFuture)

        /// The stretches in order of time, those that overlap as one.
        package static func joined(_ stretches: [Self]) -> [Self] {
            var joined: [Self] = []
            for stretch in stretches.sorted(by: { ($0.start, $0.end) < ($1.start, $1.end) }) {
                if let last = joined.last, stretch.start < last.end {
                    joined[joined.count - 1].end = max(last.end, stretch.end)
                } else {
                    joined.append(stretch)
                }
            }
            return joined
        }
    }

    /// The evidence for the router that a point is at; the raw value stands in the JSON report.
    package enum Location: String, Hashable, Sendable {
        case named
        case addresses = "addresses of the interface"
        case outgoing = "outgoing packets"
        case unpadded = "outgoing frames are not padded"
        case firstAdverts = "own adverts come first here"
        case firstFrames = "own frames come first here"
        case onlyHere = "its adverts are seen nowhere else"
    }

    /// The captures that were made there, in order.
    package var captures: [Int]
    /// The numbers of the interfaces that it sees, where sensors are told apart; empty where they are not.
    package var interfaces: Set<Int> = []
    /// `nil` where nothing names the point.
    package var name: String?
    /// The router that it is at; `nil` where nothing shows that.
    package var at: IPAddress?
    package var how: Location?
    /// The addresses of the host that it is at.
    package var hosts: [IPAddress] = []
    /// The state of the host that it is on; `nil` where nobody told.
    package var state: HostState?
    /// The time by which its clock is ahead of the first point's, at its first frame; `nil` where they cannot be compared.
    package var clockOffset: TimeSpan?
    /// The time by which the offset may be wrong.
    package var clockOffsetError: TimeSpan?
    /// In millionths: positive where its clock runs fast.
    package var clockDrift: Double?
    /// The instants at which its clock was set, by the first point's clock.
    package var clockSteps: [CaptureInstant] = []
    /// The stretches in which nothing was captured there, in order and apart, by the first point's clock.
    package var blind: [Stretch] = []

    package init(captures: [Int], name: String? = nil) {
        self.captures = captures
        self.name = name
    }

    /// Whether something was captured around an instant.
    package func isOpen(at instant: CaptureInstant) -> Bool {
        guard !blind.isEmpty else { return true }
        let next = firstStretch(endingAfter: instant)
        return next == blind.count || blind[next].start >= instant
    }

    /// The position of the first blind stretch that ends after an instant; their number where none does.
    private func firstStretch(endingAfter instant: CaptureInstant) -> Int {
        blind.partitioningIndex { $0.end > instant }
    }

    /// The blind stretches between two instants, cut off there.
    func blindness(from start: CaptureInstant, to end: CaptureInstant) -> [Stretch] {
        blind[firstStretch(endingAfter: start)...].prefix { $0.start < end }.map { stretch in
            Stretch(from: max(stretch.start, start), to: min(stretch.end, end))
        }
    }
}

/// The points from which an observation is made.
package struct Vantage: Hashable, Sendable {
    /// The number of points that are told apart; further ones share the last place.
    package static let mostPoints = 64

    /// In the order of their first captures; empty where nobody asked for them.
    package var points: [VantagePoint]

    package init(points: [VantagePoint] = []) {
        self.points = points
    }

    /// The place of an observer among those that are told apart.
    package static func place(of observer: Int) -> Int { min(observer, mostPoints - 1) }

    /// Whether there are several points, so that what one saw may differ from what another saw.
    package var hasSeveral: Bool { points.count > 1 }

    /// The first capture of an observer: of its point, or itself where nobody looked for points.
    package func capture(of observer: Int) -> Int {
        points.indices.contains(observer) ? points[observer].captures.first ?? observer : observer
    }

    /// The stretches between two instants in which all of some points are blind, by their positions; none where there are no
    /// points.
    package func blindness(
        ofAll positions: some Collection<Int>,
        from start: CaptureInstant = .distantPast,
        to end: CaptureInstant = .distantFuture
    ) -> [VantagePoint.Stretch] {
        guard let first = positions.first else { return [] }
        var common = points[first].blindness(from: start, to: end)
        for position in positions.dropFirst() {
            if common.isEmpty { break }
            common = Self.common(of: common, points[position].blindness(from: start, to: end))
        }
        return common
    }

    /// The stretches that lie within one of each of two lists.
    private static func common(
        of some: [VantagePoint.Stretch],
        _ others: [VantagePoint.Stretch]
    ) -> [VantagePoint.Stretch] {
        var common: [VantagePoint.Stretch] = []
        var (place, other) = (0, 0)
        while place < some.count, other < others.count {
            let (start, end) = (max(some[place].start, others[other].start), min(some[place].end, others[other].end))
            if start < end { common.append(VantagePoint.Stretch(from: start, to: end)) }
            if some[place].end < others[other].end { place += 1 } else { other += 1 }
        }
        return common
    }
}
