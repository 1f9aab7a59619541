internal import VRRPFacts
internal import VRRPWire

// The facts that an advertisement tells about its sender, apart from mastership.

extension VirtualRouter {
    /// The room that is left for what an advertisement brings.
    struct Room {
        /// Whether there is room for a sender that is not known yet.
        var admitsRouters: Bool
        /// The number of reigns that may be kept.
        var reigns: Int
        /// The number of addresses that may change.
        var addresses: Int
    }

    /// The consequences of an advertisement for those who keep the virtual router.
    struct Outcome {
        var news = News.none
        /// Addresses that none of the speakers advertises any more.
        var lost: [IPAddress] = []
        /// Addresses that none of the speakers advertised before.
        var gained: [IPAddress] = []
        /// The number of addresses of lists that changed, the old ones and the new ones.
        var addressesTaken = 0
    }

    /// Takes an advertisement.
    ///
    /// - Parameters:
    ///   - received: the advertisement.
    ///   - keys: the labels of passwords.
    ///   - blindSpots: the stretches in which nothing could be seen.
    ///   - room: the room that is left.
    /// - Returns: `nil` where there is no room for its sender.
    mutating func receive(
        _ received: borrowing ReceivedAdvertisement,
        _ keys: inout AuthenticationKeys,
        _ blindSpots: [BlindSpot],
        _ room: Room
    ) -> Outcome? {
        if reigns.count >= room.reigns { dropOldestReigns() }
        guard let known = position(of: received.source) ?? position(bySeriesOf: received) else {
            return welcome(received, &keys, blindSpots, room)
        }
        // Another point may see a router's advertisement with another MAC address or TTL.
        if vantage.hasSeveral, let sent = routers[known].sightings.addCopy(of: received, routers[known].belief) {
            let news = routers[known].noteAddressee(of: received)
            routers[known].noteCopy(of: received)
            story.add(observer: received.sighting.observer, of: known, at: sent)
            return Outcome(news: news)
        }
        if routers[known].address == received.source {
            if routers[known].isForeign(received, byOneClock: vantage.hasSeveral) {
                switch admit(received, as: known) {
                case .own: break
                case .new: return hear(received, from: known, isNew: true, &keys, blindSpots, room)
                case .foreign(let news): return Outcome(news: news)
                }
            } else if !strangers.isEmpty {
                let news = contradictStrangers(of: known, at: received.sighting.instant)
                var outcome = hearKnown(received, from: known, &keys, blindSpots, room)
                outcome.news |= news
                return outcome
            }
        }
        return hearKnown(received, from: known, &keys, blindSpots, room)
    }

    /// Takes the first advertisement of a router; `nil` where there is no place for it.
    private mutating func welcome(
        _ received: borrowing ReceivedAdvertisement,
        _ keys: inout AuthenticationKeys,
        _ blindSpots: [BlindSpot],
        _ room: Room
    ) -> Outcome? {
        var position = routers.count
        var lost: [IPAddress] = []
        if room.admitsRouters, routers.count < Tracker.mostRoutersEach {
            // A second router nearly always follows the first.
            if routers.isEmpty { routers.reserveCapacity(2) }
            routers.append(Router(received))
        } else {
            _ = omissions.note(.routers, received.sighting)
            guard let place = place(for: received) else { return nil }
            (position, lost) = place
            routers[position] = Router(received)
        }
        var outcome = hear(received, from: position, isNew: true, &keys, blindSpots, room)
        outcome.lost = lost + outcome.lost
        outcome.news |= routers[position].noteAddressee(of: received)
        return outcome
    }

    /// Takes an advertisement of a router that is known.
    private mutating func hearKnown(
        _ received: borrowing ReceivedAdvertisement,
        from known: Int,
        _ keys: inout AuthenticationKeys,
        _ blindSpots: [BlindSpot],
        _ room: Room
    ) -> Outcome {
        // Before copies are told apart: one advertisement in several captures may differ in its destination alone.
        let addresseeNews = routers[known].noteAddressee(of: received)
        switch routers[known].novelty(of: received, byOneClock: vantage.hasSeveral) {
        case .news:
            var outcome = hear(received, from: known, isNew: false, &keys, blindSpots, room)
            outcome.news |= addresseeNews
            return outcome
        case .copy: return Outcome(news: addresseeNews)
        case .echo(let delay):
            var outcome = Outcome(news: routers[known].noteEcho(received.sighting, after: delay))
            outcome.news |= addresseeNews
            return outcome
        case .repetition:
            var outcome = Outcome(news: routers[known].noteChange(received, &keys))
            outcome.news |= addresseeNews
            outcome.news |= settle(at: received.sighting.instant, blindSpots)
            story.add(
                received.content,
                from: known,
                received.sighting,
                identification: received.identification,
                isRepetition: true
            )
            tellOthers(of: received.content, from: known, received.sighting)
            keepVersion(of: received)
            return outcome
        }
    }

    /// Takes an advertisement that is neither a copy nor for somebody else.
    private mutating func hear(
        _ received: borrowing ReceivedAdvertisement,
        from position: Int,
        isNew: Bool,
        _ keys: inout AuthenticationKeys,
        _ blindSpots: [BlindSpot],
        _ room: Room
    ) -> Outcome {
        var outcome = Outcome(news: settle(at: received.sighting.instant, blindSpots))
        if isNew {
            routers[position].isUncalled = isAnySpeaking(at: received.sighting.instant, besides: position)
            let isCrowded = isCrowded(at: received.sighting.instant, besides: position)
            routers[position].isOnProbation =
                !routers[position].held.isEmpty || isDoubtful(received, of: position) || isCrowded
            if isCrowded { doubtCrowd(at: received.sighting.instant, besides: position) }
        }
        if !isNew { outcome.news |= believeHeard(by: position, at: received.sighting.instant) }
        if routers[position].isOnProbation, !confirms(received, position) {
            hold(received, of: position)
            tellOthers(of: received.content, from: position, received.sighting, isDoubtful: true)
            outcome.news = .some
        } else {
            outcome.news |= claim(
                position,
                received.content,
                received.sighting,
                identification: received.identification,
                isNew: isNew,
                blindSpots
            )
        }
        outcome.news |= routers[position].note(received, isNew: isNew, &keys)
        if routers[position].adverts <= Stranger.cadence, !routers[position].isOnProbation {
            discountOthers(besides: position)
        }
        if routers.count > 1 { outcome.news |= defyNewcomers(position, received) }
        takeAddresses(of: received, from: position, room, &outcome)
        keepVersion(of: received)
        countMissed(at: received.sighting.instant)
        noteSight(of: received, from: position)
        return outcome
    }

    private mutating func keepVersion(of received: borrowing ReceivedAdvertisement) {
        let version = received.content.version
        if versions.last != version, !versions.contains(version) { versions.append(version) }
    }

    /// Takes the addresses that an advertisement names, where they are others than before.
    ///
    /// To find who owns an address costs more than all the rest, so lists that change faster than routers advertise are not
    /// taken, nor those of a router that may be no master. A list for which no frame has paid waits for the next advertisement.
    private mutating func takeAddresses(
        of received: borrowing ReceivedAdvertisement,
        from position: Int,
        _ room: Room,
        _ outcome: inout Outcome
    ) {
        let now = received.sighting.instant
        let isFirst = routers[position].addresses.isEmpty && received.claimedAddressCount <= Self.shortList
        guard received.isWhole, isFirst || !routers[position].isOnProbation,
            now - routers[position].changedAddresses >= ElectionTimes.shortestGap(routers[position].belief.interval),
            !routers[position].hasAddresses(of: received)
        else { return }
        let addresses = received.addresses
        let number = routers[position].addresses.count + addresses.count
        guard number <= room.addresses else {
            // A master whose list is not taken yet is not in steady state.
            routers[position].isFaultless = false
            return
        }
        outcome.news = .some
        outcome.addressesTaken = number
        routers[position].changedAddresses = now
        let before = routers[position].addresses
        changeAddresses(of: position, to: addresses, &outcome)
        routers[position].noteAddresses(before: before, received.sighting)
    }

    /// The number of addresses that are also taken of a router that may be no master.
    private static let shortList = 16

    /// Takes the addresses that a router advertises now, and tells what that changes for all.
    private mutating func changeAddresses(
        of position: Int,
        to addresses: SmallList<IPAddress>,
        _ outcome: inout Outcome
    ) {
        let before = routers[position].addresses
        routers[position].addresses = addresses
        for address in addresses {
            advertisers[address, default: 0] += 1
            if advertisers[address] == 1 { outcome.gained.append(address) }
        }
        outcome.lost += release(before)
    }

    /// Counts that a router no longer advertises addresses, and returns those that nobody advertises any more.
    mutating func release(_ addresses: SmallList<IPAddress>) -> [IPAddress] {
        var lost: [IPAddress] = []
        for address in addresses {
            guard let count = advertisers[address] else { continue }
            advertisers[address] = count > 1 ? count - 1 : nil
            if count == 1 { lost.append(address) }
        }
        return lost
    }

    /// The position of the router that advertises from an address; `nil` for none.
    func position(of address: IPAddress) -> Int? {
        for position in routers.indices where routers[position].address == address { return position }
        return nil
    }

    /// The known router that sent an advertisement from an address that is not its own; `nil` for none.
    ///
    /// A master that loses its address resigns from another one, or from 0.0.0.0. It shows by going on to count where it
    /// was, within the time in which it must send again. The MAC address must be its own too, unless the source is no
    /// address at all: that of the virtual router may already be gone then.
    private func position(bySeriesOf received: borrowing ReceivedAdvertisement) -> Int? {
        guard let identification = received.identification, let mac = received.sourceMAC else { return nil }
        let isNameless = received.source == .unspecifiedIPv4
        for position in routers.indices {
            let isOwnMAC = routers[position].macs.contains(mac)
            guard isOwnMAC || isNameless, let latest = routers[position].belief.identification,
                received.sighting.instant - routers[position].belief.spoke
                    <= ElectionTimes.overdue(routers[position].belief.interval)
            else { continue }
            let step = IdentificationSeries.step(from: latest, to: identification)
            let isSeries = routers[position].identifications.counts && (1...Self.mostLost).contains(step)
            // The virtual MAC address is everybody's, so nothing may be missing in the series.
            if isSeries, !mac.isVirtualRouter || isNameless || step == 1 { return position }
            if isNameless, isOwnMAC, !mac.isVirtualRouter { return position }
        }
        return nil
    }

    /// The most steps between two advertisements of one series, of which those between were lost.
    fileprivate static var mostLost: UInt16 { 3 }
}

extension Router {
    init(_ received: borrowing ReceivedAdvertisement) {
        address = received.source
        style = received.style
        firstSeen = received.sighting.instant
        lastSeen = received.sighting.instant
        belief = Belief(
            identification: received.identification,
            checksum: received.checksum,
            advertisement: received.content,
            spoke: received.sighting.instant,
            evidence: received.sighting.reference
        )
        count(by: received.sighting.observer, isNews: true)
    }

    /// The relation of an advertisement to the router's latest.
    fileprivate enum Novelty {
        case news
        /// One that was seen before, come back after a time.
        case echo(TimeSpan)
        /// The same one seen again.
        case copy
        /// The same one for somebody else, which says nothing about the sender's cadence.
        case repetition
    }

    /// Tells a new advertisement from a copy, and counts it for the capture that saw it.
    fileprivate mutating func novelty(
        of received: borrowing ReceivedAdvertisement,
        byOneClock: Bool
    ) -> Novelty {
        if isCopy(received, byOneClock: byOneClock) {
            copies += 1
            count(by: received.sighting.observer, isNews: false)
            return .copy
        }
        if let delay = echoDelay(of: received) {
            copies += 1
            return received.isInOtherGuise ? .copy : .echo(delay)
        }
        guard isRepetition(received) else {
            count(by: received.sighting.observer, isNews: true)
            return .news
        }
        lastSeen = max(lastSeen, received.sighting.instant)
        if received.content.version == belief.advertisement.version {
            copies += 1
        } else {
            countOtherVersion(received)
        }
        return .repetition
    }

    /// Counts an advertisement of a sender of both versions that follows one of the other version.
    private mutating func countOtherVersion(_ received: borrowing ReceivedAdvertisement) {
        let observer = received.sighting.observer
        adverts += 1
        while observers.count <= observer { observers.append(0) }
        observers[observer] += 1
        guard let identification = received.identification else { return }
        identifications.add(identification)
        recent.add(capture: observer, identification: identification, checksum: received.checksum)
        belief.identification = identification
    }

    @inline(__always)
    func isCopy(_ received: borrowing ReceivedAdvertisement, byOneClock: Bool) -> Bool {
        let distance = received.sighting.instant - belief.spoke
        // A pause longer than the difference between clocks may be a restart, after which identifications come again.
        if !byOneClock, observers.count > 1, distance <= belief.interval * Int64(RecentAdvertisements.kept),
            let identification = received.identification, identifications.counts,
            recent.contains(
                identification: identification,
                checksum: received.checksum,
                besides: received.sighting.observer
            )
        {
            return true
        }
        return distance <= ElectionTimes.copying && distance < belief.interval / 2
            && belief.identification == received.identification && belief.checksum == received.checksum
            && belief.advertisement == received.content
    }

    /// Whether an advertisement repeats the latest one for somebody else: the next of several unicast peers
    /// (keepalived, `vrrp_send_adv` in vrrp.c), or the other version of a sender of both (RFC 9568 section 8.4).
    ///
    /// A sender that numbers anew was given another version by a reload (keepalived 2.0 and later, which speaks before
    /// and after it at once): that is its word from now on.
    @inline(__always)
    private func isRepetition(_ received: borrowing ReceivedAdvertisement) -> Bool {
        let distance = received.sighting.instant - belief.spoke
        // Nearly always this decides it, and nothing needs to be copied.
        guard distance < belief.interval / 2 else { return false }
        let (latest, content) = (belief.advertisement, received.content)
        guard content.priority == latest.priority else { return false }
        if content.version != latest.version { return !numbersAnew(received) }
        let isOne = distance <= ElectionTimes.copying || identifications.mayCount
        return isOne && !content.isMulticast && !latest.isMulticast && content.destination != latest.destination
            && belief.identification == received.identification
            && content.credential == latest.credential && content.interval == latest.interval
    }

    private func numbersAnew(_ received: borrowing ReceivedAdvertisement) -> Bool {
        guard let before = belief.identification, let identification = received.identification else { return false }
        let isNext = IdentificationSeries.step(from: before, to: identification) <= VirtualRouter.mostLost
        return identification < before && !isNext
    }

    /// Counts an advertisement that was seen before, from another point.
    fileprivate mutating func noteCopy(of received: borrowing ReceivedAdvertisement) {
        copies += 1
        let isLatest = belief.identification == received.identification && belief.checksum == received.checksum
        if isLatest {
            count(by: received.sighting.observer, isNews: false)
        } else {
            while observers.count <= received.sighting.observer { observers.append(0) }
            observers[received.sighting.observer] += 1
        }
    }

    /// Counts an advertisement for the capture that saw it, once however often that capture holds it.
    private mutating func count(by observer: Int, isNews: Bool) {
        if isNews { belief.observers = RouterSet() }
        // Beyond what one word holds, each copy counts.
        guard observer >= Tracker.mostRoutersEach || belief.observers.insert(observer) else { return }
        while observers.count <= observer { observers.append(0) }
        observers[observer] += 1
    }

    /// Notes an advertisement, but for its addresses, and makes it the latest.
    fileprivate mutating func note(
        _ received: borrowing ReceivedAdvertisement,
        isNew: Bool,
        _ keys: inout AuthenticationKeys
    ) -> News {
        let (content, sighting) = (received.content, received.sighting)
        adverts += 1
        lastSeen = max(lastSeen, sighting.instant)
        var news = News.none
        if let mac = received.sourceMAC, mac != lastMAC { news |= take(mac) }
        if let identification = received.identification {
            let alternations = identifications.alternations
            identifications.add(identification)
            news |= News(identifications.alternations != alternations && alternations < Self.mostReturnsTold)
            recent.add(capture: sighting.observer, identification: identification, checksum: received.checksum)
        }
        if isNew || belief.advertisement != content {
            let (used, wasSpoken) = (authentications.last, versions.contains(content.version))
            news |= noteChange(received, &keys)
            if !isNew { noteSettings(of: content, after: used, versionWasSpoken: wasSpoken, sighting) }
        }
        if content.hidesItsKey { news |= noteAuthentication(received, isNew: isNew) }
        belief.advertisement = content
        belief.identification = received.identification
        belief.checksum = received.checksum
        belief.spoke = sighting.instant
        belief.evidence = sighting.reference
        isFaultless = received.isWhole
        news |= noteAnomalies(received)
        return news
    }

    /// Whether an advertisement names the addresses of the router's latest one in the same order.
    ///
    /// The function is mutating so that an element of an array answers without being copied.
    fileprivate mutating func hasAddresses(of received: borrowing ReceivedAdvertisement) -> Bool {
        received.hasAddresses(addresses)
    }

    /// The number of changes between two senders behind one address that are news; more of them say the same.
    private static var mostReturnsTold: Int { 8 }

    /// Takes another source MAC address than the latest.
    private mutating func take(_ mac: MACAddress) -> News {
        lastMAC = mac
        if macs.contains(mac) {
            macReturns += 1
        } else if macs.count < Self.mostMACs {
            macs.append(mac)
        }
        return News(macReturns <= Self.mostReturnsTold)
    }

    /// Notes the facts that rarely change.
    fileprivate mutating func noteChange(
        _ received: borrowing ReceivedAdvertisement,
        _ keys: inout AuthenticationKeys
    ) -> News {
        let (advertisement, sighting) = (received.content, received.sighting)
        let evidence = sighting.reference
        if !versions.contains(advertisement.version) { versions.append(advertisement.version) }
        notePriority(advertisement.priority, sighting)
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
        return .some
    }

    private mutating func noteAnomalies(_ received: borrowing ReceivedAdvertisement) -> News {
        let (advertisement, sighting) = (received.content, received.sighting)
        let key = received.key
        var news = News.none
        if advertisement.checksum == .invalid { news |= note(.badChecksum, sighting) }
        if received.claimedAddressCount == 0 { news |= note(.noAddresses, sighting) }
        if advertisement.interval == .zero { news |= note(.noInterval, sighting) }
        // Unicast may be routed, so only multicast must have 255 (RFC 9568 section 5.1.1.3, keepalived unicast_ttl).
        if advertisement.isMulticast, advertisement.ttl != 255 { news |= note(.badTTL, sighting) }
        if let mac = received.sourceMAC, mac.isVirtualRouter, mac != .virtualRouter(key.vrid, key.family) {
            news |= note(.wrongVirtualMAC, sighting)
        }
        // Unicast over IPv6, which only keepalived has, works with any address of the sender.
        if key.family == .ipv6, advertisement.version == 3, advertisement.isMulticast {
            if !received.source.isLinkLocalIPv6 { news |= note(.sourceNotLinkLocal, sighting) }
            if let first = received.firstAddress, !first.isLinkLocalIPv6 {
                news |= note(.firstAddressNotLinkLocal, sighting)
            }
        }
        return news
    }

    /// Notes an anomaly.
    ///
    /// The first of its kind is news.
    mutating func note(_ anomaly: Anomaly, _ sighting: Sighting) -> News {
        isFaultless = false
        guard anomalies[anomaly]?.add(sighting) == nil else { return .none }
        anomalies[anomaly] = Occurrences(sighting)
        return .some
    }
}
