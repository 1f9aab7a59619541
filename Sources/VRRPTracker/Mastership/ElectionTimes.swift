package import VRRPWire

/// The times of an election: those of the protocol, and the limits by which the tracker judges what it hears.
///
/// All of them follow from the interval *i* that a router advertises. They are defined only here, because an
/// advertisement that is on time in one place must not be late in another: the filter for masters that repeat
/// themselves can stand in for the cadence and for mastership only while all three agree.
package enum ElectionTimes {
    // MARK: The protocol

    /// Skew_Time: the time that a Backup waits beyond three intervals, by its own priority.
    ///
    /// It is a fraction of a second in version 2 (RFC 3768 section 6.1), of the interval in version 3 (RFC 9568 section
    /// 6.1).
    package static func skewTime(priority: UInt8, interval: TimeSpan, version: UInt8) -> TimeSpan {
        (version == 2 ? .seconds(1) : interval) * Int64(256 - Int(priority)) / 256
    }

    /// Master_Down_Interval: the time that a Backup of a priority waits for the master's next advertisement.
    package static func masterDownInterval(priority: UInt8, interval: TimeSpan, version: UInt8) -> TimeSpan {
        interval * 3 + skewTime(priority: priority, interval: interval, version: version)
    }

    // MARK: The gap between two advertisements of one router

    /// The shortest gap that is a router's cadence; a shorter one is out of turn.
    @inline(__always)
    static func shortestGap(_ interval: TimeSpan) -> TimeSpan { interval / 2 }

    /// The longest gap that is on time; the advertisement after a longer one is late.
    @inline(__always)
    static func longestGapOnTime(_ interval: TimeSpan) -> TimeSpan { interval + interval / 4 }

    /// Whether an advertisement that comes so long after the one before is neither out of turn nor late.
    @inline(__always)
    static func isOnTime(_ gap: TimeSpan, _ interval: TimeSpan) -> Bool {
        gap >= shortestGap(interval) && gap <= longestGapOnTime(interval)
    }

    /// The time after which an advertisement that was due and has not come is missing.
    static func grace(_ interval: TimeSpan) -> TimeSpan { interval / 2 }

    /// The gap after which an advertisement that has not come is missing.
    static func overdue(_ interval: TimeSpan) -> TimeSpan { interval + grace(interval) }

    /// The time by which an advertisement may be late and still be on time for the story: timers of busy machines.
    static func tolerance(_ interval: TimeSpan) -> TimeSpan {
        max(min(.milliseconds(120), interval / 2), interval * 15 / 100)
    }

    /// The exactness with which timers run out on a machine that is not busy.
    static func exactness(_ interval: TimeSpan) -> TimeSpan {
        min(max(.milliseconds(5), interval / 40), interval / 8)
    }

    /// The longest gap in which one advertisement is missing.
    package static func longestGapOfOne(_ interval: TimeSpan) -> TimeSpan { interval * 2 + exactness(interval) }

    /// The number of intervals of silence that are counted; after them nothing is expected of a router any more.
    static let countedIntervals = 8

    /// The number of intervals of the past that are open to what comes later: about sixteen Master_Down_Intervals.
    static let openIntervals: Int64 = 64

    // MARK: Two routers

    /// The time in which two advertisements cross: the later one was sent before the earlier one was heard.
    static func crossing(_ interval: TimeSpan) -> TimeSpan { min(.milliseconds(100), interval / 10) }

    /// The longest that two routers are master at once in a handover (RFC 9568 section 6.4.3): the loser hears of it at once,
    /// unless an advertisement is lost.
    package static func longestHandover(_ interval: TimeSpan) -> TimeSpan {
        max(interval + interval / 2, .milliseconds(250))
    }

    /// The time within which two timers run out together, which proves nothing.
    static func together(_ interval: TimeSpan) -> TimeSpan { interval / 10 }

    /// The silence of a master that a claim explains: its maker waited for at least three intervals.
    static func silenceBeforeClaim(_ interval: TimeSpan) -> TimeSpan { interval * 3 - earlyClaim(interval) }

    /// The time by which a claim comes too early to be the end of Master_Down_Interval.
    static func earlyClaim(_ interval: TimeSpan) -> TimeSpan { interval / 8 }

    /// The least time that a Backup waited that begins to advertise: its Master_Down_Interval, but for what timers may be off.
    static func leastPatience(_ masterDownInterval: TimeSpan, interval: TimeSpan) -> TimeSpan {
        masterDownInterval - tolerance(interval) - interval * 3 / 10
    }

    /// The silence after which its sender is presumed dead: no Backup waits longer than three intervals and a skew of one (RFC 9568
    /// section 6.1).
    static func longestPatience(_ interval: TimeSpan) -> TimeSpan { interval * 4 + interval / 4 }

    /// The time without a sign of life after which it is uncertain whether a silent router is still master.
    static func signOfLife(priority: UInt8, interval: TimeSpan, version: UInt8) -> TimeSpan {
        masterDownInterval(priority: priority, interval: interval, version: version) + interval * 2
    }

    /// The time within which a router answers another's advertisement at once.
    static let answering = TimeSpan.milliseconds(10)

    /// The time by which a capture may see an answer before the question.
    static let seenLate = TimeSpan.milliseconds(1)

    // MARK: Virtual addresses

    /// The time before its first advertisement in which a new master may announce the addresses.
    ///
    /// keepalived 2.0 announces some milliseconds before it, 1.x an interval after it (`vrrp_state_become_master`).
    static func announcementBefore(_ interval: TimeSpan) -> TimeSpan { interval }

    /// The time after its first advertisement in which a new master may announce the addresses.
    ///
    /// keepalived 1.x that answers a lesser advertisement announces two intervals after it says so for the first time.
    package static func announcementAfter(_ interval: TimeSpan) -> TimeSpan {
        max(.seconds(1), interval * 2 + tolerance(interval))
    }

    /// The time after which a new master announces the addresses for a second time, unless it is told another (keepalived
    /// `vrrp_garp_master_delay`).
    static let announcingAgain = TimeSpan.seconds(5)

    /// The time after the end of a reign in which its router may still announce the addresses.
    static func leavingAddresses(_ interval: TimeSpan) -> TimeSpan { max(.seconds(2), interval * 4) }

    // MARK: Copies

    /// The time between two equal advertisements that are copies of one: a mirror port's two directions, or two captures.
    static let copying = TimeSpan.milliseconds(5)

    /// The time within which an advertisement has reached every point, by one clock.
    static func travelling(_ interval: TimeSpan) -> TimeSpan { min(.milliseconds(100), interval / 3) }

    /// The time in which several queues and mirror ports disorder what one sender sent.
    static func disorder(_ interval: TimeSpan) -> TimeSpan { min(.milliseconds(100), interval / 10) }

    /// The step back of a clock up to which frames count as out of order, and beyond which the clock was set back.
    static let reordering = TimeSpan.seconds(1)
}

extension VirtualRouter {
    /// The time that the best other router waits for a silent master; where none is known, one of the given priority.
    package func masterDownInterval(afterSilenceOf position: Int, assuming priority: UInt8) -> TimeSpan {
        let others = routers.indices.lazy.filter { $0 != position && !routers[$0].isOnProbation }.map {
            routers[$0].priority
        }.filter { $0 > 0 }
        return ElectionTimes.masterDownInterval(
            priority: others.max() ?? priority,
            interval: routers[position].belief.interval,
            version: routers[position].version
        )
    }
}
