package import VRRPFacts
package import VRRPWire

/// Reconstructs the masters of every virtual router and the causes of each change, from decoded frames and time alone.
///
/// Sans-IO: no clock, no files, no judgement. Time arrives with each input; the same inputs always give the same
/// observation. ``Analysis`` stands in front of it.
package struct Tracker: Sendable {
    package static let mostRoutersEach = 64

    package private(set) var observation: Observation
    private var directory = Directory()
    private var keys = AuthenticationKeys()
    /// The time that is added to a capture's clock so that time never runs backward here.
    package private(set) var clockCorrection: TimeSpan = .zero
    /// The latest announcements of any address, which may turn out to be a virtual router's.
    private var earlyClaims: [EarlyClaim] = []
    private static let mostEarlyClaims = 128
    /// The latest claims of addresses that are no virtual router's.
    private var claimed = ClaimedAddresses()
    /// The latest claims, to know them again from another point.
    private var recentClaims = RecentClaims()

    private struct EarlyClaim: Sendable {
        var segment: Segment
        var claim: AddressClaim
        var sighting: Sighting
    }

    /// The points as each segment with virtual routers knows them, where sensors are told apart.
    private var vantages: [Segment: Vantage] = [:]

    /// Positions of virtual routers with news.
    private var withNews: [Int] = []

    /// Whether every gap between advertisements is kept.
    private let keepsGaps: Bool
    private let limits: TrackerLimits
    private let costs: Costs
    /// The number of routers of all virtual routers.
    private var routerCount = 0
    /// The number of virtual routers among which guises may be looked for: what frames paid in and no search spent.
    private var guiseCredit = mostGuiseCredit / 4
    private static let guisesEach = 32
    private static let mostGuiseCredit = 65_536
    /// The number of virtual addresses that may be taken, likewise.
    private var addressCredit = mostAddressCredit / 4
    private static let addressesEach = 24
    private static let mostAddressCredit = 16_384

    /// Begins an observation.
    ///
    /// - Parameters:
    ///   - keepingGaps: whether ``Router/everyGap`` is filled.
    ///   - limits: how much is kept.
    ///   - givenKeys: the labels of the keys that ``Sighting/verification`` speaks of.
    ///   - costs: what stories pay for.
    ///   - vantage: the points from which it is made, where they are known.
    ///   - segments: the segments that sensors see; `nil` where sensors are not told apart.
    package init(
        keepingGaps: Bool = false,
        limits: TrackerLimits = .capture,
        givenKeys: [String] = [],
        costs: Costs = .standard,
        from vantage: Vantage = Vantage(),
        on segments: SegmentMap? = nil
    ) {
        self.costs = costs
        keepsGaps = keepingGaps
        self.limits = limits
        observation = Observation(givenKeys: givenKeys, from: vantage, on: segments)
    }

    // MARK: Inputs

    /// Takes a frame; frames that are not relevant change nothing, and their time does not count either.
    package mutating func take(_ frame: borrowing DecodedFrame, _ sighting: Sighting) {
        guard frame.isRelevant else {
            if let sidenote = frame.sidenote { note(sidenote, sighting) }
            return
        }
        let address = address(of: frame, at: sighting.place)
        _ = take(frame, sighting, at: address)
    }

    /// Counts a frame that is not relevant.
    mutating func note(_ sidenote: Sidenote, _ sighting: Sighting) {
        observation.count(sidenote, sighting)
    }

    /// Takes the place that ``Sighting/place`` of frames to come means; nothing where sensors are not told apart.
    package mutating func take(_ place: SegmentMap.Place, as interface: Int) {
        observation.segments?.add(place, as: interface)
    }

    /// Takes the points as they are known by now: further ones, and further stretches in which they were blind.
    package mutating func take(_ vantage: Vantage) {
        observation.vantage = vantage
        vantages = [:]
        for position in observation.virtualRouters.indices {
            let own = self.vantage(from: observation.virtualRouters[position].key.segment)
            observation.virtualRouters[position].vantage = own
        }
    }

    /// Takes the terms under which packets are captured.
    package mutating func take(_ terms: CaptureTerms) { observation.terms = terms }

    /// Takes a stretch of time in which advertisements could not have been seen.
    package mutating func take(_ blindSpot: BlindSpot) {
        var blindSpot = blindSpot
        blindSpot.start = blindSpot.start + clockCorrection
        blindSpot.end = blindSpot.end + clockCorrection
        observation.add(blindSpot)
    }

    /// Lets time pass without a frame, so that silence shows.
    package mutating func advance(to instant: CaptureInstant) {
        pass(to: corrected(instant))
        settle()
    }

    /// Lets time pass without a frame, and settles what that means for some virtual routers only, by their positions.
    ///
    /// For the others it must mean nothing: see ``VirtualRouter/nextDecision(in:)``.
    package mutating func advance(to instant: CaptureInstant, settling positions: [Int]) {
        pass(to: corrected(instant))
        for position in positions { settle(position) }
    }

    /// Ends the observation at an instant, or at the latest it was told of: all that is still open is decided.
    package mutating func finish(at instant: CaptureInstant? = nil) {
        if let instant { pass(to: corrected(instant)) }
        settle()
        if let now = observation.end {
            for position in observation.virtualRouters.indices {
                let blindSpots = observation.blindSpots
                let news = observation.virtualRouters[position].judgeClaims(at: now, isLast: true, blindSpots)
                list(news, of: position)
            }
        }
        for position in observation.virtualRouters.indices { observation.virtualRouters[position].finishPaths() }
        observation.isFinished = true
    }

    // MARK: News

    /// Returns the positions of the virtual routers with news since the last call, each once.
    package mutating func takeNews() -> [Int] {
        for position in withNews { observation.virtualRouters[position].isListedForNews = false }
        defer { withNews.removeAll(keepingCapacity: true) }
        return withNews
    }

    private mutating func list(_ news: News, of position: Int) {
        guard news == .some, !observation.virtualRouters[position].isListedForNews else { return }
        observation.virtualRouters[position].isListedForNews = true
        withNews.append(position)
    }

    // MARK: Time

    /// The instant that a frame counts for, by the tracker's clock; `nil` where it shows that a clock was set back, or where
    /// there was no frame before it.
    @inline(__always)
    func instant(of sighting: Sighting) -> CaptureInstant? {
        guard let now = observation.end else { return nil }
        let instant = sighting.instant + clockCorrection
        return now - instant <= ElectionTimes.reordering ? max(instant, now) : nil
    }

    /// The latest instant that was looked at, by the clock of the capture; `nil` before the first.
    @inline(__always)
    var latest: CaptureInstant? { observation.end.map { $0 - clockCorrection } }

    /// Whether an advertisement bears the next number of its router's series, though it comes so much later that several were
    /// due: the clock leapt.
    func goesOnCounting(with frame: borrowing DecodedFrame, _ sighting: Sighting, after least: TimeSpan) -> Bool {
        guard case .vrrp(let packet) = frame.payload, let header = frame.ip, let number = header.identification else {
            return false
        }
        let seen = Segment(of: frame, interface: sighting.place)
        guard let segment = observation.segments.map({ $0.knownSegment(seen) }) ?? seen else { return false }
        let key = VirtualRouterKey(packet, on: segment)
        // In another guise of its segment it is known by another key, and no series is compared.
        guard let position = directory.knownPosition(of: key), observation.virtualRouters[position].key == key else {
            return false
        }
        return observation.virtualRouters[position].goesOnCounting(
            header.source,
            with: number,
            at: sighting.instant + clockCorrection
        )
    }

    /// Lets time pass to an instant of the tracker's clock, from ``instant(of:)``.
    @inline(__always)
    mutating func pass(to instant: CaptureInstant) {
        if observation.start == nil { observation.start = instant }
        observation.end = max(observation.end ?? instant, instant)
    }

    private mutating func corrected(_ instant: CaptureInstant) -> CaptureInstant {
        let instant = instant + clockCorrection
        guard let now = observation.end, instant < now else { return instant }
        let step = now - instant
        if step > ElectionTimes.reordering {
            clockCorrection = clockCorrection + step
            observation.add(BlindSpot(from: now, to: now, .clockStep))
        }
        return now
    }

    private mutating func settle() {
        for position in observation.virtualRouters.indices { settle(position) }
    }

    private mutating func settle(_ position: Int) {
        guard let now = observation.end else { return }
        let news = observation.virtualRouters[position].settle(at: now, observation.blindSpots)
        list(news, of: position)
    }
}

// MARK: - Frames

extension Tracker {
    /// The place that a frame speaks of: its segment, and the virtual routers there that it concerns, by position.
    struct Address {
        var segment: Segment
        var virtualRouters = SmallList<Int32>()
    }

    /// Returns the place that a relevant frame speaks of.
    mutating func address(of frame: borrowing DecodedFrame, at place: Int) -> Address {
        let seen = Segment(of: frame, interface: place)
        var address = Address(segment: observation.segments?.segment(seen) ?? seen)
        switch frame.payload {
        case .vrrp(let packet):
            let key = VirtualRouterKey(packet, on: address.segment)
            if let position = directory.position(of: key) { address.virtualRouters.append(Int32(position)) }
        case .arp(let packet): address.virtualRouters = directory.owners(of: packet.senderIP, on: address.segment)
        case .neighborAdvertisement(let packet):
            address.virtualRouters = directory.owners(of: packet.target, on: address.segment)
        case .hsrp(let packet):
            guard let virtual = packet.virtualAddress else { break }
            address.virtualRouters = directory.owners(of: virtual, on: address.segment)
        case .none, .carp, .glbp, .icmpError: break
        }
        return address
    }

    /// Takes a relevant frame, and returns the position of the virtual router that it advertises, if it does.
    mutating func take(_ frame: borrowing DecodedFrame, _ sighting: Sighting, at address: Address) -> Int? {
        var sighting = sighting
        sighting.instant = corrected(sighting.instant)
        pass(to: sighting.instant)
        let capture = sighting.reference.capture
        observation.makeRoomForCounts(of: capture)
        switch frame.payload {
        case .vrrp(let packet): return take(packet, of: frame, sighting, at: address)
        case .arp(let packet):
            observation.counts[capture].arp += 1
            observation.counts[capture].note(claimant: packet.senderMAC)
            let claim = AddressClaim(packet.senderMAC, packet.senderIP, isAnnouncement: packet.isGratuitous)
            take(claim, sighting, at: address)
        case .neighborAdvertisement(let packet):
            observation.counts[capture].neighborAdvertisements += 1
            guard let mac = packet.linkLayerAddress ?? frame.sourceMAC else { return nil }
            observation.counts[capture].note(claimant: mac)
            var claim = AddressClaim(mac, packet.target, isAnnouncement: !packet.isSolicited)
            claim.maybeShared = !packet.isOverride
            take(claim, sighting, at: address)
        case .carp(let packet):
            observation.counts[capture].carp += 1
            observation.countCARP(packet, frame.ip?.source, address.segment, sighting)
        case .hsrp(let packet):
            guard packet.operation == .hello, let source = frame.ip?.source else { return nil }
            take(packet, from: source, frame.sourceMAC, sighting, at: address)
        case .glbp(let packet):
            guard let source = frame.ip?.source else { return nil }
            let speaker = OtherProtocolGroup.Speaker(
                address: source,
                mac: frame.sourceMAC,
                virtualAddress: nil,
                isActive: false
            )
            _ = observation.countHello(of: .glbp, group: packet.group, from: speaker, address.segment, sighting)
        case .icmpError(let error):
            guard let host = frame.ip?.source else { return nil }
            observation.countRefusal(error, by: host, address.segment, sighting)
        case .none:
            if frame.stop?.reason == .tooDeep { observation.leftOut += 1 }
            guard let header = frame.ip, let stop = frame.stop, header.isVRRPOrAH, !stop.blamesCapture else {
                return nil
            }
            observation.countMalformed(stop, nil, header.source, sighting)
        }
        return nil
    }

    /// Counts an advertisement that there is no time to judge.
    mutating func leaveOut(_ sighting: Sighting) {
        var sighting = sighting
        sighting.instant = corrected(sighting.instant)
        pass(to: sighting.instant)
        let capture = sighting.reference.capture
        observation.makeRoomForCounts(of: capture)
        observation.counts[capture].adverts += 1
        observation.leaveOut(.senders, sighting)
    }

    /// Takes an advertisement, and returns the position of its virtual router; `nil` where there is no room for it, or it
    /// cannot be right.
    private mutating func take(
        _ packet: borrowing VRRPPacket,
        of frame: borrowing DecodedFrame,
        _ sighting: Sighting,
        at address: Address
    ) -> Int? {
        guard let header = frame.ip else { return nil }
        let key = VirtualRouterKey(packet, on: address.segment)
        if let stop = packet.stop, !stop.blamesCapture {
            observation.countMalformed(stop, key, header.source, sighting)
            return nil
        }
        observation.counts[sighting.reference.capture].adverts += 1
        let received = ReceivedAdvertisement(packet, header, from: frame.sourceMAC, to: key, sighting)
        guard
            let position = address.virtualRouters.first.map(Int.init) ?? position(inGuise: received)
                ?? add(key, at: sighting.instant)
        else {
            observation.leaveOut(.virtualRouters, sighting)
            return nil
        }
        let own = observation.virtualRouters[position].key
        if own.segment != key.segment { observation.countGuise(key.segment, of: own, sighting) }
        return take(received.told(to: own), at: position) ? position : nil
    }

    /// Finds the virtual router that an advertisement of an unknown one is of, on the same segment in another guise.
    ///
    /// From then on the unknown one is that virtual router. It is compared with no more of them than frames paid for.
    private mutating func position(inGuise received: borrowing ReceivedAdvertisement) -> Int? {
        for position in directory.positions(inGuise: received.key, &guiseCredit)
        where observation.virtualRouters[position].hasJustSent(received) {
            directory.addGuise(received.key, of: position)
            return position
        }
        return nil
    }

    /// Adds a virtual router; `nil` where there is no room for it.
    private mutating func add(_ key: VirtualRouterKey, at instant: CaptureInstant) -> Int? {
        let position = observation.virtualRouters.count
        guard position < limits.virtualRouters, routerCount < limits.routers else { return nil }
        directory.add(key, at: position)
        observation.virtualRouters.reserveRoomForOneMore()
        observation.virtualRouters.append(
            VirtualRouter(
                key: key,
                firstAdvert: instant,
                keepsGaps: keepsGaps,
                costs: costs,
                from: vantage(from: key.segment)
            )
        )
        return position
    }

    /// The points as a segment knows them.
    private mutating func vantage(from segment: Segment) -> Vantage {
        guard observation.vantage.hasSeveral, let segments = observation.segments else { return observation.vantage }
        if let known = vantages[segment] { return known }
        let vantage = segments.vantage(observation.vantage, from: segment)
        vantages[segment] = vantage
        return vantage
    }

    /// Tells a virtual router of an advertisement, and returns whether there was room for its sender.
    private mutating func take(_ received: borrowing ReceivedAdvertisement, at position: Int) -> Bool {
        let before = observation.virtualRouters[position].routers.count
        guiseCredit = min(guiseCredit + Self.guisesEach, Self.mostGuiseCredit)
        addressCredit = min(addressCredit + Self.addressesEach, Self.mostAddressCredit)
        let outcome = observation.virtualRouters[position].receive(
            received,
            &keys,
            observation.blindSpots,
            VirtualRouter.Room(
                admitsRouters: routerCount < limits.routers,
                reigns: limits.reignsEach(of: observation.virtualRouters.count),
                addresses: addressCredit
            )
        )
        addressCredit -= outcome?.addressesTaken ?? 0
        routerCount += observation.virtualRouters[position].routers.count - before
        guard let outcome else {
            observation.leftOut += 1
            list(News(observation.virtualRouters[position].omissions[.routers]?.count == 1), of: position)
            return false
        }
        list(outcome.news, of: position)
        let segment = received.key.segment
        for address in outcome.lost { directory.remove(address, on: segment, of: position) }
        // The addresses that are gone may have made room.
        var gained: [IPAddress] = []
        for address in outcome.gained {
            guard directory.add(address, on: segment, of: position, most: limits.addresses) else {
                observation.leaveOut(.addresses, received.sighting)
                continue
            }
            if !earlyClaims.isEmpty { gained.append(address) }
        }
        if !gained.isEmpty { takeEarlyClaims(of: gained, on: segment, at: position) }
        return true
    }

    /// Hands on announcements of addresses that came before the first advertisement that names them.
    ///
    /// keepalived 2.0 announces some milliseconds before it advertises (`vrrp_state_become_master`).
    private mutating func takeEarlyClaims(of addresses: [IPAddress], on segment: Segment, at position: Int) {
        guard let now = observation.end else { return }
        let earliest =
            now - ElectionTimes.announcementBefore(observation.virtualRouters[position].advertisementInterval)
        let recent = earlyClaims[earlyClaims.partitioningIndex { $0.sighting.instant >= earliest }...]
        guard !recent.isEmpty else { return }
        let room = limits.announcementsEach(of: observation.virtualRouters.count)
        let gained = Set(addresses)
        for early in recent where early.segment == segment && gained.contains(early.claim.address) {
            let news = observation.virtualRouters[position].note(
                early.claim,
                early.sighting,
                toldTo: 1,
                mostAnnouncements: room
            )
            list(news, of: position)
        }
    }

    /// Takes a hello of HSRP, which may hold the address of a virtual router.
    private mutating func take(
        _ packet: HSRPPacket,
        from source: IPAddress,
        _ mac: MACAddress?,
        _ sighting: Sighting,
        at address: Address
    ) {
        let speaker = OtherProtocolGroup.Speaker(
            address: source,
            mac: mac,
            virtualAddress: packet.virtualAddress,
            isActive: packet.isActive
        )
        let news = observation.countHello(of: .hsrp, group: packet.group, from: speaker, address.segment, sighting)
        for owner in address.virtualRouters { list(news, of: Int(owner)) }
    }

    private mutating func take(_ claim: AddressClaim, _ sighting: Sighting, at address: Address) {
        if observation.vantage.hasSeveral, recentClaims.holdsCopy(of: claim, sighting) { return }
        if address.virtualRouters.isEmpty, claim.mayConflict, claimed.take(claim, on: address.segment, sighting) {
            observation.countReturn(of: claim.mac, to: claim.address, address.segment, sighting)
        }
        if claim.isAnnouncement {
            if earlyClaims.count >= Self.mostEarlyClaims { earlyClaims.removeFirst(Self.mostEarlyClaims / 2) }
            earlyClaims.append(EarlyClaim(segment: address.segment, claim: claim, sighting: sighting))
        }
        let room = limits.announcementsEach(of: observation.virtualRouters.count)
        for owner in address.virtualRouters {
            let news = observation.virtualRouters[Int(owner)].note(
                claim,
                sighting,
                toldTo: address.virtualRouters.count,
                mostAnnouncements: room
            )
            list(news, of: Int(owner))
        }
    }
}

// MARK: - Masters that repeat themselves

extension Tracker {
    /// Returns the master that just sent an advertisement, if a repetition would change nothing but times and counts.
    mutating func masterInSteadyState(at position: Int, _ source: IPAddress, _ sighting: Sighting) -> SteadyMaster? {
        guard let now = observation.end else { return nil }
        var sighting = sighting
        sighting.instant = now
        return observation.virtualRouters[position].masterInSteadyState(source, sighting, observation.blindSpots)
    }

    /// Counts an advertisement that a master repeated, for the capture that shows it.
    @inline(__always)
    mutating func countRepetition(of capture: Int) {
        if capture >= observation.counts.count { observation.makeRoomForCounts(of: capture) }
        observation.counts[capture].adverts += 1
    }

    /// Copies the statistics that each advertisement of a master adds to.
    func lend(to master: inout SteadyMaster) {
        observation.virtualRouters[master.virtualRouter].lend(to: &master)
    }

    /// Whether the passing of time to an instant of a capture's clock decides nothing about a virtual router.
    func isSettled(_ position: Int, at instant: CaptureInstant) -> Bool {
        let now = max(instant + clockCorrection, observation.end ?? instant)
        return observation.virtualRouters[position].isSettled(at: now)
    }

    /// Takes advertisements that a master repeated, and the statistics that were lent.
    mutating func take(_ master: SteadyMaster) {
        let news = observation.virtualRouters[master.virtualRouter].receive(master)
        list(news, of: master.virtualRouter)
    }
}

extension IPHeader {
    fileprivate var isVRRPOrAH: Bool { payloadProtocol == .vrrp || payloadProtocol == .ah }
}

extension VirtualRouterKey {
    /// The virtual router that a message is for.
    fileprivate init(_ packet: borrowing VRRPPacket, on segment: Segment) {
        self.init(segment: segment, family: packet.family, vrid: packet.virtualRouterID)
    }
}
