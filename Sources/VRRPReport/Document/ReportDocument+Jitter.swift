package import VRRPTracker
package import VRRPWire

extension ReportDocument {
    /// The regularity of a router's advertisements.
    package struct Jitter: Sendable {
        /// The times between advertisements.
        package struct Distribution: Sendable {
            package var mean: TimeSpan
            package var standardDeviation: TimeSpan
            package var p50: TimeSpan
            package var p95: TimeSpan
            package var p99: TimeSpan
            package var maximum: TimeSpan
            /// The time by which the longest gap could have been longer before another router took over.
            package var closestFailoverMargin: TimeSpan
        }

        package var samples: Int
        /// The times between advertisements; `nil` without samples.
        package var distribution: Distribution?
        package var lateAdverts: Int
        package var missedAdverts: Int
        /// The advertised interval, which the samples are held against.
        package var interval: TimeSpan
        /// The Master_Down_Interval of the best other router, which takes over after so much silence.
        package var patience: TimeSpan
        /// The samples by their deviation from the interval.
        package var deviations: [DeviationRange]
        /// The frames before and after the longest gap that stands out.
        package var longestGap: [FrameReference]

        /// Skew_Time of the best other router.
        package var skew: TimeSpan { patience - interval * 3 }
    }
}

extension ReportDocument.Jitter {
    init(_ cadence: Cadence, patience: TimeSpan) {
        samples = cadence.samples
        lateAdverts = cadence.lateAdverts
        missedAdverts = cadence.missedAdverts
        interval = cadence.nominal
        self.patience = patience
        deviations = cadence.distribution
        longestGap = []
        distribution =
            cadence.samples == 0
            ? nil
            : Distribution(
                mean: cadence.mean,
                standardDeviation: cadence.standardDeviation,
                p50: cadence.quantile(0.5),
                p95: cadence.quantile(0.95),
                p99: cadence.quantile(0.99),
                maximum: cadence.maximum,
                closestFailoverMargin: patience - cadence.maximum
            )
    }
}
