internal import VRRPWire

/// The current beliefs of a router, inferred from the advertisements on the wire.
///
/// A master that neither yields nor rejects keeps its own cadence. keepalived restarts the timer of a master at every
/// advertisement that reaches it, even at one that it rejects (`vrrp_dispatcher_read` in vrrp_scheduler.c). So a silent
/// master heard a better advertisement and yielded, is held back by advertisements that it rejects, or is gone.
struct Belief: Sendable {
    /// The position of its current reign, while it is master.
    var reign: Int?
    /// The IPv4 identification and the checksum of its latest advertisement, by which copies are recognised; then the
    /// advertisement, its instant and its frame.
    var identification: UInt16?
    var checksum: UInt16
    var advertisement: Advertisement
    var spoke: CaptureInstant
    var evidence: FrameReference
    /// The first advertisement since its own latest that it accepts and must yield to.
    var summons: Heard?
    /// The latest such advertisement.
    var latestSummons: Heard?
    /// The latest advertisement of another router that it rejects, not earlier than its own latest.
    var heldBack: CaptureInstant?
    /// Whether such an advertisement starts its timer anew, as in keepalived; false once it kept its own cadence through one.
    var isHeldBackByRejected = true
    /// The latest advertisement of a router that it accepts and that keeps it from being master.
    var better: Heard?
    /// The latest advertisement of another router that it accepts.
    var heard: Heard?
    /// Whether it went on advertising through a summons in its current reign: it does not hear or not accept.
    var ignoresSummons = false
    /// Whether its latest advertisement came sooner than its cadence: the next gap says nothing about it.
    var spokeOutOfTurn = false
    /// Routers by which it seemed held back once although it should accept their advertisements.
    var defied = RouterSet()
    /// Routers whose advertisements it was seen to reject though nothing on the wire says why.
    var provenRejections = RouterSet()
    /// The captures that saw its latest advertisement.
    var observers = RouterSet()

    struct Heard: Hashable, Sendable {
        var instant: CaptureInstant
        var evidence: FrameReference
        /// Kept in one byte, because each router holds four of these values.
        private var position: UInt8
        var priority: UInt8

        /// The router is a position, below ``Tracker/mostRoutersEach``.
        init(instant: CaptureInstant, router: Int, priority: UInt8, evidence: FrameReference) {
            self.instant = instant
            self.evidence = evidence
            position = UInt8(router)
            self.priority = priority
        }

        var router: Int { Int(position) }
    }

    /// Forgets the advertisements of a router that resigned.
    ///
    /// Skew_Time starts, not Master_Down_Interval (RFC 9568 section 6.4.2): an early claim proves nothing.
    mutating func forgetWhatWasHeard(of router: Int) {
        if better?.router == router { better = nil }
        if heard?.router == router { heard = nil }
    }

    var interval: TimeSpan { advertisement.interval == .zero ? .seconds(1) : advertisement.interval }

    /// The exactness with which timers on a busy machine run out.
    var tolerance: TimeSpan { ElectionTimes.tolerance(interval) }

    /// The instant at which its timer was last started, by its own advertisement or by one that holds it back.
    var timerStart: CaptureInstant { isHeldBackByRejected ? max(spoke, heldBack ?? spoke) : spoke }

    /// The instant at which its next advertisement is due.
    var due: CaptureInstant { timerStart + interval }

    /// The instant after which an advertisement that has not come is missing.
    var overdue: CaptureInstant { timerStart + ElectionTimes.overdue(interval) }
}
