internal import VRRPWire

/// The positions to be looked at and their instants: a binary heap, the earliest first.
struct Agenda: Sendable {
    private var entries: [(instant: CaptureInstant, position: Int)] = []

    var next: CaptureInstant? { entries.first?.instant }

    mutating func add(_ position: Int, at instant: CaptureInstant) {
        entries.append((instant, position))
        var index = entries.count - 1
        while index > 0, entries[index].instant < entries[(index - 1) / 2].instant {
            entries.swapAt(index, (index - 1) / 2)
            index = (index - 1) / 2
        }
    }

    /// Takes out the earliest entry if its time has come.
    mutating func removeFirst(notAfter instant: CaptureInstant) -> (instant: CaptureInstant, position: Int)? {
        guard let first = entries.first, first.instant <= instant else { return nil }
        let last = entries.removeLast()
        guard !entries.isEmpty else { return first }
        entries[0] = last
        var index = 0
        while true {
            var child = 2 * index + 1
            guard child < entries.count else { return first }
            if child + 1 < entries.count, entries[child + 1].instant < entries[child].instant { child += 1 }
            guard entries[child].instant < entries[index].instant else { return first }
            entries.swapAt(index, child)
            index = child
        }
    }
}
