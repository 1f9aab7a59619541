internal import VRRPWire

/// The frames that two views show both.
struct SharedFrames {
    private struct Pair: Hashable {
        var one: Int
        var other: Int
    }

    private struct Count {
        /// Frames that bear a number, and all.
        var numbered = 0
        var all = 0
        /// Frames that both stamp with the same instant.
        var equal = 0
    }

    /// Views that show a frame beyond this many are not compared by it.
    private static let mostViews = 16

    private var counts: [Pair: Count] = [:]
    private let numbered: [Int]

    init(_ survey: Survey) {
        numbered = survey.views.map { view in view.records.count { $0.isNumbered } }
        guard survey.views.count > 1 else { return }
        var sights: [(identity: UInt64, view: Int, instant: Int64, isNumbered: Bool)] = []
        for (index, view) in survey.views.enumerated() {
            for record in view.records { sights.append((record.identity, index, record.instant, record.isNumbered)) }
        }
        sights.sort { ($0.identity, $0.view, $0.instant) < ($1.identity, $1.view, $1.instant) }
        var start = 0
        for index in sights.indices
        where index + 1 == sights.count || sights[index + 1].identity != sights[index].identity {
            note(sights[start...index])
            start = index + 1
        }
    }

    private mutating func note(
        _ sights: ArraySlice<(identity: UInt64, view: Int, instant: Int64, isNumbered: Bool)>
    ) {
        guard let first = sights.first, let last = sights.last, first.view != last.view else { return }
        var instants: [(view: Int, instants: Set<Int64>)] = []
        for sight in sights {
            if instants.last?.view == sight.view {
                instants[instants.count - 1].instants.insert(sight.instant)
            } else {
                instants.append((sight.view, [sight.instant]))
            }
        }
        guard instants.count <= Self.mostViews else { return }
        for one in instants.indices {
            for other in instants[(one + 1)...] {
                let pair = Pair(one: instants[one].view, other: other.view)
                counts[pair, default: Count()].all += 1
                if first.isNumbered { counts[pair, default: Count()].numbered += 1 }
                if !instants[one].instants.isDisjoint(with: other.instants) {
                    counts[pair, default: Count()].equal += 1
                }
            }
        }
    }

    private func count(_ one: Int, _ other: Int) -> Count {
        counts[Pair(one: min(one, other), other: max(one, other))] ?? Count()
    }

    /// The number of frames that two views show.
    func number(_ one: Int, _ other: Int) -> Int { count(one, other).all }

    /// Whether two views show the same stretch of one segment from two places, or twice from one.
    ///
    /// A sender that is restarted uses its numbers again, but seldom half of all.
    func showTheSame(_ one: Int, _ other: Int) -> Bool {
        let shared = count(one, other).numbered
        return shared >= 3 && shared * 2 >= min(numbered[one], numbered[other])
    }

    /// Whether two views are of one capture: the same frames at the same instants.
    func areOneCapture(_ one: Int, _ other: Int) -> Bool {
        let count = count(one, other)
        return count.equal >= 2 && count.equal * 2 >= count.all
    }
}
