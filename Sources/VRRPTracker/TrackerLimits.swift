/// The bounds on everything in a tracker that input can make grow.
///
/// Packets beyond a bound are counted as left out.
package struct TrackerLimits: Hashable, Sendable {
    package var virtualRouters: Int
    /// Routers of all virtual routers together; each virtual router has at most ``Tracker/mostRoutersEach``.
    package var routers: Int
    /// Virtual addresses that are watched for announcements.
    package var addresses: Int
    /// Reigns of all virtual routers together, which share them evenly; each has at most ``VirtualRouter/mostReigns``.
    package var reigns: Int
    /// Runs of announcements, shared likewise; each virtual router has at most ``VirtualRouter/mostAnnouncements``.
    package var announcements: Int
    /// Whether advertisements are left out that come faster than they can be judged: see ``SenderPolicer``.
    package var keepsPace = false

    /// For captures that are read to their end: an invented one of any kind stays below 256 megabytes.
    package static let capture = Self(
        virtualRouters: 25_000,
        routers: 50_000,
        addresses: 262_144,
        reigns: 60_000,
        announcements: 262_144
    )

    /// For a program that runs for months beside others: a flood of invented routers stays below a hundred megabytes.
    ///
    /// There are 255 virtual routers of a family on a segment, and seldom more than three routers of each.
    package static let service = Self(
        virtualRouters: 2048,
        routers: 4096,
        addresses: 32_768,
        reigns: 65_536,
        announcements: 65_536,
        keepsPace: true
    )

    /// Returns the number of reigns that each of `count` virtual routers may keep.
    func reignsEach(of count: Int) -> Int {
        min(max(reigns / max(count, 1), 16), VirtualRouter.mostReigns)
    }

    func announcementsEach(of count: Int) -> Int {
        min(max(announcements / max(count, 1), 16), VirtualRouter.mostAnnouncements)
    }
}
