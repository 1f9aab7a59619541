internal import VRRPWire

/// A leap forward of a capture's clock, and the frame with which it came.
///
/// One frame cannot tell whether time passed, the clock was set, or its own timestamp is wrong. The next frame does.
struct Leap: Sendable {
    /// The least time without any frame of interest that may be a leap of the clock.
    static let least = TimeSpan.seconds(60)

    /// A frame that waits for the next one.
    struct Held: Sendable {
        var bytes: [UInt8]
        var linkType: LinkType
        var sighting: Sighting
    }

    private var held: Held?
    /// The latest instant of a frame from the future, by the clock of its capture.
    private var stray: CaptureInstant?

    @inline(__always)
    var isPending: Bool { held != nil }

    mutating func hold(_ bytes: Span<UInt8>, _ linkType: LinkType, _ sighting: Sighting) {
        var copy: [UInt8] = []
        copy.reserveCapacity(bytes.count)
        for index in bytes.indices { copy.append(bytes[index]) }
        held = Held(bytes: copy, linkType: linkType, sighting: sighting)
    }

    mutating func release() -> Held? {
        defer { held = nil }
        return held
    }

    mutating func noteStray(_ instant: CaptureInstant) { stray = max(stray ?? instant, instant) }

    /// Whether the end of a capture is no later than that of a frame from the future.
    func isStray(_ end: CaptureInstant?) -> Bool {
        guard let end, let stray else { return false }
        return end <= stray
    }
}
