package import VRRPWire

/// The pace at which one MAC address announces one address: its busiest second and its longest stretch without a pause.
///
/// One observer counts, the first that saw the address announced, so that several captures of one segment do not add up.
/// Announcements that come together count as one: the two copies of a mirror port, and the block of five that keepalived
/// sends at once, at a takeover and behind each lesser advertisement.
package struct AnnouncementPace: Hashable, Sendable {
    /// The longest time between two announcements of one stretch.
    ///
    /// keepalived announces a block at once and a second one `garp_master_delay` (5 s) later, and refreshes every
    /// `garp_master_refresh` seconds, if at all: between blocks there is a pause (`vrrp_state_become_master` in vrrp.c).
    package static let pause: TimeSpan = .seconds(2)
    /// The length of a block: announcements within it of the first one are one block, or copies of each other.
    ///
    /// The five of keepalived take 2 to 30 ms in recordings.
    package static let block: TimeSpan = .milliseconds(40)
    /// Blocks told apart within a second; further ones are not counted.
    package static let mostCounted = 16

    /// The most blocks of announcements within any one second, at most ``mostCounted``.
    package private(set) var mostInASecond = 0
    /// The longest time over which no two announcements in a row lay further apart than a ``pause``.
    package private(set) var longestStretch: TimeSpan = .zero
    private var lastSecond: [CaptureInstant] = []
    private var latest: CaptureInstant
    /// The instant of the latest announcement that counts.
    private var counted: CaptureInstant?
    private var stretchStart: CaptureInstant
    private let observer: Int

    init(_ sighting: Sighting) {
        latest = sighting.instant
        stretchStart = sighting.instant
        observer = sighting.observer
    }

    /// Counts an announcement.
    ///
    /// - Returns: whether that is news: more in a second than ever, or another whole second without a pause.
    mutating func add(_ sighting: Sighting) -> Bool {
        guard sighting.observer == observer else { return false }
        let instant = sighting.instant
        if instant - latest > Self.pause { stretchStart = instant }
        latest = instant
        if let counted, instant - counted < Self.block { return false }
        counted = instant
        lastSecond.removeAll { instant - $0 >= .seconds(1) }
        if lastSecond.count == Self.mostCounted { lastSecond.removeFirst() }
        lastSecond.append(instant)
        let (most, stretch) = (max(mostInASecond, lastSecond.count), max(longestStretch, instant - stretchStart))
        defer { (mostInASecond, longestStretch) = (most, stretch) }
        return most > mostInASecond
            || stretch.nanoseconds / 1_000_000_000 > longestStretch.nanoseconds / 1_000_000_000
    }
}
