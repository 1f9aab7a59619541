package import VRRPWire

/// Everything that was learnt from packets and time.
package struct Observation: Sendable {
    /// In order of first appearance.
    package internal(set) var virtualRouters: [VirtualRouter] = []
    /// Stretches of time in which adverts could not have been seen, in order.
    package internal(set) var blindSpots: [BlindSpot] = []
    /// Packets by capture.
    package internal(set) var counts: [PacketCounts] = []
    /// The first and the last instant that was looked at.
    package internal(set) var start: CaptureInstant?
    package internal(set) var end: CaptureInstant?
    /// CARP speakers, which are no virtual routers.
    package internal(set) var carp: [CARPGroup] = []
    /// Announcements dropped, virtual routers not tracked and the like, because a bound was hit.
    package internal(set) var leftOut = 0

    package init() {}
}

/// What a capture held, in packets.
package struct PacketCounts: Hashable, Sendable {
    package internal(set) var adverts = 0
    package internal(set) var arp = 0
    package internal(set) var neighborAdvertisements = 0
    package internal(set) var carp = 0
    package internal(set) var malformed = 0
}

/// A stretch of time in which the capture could not have seen an advertisement.
package struct BlindSpot: Hashable, Sendable {
    package enum Reason: Hashable, Sendable {
        /// The capture dropped that many packets.
        case dropped(Int)
        case betweenFiles
        case linkDown
        case clockStep
    }

    package var start: CaptureInstant
    package var end: CaptureInstant
    package var reason: Reason

    package init(from start: CaptureInstant, to end: CaptureInstant, _ reason: Reason) {
        self.start = start
        self.end = end
        self.reason = reason
    }
}

/// A CARP group (VHID) on a segment.
package struct CARPGroup: Hashable, Sendable {
    package var segment: Segment
    package var vhid: UInt8
    package internal(set) var sources: [IPAddress]
    package internal(set) var occurrences: Occurrences
}
