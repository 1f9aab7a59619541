internal import VRRPCapture
internal import VRRPFacts
internal import VRRPTracker

/// A listener to the frames of capture files and interfaces, and to the stretches of time that nobody saw.
protocol FrameListener {
    /// Takes a frame.
    ///
    /// - Parameters:
    ///   - frame: as captured.
    ///   - sighting: where and when it was seen.
    ///   - interface: the name of the interface, where it has one.
    ///   - origin: the file that the frame came from, and its number there, in an extract; `nil` elsewhere.
    /// - Returns: whether to go on.
    /// - Throws: the error that ends reading, such as an output that fails.
    mutating func take(
        _ frame: borrowing Frame,
        _ sighting: Sighting,
        interface: @autoclosure () -> String?,
        origin: @autoclosure () -> FrameOrigin?
    ) throws -> LoopControl

    /// Takes the last frame of a file, without its bytes, when the file has been read; most listeners need not know.
    mutating func takeEnd(
        _ frame: borrowing Frame,
        _ sighting: Sighting,
        interface: @autoclosure () -> String?,
        origin: @autoclosure () -> FrameOrigin?
    ) throws

    /// Takes a stretch of time in which nothing could have been seen.
    mutating func take(_ blindSpot: BlindSpot) throws

    /// Takes the place that ``Sighting/place`` of frames to come means; those who tell no segments need not know.
    mutating func take(_ place: NumberedPlace)
}

extension FrameListener {
    mutating func take(_ place: NumberedPlace) {}

    mutating func takeEnd(
        _ frame: borrowing Frame,
        _ sighting: Sighting,
        interface: @autoclosure () -> String?,
        origin: @autoclosure () -> FrameOrigin?
    ) throws {}
}
