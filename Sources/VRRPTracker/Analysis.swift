package import VRRPFacts
package import VRRPWire

/// One observation in the making: the only way for frames, blind spots and the passing of time, from files and interfaces
/// alike.
///
///     frame ─► steady masters ─► decode ─► verify ─► tracker ─► observation
///                 │ takes a repeated advertisement       ▲
///                 └── hands back what it took ───────────┘
///
/// Each frame is decoded once at the most. Advertisements that a master repeats are taken by ``SteadyMasters``, in front
/// of the tracker, and handed on before anything else happens to the virtual router. Nobody can tell which of the two
/// took a frame.
package struct Analysis: Sendable {
    private var tracker: Tracker
    private(set) var steadyMasters = SteadyMasters()
    private let verifier: (any FrameVerifier)?
    private var leap = Leap()
    /// Decides which advertisements are judged; `nil` where all are.
    private var policer: SenderPolicer?

    /// Begins an observation.
    ///
    /// - Parameters:
    ///   - keepingGaps: whether ``Router/everyGap`` is filled.
    ///   - limits: how much is kept.
    ///   - verifier: the keys that advertisements are held against; `nil` for none.
    ///   - vantage: the points from which it is made, where they are known.
    ///   - segments: the segments that sensors see; `nil` where sensors are not told apart.
    package init(
        keepingGaps: Bool = false,
        limits: TrackerLimits = .capture,
        verifier: (any FrameVerifier)? = nil,
        from vantage: Vantage = Vantage(),
        on segments: SegmentMap? = nil
    ) {
        tracker = Tracker(
            keepingGaps: keepingGaps,
            limits: limits,
            givenKeys: verifier?.labels ?? [],
            from: vantage,
            on: segments
        )
        self.verifier = verifier
        if limits.keepsPace { policer = SenderPolicer() }
    }

    // MARK: Frames

    /// The sort of a frame, as far as it matters to those who count.
    package enum FrameKind: Hashable, Sendable {
        /// The frame has no place in the observation.
        case irrelevant
        /// An advertisement, or what is left of one.
        case advertisement
        /// Any other frame that the observation is made of.
        case other
    }

    /// Takes a frame as it was captured.
    package mutating func take(_ bytes: Span<UInt8>, linkType: LinkType, _ sighting: Sighting) -> FrameKind {
        if takeRepetition(bytes, linkType, sighting) { return .advertisement }
        let frame = DecodedFrame(bytes, linkType: linkType)
        guard frame.isRelevant else { return pass(frame, sighting) }
        return takeInTime(frame, bytes, linkType, verified(sighting, frame, bytes))
    }

    /// Takes a frame as it was captured, and shows what was decoded of it.
    ///
    /// - Parameters:
    ///   - bytes: the frame.
    ///   - linkType: its link layer.
    ///   - sighting: where and when it was seen.
    ///   - body: looks at the frame, relevant or not, and at its sighting, which says what the given keys showed.
    /// - Returns: the sort of the frame.
    /// - Throws: the error of the body, before the frame counts.
    package mutating func take(
        _ bytes: Span<UInt8>,
        linkType: LinkType,
        _ sighting: Sighting,
        showing body: (borrowing DecodedFrame, Sighting) throws -> Void
    ) rethrows -> FrameKind {
        let frame = DecodedFrame(bytes, linkType: linkType)
        let sighting = verified(sighting, frame, bytes)
        try body(frame, sighting)
        if takeRepetition(bytes, linkType, sighting) { return .advertisement }
        guard frame.isRelevant else { return pass(frame, sighting) }
        return takeInTime(frame, bytes, linkType, sighting)
    }

    private mutating func pass(_ frame: borrowing DecodedFrame, _ sighting: Sighting) -> FrameKind {
        if let sidenote = frame.sidenote { tracker.note(sidenote, sighting) }
        return .irrelevant
    }

    private func verified(
        _ sighting: Sighting,
        _ frame: borrowing DecodedFrame,
        _ bytes: Span<UInt8>
    ) -> Sighting {
        guard let verifier else { return sighting }
        var sighting = sighting
        sighting.verification = verifier.verification(of: frame, from: bytes, interface: sighting.interface)
        return sighting
    }

    /// Takes a frame, or holds it where the clock leapt forward with it, until the next frame tells whether the leap lasts.
    private mutating func takeInTime(
        _ frame: borrowing DecodedFrame,
        _ bytes: Span<UInt8>,
        _ linkType: LinkType,
        _ sighting: Sighting
    ) -> FrameKind {
        if leap.isPending { land(with: sighting.instant) }
        guard let latest = tracker.latest, sighting.instant - latest > Leap.least else {
            return take(frame, bytes, linkType, sighting)
        }
        leap.hold(bytes, linkType, sighting)
        return frame.isAdvertisement ? .advertisement : .other
    }

    /// Takes the frame that was held, now that the next instant is known, by the clock of its capture.
    ///
    /// A frame from the future counts as of the latest instant before it. Where a router went on counting over the leap, the
    /// time did not pass: nobody could have seen anything in it.
    private mutating func land(with next: CaptureInstant?) {
        guard var held = leap.release(), let latest = tracker.latest else { return }
        let isStray = next.map { held.sighting.instant - $0 > ElectionTimes.reordering } ?? false
        let bytes = held.bytes
        let frame = DecodedFrame(bytes.span, linkType: held.linkType)
        if isStray {
            leap.noteStray(held.sighting.instant)
            held.sighting.instant = latest
            take(BlindSpot(from: latest, to: latest, .clockStep))
        } else {
            handBackAll()
            let end = held.sighting.instant
            let isTold = tracker.observation.blindSpots.contains { $0.reason == .clockStep && $0.end > latest }
            if !isTold, tracker.goesOnCounting(with: frame, held.sighting, after: Leap.least) {
                take(BlindSpot(from: latest, to: end, .clockStep))
            }
        }
        _ = take(frame, bytes.span, held.linkType, held.sighting)
    }

    private mutating func take(
        _ frame: borrowing DecodedFrame,
        _ bytes: Span<UInt8>,
        _ linkType: LinkType,
        _ sighting: Sighting
    ) -> FrameKind {
        // A step of the clock is a blind spot for everybody.
        let instant = tracker.instant(of: sighting)
        if instant == nil { handBackAll() }
        if policer?.admits(frame, interface: sighting.interface, at: instant ?? tracker.latest ?? sighting.instant)
            == false
        {
            tracker.leaveOut(sighting)
            return .advertisement
        }
        let address = tracker.address(of: frame, at: sighting.place)
        for position in address.virtualRouters { handBack(Int(position)) }
        if let position = tracker.take(frame, sighting, at: address), linkType == .ethernet,
            let source = frame.ip?.source
        {
            expectRepetition(of: position, source, bytes, sighting)
        }
        return frame.isAdvertisement ? .advertisement : .other
    }

    // MARK: Blind spots and time

    /// Takes the place that ``Sighting/place`` of frames to come means; nothing where sensors are not told apart.
    package mutating func take(_ place: SegmentMap.Place, as interface: Int) { tracker.take(place, as: interface) }

    /// Takes the points as they are known by now: further ones, and further stretches in which they were blind.
    package mutating func take(_ vantage: Vantage) {
        handBackAll()
        tracker.take(vantage)
    }

    /// Takes the terms under which packets are captured.
    package mutating func take(_ terms: CaptureTerms) { tracker.take(terms) }

    /// Takes a stretch of time in which advertisements could not have been seen.
    package mutating func take(_ blindSpot: BlindSpot) {
        land(with: nil)
        handBackAll()
        tracker.take(blindSpot)
    }

    /// Lets time pass without a frame, so that silence shows.
    package mutating func advance(to instant: CaptureInstant) {
        land(with: nil)
        handBackAll()
        tracker.advance(to: instant)
    }

    /// Lets time pass without a frame, and settles what that means for some virtual routers only, by their positions.
    ///
    /// For the others it must mean nothing: see ``VirtualRouter/nextDecision(in:)``. Brings the observation up to date for
    /// all of them.
    package mutating func advance(to instant: CaptureInstant, settling positions: [Int]) {
        land(with: nil)
        catchUp()
        // A master that keeps time goes on as before, so most looks need not interrupt it.
        for position in positions where !tracker.isSettled(position, at: instant) { handBack(position) }
        let correction = tracker.clockCorrection
        tracker.advance(to: instant, settling: positions)
        if tracker.clockCorrection != correction { handBackAll() }
    }

    /// Ends the observation at an instant, or at the latest it was told of: all that is still open is decided.
    package mutating func finish(at instant: CaptureInstant? = nil) {
        land(with: nil)
        handBackAll()
        tracker.finish(at: leap.isStray(instant) ? nil : instant)
    }

    // MARK: What was learnt

    /// Everything that was learnt up to the latest input.
    package var observation: Observation {
        guard steadyMasters.hasRepetitions else { return tracker.observation }
        var copy = self
        copy.catchUp()
        return copy.tracker.observation
    }

    /// The positions of the virtual routers about which there is something new to tell since the last call, each once.
    package mutating func takeNews() -> [Int] { tracker.takeNews() }

    /// The time that is added to a capture's clock so that time never runs backward in the observation.
    package var clockCorrection: TimeSpan { tracker.clockCorrection }

    // MARK: Masters that repeat themselves

    /// Takes a frame that its sender sent before, when it was due; false for any other, with which nothing is done.
    @inline(__always)
    private mutating func takeRepetition(_ bytes: Span<UInt8>, _ linkType: LinkType, _ sighting: Sighting) -> Bool {
        guard linkType == .ethernet, !leap.isPending, let instant = tracker.instant(of: sighting),
            steadyMasters.take(bytes, sighting, at: instant)
        else { return false }
        tracker.pass(to: instant)
        tracker.countRepetition(of: sighting.reference.capture)
        return true
    }

    /// Expects the sender of an advertisement that the tracker took just now to repeat it, if it is a master in steady state.
    private mutating func expectRepetition(
        of position: Int,
        _ source: IPAddress,
        _ bytes: Span<UInt8>,
        _ sighting: Sighting
    ) {
        guard var master = tracker.masterInSteadyState(at: position, source, sighting),
            let frame = SteadyFrame(bytes, interface: sighting.interface)
        else { return }
        master.frame = frame
        master.virtualRouter = position
        guard let place = steadyMasters.expect(master, bytes) else { return }
        tracker.lend(to: &steadyMasters[place])
    }

    /// Hands on what the master of a virtual router repeated, and expects nothing more of it.
    @inline(__always)
    private mutating func handBack(_ position: Int) {
        if let master = steadyMasters.handBack(position) { tracker.take(master) }
    }

    private mutating func handBackAll() {
        guard steadyMasters.expectedCount > 0 else { return }
        for position in tracker.observation.virtualRouters.indices { handBack(position) }
        catchUp()
    }

    /// Hands on what masters repeated since the last time, and expects more of the same.
    private mutating func catchUp() {
        while let master = steadyMasters.nextRepetitions() { tracker.take(master) }
    }
}

/// Holds advertisements against given keys.
package protocol FrameVerifier: Sendable {
    /// The labels of the keys, in the order of ``KeyProof/key``.
    var labels: [String] { get }

    /// Holds an advertisement against the keys that are for it.
    ///
    /// - Parameters:
    ///   - frame: what was decoded of the frame.
    ///   - bytes: the frame that it was decoded from.
    ///   - interface: the interface's position within its capture.
    /// - Returns: what that showed; ``Verification/unchecked`` for any other frame.
    func verification(of frame: borrowing DecodedFrame, from bytes: Span<UInt8>, interface: Int) -> Verification
}

extension DecodedFrame {
    fileprivate var isAdvertisement: Bool {
        if case .vrrp = payload { true } else { false }
    }
}
