internal import VRRPFacts
internal import VRRPWire

// Who claims the virtual addresses by ARP or Neighbor Advertisement: judged when the story tells who was master then.

extension StoryLog {
    /// A claim of a virtual address.
    struct Claim: Sendable {
        var mac: MACAddress
        var address: IPAddress
        var sighting: Sighting
    }

    static let mostClaims = 512

    /// Whether an entry is a router's second one of its cadence in a row, and nobody else spoke in between.
    fileprivate func isPlain(at index: Int, of router: Int, _ interval: TimeSpan) -> Bool {
        func isOwn(_ index: Int) -> Bool {
            Int(entries[index].router) == router && !entries[index].isRepetition && entries[index].priority > 0
        }
        return isOwn(index) && isOwn(index - 1)
            && entries[index].instant - entries[index - 1].instant >= ElectionTimes.shortestGap(interval)
    }
}

extension VirtualRouter {
    /// Notes the claim of a virtual address by ARP or Neighbor Advertisement.
    ///
    /// - Parameters:
    ///   - claim: the claim.
    ///   - sighting: where and when it was seen.
    ///   - owners: the number of virtual routers that are told of it.
    ///   - mostAnnouncements: the most runs of announcements that are kept.
    /// - Returns: whether it is news.
    mutating func note(
        _ claim: AddressClaim,
        _ sighting: Sighting,
        toldTo owners: Int,
        mostAnnouncements: Int
    ) -> News {
        noteSignOfLife(of: claim.mac, at: sighting.instant)
        story.pay(sharedBy: owners)
        let entry = StoryLog.Claim(mac: claim.mac, address: claim.address, sighting: sighting)
        var news = News.none
        if claim.mac != virtualMAC {
            if story.unjudged.count < StoryLog.mostClaims {
                // When it is judged must be known to whoever waits.
                news |= News(story.unjudged.isEmpty)
                story.unjudged.append(entry)
            } else {
                news |= omissions.note(.claims, sighting)
            }
        }
        guard claim.isAnnouncement else { return news }
        noteAnnouncement(claim, sighting, comparing: Self.mostAnnouncementsCompared / owners, most: mostAnnouncements)
        if claim.mac != virtualMAC { news |= believe(announcing: claim.mac, at: sighting.instant) }
        if story.announcements.count >= StoryLog.mostClaims {
            story.announcements.removeFirst(StoryLog.mostClaims / 2)
        }
        story.announcements.append(entry)
        return .some
    }

    /// Notes that a router is alive which claims an address; the virtual MAC is everybody's and tells of nobody.
    private mutating func noteSignOfLife(of mac: MACAddress, at instant: CaptureInstant) {
        guard mac != virtualMAC else { return }
        for position in routers.indices where routers[position].macs.contains(mac) {
            routers[position].belief.claimed = instant
        }
    }

    /// Judges claims of addresses that were made long enough ago for a takeover to have shown.
    mutating func judgeClaims(at now: CaptureInstant, isLast: Bool, _ blindSpots: [BlindSpot]) -> News {
        guard let judgement, isLast || now > judgement else { return .none }
        let wait = judgementDelay
        var due = story.unjudged.count
        if !isLast { due = story.unjudged.partitioningIndex { now - $0.sighting.instant <= wait } }
        let claims = story.unjudged[..<due]
        story.unjudged.removeFirst(due)
        var news = News.none
        var told: [Reign]?
        for (number, claim) in zip(claims.indices, claims) {
            guard let position = position(of: claim.mac) else {
                news |= noteConflict(claim)
                continue
            }
            // The story need not be told for a master in the midst of its reign, who answers all day.
            if isPlainMaster(position, around: claim) { continue }
            if told == nil, !isLast, postponesJudgement(at: now) {
                story.unjudged.insert(contentsOf: claims[number...], at: 0)
                return news
            }
            let reigns = told ?? reigns(until: now, blindSpots)
            told = reigns
            if !isEntitled(position, claim, reigns) { news |= noteConflict(claim) }
        }
        return news
    }

    private func reigns(until now: CaptureInstant, _ blindSpots: [BlindSpot]) -> [Reign] {
        var reigns = self.reigns
        Story(of: self, until: now, blindSpots).add(to: &reigns)
        return reigns
    }

    private func position(of mac: MACAddress) -> Int? {
        for position in routers.indices where routers[position].macs.contains(mac) { return position }
        return nil
    }

    /// Whether a router claims an address close to an advert with which it is master in every story: the second of two of
    /// its cadence between which nobody else spoke.
    private func isPlainMaster(_ position: Int, around claim: StoryLog.Claim) -> Bool {
        let interval = routers[position].belief.interval
        let earliest = claim.sighting.instant - ElectionTimes.leavingAddresses(interval)
        let latest = claim.sighting.instant + ElectionTimes.announcementBefore(interval)
        var index = story.entries.count - 1
        while index > 0, story.entries[index].instant >= earliest {
            if story.entries[index].instant <= latest, story.isPlain(at: index, of: position, interval) { return true }
            index -= 1
        }
        return false
    }

    /// Whether a MAC address may claim the virtual addresses: that of a master, or of one that was or becomes one.
    ///
    /// Where nobody else is master the claim harms nobody.
    private func isEntitled(_ position: Int, _ claim: StoryLog.Claim, _ reigns: [Reign]) -> Bool {
        let instant = claim.sighting.instant
        let interval = routers[position].belief.interval
        let (before, after) = (ElectionTimes.leavingAddresses(interval), ElectionTimes.announcementBefore(interval))
        // A claim that crossed with a better one was a reign of no length.
        let crossing = ElectionTimes.crossing(interval)
        let isClaiming = story.entries.contains { entry in
            Int(entry.router) == position && entry.priority > 0 && (entry.instant - instant).magnitude <= crossing
        }
        if isClaiming { return true }
        var isAnyMaster = false
        var hasReigned = false
        for index in reigns.indices {
            let (start, end) = (reigns[index].start, reigns[index].end ?? .distantFuture)
            if reigns[index].router == position {
                if start - after <= instant, end + before >= instant { return true }
                if start <= instant { hasReigned = true }
            } else if start <= instant, end > instant {
                isAnyMaster = true
            }
        }
        return !isAnyMaster || !hasReigned
    }

    /// Notes the claim of a host that is none of the masters.
    private mutating func noteConflict(_ claim: StoryLog.Claim) -> News {
        guard var conflict = conflicts[claim.mac] else {
            if conflicts.count >= Self.mostConflicts {
                _ = omissions.note(.claimants, claim.sighting)
                guard let least = leastClaimant else { return .none }
                conflicts[least] = nil
            }
            conflicts[claim.mac] = AddressConflict(addresses: [claim.address], occurrences: Occurrences(claim.sighting))
            return .some
        }
        conflict.occurrences.add(claim.sighting)
        if !conflict.addresses.contains(claim.address), conflict.addresses.count < Self.mostConflicts {
            conflict.addresses.append(claim.address)
        }
        conflicts[claim.mac] = conflict
        return .none
    }

    /// The host in conflict that matters least: of those that claimed once, the one that is silent for longest.
    private var leastClaimant: MACAddress? {
        conflicts.lazy.filter { $0.value.occurrences.count == 1 }
            .min { ($0.value.occurrences.end, $0.key) < ($1.value.occurrences.end, $1.key) }?.key
    }

    /// Adds announcements to the reigns that they belong to, and returns which of them do.
    ///
    /// The virtual MAC is everybody's: the reign that began last announces, or else the next one.
    func attachAnnouncements(to reigns: inout [Reign]) -> [Int] {
        var attached: [Int] = []
        for (number, claim) in story.announcements.enumerated() {
            let instant = claim.sighting.instant
            var found: Int?
            for index in reigns.indices.reversed() {
                let (router, start) = (reigns[index].router, reigns[index].start)
                let interval = reigns[index].cadence
                if start + interval * 64 < instant { break }
                guard claim.mac == virtualMAC || routers[router].macs.contains(claim.mac),
                    instant - start <= ElectionTimes.announcementAfter(interval),
                    start - instant <= ElectionTimes.announcementBefore(interval)
                else { continue }
                found = index
                if start <= instant { break }
            }
            guard let found else { continue }
            reigns[found].announcements.add(claim.address, at: instant)
            attached.append(number)
        }
        return attached
    }

    /// Adds announcements up to an instant to settled reigns, and forgets them.
    mutating func settleClaims(upTo cut: CaptureInstant) {
        guard !story.announcements.isEmpty else { return }
        var reigns: [Reign] = []
        swap(&reigns, &self.reigns)
        let attached = Set(attachAnnouncements(to: &reigns))
        swap(&reigns, &self.reigns)
        let early = cut - ElectionTimes.announcementBefore(advertisementInterval)
        story.announcements = story.announcements.enumerated()
            .filter { !attached.contains($0.offset) && $0.element.sighting.instant > early }.map(\.element)
    }

    /// The number of the latest runs of announcements among which those of an address are looked for, by all virtual routers
    /// together that own the address.
    private static let mostAnnouncementsCompared = 512

    /// Adds to the log of announcements, where those of one address by one MAC address in a row are one entry.
    private mutating func noteAnnouncement(
        _ claim: AddressClaim,
        _ sighting: Sighting,
        comparing number: Int,
        most: Int
    ) {
        // The runs are not copied only to be looked at.
        var isLatest = true
        var pace: AnnouncementPace?
        for index in announcements.indices.reversed().prefix(number)
        where announcements[index].address == claim.address {
            if announcements[index].mac == claim.mac {
                guard !isLatest else {
                    announcements[index].occurrences.add(sighting)
                    _ = announcements[index].pace.add(sighting)
                    return
                }
                // Where two MAC addresses take turns, the pace of each goes on from run to run.
                pace = announcements[index].pace
                break
            }
            isLatest = false
        }
        var latest = pace ?? AnnouncementPace(sighting)
        _ = latest.add(sighting)
        if announcements.count >= most { announcements.removeFirst(announcements.count / 2) }
        announcements.append(
            AnnouncementRun(address: claim.address, mac: claim.mac, occurrences: Occurrences(sighting), pace: latest)
        )
    }
}

/// The claim of an address by ARP or Neighbor Advertisement.
struct AddressClaim: Hashable, Sendable {
    var mac: MACAddress
    var address: IPAddress
    /// Whether it is gratuitous or unsolicited, and so tells everybody; otherwise it answers somebody.
    var isAnnouncement: Bool
    /// Whether others may claim the address as well: an anycast address, whose Neighbor Advertisements do not override (RFC
    /// 4861 section 7.2.7).
    var maybeShared = false

    /// Whether two that claim so are in conflict: a probe claims nothing (RFC 5227 section 2.1.1), nor does a MAC address
    /// that is none.
    var mayConflict: Bool { !maybeShared && address != .unspecifiedIPv4 && mac.isOfHost }

    init(_ mac: MACAddress, _ address: IPAddress, isAnnouncement: Bool) {
        self.mac = mac
        self.address = address
        self.isAnnouncement = isAnnouncement
    }
}

extension Announcements {
    /// Counts an announcement.
    fileprivate mutating func add(_ address: IPAddress, at instant: CaptureInstant) {
        first = min(first ?? instant, instant)
        frames += 1
        if !addresses.contains(address), addresses.count < 255 { addresses.append(address) }
    }
}
