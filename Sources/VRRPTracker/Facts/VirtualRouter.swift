package import VRRPFacts
package import VRRPWire

/// One virtual router: its speakers and their reigns as master.
package struct VirtualRouter: Sendable {
    /// The number of reigns that are kept; beyond it, the oldest are dropped and counted.
    package static let mostReigns = 20_000
    package static let mostConflicts = 16
    package static let mostAnnouncements = 4096
    package static let mostUnobserved = 1024
    package static let mostDoubts = 1024
    package static let mostUnheard = 1024

    package let key: VirtualRouterKey
    /// VRRP versions in order of first appearance.
    package internal(set) var versions: SmallList<UInt8> = SmallList()
    /// The speakers in order of first appearance; a ``Reign`` names a router by its position here.
    package internal(set) var routers: [Router] = []
    /// The settled reigns, in order of their start; ``history(in:)`` has all.
    package internal(set) var reigns: [Reign] = []
    /// The routers of ``reigns``, and those to which the masters there yielded.
    var reigning = RouterSet()
    var followed = RouterSet()
    /// The part of the story that is still open to later frames.
    var story = StoryLog()
    let costs: Costs
    /// The number of advertisements of all routers that were due and had not come when time passed last.
    var missed = 0
    /// The number of reigns that were dropped because the list was full.
    package internal(set) var droppedReigns = 0
    package internal(set) var firstAdvert: CaptureInstant
    /// Whether ``Router/everyGap`` is filled.
    let keepsGaps: Bool
    /// Runs of announcements of the virtual addresses, in order of their first one; the oldest are dropped when full.
    package internal(set) var announcements: [AnnouncementRun] = []
    /// Stretches in which no advertisement came and none could have been seen, in order.
    package internal(set) var unobserved: [Silence] = []
    /// Settled stretches in which the mastership of a router is uncertain, in order of their start; the oldest are dropped when full.
    var doubts: [RouterStretch] = []
    /// Settled stretches in which a master was silent for longer than a Backup waits, likewise.
    var unheard: [RouterStretch] = []
    /// Hosts that claimed a virtual address and are none of the routers, by MAC address.
    package internal(set) var conflicts: [MACAddress: AddressConflict] = [:]
    /// The points from which it is observed.
    package internal(set) var vantage: Vantage
    /// Senders that use a router's address and are not known to be the router, at most ``mostStrangers``.
    package internal(set) var strangers: [Stranger] = []
    /// The number of routers that advertise each address.
    var advertisers: [IPAddress: Int32] = [:]
    /// Full tables of this virtual router, with what was left out of each.
    package internal(set) var omissions: [Omission: Occurrences] = [:]
    /// Whether the tracker lists it for ``Tracker/takeNews()``.
    var isListedForNews = false

    init(
        key: VirtualRouterKey,
        firstAdvert: CaptureInstant,
        keepsGaps: Bool = false,
        costs: Costs = .standard,
        from vantage: Vantage = Vantage()
    ) {
        self.vantage = vantage
        self.costs = costs
        self.key = key
        self.firstAdvert = firstAdvert
        self.keepsGaps = keepsGaps
    }

    /// Every virtual address that a speaker advertised, in order of first appearance.
    package var addresses: [IPAddress] {
        var all: [IPAddress] = []
        var seen = Set<IPAddress>()
        for index in routers.indices {
            for address in routers[index].addresses where seen.insert(address).inserted { all.append(address) }
        }
        return all
    }

    /// The longest interval that a speaker advertises: the bound on everything that takes an interval.
    ///
    /// Where some are not in doubt, the others do not count.
    package var advertisementInterval: TimeSpan {
        let known = routers.indices.lazy.filter { !routers[$0].isOnProbation }
        return known.map { routers[$0].advertisementInterval }.max()
            ?? routers.indices.lazy.map { routers[$0].advertisementInterval }.max() ?? .seconds(1)
    }

    // Derived facts about a router, by its position. Code outside this module would copy the lists of a router to ask
    // it.

    /// The latest priority above 0.
    package func priority(of router: Int) -> UInt8 { routers[router].priority }

    package func advertisementInterval(of router: Int) -> TimeSpan { routers[router].advertisementInterval }

    /// The version of its latest advertisement.
    package func version(of router: Int) -> UInt8 { routers[router].version }

    /// Whether the given keys prove that two routers authenticate with different ones.
    package func keysProvablyDiffer(_ a: Int, _ b: Int) -> Bool {
        let (left, right) = (routers[a].belief.advertisement.credential, routers[b].belief.advertisement.credential)
        return left.acceptance(of: right) == .rejects(.key)
    }

    package var virtualMAC: MACAddress { .virtualRouter(key.vrid, key.family) }
}

/// Announcements of an address by one MAC address, with none by another in between: gratuitous ARP or unsolicited
/// Neighbor Advertisements.
package struct AnnouncementRun: Hashable, Sendable {
    package let address: IPAddress
    package let mac: MACAddress
    package internal(set) var occurrences: Occurrences
    /// The pace of this and all earlier runs of the same address and MAC address.
    package internal(set) var pace: AnnouncementPace
}

/// Claims of virtual addresses by a host that is none of their routers.
package struct AddressConflict: Hashable, Sendable {
    package internal(set) var addresses: [IPAddress]
    package internal(set) var occurrences: Occurrences
}
