internal import VRRPWire

/// The recent rate of advertisements, by the clock of their instants.
struct AdvertRate: Sendable {
    /// The number of whole seconds over which the rate is taken.
    private static let seconds: Int64 = 5

    /// Counts by second.
    ///
    /// The place of a second is its number modulo the length.
    private var counts: [(second: Int64, count: Int)] = Array(repeating: (.min, 0), count: Int(seconds) + 1)

    mutating func count(at instant: CaptureInstant) {
        let second = Self.second(of: instant)
        let place = Self.place(of: second)
        if counts[place].second == second { counts[place].count += 1 } else { counts[place] = (second, 1) }
    }

    /// Returns the advertisements per second, averaged over the last whole seconds.
    func perSecond(at instant: CaptureInstant) -> Double {
        let now = Self.second(of: instant)
        let sum = counts.reduce(0) { (now - Self.seconds..<now).contains($1.second) ? $0 + $1.count : $0 }
        return Double(sum) / Double(Self.seconds)
    }

    private static func second(of instant: CaptureInstant) -> Int64 { instant.nanoseconds / 1_000_000_000 }

    private static func place(of second: Int64) -> Int { Int((second % (seconds + 1)).magnitude) }
}
