/// The place at which a clock was set, by the stamps of one point.
///
/// Frames that two points saw tell that a clock was set, and between which two of them. Of the frames in between the stamps
/// themselves tell: time never goes back, and senders keep their cadence.
struct ClockLeap {
    typealias Sight = ClockAlignment.Sight

    /// Stamps of one point may go back by less where nobody set the clock, in nanoseconds.
    private static let disorder: Int64 = 2_000_000
    /// Ways and cadences differ by less, in nanoseconds.
    private static let slack: Int64 = 50_000_000
    /// The penalty for time that goes back, where one for an advertisement out of its cadence is 1 at most.
    private static let impossible = 1000.0
    /// A pause shows that a clock was set forward only where it is longer, in nanoseconds.
    private static let leastPause: Int64 = 500_000_000

    /// The farthest that disorder puts a frame back, in nanoseconds.
    private static let leastBack: Int64 = 1_000_000_000
    /// The number of frames in front of a stretch and behind it that tell how often its senders advertise.
    private static let nearby = 64

    /// In order of capture.
    private let sights: [Sight]

    init(_ sights: [Sight]) {
        self.sights = sights
    }

    /// The place of the first frame that was stamped behind a step of the clock.
    ///
    /// - Parameters:
    ///   - one: the place of a frame that was stamped before.
    ///   - other: the place of a later one that was stamped behind it.
    ///   - step: the nanoseconds by which the clock was set forward.
    /// - Returns: the likeliest place, behind the one and not behind the other.
    func place(between one: Int, and other: Int, step: Int64) -> Int {
        guard other - one > 1 else { return other }
        // Each pair of frames is charged one way where the step lies between them, and another way where it does not.
        var changes = [Double](repeating: 0, count: other - one + 1)
        func charge(_ first: Int, _ last: Int, _ with: Double, _ without: Double) {
            let (from, to) = (max(first, one) + 1, min(last, other))
            guard from <= to else { return }
            changes[from - one - 1] += with - without
            changes[to - one] -= with - without
        }
        for place in (one + 1)...other {
            let gap = sights[place].instant &- sights[place - 1].instant
            charge(place - 1, place, Self.disorder(gap &- step), Self.disorder(gap))
        }
        var latest: [Int32: Int] = [:]
        let intervals = intervals(max(0, one - Self.nearby)..<min(sights.count, other + Self.nearby))
        for place in max(0, one - Self.nearby)..<min(sights.count, other + Self.nearby)
        where sights[place].isAdvertisement {
            let speaker = sights[place].speaker
            defer { latest[speaker] = place }
            guard place > one, let own = latest[speaker], own < other, let interval = intervals[speaker] else {
                continue
            }
            let gap = sights[place].instant &- sights[own].instant
            charge(own, place, Self.irregularity(gap &- step, interval), Self.irregularity(gap, interval))
        }
        var (best, least, charged) = (one + 1, Double.infinity, 0.0)
        for place in (one + 1)...other {
            charged += changes[place - one - 1]
            if charged < least - 1e-6 { (best, least) = (place, charged) }
        }
        return best
    }

    /// By sender: the usual time between two of its advertisements among some frames.
    private func intervals(_ places: Range<Int>) -> [Int32: Int64] {
        var latest: [Int32: Int64] = [:]
        var gaps: [Int32: [Int64]] = [:]
        for sight in sights[places] where sight.isAdvertisement {
            if let before = latest.updateValue(sight.instant, forKey: sight.speaker) {
                gaps[sight.speaker, default: []].append(sight.instant &- before)
            }
        }
        return gaps.mapValues(median).filter { $0.value > 0 }
    }

    private static func disorder(_ gap: Int64) -> Double { gap < -disorder ? impossible : 0 }

    private static func irregularity(_ gap: Int64, _ interval: Int64) -> Double {
        min(1, Double(gap &- interval).magnitude / Double(interval))
    }

    /// The nanoseconds, below zero, by which the clock was set back in front of a frame, where the stamps go back.
    ///
    /// What was sent meanwhile was sent at the cadence of its sender.
    func stepBack(at place: Int) -> Int64? {
        guard place > 0, sights[place].file == sights[place - 1].file else { return nil }
        let gap = sights[place].instant &- sights[place - 1].instant
        guard gap < -Self.leastBack else { return nil }
        let nearby = max(0, place - Self.nearby)..<min(sights.count, place + Self.nearby)
        let (intervals, before) = (intervals(nearby), nearby.lowerBound..<place)
        for next in place..<nearby.upperBound where sights[next].isAdvertisement {
            guard
                let own = before.last(where: {
                    sights[$0].speaker == sights[next].speaker && sights[$0].isAdvertisement
                }),
                let interval = intervals[sights[next].speaker]
            else { continue }
            let step = sights[next].instant &- sights[own].instant &- interval
            return min(gap, step)
        }
        return gap
    }

    /// Whether the stamps between two frames show by themselves that the clock was set by so much: they go back, or pause.
    func isSeen(between one: Int, and other: Int, step: Int64) -> Bool {
        guard one < other, step < 0 || step >= Self.leastPause else { return false }
        return (one..<other).contains { place in
            let gap = sights[place + 1].instant &- sights[place].instant
            return (step > 0 || gap < -Self.disorder) && gap >= step - Self.slack
        }
    }
}
