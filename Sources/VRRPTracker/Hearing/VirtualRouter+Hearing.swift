internal import VRRPWire

// What an advertisement tells about its sender, apart from mastership.

/// Addresses that none of the speakers of a virtual router advertises any more, and that none did before.
struct AddressChange {
    var lost: Few<IPAddress> = Few()
    var gained: Few<IPAddress> = Few()
}

extension VirtualRouter {
    /// Handles an advertisement, of at most `mostReigns` reigns keeping those before; `admitsRouters` says whether there is
    /// room for a sender that is not known yet.
    ///
    /// - Returns: how the addresses that it advertises changed; `nil` when no further router can be tracked.
    mutating func hear(
        _ packet: borrowing VRRPPacket,
        _ header: IPHeader,
        from mac: MACAddress?,
        _ sighting: Sighting,
        _ keys: inout AuthenticationKeys,
        blindSpots: [BlindSpot],
        admitsRouters: Bool = true,
        mostReigns: Int = Self.mostReigns
    ) -> AddressChange? {
        if reigns.count >= mostReigns { dropOldestReigns() }
        let advertisement = Advertisement(packet, header, sighting.verification)
        let position: Int
        let isNew: Bool
        if let known = self.position(of: header.source) {
            position = known
            isNew = false
            switch routers[known].receive(advertisement, packet.checksum, header, sighting) {
            case .news: break
            case .copy: return AddressChange()
            case .repetition:
                routers[known].noteChange(advertisement, sighting, &keys)
                passOnNews(of: known)
                settle(at: sighting.instant, blindSpots)
                tellOthers(of: advertisement, from: known, sighting)
                if !versions.contains(packet.version) { versions.append(packet.version) }
                return AddressChange()
            }
        } else {
            guard admitsRouters, routers.count < Tracker.mostRoutersEach else { return nil }
            position = routers.count
            isNew = true
            // Where there is one there is nearly always another, and to make room for it later costs as much again.
            if position == 0 { routers.reserveCapacity(2) }
            routers.append(
                Router(
                    address: header.source,
                    belief: Belief(
                        identification: header.identification,
                        checksum: packet.checksum,
                        advertisement: advertisement,
                        spoke: sighting.instant,
                        evidence: sighting.reference
                    ),
                    firstSeen: sighting.instant
                )
            )
        }
        if isNew { routers[position].noteObserver(sighting.observer, ofNews: true) }
        settle(at: sighting.instant, blindSpots)
        claim(position, advertisement, sighting, identification: header.identification, blindSpots)
        let addressesBefore = routers[position].note(
            packet,
            header,
            advertisement,
            isNew: isNew,
            from: mac,
            vrid: key.vrid,
            sighting,
            &keys
        )
        if versions.last != packet.version, !versions.contains(packet.version) { versions.append(packet.version) }
        passOnNews(of: position)
        return addressesBefore.map { addressChange(of: position, from: $0) } ?? AddressChange()
    }

    /// What it means for all that a router advertised other addresses before.
    private func addressChange(of position: Int, from before: Few<IPAddress>) -> AddressChange {
        var change = AddressChange()
        for address in before where !isAdvertised(address) { change.lost.append(address) }
        for address in routers[position].addresses
        where !before.contains(address) && !isAdvertised(address, besidesBy: position) {
            change.gained.append(address)
        }
        return change
    }

    private func isAdvertised(_ address: IPAddress, besidesBy position: Int? = nil) -> Bool {
        // By position, so that no router is copied for being looked at.
        routers.indices.contains { $0 != position && routers[$0].addresses.contains(address) }
    }

    private mutating func passOnNews(of position: Int) {
        guard routers[position].hasNews else { return }
        routers[position].hasNews = false
        noteNews()
    }

    private func position(of address: IPAddress) -> Int? {
        // By index, so that no router is copied for being looked at.
        for position in routers.indices where routers[position].address == address { return position }
        return nil
    }

    /// Handles the claim of a virtual address by ARP or Neighbor Advertisement.
    mutating func noteClaim(
        _ mac: MACAddress,
        _ address: IPAddress,
        isAnnouncement: Bool,
        _ sighting: Sighting,
        mostAnnouncements: Int = Self.mostAnnouncements
    ) {
        if mac != virtualMAC, !isEntitled(mac, at: sighting.instant) {
            if var conflict = conflicts[mac] {
                conflict.occurrences.add(sighting)
                if !conflict.addresses.contains(address), conflict.addresses.count < Self.mostConflicts {
                    conflict.addresses.append(address)
                }
                conflicts[mac] = conflict
            } else if conflicts.count < Self.mostConflicts {
                noteNews()
                conflicts[mac] = AddressConflict(addresses: [address], occurrences: Occurrences(sighting))
            }
        }
        guard isAnnouncement else { return }
        noteAnnouncement(of: address, by: mac, sighting, most: mostAnnouncements)
        // The virtual MAC is everybody's: the youngest reign is the one that announces.
        guard
            let reign = reigns.lastIndex(where: { reign in
                reign.end == nil && (mac == virtualMAC || routers[reign.router].macs.contains(mac))
            }),
            sighting.instant - reigns[reign].start <= max(.seconds(1), routers[reigns[reign].router].belief.interval)
        else { return }
        if reigns[reign].announcements.add(address, at: sighting.instant) { noteNews() }
    }
}

extension VirtualRouter {
    /// Whether a MAC address may claim the virtual addresses: that of a master, or of one that was not long ago.
    ///
    /// Where nobody else is master the claim harms nobody.
    private func isEntitled(_ mac: MACAddress, at instant: CaptureInstant) -> Bool {
        guard let position = routers.indices.first(where: { routers[$0].macs.contains(mac) }) else { return false }
        if routers[position].belief.reign != nil { return true }
        guard routers.indices.contains(where: { routers[$0].belief.reign != nil }) else { return true }
        guard let last = reigns.last(where: { $0.router == position }), let end = last.end else { return true }
        return instant - end <= max(.seconds(2), routers[position].belief.interval * 4)
    }

    /// Adds to the log of announcements, where those of one address by one MAC address in a row are one entry.
    private mutating func noteAnnouncement(
        of address: IPAddress,
        by mac: MACAddress,
        _ sighting: Sighting,
        most: Int
    ) {
        if let last = announcements.lastIndex(where: { $0.address == address }), announcements[last].mac == mac {
            announcements[last].occurrences.add(sighting)
            return
        }
        if announcements.count >= most { announcements.removeFirst(announcements.count / 2) }
        announcements.append(AnnouncementRun(address: address, mac: mac, occurrences: Occurrences(sighting)))
        noteNews()
    }
}

extension Router {
    init(address: IPAddress, belief: Belief, firstSeen: CaptureInstant) {
        self.address = address
        self.belief = belief
        self.firstSeen = firstSeen
        lastSeen = firstSeen
    }

    /// How close together two equal advertisements are copies of one: a mirror port's two directions, or two captures.
    private static let copyWindow: TimeSpan = .milliseconds(5)

    /// What an advertisement is beside the router's latest.
    fileprivate enum Novelty {
        case news
        /// The same one seen again.
        case copy
        /// The same one for somebody else, which says nothing about the sender's cadence.
        case repetition
    }

    /// Tells news from copies, and counts them and who saw them.
    fileprivate mutating func receive(
        _ advertisement: Advertisement,
        _ checksum: UInt16,
        _ header: IPHeader,
        _ sighting: Sighting
    ) -> Novelty {
        if isCopy(advertisement, checksum, header, sighting) {
            copies += 1
            noteObserver(sighting.observer, ofNews: false)
            return .copy
        }
        guard isRepetition(advertisement, header, sighting) else {
            noteObserver(sighting.observer, ofNews: true)
            return .news
        }
        copies += 1
        lastSeen = max(lastSeen, sighting.instant)
        return .repetition
    }

    private func isCopy(
        _ advertisement: Advertisement,
        _ checksum: UInt16,
        _ header: IPHeader,
        _ sighting: Sighting
    ) -> Bool {
        // A pause longer than clocks differ may be a restart, after which numbers come again.
        if observers.count > 1, sighting.instant - belief.spoke <= belief.interval * Int64(RecentAdvertisements.kept),
            let identification = header.identification, identifications.counts,
            recent.contains(
                identification: identification,
                checksum: checksum,
                besides: sighting.observer
            )
        {
            return true
        }
        let distance = sighting.instant - belief.spoke
        return distance <= Self.copyWindow && distance < belief.interval / 2
            && belief.identification == header.identification && belief.checksum == checksum
            && belief.advertisement == advertisement
    }

    /// Whether an advertisement repeats the latest one for somebody else: the next of several unicast peers
    /// (keepalived, `vrrp_send_adv` in vrrp.c), or the other version of a sender of both (RFC 9568 section 8.4).
    private func isRepetition(_ advertisement: Advertisement, _ header: IPHeader, _ sighting: Sighting) -> Bool {
        let latest = belief.advertisement
        guard sighting.instant - belief.spoke < belief.interval / 2, advertisement.priority == latest.priority else {
            return false
        }
        if advertisement.version != latest.version { return true }
        return sighting.instant - belief.spoke <= Self.copyWindow && !advertisement.isMulticast && !latest.isMulticast
            && advertisement.destination != latest.destination && belief.identification == header.identification
            && advertisement.credential == latest.credential && advertisement.interval == latest.interval
    }

    /// Counts an advertisement for the capture that saw it, once however often that capture holds it.
    fileprivate mutating func noteObserver(_ observer: Int, ofNews isNews: Bool) {
        if isNews { belief.observers = RouterSet() }
        // Beyond what one word holds, each copy counts.
        guard observer >= Tracker.mostRoutersEach || belief.observers.insert(observer) else { return }
        while observers.count <= observer { observers.append(0) }
        observers[observer] += 1
    }

    /// Notes what an advertisement says, and returns the addresses before where they changed.
    fileprivate mutating func note(
        _ packet: borrowing VRRPPacket,
        _ header: IPHeader,
        _ advertisement: Advertisement,
        isNew: Bool,
        from mac: MACAddress?,
        vrid: UInt8,
        _ sighting: Sighting,
        _ keys: inout AuthenticationKeys
    ) -> Few<IPAddress>? {
        adverts += 1
        lastSeen = max(lastSeen, sighting.instant)
        if let mac, mac != lastMAC {
            if macs.contains(mac) {
                macReturns += 1
            } else if macs.count < Self.mostMACs {
                macs.append(mac)
            }
            lastMAC = mac
        }
        if let identification = header.identification {
            identifications.add(identification)
            recent.add(
                capture: sighting.observer,
                identification: identification,
                checksum: packet.checksum
            )
        }
        if isNew || belief.advertisement != advertisement { noteChange(advertisement, sighting, &keys) }
        if advertisement.hidesItsKey { noteAuthentication(packet, header, advertisement, sighting, isNew: isNew) }
        belief.advertisement = advertisement
        belief.identification = header.identification
        belief.checksum = packet.checksum
        belief.spoke = sighting.instant
        belief.evidence = sighting.reference
        isFaultless = packet.stop == nil
        noteAnomalies(packet, header, advertisement, from: mac, vrid: vrid, sighting)
        guard packet.stop == nil, !addressesEqual(packet) else { return nil }
        hasNews = true
        let before = addresses
        addresses = Few()
        for index in 0..<packet.readableAddressCount { addresses.append(packet.address(at: index)) }
        return before
    }

    /// Notes the facts that rarely change.
    fileprivate mutating func noteChange(
        _ advertisement: Advertisement,
        _ sighting: Sighting,
        _ keys: inout AuthenticationKeys
    ) {
        hasNews = true
        let evidence = sighting.reference
        if !versions.contains(advertisement.version) { versions.append(advertisement.version) }
        if priorities.last?.value != advertisement.priority {
            if priorities.count == Self.mostPriorities { priorities.removeFirst() }
            priorities.append(
                PriorityChange(value: advertisement.priority, since: sighting.instant, evidence: evidence)
            )
        }
        if let index = advertisementIntervals.firstIndex(where: { $0.value == advertisement.interval }) {
            if index < advertisementIntervals.count - 1 {
                advertisementIntervals.append(advertisementIntervals.remove(at: index))
            }
        } else {
            if advertisementIntervals.count == Self.mostIntervals { advertisementIntervals.removeFirst() }
            advertisementIntervals.append(IntervalChange(value: advertisement.interval, evidence: evidence))
        }
        let use = AuthenticationUse(
            kind: advertisement.authentication,
            key: advertisement.credential.password.map { keys.key(for: $0) },
            keyID: advertisement.credential.keyID,
            verification: advertisement.credential.verification,
            since: sighting.instant,
            evidence: evidence
        )
        if authentications.last?.isLike(use) != true {
            authentications.removeAll { $0.isLike(use) }
            if authentications.count == Self.mostAuthentications { authentications.removeFirst() }
            authentications.append(use)
        }
        if !checksums.contains(where: { $0.kind == advertisement.checksum }) {
            checksums.append(ChecksumUse(kind: advertisement.checksum, evidence: evidence))
        }
        if !deliveries.contains(where: { $0.isMulticast == advertisement.isMulticast }) {
            deliveries.append(DeliveryUse(isMulticast: advertisement.isMulticast, evidence: evidence))
        }
    }

    private mutating func noteAnomalies(
        _ packet: borrowing VRRPPacket,
        _ header: IPHeader,
        _ advertisement: Advertisement,
        from mac: MACAddress?,
        vrid: UInt8,
        _ sighting: Sighting
    ) {
        if advertisement.checksum == .invalid { note(.badChecksum, sighting) }
        if packet.addressCount == 0 { note(.noAddresses, sighting) }
        if advertisement.interval == .zero { note(.noInterval, sighting) }
        // Unicast may be routed, so only multicast must have 255 (RFC 9568 section 5.1.1.3, keepalived unicast_ttl).
        if advertisement.isMulticast, header.ttl != 255 { note(.badTTL, sighting) }
        if let mac, mac.isVirtualRouter, mac != .virtualRouter(vrid, packet.family) { note(.wrongVirtualMAC, sighting) }
        if packet.family == .ipv6, packet.version == 3 {
            if !header.source.isLinkLocalIPv6 { note(.sourceNotLinkLocal, sighting) }
            if packet.readableAddressCount > 0, !packet.address(at: 0).isLinkLocalIPv6 {
                note(.firstAddressNotLinkLocal, sighting)
            }
        }
    }

    mutating func note(_ anomaly: Anomaly, _ sighting: Sighting) {
        isFaultless = false
        guard anomalies[anomaly]?.add(sighting) == nil else { return }
        anomalies[anomaly] = Occurrences(sighting)
        hasNews = true
    }

    private func addressesEqual(_ packet: borrowing VRRPPacket) -> Bool {
        guard packet.readableAddressCount == addresses.count else { return false }
        for index in 0..<addresses.count where packet.address(at: index) != addresses[index] { return false }
        return true
    }
}

extension Announcements {
    /// Counts an announcement and tells whether it is the first of its address.
    fileprivate mutating func add(_ address: IPAddress, at instant: CaptureInstant) -> Bool {
        if first == nil { first = instant }
        frames += 1
        guard !addresses.contains(address), addresses.count < 255 else { return false }
        addresses.append(address)
        return true
    }
}
