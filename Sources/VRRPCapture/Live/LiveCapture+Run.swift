internal import Glibc
package import VRRPFacts
package import VRRPWire

extension LiveCapture {
    /// An event of the loop that is no frame.
    package enum Event: Hashable, Sendable {
        /// Every frame that was captured before that instant has been lent. Comes whenever frames were lent, when the time
        /// that was asked for is over, and at least once a second.
        case tick(CaptureInstant)
        /// Frames were lost on the capture of that index, or could not have been seen; on all its interfaces or one.
        case gap(BlindSpot, capture: Int, interface: Int?)
        /// The system's clock jumped against its monotonic clock, forward if positive.
        case clockStep(TimeSpan, at: CaptureInstant)
        case link(LinkChange, at: CaptureInstant)
        /// One of the further descriptors can be read.
        case readable(CInt)
    }

    /// Lends the frames of this interface until a closure says stop or `stop` is given.
    ///
    /// See ``run(_:until:also:wait:onFrame:onEvent:)``.
    package func run(
        until stop: StopSignal,
        onFrame: (borrowing Frame) -> LoopControl,
        onEvent: (Event) -> LoopControl
    ) throws(CaptureError) {
        try Self.run([self], until: stop, onFrame: { _, frame in onFrame(frame) }, onEvent: onEvent)
    }

    /// Lends the frames of several interfaces, in the order in which they can be read, on the calling thread; when `stop` is
    /// given, up to those that were captured by then.
    ///
    /// Blocks, so the thread should be a ``CaptureThread`` or the main one, never one of Swift's cooperative pool. Frames
    /// come with the index of their capture. An interface whose link is down, or that has another name now, is watched on;
    /// one that was deleted is waited for where its options say so.
    ///
    /// Further descriptors are watched for ``Event/readable(_:)``. `wait` says how long after an instant a tick is wanted at
    /// the latest, `nil` for no wish. Throws ``CaptureError``: `interfaceGone` when an interface was deleted, after what was
    /// read has been lent; `cannotRead`; what ``init(interface:options:)`` throws, for one that is back.
    package static func run(
        _ captures: [LiveCapture],
        until stop: StopSignal,
        also descriptors: [CInt] = [],
        wait: (CaptureInstant) -> TimeSpan? = { _ in .milliseconds(50) },
        onFrame: (Int, borrowing Frame) -> LoopControl,
        onEvent: (Event) -> LoopControl
    ) throws(CaptureError) {
        var loop = CaptureLoop(captures, stop.descriptor, descriptors)
        guard loop.start(onEvent) == .continue else { return }
        while try loop.turn(wait, onFrame, onEvent) == .continue {}
    }
}

/// The state of a running loop.
private struct CaptureLoop: ~Copyable {
    /// The most frames lent between looks at the clock and the stop signal.
    private static let batch = 256
    /// The longest time between two ticks while frames keep coming.
    private static let longestRush = TimeSpan.milliseconds(50)
    /// The time between two questions for losses and links; the kernel also reports links by itself.
    private static let checkInterval = TimeSpan.seconds(1)
    /// A difference between the two clocks that slewing (at most 0.5 ms a second) cannot make between two looks.
    private static let clockStepThreshold = TimeSpan.milliseconds(10)

    private let captures: [LiveCapture]
    private let stop: CInt
    private let further: [CInt]
    private let monitor = LinkMonitor()
    private var clock = ClockPair.now()
    private var lastCheck: TimeSpan
    private var lastTick: TimeSpan
    private var hasMore = false

    init(_ captures: [LiveCapture], _ stop: CInt, _ further: [CInt]) {
        self.captures = captures
        self.stop = stop
        self.further = further
        lastCheck = clock.monotonic
        lastTick = clock.monotonic
    }

    mutating func start(_ onEvent: (LiveCapture.Event) -> LoopControl) -> LoopControl {
        for (index, capture) in captures.enumerated() {
            for change in capture.startLinks(at: clock) {
                guard tell(change, of: index, onEvent) == .continue else { return .stop }
            }
        }
        return .continue
    }

    /// Waits for something to happen and deals with it.
    mutating func turn(
        _ wait: (CaptureInstant) -> TimeSpan?,
        _ onFrame: (Int, borrowing Frame) -> LoopControl,
        _ onEvent: (LiveCapture.Event) -> LoopControl
    ) throws(CaptureError) -> LoopControl {
        let ready = poll(for: hasMore ? .zero : patience(wait))
        guard readClock(onEvent) == .continue else { return .stop }
        if ready.contains(stop) {
            lendRest(onFrame, onEvent)
            // The loop ends anyway, so the answers do not matter.
            _ = askForLosses(onEvent)
            return .stop
        }
        for descriptor in further where ready.contains(descriptor) {
            guard onEvent(.readable(descriptor)) == .continue else { return .stop }
        }
        guard let lent = lend(onFrame, onEvent) else { return .stop }
        let isLinkNews = ready.contains(monitor.descriptor)
        if isLinkNews { monitor.drain() }
        let isCheckDue = clock.monotonic - lastCheck >= Self.checkInterval
        // Silence means something only once it is known whether anything was lost or could not be seen.
        let isSilenceDue = !lent.isAny && !hasMore
        if isCheckDue || isSilenceDue || isLinkNews || lent.failure != nil {
            guard askForLosses(onEvent) == .continue, try checkLinks(lent.failure, onEvent) == .continue else {
                return .stop
            }
        }
        if isCheckDue { lastCheck = clock.monotonic }
        return tick(lent, onEvent)
    }

    /// Reads the clocks, and tells of a jump.
    private mutating func readClock(_ onEvent: (LiveCapture.Event) -> LoopControl) -> LoopControl {
        let before = clock
        clock = ClockPair.now()
        let step = clock.step(since: before)
        guard step.magnitude > Self.clockStepThreshold else { return .continue }
        for capture in captures { capture.noteClockStep(step) }
        return onEvent(.clockStep(step, at: clock.realtime))
    }

    /// The time to wait for frames.
    private func patience(_ wait: (CaptureInstant) -> TimeSpan?) -> TimeSpan {
        let check = Self.checkInterval - (clock.monotonic - lastCheck)
        let now = ClockPair.now()
        let wished = wait(now.realtime) ?? check
        return max(.zero, min(check - (now.monotonic - clock.monotonic), wished))
    }

    /// Waits, and returns the descriptors that have something to say.
    private func poll(for patience: TimeSpan) -> [CInt] {
        let descriptors = captures.map(\.descriptor) + [stop, monitor.descriptor] + further
        var watched = descriptors.map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
        // Rounded up, lest it be woken a moment too early and again.
        let milliseconds = CInt(clamping: (patience.nanoseconds + 999_999) / 1_000_000)
        // Interrupted or not, the loop looks at everything again.
        guard unsafe Glibc.poll(&watched, nfds_t(watched.count), milliseconds) > 0 else { return [] }
        return watched.filter { $0.revents != 0 }.map(\.fd)
    }

    private struct Lent {
        var isAny = false
        /// The instant before which all frames were lent, of the captures that have more.
        var reached: CaptureInstant?
        var failure: (capture: Int, reason: String)?
    }

    /// Lends what there is; `nil` when a closure said stop.
    private mutating func lend(
        _ onFrame: (Int, borrowing Frame) -> LoopControl,
        _ onEvent: (LiveCapture.Event) -> LoopControl
    ) -> Lent? {
        var lent = Lent()
        hasMore = false
        for (index, capture) in captures.enumerated() {
            var isAny = false
            let lending = capture.lend(Self.batch) { frame in
                isAny = true
                // A frame from the future: the clock was read long ago, or jumped since.
                if frame.instant - clock.realtime > Self.clockStepThreshold, readClock(onEvent) == .stop {
                    return .stop
                }
                return onFrame(index, frame)
            }
            lent.isAny = lent.isAny || isAny
            switch lending {
            case .drained: break
            case .more(let instant):
                hasMore = true
                lent.reached = min(lent.reached ?? instant, instant)
            case .failed(let reason): lent.failure = (index, reason)
            case .stopped: return nil
            }
        }
        return lent
    }

    /// Lends what was captured up to now, so that each frame until the end is lent or counted as lost.
    private mutating func lendRest(
        _ onFrame: (Int, borrowing Frame) -> LoopControl,
        _ onEvent: (LiveCapture.Event) -> LoopControl
    ) {
        let end = clock.realtime
        while let lent = lend(onFrame, onEvent), hasMore, let reached = lent.reached, reached < end {}
    }

    private func askForLosses(_ onEvent: (LiveCapture.Event) -> LoopControl) -> LoopControl {
        for (index, capture) in captures.enumerated() {
            guard let gap = capture.pollLoss(at: clock) else { continue }
            guard onEvent(.gap(gap, capture: index, interface: nil)) == .continue else { return .stop }
        }
        return .continue
    }

    private func checkLinks(
        _ failure: (capture: Int, reason: String)?,
        _ onEvent: (LiveCapture.Event) -> LoopControl
    ) throws(CaptureError) -> LoopControl {
        for (index, capture) in captures.enumerated() {
            var changes = capture.checkLinks(at: clock)
            let isGone = changes.contains { $0.state == .gone } && capture.interface != "any"
            // Reading fails once when a link goes down. libpcap does not find an interface that has another name now.
            if let failure, failure.capture == index, !isGone, changes.isEmpty, capture.links.allSatisfy(\.isUp) {
                try capture.renew(after: failure.reason, at: clock)
            }
            if isGone, !capture.options.isPatient {
                throw CaptureError(.interfaceGone, path: capture.interface, detail: "The interface was deleted.")
            }
            if isGone { capture.closeHandle() }
            changes += try capture.reopen(at: clock)
            for (gap, interface) in capture.blindGaps(at: clock) {
                guard onEvent(.gap(gap, capture: index, interface: interface)) == .continue else { return .stop }
            }
            for change in changes {
                guard tell(change, of: index, onEvent) == .continue else { return .stop }
            }
        }
        return .continue
    }

    private func tell(
        _ change: LinkChange,
        of capture: Int,
        _ onEvent: (LiveCapture.Event) -> LoopControl
    ) -> LoopControl {
        var change = change
        change.capture = capture
        return onEvent(.link(change, at: clock.realtime))
    }

    private mutating func tick(_ lent: Lent, _ onEvent: (LiveCapture.Event) -> LoopControl) -> LoopControl {
        guard !hasMore || clock.monotonic - lastTick >= Self.longestRush else { return .continue }
        lastTick = clock.monotonic
        return onEvent(.tick(min(lent.reached ?? clock.realtime, clock.realtime)))
    }
}
