package import VRRPWire

/// A stretch of time in which one router is master, by the best inference from the wire.
package struct Reign: Hashable, Sendable {
    /// The reason for which a router is no longer master.
    package enum End: Hashable, Sendable {
        /// Its own advertisement of priority 0.
        case resigned
        /// The router heard an advertisement that it accepts and must yield to, from the router of that index.
        case yielded(to: Int)
        /// Its next advertisement did not come.
        case silent
    }

    /// The router's position in its virtual router.
    package internal(set) var router: Int
    package internal(set) var start: CaptureInstant
    /// The advertisement that began it.
    package internal(set) var startEvidence: FrameReference
    /// The priority of that advertisement.
    package internal(set) var startPriority: UInt8
    /// The highest and the latest priority it advertised.
    package internal(set) var highestPriority: UInt8
    package internal(set) var lastPriority: UInt8
    package internal(set) var version: UInt8
    /// The instant at which the latest priority was first advertised.
    package internal(set) var lastPrioritySince: CaptureInstant
    /// The intervals that its first and its latest advertisement announced.
    package internal(set) var startInterval: TimeSpan
    package internal(set) var lastInterval: TimeSpan
    package internal(set) var lastAdvert: CaptureInstant
    package internal(set) var lastEvidence: FrameReference
    /// The longest time it kept silent and was still master, because advertisements it rejects held it back.
    package internal(set) var longestSilence: Silence?
    /// The end of the reign; `nil` while it lasts.
    package internal(set) var end: CaptureInstant?
    package internal(set) var endReason: End?
    /// The frame that ended it: the priority 0 or the advertisement yielded to.
    package internal(set) var endEvidence: FrameReference?
    /// Announcements of the virtual addresses (gratuitous ARP, unsolicited NA) soon after the start.
    package internal(set) var announcements = Announcements()
}

/// A stretch of time between two advertisements of one router, or up to the end of the observation.
package struct Silence: Hashable, Sendable {
    package var start: CaptureInstant
    package var end: CaptureInstant
    /// The advertisement before it.
    package var evidence: FrameReference

    package var length: TimeSpan { end - start }
}

/// A stretch of time that concerns one router.
package struct RouterStretch: Hashable, Sendable {
    /// The router's position in its virtual router.
    package var router: Int
    package var start: CaptureInstant
    package var end: CaptureInstant
}

extension [RouterStretch] {
    /// Adds a stretch behind those of the same router, and joins it to the last one if they touch.
    mutating func add(_ router: Int, from start: CaptureInstant, to end: CaptureInstant) {
        guard end > start else { return }
        if let last, last.router == router, last.end >= start {
            self[count - 1].end = Swift.max(last.end, end)
        } else {
            append(RouterStretch(router: router, start: start, end: end))
        }
    }
}

/// The announcements of the virtual addresses by a new master.
package struct Announcements: Hashable, Sendable {
    /// Distinct virtual addresses announced.
    package internal(set) var addresses: [IPAddress] = []
    package internal(set) var frames = 0
    package internal(set) var first: CaptureInstant?
}

/// The masters of a virtual router over a stretch of time.
package struct TimelineInterval: Hashable, Sendable {
    package enum State: String, Hashable, Sendable {
        case master
        case split
        case none
        case notObserved = "not-observed"
        /// The evidence for one of several answers is missing.
        case uncertain
    }

    /// The evidence for the masters of a stretch.
    package enum Basis: String, Hashable, Sendable {
        /// Each of them advertised when its advertisements were due.
        case heard
        /// One of them was silent for so long that a Backup would take over: its mastership is concluded from rules.
        case inferred
    }

    package var start: CaptureInstant
    package var end: CaptureInstant
    package var state: State
    package var basis: Basis = .heard
    /// Positions of routers in their virtual router, in order of address; where the state is uncertain, the likeliest.
    package var masters: SmallList<Int>

    /// The state, where an uncertain one counts as what is likeliest.
    package var likeliestState: State {
        guard state == .uncertain else { return state }
        return masters.isEmpty ? .none : masters.count == 1 ? .master : .split
    }
}

/// A change of the masters of a virtual router; a gap between two masters is part of one change.
package struct Transition: Hashable, Sendable {
    package enum Cause: String, Hashable, Sendable, CaseIterable {
        case initial, timeout, resigned, preempted, demoted, contested, yielded, ended
    }

    package var instant: CaptureInstant
    /// The set of masters changed not before this instant, by all that the wire shows.
    package var earliest: CaptureInstant
    /// The set of masters had changed by this instant, by all that the wire shows.
    package var latest: CaptureInstant
    package var from: SmallList<Int>
    package var to: SmallList<Int>
    package var cause: Cause
    /// The time from the predecessor's last sign of mastership to the successor's first advertisement; `nil` where
    /// there is no successor or no predecessor.
    package var outage: TimeSpan?
    /// The longest that the outage may take by the timers of the protocol; `nil` where no timer bounds it.
    package var bound: TimeSpan?
    /// The announcements of the router that became master; `nil` where none did.
    package var announcements: Announcements?
    package var evidence: [FrameReference]
    /// Whether a resignation is concluded from the successor's timers alone, and was not seen.
    package var isUnseenResignation = false
}
