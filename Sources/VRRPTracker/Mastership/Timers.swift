package import VRRPWire

/// The timers of a Backup.
package enum Timers {
    /// Skew_Time: what a Backup waits beyond three intervals, by its own priority.
    ///
    /// It is a fraction of a second in version 2 (RFC 3768 section 6.1), of the interval in version 3 (RFC 9568 section
    /// 6.1).
    package static func skewTime(priority: UInt8, interval: TimeSpan, version: UInt8) -> TimeSpan {
        (version == 2 ? .seconds(1) : interval) * Int64(256 - Int(priority)) / 256
    }

    /// Master_Down_Interval: how long a Backup of a priority waits for the master's next advertisement.
    package static func masterDownInterval(priority: UInt8, interval: TimeSpan, version: UInt8) -> TimeSpan {
        interval * 3 + skewTime(priority: priority, interval: interval, version: version)
    }
}

extension VirtualRouter {
    /// How long the best other router waits for a silent master; where none is known, one of the given priority.
    package func masterDownInterval(afterSilenceOf position: Int, assuming priority: UInt8) -> TimeSpan {
        let others = routers.indices.lazy.filter { $0 != position }.map { routers[$0].priority }.filter { $0 > 0 }
        return Timers.masterDownInterval(
            priority: others.max() ?? priority,
            interval: routers[position].belief.interval,
            version: routers[position].version
        )
    }
}
