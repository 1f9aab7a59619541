/// The masters over time: sets of routers, each from its instant to the next set's; nobody before the first.
struct Timeline {
    private var starts: [Instant] = []
    private var masters: [Set<String>] = []

    mutating func append(_ set: Set<String>, from start: Instant) {
        starts.append(start)
        masters.append(set)
    }

    /// Returns the number of sets that have begun at `instant`.
    private func begun(at instant: Instant) -> Int {
        var low = 0
        var high = starts.count
        while low < high {
            let middle = (low + high) / 2
            if starts[middle] <= instant { low = middle + 1 } else { high = middle }
        }
        return low
    }

    func masters(at instant: Instant) -> Set<String> {
        let count = begun(at: instant)
        return count == 0 ? [] : masters[count - 1]
    }

    /// Whether exactly these were master at some time from `start` to `end`.
    func holds(_ set: Set<String>, between start: Instant, and end: Instant) -> Bool {
        let first = begun(at: start)
        if first == 0 && set.isEmpty { return true }
        return masters[max(first - 1, 0)..<begun(at: end)].contains(set)
    }

    /// The share of the time from `start` to `end` at which two timelines agree.
    ///
    /// A difference is forgiven where each names the other's set within `tolerance` seconds: a silent death shows only by an
    /// advert that does not come. Agreement can change only at, or `tolerance` beside, a change of either timeline, so one
    /// look between each two such instants finds the share without sampling.
    func agreement(with other: Timeline, from start: Instant, to end: Instant, tolerance: Double) -> Double {
        guard start < end else { return 1 }
        let changes = (starts + other.starts).flatMap {
            [$0, $0.advanced(bySeconds: -tolerance), $0.advanced(bySeconds: tolerance)]
        }
        let instants = [start] + Set(changes).filter { start < $0 && $0 < end }.sorted() + [end]
        var agreeing = 0.0
        for (left, right) in zip(instants, instants.dropFirst()) {
            let middle = Instant(nanoseconds: left.nanoseconds + (right.nanoseconds - left.nanoseconds) / 2)
            let early = middle.advanced(bySeconds: -tolerance)
            let late = middle.advanced(bySeconds: tolerance)
            let ours = masters(at: middle)
            let theirs = other.masters(at: middle)
            let agrees =
                ours == theirs
                || (holds(theirs, between: early, and: late) && other.holds(ours, between: early, and: late))
            if agrees { agreeing += right.seconds(since: left) }
        }
        return agreeing / end.seconds(since: start)
    }
}
