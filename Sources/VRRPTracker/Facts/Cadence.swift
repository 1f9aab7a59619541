package import VRRPWire

/// The regularity of a router's advertisements: the distribution of the time between one and the next.
///
/// Only gaps inside one reign count; a gap that the capture could not see across does not.
package struct Cadence: Sendable {
    package private(set) var samples = 0
    /// Sums of the deviation from the interval in seconds, and of its square.
    private var sum = 0.0
    private var sumOfSquares = 0.0
    private var deviations = DeviationHistogram()
    /// The interval that the samples are compared with.
    ///
    /// The statistics begin anew with each change of the interval.
    package private(set) var nominal: TimeSpan = .zero
    /// The longest gap.
    package private(set) var maximum: TimeSpan = .zero
    /// Gaps of more than one and a quarter intervals.
    package private(set) var lateAdverts = 0
    /// Advertisements that were due in the gaps and not seen.
    package private(set) var missedAdverts = 0

    package init() {}

    /// Whether a sample with the given interval would be added to the present ones.
    func expects(_ interval: TimeSpan) -> Bool { samples == 0 || nominal == interval }

    /// Sets the interval of the samples to come, which must be that of the earlier ones.
    mutating func expect(_ interval: TimeSpan) { nominal = interval }

    /// Adds the time between two advertisements.
    ///
    /// The earlier one announced `interval`, which is above zero.
    mutating func add(_ gap: TimeSpan, interval: TimeSpan) {
        if interval != nominal {
            self = Cadence()
            nominal = interval
        }
        let deviation = gap - interval
        samples += 1
        sum += deviation.seconds
        sumOfSquares += deviation.seconds * deviation.seconds
        deviations.add(deviation)
        maximum = max(maximum, gap)
        if gap > ElectionTimes.longestGapOnTime(interval) {
            lateAdverts += 1
            missedAdverts += max(0, Int((gap / interval).rounded()) - 1)
        }
    }

    /// The mean time between advertisements.
    package var mean: TimeSpan {
        samples == 0 ? .zero : nominal + TimeSpan(nanoseconds: Int64(clamping: sum / Double(samples) * 1e9))
    }

    /// The standard deviation of a sample, that is with n − 1 below.
    package var standardDeviation: TimeSpan {
        guard samples > 1 else { return .zero }
        let n = Double(samples)
        let variance = max(0, (sumOfSquares - sum * sum / n) / (n - 1))
        return TimeSpan(nanoseconds: Int64(clamping: variance.squareRoot() * 1e9))
    }

    /// The distribution of the deviations from the interval, in order.
    package var distribution: [DeviationRange] { deviations.ranges }

    /// The time between advertisements that the given share of them, 0 to 1, did not exceed.
    package func quantile(_ share: Double) -> TimeSpan {
        samples == 0 ? .zero : min(nominal + deviations.quantile(share, of: samples), maximum)
    }
}

extension Int64 {
    /// The nearest representable number; zero for what is no number.
    init(clamping value: Double) {
        self = value.isNaN ? 0 : value >= 9.2e18 ? .max : value <= -9.2e18 ? .min : Int64(value)
    }
}
