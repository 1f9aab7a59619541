package import VRRPWire

/// The masters over time: sets of routers, each from its instant to the next set's; nobody before the first.
package struct MasterTimeline: Hashable, Sendable {
    package private(set) var starts: [TimeSpan] = []
    package private(set) var masters: [Set<Int>] = []
    /// Whether the set was told as sure.
    package private(set) var isSure: [Bool] = []

    package init() {}

    /// Adds a set, which lasts until the next one; one like the last only goes on.
    package mutating func append(_ set: Set<Int>, from start: TimeSpan, isSure: Bool = true) {
        if masters.last == set, self.isSure.last == isSure { return }
        starts.append(start)
        masters.append(set)
        self.isSure.append(isSure)
    }

    /// Returns the number of sets that have begun at an instant.
    private func begun(at instant: TimeSpan) -> Int { starts.partitioningIndex { $0 > instant } }

    package func masters(at instant: TimeSpan) -> Set<Int> {
        let count = begun(at: instant)
        return count == 0 ? [] : masters[count - 1]
    }

    package func isSure(at instant: TimeSpan) -> Bool {
        let count = begun(at: instant)
        return count == 0 || isSure[count - 1]
    }

    /// Whether exactly these were master at some time between two instants.
    package func holds(_ set: Set<Int>, between start: TimeSpan, and end: TimeSpan) -> Bool {
        let first = begun(at: start)
        if first == 0 && set.isEmpty { return true }
        return masters[max(first - 1, 0)..<begun(at: end)].contains(set)
    }

    /// The sets in order, from an instant on, without those shorter than a span.
    package func course(from start: TimeSpan, longerThan span: TimeSpan, until end: TimeSpan) -> [Set<Int>] {
        var course: [Set<Int>] = []
        for index in starts.indices {
            let from = max(starts[index], start)
            let to = min(index + 1 < starts.count ? starts[index + 1] : end, end)
            if to - from > span, masters[index] != course.last { course.append(masters[index]) }
        }
        return course
    }
}

extension RandomAccessCollection where Index == Int {
    /// The position of the first element for which a condition holds, which holds for all behind it.
    fileprivate func partitioningIndex(where holds: (Element) -> Bool) -> Int {
        var low = startIndex
        var high = endIndex
        while low < high {
            let middle = low + (high - low) / 2
            if holds(self[middle]) { high = middle } else { low = middle + 1 }
        }
        return low
    }
}
