internal import VRRPFacts
internal import VRRPWire

/// The stretches of time in which nobody could have seen a router, so that any time is looked up in few steps.
struct Blindness: Sendable {
    /// In order of their start.
    private let stretches: [VantagePoint.Stretch]
    /// By position: the latest end of the stretches up to there.
    private let latestEnds: [CaptureInstant]
    /// The same of those that last: some are instants, such as steps of a clock.
    private let latestLastingEnds: [CaptureInstant]

    init(_ stretches: [VantagePoint.Stretch]) {
        // Nearly always they are in order.
        let isInOrder = zip(stretches, stretches.dropFirst()).allSatisfy { $0.start <= $1.start }
        self.stretches = isInOrder ? stretches : stretches.sorted { $0.start < $1.start }
        (latestEnds, latestLastingEnds) = Self.latestEnds(of: self.stretches)
    }

    private static func latestEnds(
        of stretches: [VantagePoint.Stretch]
    ) -> (ofAll: [CaptureInstant], ofLasting: [CaptureInstant]) {
        var (ofAll, ofLasting): ([CaptureInstant], [CaptureInstant]) = ([], [])
        var (latest, latestLasting) = (CaptureInstant.distantPast, CaptureInstant.distantPast)
        ofAll.reserveCapacity(stretches.count)
        ofLasting.reserveCapacity(stretches.count)
        for stretch in stretches {
            latest = max(latest, stretch.end)
            if stretch.end > stretch.start { latestLasting = max(latestLasting, stretch.end) }
            ofAll.append(latest)
            ofLasting.append(latestLasting)
        }
        return (ofAll, ofLasting)
    }

    var isEmpty: Bool { stretches.isEmpty }

    /// The number of stretches that begin no later than an instant.
    private func count(beginningBy instant: CaptureInstant) -> Int {
        stretches.partitioningIndex { $0.start > instant }
    }

    /// The end of a stretch that an instant lies in, give or take a tolerance; `nil` where somebody could see.
    func end(at instant: CaptureInstant, within tolerance: TimeSpan) -> CaptureInstant? {
        let count = count(beginningBy: instant + tolerance)
        guard count > 0, latestEnds[count - 1] >= instant - tolerance else { return nil }
        return latestEnds[count - 1]
    }

    /// Whether a stretch that lasts touches the time between two instants.
    func touches(from start: CaptureInstant, to end: CaptureInstant) -> Bool {
        let count = count(beginningBy: end)
        return count > 0 && latestLastingEnds[count - 1] >= start
    }

    /// The stretches that touch the time between two instants, in order of their start.
    func stretches(from start: CaptureInstant, to end: CaptureInstant) -> [VantagePoint.Stretch] {
        guard !stretches.isEmpty else { return [] }
        let (first, count) = (latestEnds.partitioningIndex { $0 >= start }, count(beginningBy: end))
        return first < count ? stretches[first..<count].filter { $0.end >= start } : []
    }
}
