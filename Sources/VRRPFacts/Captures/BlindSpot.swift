package import VRRPWire

/// A stretch of time in which a capture could not have shown an advertisement: silence there proves nothing.
package struct BlindSpot: Hashable, Sendable {
    package enum Reason: Hashable, Sendable {
        /// The kernel, the interface or the capturing program lost that many frames.
        case dropped(Int)
        /// The file holds frames that could not be read.
        case damaged
        /// No capture covers the time.
        case betweenFiles
        /// The interface had no link.
        case linkDown
        /// The clock of the capture jumped.
        case clockStep
    }

    /// More frames than any capture loses, and so few that sums over all blind spots do not overflow.
    private static let mostDropped = 1 << 48

    /// The last instant before the stretch.
    package var start: CaptureInstant
    /// The first instant after the stretch, never before ``start``.
    package var end: CaptureInstant
    package var reason: Reason
    /// The position of the interface that saw nothing, as segments count interfaces; `nil` for all.
    package var interface: Int?
    /// The position of the point that saw nothing while others may have; `nil` for all.
    package var observer: Int?

    package init(
        from start: CaptureInstant,
        to end: CaptureInstant,
        _ reason: Reason,
        interface: Int? = nil,
        observer: Int? = nil
    ) {
        self.observer = observer
        self.start = start
        self.end = max(start, end)
        self.interface = interface
        self.reason = reason
        // Counters come from files and may be absurd.
        if case .dropped(let count) = reason { self.reason = .dropped(min(count, Self.mostDropped)) }
    }

    /// Whether nothing could be seen on an interface from any point.
    package func concerns(_ interface: Int) -> Bool {
        observer == nil && (self.interface.map { $0 == interface } ?? true)
    }

    /// The number of frames known to be lost.
    package var droppedFrames: Int {
        if case .dropped(let count) = reason { count } else { 0 }
    }

    /// Extends the stretch, so that it covers another one as well, and adds what that one lost.
    package mutating func cover(_ other: Self) {
        start = min(start, other.start)
        end = max(end, other.end)
        guard case .dropped(let count) = reason else { return }
        reason = .dropped(min(count + other.droppedFrames, Self.mostDropped))
    }
}
