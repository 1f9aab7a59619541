internal import VRRPFacts
internal import VRRPWire

/// The masters over time: a sweep over the reigns, in which neighbours with the same masters are one.
struct Timeline {
    private(set) var intervals: [TimelineInterval] = []
    private let addresses: [IPAddress]
    private var from: CaptureInstant
    /// By router: the number of its reigns that are open.
    private var depth: [Int]
    private var reigning: SmallList<Int> = SmallList()
    private var blindness = 0
    private var doubt = 0

    private enum Change {
        case reign(Int), blindness, doubt
    }

    /// Makes the timeline.
    ///
    /// - Parameters:
    ///   - reigns: the reigns in order of their start.
    ///   - doubts: stretches in which it is uncertain whether a router is master, in any order.
    ///   - unheard: stretches in which a router is master and was silent for longer than a Backup waits.
    ///   - unobserved: stretches in which an advertisement was due and could not have been seen.
    ///   - start: the instant at which the timeline begins.
    ///   - end: the instant at which it ends.
    ///   - addresses: the address of each router, by its position.
    init(
        of reigns: [Reign],
        _ doubts: [RouterStretch],
        _ unheard: [RouterStretch],
        _ unobserved: [Silence],
        from start: CaptureInstant,
        until end: CaptureInstant,
        _ addresses: [IPAddress]
    ) {
        self.addresses = addresses
        from = start
        depth = addresses.map { _ in 0 }
        var changes: [(instant: CaptureInstant, change: Change, step: Int)] = []
        changes.reserveCapacity(2 * (reigns.count + unobserved.count + doubts.count))
        // Here and below, loops go by position, so that no reign is copied.
        for index in reigns.indices {
            let (router, reignStart, reignEnd) = (reigns[index].router, reigns[index].start, reigns[index].end)
            if let reignEnd, reignEnd <= reignStart { continue }
            changes.append((reignStart, .reign(router), 1))
            if let reignEnd, reignEnd <= end { changes.append((reignEnd, .reign(router), -1)) }
        }
        func add(_ change: Change, _ stretchStart: CaptureInstant, _ stretchEnd: CaptureInstant) {
            guard stretchEnd > start else { return }
            changes.append((max(stretchStart, start), change, 1))
            changes.append((stretchEnd, change, -1))
        }
        for stretch in unobserved { add(.blindness, stretch.start, stretch.end) }
        for stretch in doubts where stretch.start < end { add(.doubt, stretch.start, stretch.end) }
        changes.sort { $0.instant < $1.instant }
        intervals.reserveCapacity(changes.count + 1)
        for change in changes where change.instant <= end {
            close(at: change.instant)
            take(change.change, change.step)
        }
        close(at: end)
        addLast(at: end)
        for stretch in unheard { infer(stretch) }
    }

    private mutating func take(_ change: Change, _ step: Int) {
        switch change {
        case .blindness: blindness += step
        case .doubt: doubt += step
        case .reign(let router):
            depth[router] += step
            if depth[router] == 0 {
                reigning.removeAll { $0 == router }
            } else if !reigning.contains(router) {
                reigning.append(router)
                if reigning.count > 1 { reigning.sort { addresses[$0] < addresses[$1] } }
            }
        }
    }

    private var state: TimelineInterval.State {
        if blindness > 0 { return .notObserved }
        if doubt > 0 { return .uncertain }
        return reigning.isEmpty ? .none : reigning.count == 1 ? .master : .split
    }

    private mutating func close(at instant: CaptureInstant) {
        guard instant > from else { return }
        let (masters, state) = (blindness > 0 ? SmallList() : reigning, state)
        if let last = intervals.indices.last, intervals[last].masters == masters, intervals[last].state == state {
            intervals[last].end = instant
        } else {
            intervals.append(TimelineInterval(start: from, end: instant, state: state, masters: masters))
        }
        from = instant
    }

    /// Notes that the mastership of a router is concluded from rules where it was silent.
    private mutating func infer(_ stretch: RouterStretch) {
        var index = intervals.partitioningIndex { $0.end > stretch.start }
        while index < intervals.count, intervals[index].start < stretch.end {
            if intervals[index].masters.contains(stretch.router) { intervals[index].basis = .inferred }
            index += 1
        }
    }

    /// A change with the last packet has not lasted, and is a change all the same.
    private mutating func addLast(at end: CaptureInstant) {
        guard intervals.isEmpty || (blindness == 0 && reigning != intervals.last?.masters) else { return }
        intervals.append(TimelineInterval(start: end, end: end, state: state, masters: reigning))
    }
}
