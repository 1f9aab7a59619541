internal import VRRPWire

/// The latest advertisement of a router, and how it keeps time: facts that need no story.
struct Belief: Sendable {
    /// The marks of a copy of its latest advertisement, that itself, and when and where it was.
    var identification: UInt16?
    var checksum: UInt16
    var advertisement: Advertisement
    var spoke: CaptureInstant
    var evidence: FrameReference
    /// The latest claim of a virtual address by one of its own MAC addresses: a sign of life of a master.
    var claimed = CaptureInstant.distantPast
    /// The latest advertisement of another router that it rejects, not earlier than its own latest.
    var heldBack: CaptureInstant?
    /// The latest one that some implementations reject, likewise.
    var mayBeHeldBack: CaptureInstant?
    /// Whether such an advertisement starts its timer anew, as in keepalived (`vrrp_dispatcher_read` in
    /// vrrp_scheduler.c); false once it kept its own cadence through one.
    var isHeldBackByRejected = true
    /// Whether it heard an advertisement that it accepts and must yield to, or was followed by another, since it spoke.
    var isRelieved = false
    /// Whether another router took over since it spoke, and not before it had been silent for as long as a Backup waits.
    var isReplaced = false
    /// Whether its latest advertisement came sooner than its cadence: the next gap says nothing about it.
    var spokeOutOfTurn = false
    /// The captures that saw its latest advertisement.
    var observers = RouterSet()

    /// The instants at which its timer was started: by its own advertisement, and perhaps anew by one that it rejects.
    var timerStarts: SmallList<CaptureInstant> {
        guard let restartedTimer else { return [spoke] }
        return [spoke, restartedTimer]
    }

    /// The instant at which an advertisement that it rejects perhaps started its timer anew since it spoke.
    var restartedTimer: CaptureInstant? {
        guard let heldBack, isHeldBackByRejected, heldBack > spoke else { return nil }
        return heldBack
    }

    var interval: TimeSpan { advertisement.cadence }

    /// The instant from which it is uncertain whether it is still master, if it shows no further sign of life.
    var uncertainAfter: CaptureInstant {
        max(spoke, claimed)
            + ElectionTimes.signOfLife(
                priority: advertisement.priority,
                interval: interval,
                version: advertisement.version
            )
    }
}
