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

        mutating func add(_ isNumbered: Bool, _ isEqual: Bool) {
            all += 1
            if isNumbered { numbered += 1 }
            if isEqual { equal += 1 }
        }
    }

    /// Views that show a frame beyond this many are not compared by it.
    private static let mostViews = 16

    /// A frame in a view.
    private struct Sight {
        var view: Int
        var instant: Int64
        var isNumbered: Bool
    }

    private var counts: [Pair: Count] = [:]
    private let numbered: [Int]

    init(_ survey: Survey) {
        numbered = survey.views.map { view in view.records.count { $0.isNumbered } }
        guard survey.views.count > 1 else { return }
        let (sights, ends) = Self.sharedSights(of: survey)
        var start: Int32 = 0
        for end in ends where end > start {
            note(sights[Int(start)..<Int(end)])
            start = end
        }
    }

    /// The frames that more than one view shows, those of one identity in a row, by view; of many files in a row, hardly any.
    private static func sharedSights(of survey: Survey) -> (sights: [Sight], ends: [Int32]) {
        let count = survey.views.reduce(0) { $0 + $1.records.count }
        var size = 64
        while size < count * 2 { size *= 2 }
        // By identity, which is mixed well: the view that showed a frame first, negated and less one where others did too.
        var identities = [UInt64](repeating: 0, count: size)
        var owners = [Int32](repeating: 0, count: size)
        // By identity: how many sights there are, then where the next one goes, and in the end, where they end.
        var ends = [Int32](repeating: 0, count: size)
        func place(of identity: UInt64) -> Int {
            var place = Int(truncatingIfNeeded: identity >> 20) & (size - 1)
            while owners[place] != 0, identities[place] != identity { place = (place + 1) & (size - 1) }
            return place
        }
        for (index, view) in survey.views.enumerated() {
            let owner = Int32(truncatingIfNeeded: index + 1)
            for record in view.records {
                let place = place(of: record.identity)
                ends[place] += 1
                if owners[place] == 0 {
                    (identities[place], owners[place]) = (record.identity, owner)
                } else if owners[place] > 0, owners[place] != owner {
                    owners[place] = -owners[place]
                }
            }
        }
        var total: Int32 = 0
        for place in owners.indices {
            let number = owners[place] < 0 ? ends[place] : 0
            ends[place] = total
            total += number
        }
        var sights = [Sight](repeating: Sight(view: 0, instant: 0, isNumbered: false), count: Int(total))
        guard total > 0 else { return ([], []) }
        for (index, view) in survey.views.enumerated() {
            for record in view.records {
                let place = place(of: record.identity)
                guard owners[place] < 0 else { continue }
                sights[Int(ends[place])] = Sight(view: index, instant: record.instant, isNumbered: record.isNumbered)
                ends[place] += 1
            }
        }
        return (sights, ends)
    }

    private mutating func note(_ sights: ArraySlice<Sight>) {
        guard let first = sights.first, let last = sights.last, first.view != last.view else { return }
        if sights.count == 2 {
            note(first, last.view, isEqual: first.instant == last.instant)
            return
        }
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
                var sight = first
                sight.view = instants[one].view
                note(sight, other.view, isEqual: !instants[one].instants.isDisjoint(with: other.instants))
            }
        }
    }

    private mutating func note(_ sight: Sight, _ other: Int, isEqual: Bool) {
        counts[Pair(one: sight.view, other: other), default: Count()].add(sight.isNumbered, isEqual)
    }

    /// The pairs of views that show the same stretch from two places, or twice from one.
    var alike: [(Int, Int)] { counts.keys.filter { showTheSame($0.one, $0.other) }.map { ($0.one, $0.other) } }

    /// The pairs of places, by the positions of the places, of which some views answer a question about two views with yes.
    ///
    /// - Parameters:
    ///   - places: the views of each place; those of one place are not compared.
    ///   - holds: the question, about views that have frames in common.
    /// - Returns: the pairs.
    func pairs(of places: [[Int]], _ holds: (Int, Int) -> Bool) -> PlacePairs {
        var owners = [Int?](repeating: nil, count: numbered.count)
        for (place, views) in places.enumerated() { for view in views { owners[view] = place } }
        var pairs = PlacePairs()
        for pair in counts.keys {
            guard let one = owners[pair.one], let other = owners[pair.other], one != other,
                !pairs.contains(one, other), holds(pair.one, pair.other)
            else { continue }
            pairs.insert(one, other)
        }
        return pairs
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

/// Pairs of places, by their positions.
struct PlacePairs {
    private var pairs: Set<Int> = []

    private static func word(_ one: Int, _ other: Int) -> Int { min(one, other) << 32 | max(one, other) }

    func contains(_ one: Int, _ other: Int) -> Bool { pairs.contains(Self.word(one, other)) }

    mutating func insert(_ one: Int, _ other: Int) { pairs.insert(Self.word(one, other)) }
}
