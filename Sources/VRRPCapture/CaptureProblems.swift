internal import VRRPFacts

/// Problems in order of appearance.
///
/// Their number is bounded, because a hostile file may have one in each packet.
struct ProblemList {
    static let limit = 64

    private(set) var problems: [CaptureProblem] = []
    private(set) var omitted = 0

    /// Adds a problem.
    ///
    /// In a full list, damage replaces the last problem that is no damage, because damage decides the exit status.
    mutating func append(_ problem: CaptureProblem) {
        guard problems.count == Self.limit else {
            problems.append(problem)
            return
        }
        omitted += 1
        if problem.isDamage, let victim = problems.lastIndex(where: { !$0.isDamage }) {
            problems.remove(at: victim)
            problems.append(problem)
        }
    }
}

/// Blind spots not yet taken, oldest first, bounded: when the queue is full, the newest one grows.
struct GapQueue {
    static let limit = 64

    private var gaps: [BlindSpot] = []

    var isEmpty: Bool { gaps.isEmpty }

    mutating func append(_ blindSpot: BlindSpot) {
        guard gaps.count == Self.limit else {
            gaps.append(blindSpot)
            return
        }
        gaps[Self.limit - 1].cover(blindSpot)
    }

    mutating func take() -> BlindSpot? {
        gaps.isEmpty ? nil : gaps.removeFirst()
    }
}

extension UInt64 {
    /// The sum, or the greatest value: counters come from files.
    func saturatingAdd(_ other: Self) -> Self {
        let (sum, overflow) = addingReportingOverflow(other)
        return overflow ? .max : sum
    }
}
