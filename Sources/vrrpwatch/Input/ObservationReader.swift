internal import VRRPAuthentication
internal import VRRPCapture
internal import VRRPFacts
internal import VRRPTracker
internal import VRRPWire

/// Feeds the frames of files to an analysis, up to as many relevant ones as are wanted.
struct ObservationReader: FrameListener {
    private var analysis: Analysis
    /// The number of relevant frames that are still wanted; `nil` for all.
    private var rest: Int?

    /// Begins an observation.
    ///
    /// - Parameters:
    ///   - keepingGaps: whether every gap between advertisements is kept.
    ///   - limit: the number of relevant frames; `nil` for all.
    ///   - keys: the keys that advertisements are held against; `nil` for none.
    ///   - vantage: the points that the frames are from; `nil` where nobody looked.
    ///   - segments: the segments that sensors see; `nil` where sensors are not told apart.
    init(
        keepingGaps: Bool = false,
        limit: Int? = nil,
        keys: KeyRing?,
        from vantage: Vantage?,
        on segments: SegmentMap?
    ) {
        analysis = Analysis(keepingGaps: keepingGaps, verifier: keys, from: vantage ?? Vantage(), on: segments)
        rest = limit
    }

    mutating func take(
        _ frame: borrowing Frame,
        _ sighting: Sighting,
        interface: @autoclosure () -> String?,
        origin: @autoclosure () -> FrameOrigin?
    ) -> LoopControl {
        let kind = analysis.take(frame.bytes, linkType: frame.linkType, sighting)
        guard let wanted = rest, kind != .irrelevant else { return .continue }
        rest = wanted - 1
        return wanted > 1 ? .continue : .stop
    }

    mutating func take(_ place: NumberedPlace) { analysis.take(place.place, as: place.number) }

    mutating func take(_ terms: CaptureTerms) { analysis.take(terms) }

    mutating func take(_ blindSpot: BlindSpot) { analysis.take(blindSpot) }

    /// Ends the observation, with its last frame where the limit cut it short.
    mutating func finish(at end: CaptureInstant?) { analysis.finish(at: rest == 0 ? nil : end) }

    /// Everything that was learnt.
    var observation: Observation { analysis.observation }
}
