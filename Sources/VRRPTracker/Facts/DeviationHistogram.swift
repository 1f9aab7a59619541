internal import VRRPFacts
package import VRRPWire

/// The number of deviations within a range.
///
/// A deviation below zero belongs to an advertisement that came early.
package struct DeviationRange: Hashable, Sendable {
    package var lower: TimeSpan
    package var upper: TimeSpan
    package var count: Int
}

/// A distribution of signed time spans in little memory: about 6 % exact at any size, and small where little varies.
///
/// Buckets are logarithmic in the deviation's magnitude, eight to an octave, starting at one microsecond. Only buckets
/// that hold something are stored, in order; a router that keeps time fills a dozen.
struct DeviationHistogram: Sendable {
    private struct Bucket: Sendable {
        var index: Int16
        var count: UInt32
    }

    private var buckets: [Bucket] = []
    /// The latest run of deviations that fall into one bucket, not yet added to ``buckets``.
    private var latest = Bucket(index: 0, count: 0)

    @inline(__always)
    mutating func add(_ deviation: TimeSpan) {
        let index = Self.index(of: deviation)
        if index != latest.index || latest.count == .max { startOver(with: index) }
        latest.count &+= 1
    }

    /// Puts the latest into their bucket, and begins another row.
    private mutating func startOver(with index: Int16) {
        Self.add(latest, to: &buckets)
        latest = Bucket(index: index, count: 0)
    }

    private static func add(_ more: Bucket, to buckets: inout [Bucket]) {
        guard more.count > 0 else { return }
        let place = buckets.partitioningIndex { $0.index >= more.index }
        if place < buckets.count, buckets[place].index == more.index {
            let (sum, overflow) = buckets[place].count.addingReportingOverflow(more.count)
            buckets[place].count = overflow ? .max : sum
        } else {
            buckets.insert(more, at: place)
        }
    }

    /// The middle of the bucket that the given share of the values, 0 to 1, of which there are `total`, does not exceed.
    func quantile(_ share: Double, of total: Int) -> TimeSpan {
        var rank = max(1, Int((share * Double(total)).rounded(.up)))
        var latest = latest
        for bucket in buckets {
            if latest.count > 0, latest.index <= bucket.index {
                rank -= Int(latest.count)
                if rank <= 0 { return Self.middle(of: latest.index) }
                latest.count = 0
            }
            rank -= Int(bucket.count)
            if rank <= 0 { return Self.middle(of: bucket.index) }
        }
        let last = latest.count > 0 ? latest : buckets.last
        return last.map { Self.middle(of: $0.index) } ?? .zero
    }

    /// The ranges that hold a deviation, in order.
    var ranges: [DeviationRange] {
        var all = buckets
        Self.add(latest, to: &all)
        return all.map { bucket in
            let (lower, upper) = Self.bounds(of: bucket.index)
            return DeviationRange(lower: lower, upper: upper, count: Int(bucket.count))
        }
    }

    /// Zero for less than a microsecond; otherwise octave and eighth of the magnitude, negative below zero.
    @inline(__always)
    private static func index(of deviation: TimeSpan) -> Int16 {
        let microseconds = UInt64(deviation.magnitude.nanoseconds) / 1000
        guard microseconds > 0 else { return 0 }
        let octave = 63 - microseconds.leadingZeroBitCount
        let eighth =
            octave >= 3 ? Int(microseconds >> UInt64(octave - 3)) & 7 : Int(microseconds << UInt64(3 - octave)) & 7
        let index = Int16(1 + 8 * octave + eighth)
        return deviation < .zero ? -index : index
    }

    private static func middle(of index: Int16) -> TimeSpan {
        guard index != 0 else { return .zero }
        let position = Int64(index.magnitude) - 1
        let octave = position / 8
        let nanoseconds = (1000 << octave) / 16 * (17 + 2 * (position % 8))
        return TimeSpan(nanoseconds: index < 0 ? -nanoseconds : nanoseconds)
    }

    /// The limits of a bucket.
    ///
    /// The bucket of deviations below a microsecond lies on both sides of zero.
    private static func bounds(of index: Int16) -> (lower: TimeSpan, upper: TimeSpan) {
        guard index != 0 else { return (TimeSpan(nanoseconds: -1000), TimeSpan(nanoseconds: 1000)) }
        let position = Int64(index.magnitude) - 1
        let eighth: Int64 = (1000 << (position / 8)) / 8
        let near = TimeSpan(nanoseconds: eighth * (8 + Int64(position % 8)))
        let far = TimeSpan(nanoseconds: eighth * (9 + Int64(position % 8)))
        return index < 0 ? (.zero - far, .zero - near) : (near, far)
    }
}
