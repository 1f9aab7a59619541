internal import VRRPWire

/// The comparison of a log's clock with the wire's, by the adverts that follow its statements.
struct LogClock {
    /// The most by which the clock of a host is off in general.
    static let ordinarySkew = TimeSpan.seconds(2)
    /// The time by which one line may be late on a busy host.
    private static let latest = TimeSpan.milliseconds(120)
    /// The longest time between a statement and its advertisement.
    static let slack = TimeSpan.milliseconds(300)
    /// The most by which the clock of a log may be off, its time zone aside.
    static let farthest = TimeSpan.seconds(15 * 60)
    /// The step in which time zones differ.
    private static let zoneStep = TimeSpan.seconds(900)
    /// The farthest that time zones are from UTC.
    private static let farthestZone = TimeSpan.seconds(15 * 3600)

    /// The step in which the log tells time.
    let resolution: TimeSpan
    /// Whether the log states its zone.
    let hasZone: Bool
    /// The time in which the wire was observed.
    let observed: ClosedRange<CaptureInstant>

    /// The part of an offset that is a time zone which the log does not state.
    func zone(in offset: TimeSpan) -> TimeSpan {
        guard !hasZone else { return .zero }
        let half = Self.zoneStep.nanoseconds / 2
        let steps = (offset.nanoseconds + (offset.nanoseconds < 0 ? -half : half)) / Self.zoneStep.nanoseconds
        return Self.zoneStep * steps
    }

    /// The time by which a clock is off under an offset, its time zone aside.
    func skew(of offset: TimeSpan) -> TimeSpan { (offset - zone(in: offset)).magnitude }

    private func isPossible(_ offset: TimeSpan) -> Bool {
        hasZone ? offset.magnitude <= Self.farthest : offset.magnitude <= Self.farthestZone
    }

    // MARK: Candidates

    /// The number of pairs of a statement and a reign that are looked at, and of offsets that are tried.
    private static let mostPairs = 200_000
    private static let mostCandidates = 16

    /// Offsets under which many statements are followed by adverts, the best first.
    func candidates(_ pairs: [(log: LogCourse, wire: WireCourse)]) -> [TimeSpan] {
        let bucket = max(resolution, Self.slack).nanoseconds
        var offsets: [Int64: (statements: Set<Int>, sum: Int64, count: Int64)] = [:]
        var number = 0
        var seen = 0
        for pair in pairs {
            for begin in pair.log.begins {
                number += 1
                for reign in pair.wire.begins where seen < Self.mostPairs {
                    let offset = begin - reign
                    guard isPossible(offset) else { continue }
                    seen += 1
                    let slot = offset.nanoseconds / bucket - (offset.nanoseconds < 0 ? 1 : 0)
                    offsets[slot, default: ([], 0, 0)].statements.insert(number)
                    offsets[slot, default: ([], 0, 0)].sum += offset.nanoseconds / 1000
                    offsets[slot, default: ([], 0, 0)].count += 1
                }
            }
        }
        // Neighbours are joined: offsets that belong together may lie on both sides of a boundary.
        let joined = offsets.map { place, here in
            let next = offsets[place + 1]
            let sum = here.sum + (next?.sum ?? 0)
            let count = here.count + (next?.count ?? 0)
            let statements = here.statements.union(next?.statements ?? []).count
            return (offset: TimeSpan(nanoseconds: sum / count * 1000), statements: statements)
        }
        return joined.sorted { left, right in
            if left.statements != right.statements { return left.statements > right.statements }
            return (skew(of: left.offset), left.offset.magnitude, left.offset)
                < (skew(of: right.offset), right.offset.magnitude, right.offset)
        }.prefix(Self.mostCandidates).map(\.offset)
    }

    // MARK: Agreement

    /// The agreement of a log with a router's course under an offset.
    struct Agreement {
        var score = 0.0
        /// The differences between statements and the frames that follow, in any order.
        var differences: [TimeSpan] = []
    }

    /// Holds a log against a router's course.
    ///
    /// - Parameters:
    ///   - log: the changes by the log.
    ///   - span: the time from the first line of the log to its last, by its clock.
    ///   - wire: the changes by the wire.
    ///   - offset: the time by which the log's clock is ahead.
    /// - Returns: the agreement: one for each begin that both show, half of one for each end, less for what only one shows.
    func agreement(
        _ log: LogCourse,
        _ span: ClosedRange<CaptureInstant>,
        _ wire: WireCourse,
        _ offset: TimeSpan
    ) -> Agreement {
        var agreement = Agreement()
        var matched: Set<Int> = []
        for begin in log.begins {
            if let place = Self.match(begin - offset, in: wire.begins, within: tolerance) {
                agreement.score += place == 0 && wire.isFirstVague ? 0.9 : 1
                matched.insert(place)
                agreement.differences.append(begin - wire.begins[place])
            } else if observed.contains(begin - offset) {
                agreement.score -= 0.6
            }
        }
        for (place, begin) in wire.begins.enumerated()
        where !matched.contains(place) && (place > 0 || !wire.isFirstVague) {
            // A daemon that stood still begins anew on the wire, and says nothing of it.
            if span.contains(begin + offset) { agreement.score -= 0.2 }
        }
        for end in log.ends {
            guard let place = Self.match(end - offset, in: wire.ends, within: tolerance) else { continue }
            agreement.score += 0.5
            agreement.differences.append(end - wire.ends[place])
        }
        return agreement
    }

    /// The most by which a statement and its advertisement are apart under the right offset.
    var tolerance: TimeSpan { resolution + Self.slack }

    private static func match(
        _ instant: CaptureInstant,
        in others: [CaptureInstant],
        within tolerance: TimeSpan
    ) -> Int? {
        let nearest = others.indices.min {
            (others[$0] - instant).magnitude < (others[$1] - instant).magnitude
        }
        return nearest.flatMap { (others[$0] - instant).magnitude <= tolerance ? $0 : nil }
    }

    // MARK: The offset

    /// The offset that fits differences best, and its error; the differences must not be empty.
    ///
    /// A log that tells whole seconds cuts off the rest, so that each difference leaves a range: where all ranges have a part in
    /// common, the offset lies in it. Else it is the median.
    func offset(of differences: [TimeSpan]) -> (offset: TimeSpan, error: TimeSpan) {
        let sorted = differences.sorted()
        // Each line may be late; of many the middle is not.
        let least = max(Self.latest / Int64(differences.count), .milliseconds(1))
        let (low, high) = (sorted[sorted.count - 1], sorted[0] + resolution)
        if low <= high {
            return (low + (high - low) / 2, max((high - low) / 2, least))
        }
        let median = sorted[sorted.count / 2] + resolution / 2
        let deviations = sorted.map { ($0 + resolution / 2 - median).magnitude }.sorted()
        return (median, max(deviations[deviations.count / 2] * 2, least) + resolution / 2)
    }
}
