internal import VRRPFacts
internal import VRRPWire

// Who keeps a place where there is none left: what matters least goes first.

extension VirtualRouter {
    /// Gives a newcomer the place of the router that matters least; `nil` where each of them matters.
    ///
    /// - Returns: the place, which is empty but for its number, and the addresses that nobody advertises any more.
    mutating func place(for received: borrowing ReceivedAdvertisement) -> (position: Int, lost: [IPAddress])? {
        let now = received.sighting.instant
        guard received.content.priority > 0, !isOfCrowd(received.sourceMAC) else { return nil }
        var candidates: [Int] = []
        if routers.indices.contains(where: { routers[$0].adverts < Stranger.cadence }) {
            let pace = pace
            candidates = routers.indices.filter { routers[$0].isDispensable(at: now, pace) }
        }
        // Who announced the addresses took over as a master does, and a crowd of which none went on does not keep it out.
        if candidates.isEmpty,
            hasAnnounced(received.sourceMAC, since: now - ElectionTimes.longestPatience(received.content.cadence))
        {
            candidates = routers.indices.filter { routers[$0].isOnProbation }
        }
        // A host that is a whole crowd keeps nobody else out, however steadily it speaks.
        if candidates.isEmpty { candidates = routers.indices.filter { isOfCrowd(routers[$0].macs.first) } }
        guard !candidates.isEmpty else { return nil }
        let least = candidates.filter { !followed.contains($0) }.min { routers[$0].matters < routers[$1].matters }
        guard let least, !reigning.contains(least) || story.pays(forReigns: reigns.count) else { return nil }
        return (least, vacate(least))
    }

    /// The interval by which unknown routers are measured: the shortest of those that keep a cadence, or a second.
    private var pace: TimeSpan {
        routers.indices.lazy.filter { self.routers[$0].adverts >= Stranger.cadence }
            .map { self.routers[$0].belief.interval }.min() ?? .seconds(1)
    }

    /// Forgets a router, whose place another one takes, and returns the addresses that nobody advertises any more.
    private mutating func vacate(_ position: Int) -> [IPAddress] {
        let addresses = routers[position].addresses
        routers[position].addresses = SmallList()
        let lost = release(addresses)
        strangers.removeAll { $0.router == position }
        forgetStory(of: position)
        return lost
    }

    /// Forgets what was told of a router, whose place another sender takes.
    mutating func forgetStory(of position: Int) {
        doubts.removeAll { $0.router == position }
        unheard.removeAll { $0.router == position }
        story.forget(router: position)
        // Most who lose their place were never master.
        guard reigning.contains(position) else { return }
        reigning.remove(position)
        reigns.removeAll { $0.router == position }
        story.findOpenReigns(in: reigns)
    }
}

extension Router {
    /// Whether it may lose its place: it only ever resigned, or was heard so seldom that it keeps no cadence, and is silent.
    fileprivate func isDispensable(at now: CaptureInstant, _ pace: TimeSpan) -> Bool {
        guard adverts < Stranger.cadence else { return false }
        return priority == 0 || now - lastSeen > ElectionTimes.overdue(pace)
    }

    /// The measure by which routers keep their places: whoever only resigned matters least, then whoever was heard least, then whoever is silent for longest.
    fileprivate var matters: (Int, Int, CaptureInstant) { (priority == 0 ? 0 : 1, adverts, lastSeen) }
}
