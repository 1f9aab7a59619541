package import VRRPWire

/// Reconstructs, for every virtual router, who was master when and why that changed, from frames and time alone.
///
/// Sans-IO: no clock, no files, no judgement. Time arrives with each input; the same inputs always give the same
/// observation.
package struct Tracker: Sendable {
    package static let mostRoutersEach = 64

    package private(set) var observation: Observation
    private var directory = Directory()
    private var keys = AuthenticationKeys()
    private var steadyMasters = SteadyMasters()
    /// What is added to a capture's clock so that time never runs backward here.
    package private(set) var clockCorrection: TimeSpan = .zero
    /// Positions of virtual routers with news.
    private var withNews: [Int] = []

    /// Whether every gap between advertisements is kept, for whoever wants to look at each of them.
    private let keepsGaps: Bool
    private let limits: TrackerLimits
    /// Of all virtual routers.
    private var routerCount = 0

    /// - Parameters:
    ///   - keepingGaps: whether ``Router/everyGap`` is filled.
    ///   - limits: how much is kept.
    ///   - givenKeys: the labels of the keys that ``Sighting/verification`` speaks of.
    package init(keepingGaps: Bool = false, limits: TrackerLimits = .capture, givenKeys: [String] = []) {
        keepsGaps = keepingGaps
        self.limits = limits
        observation = Observation(givenKeys: givenKeys)
    }

    // MARK: Inputs

    /// Handles a frame as it was captured, and returns whether it was relevant.
    ///
    /// What ``handle(_:_:)`` does with the decoded frame, but sooner where a master only repeats itself; what
    /// ``observation`` says of such a master is brought up to date by ``advance(to:)`` and ``finish(at:)``.
    package mutating func hear(_ bytes: Span<UInt8>, linkType: LinkType, _ sighting: Sighting) -> Bool {
        if linkType == .ethernet, let now = observation.end {
            let instant = sighting.instant + clockCorrection
            // Out of order by as little as this, it counts as of now.
            if now - instant <= Self.reordering, steadyMasters.hear(bytes, sighting, at: max(instant, now)) {
                observation.end = max(instant, now)
                return true
            }
        }
        let frame = DecodedFrame(bytes, linkType: linkType)
        let position = note(frame, sighting)
        if linkType == .ethernet, let position { expectRepetition(of: position, frame, bytes, sighting) }
        return frame.isRelevant
    }

    /// Handles a frame; those that are not relevant change nothing, and their time does not count either.
    package mutating func handle(_ frame: borrowing DecodedFrame, _ sighting: Sighting) {
        _ = note(frame, sighting)
    }

    /// Handles a frame, and returns the position of the virtual router that it advertises, if it does.
    private mutating func note(_ frame: borrowing DecodedFrame, _ sighting: Sighting) -> Int? {
        guard frame.isRelevant else { return nil }
        var sighting = sighting
        sighting.instant = corrected(sighting.instant)
        pass(to: sighting.instant)
        while observation.counts.count <= sighting.reference.capture { observation.counts.append(PacketCounts()) }
        let capture = sighting.reference.capture
        let segment = Segment(of: frame, interface: sighting.interface)
        switch frame.payload {
        case .none:
            if frame.stop?.reason == .tooDeep { observation.leftOut += 1 }
            guard let header = frame.ip, let stop = frame.stop, header.isVRRPOrAH, !stop.blamesCapture else {
                return nil
            }
            observation.counts[capture].malformed += 1
            noteMalformed(stop, nil, header.source, segment, sighting)
        case .vrrp(let packet):
            guard let header = frame.ip else { return nil }
            guard let stop = packet.stop, !stop.blamesCapture else {
                observation.counts[capture].adverts += 1
                return handle(packet, header, from: frame.sourceMAC, on: segment, sighting)
            }
            observation.counts[capture].malformed += 1
            noteMalformed(stop, packet.virtualRouterID, header.source, segment, sighting)
        case .carp(let packet):
            observation.counts[capture].carp += 1
            noteCARP(packet, frame.ip?.source, segment, sighting)
        case .arp(let packet):
            observation.counts[capture].arp += 1
            let isAnnouncement = packet.isGratuitous
            noteClaim(packet.senderMAC, packet.senderIP, isAnnouncement: isAnnouncement, segment, sighting)
        case .neighborAdvertisement(let packet):
            observation.counts[capture].neighborAdvertisements += 1
            guard let mac = packet.linkLayerAddress ?? frame.sourceMAC else { return nil }
            noteClaim(mac, packet.target, isAnnouncement: !packet.isSolicited, segment, sighting)
        case .hsrp(let packet):
            guard packet.operation == .hello, let source = frame.ip?.source else { return nil }
            observation.noteHello(of: .hsrp, group: packet.group, from: source, segment, sighting)
        case .glbp(let packet):
            guard let source = frame.ip?.source else { return nil }
            observation.noteHello(of: .glbp, group: packet.group, from: source, segment, sighting)
        }
        return nil
    }

    /// Notes a stretch of time in which advertisements could not have been seen.
    package mutating func note(_ blindSpot: BlindSpot) {
        resumeAll()
        var blindSpot = blindSpot
        blindSpot.start = blindSpot.start + clockCorrection
        blindSpot.end = blindSpot.end + clockCorrection
        observation.note(blindSpot)
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

    /// The positions of the virtual routers about which there is something new to tell since the last call, each once.
    package mutating func takeNews() -> [Int] {
        for position in withNews { observation.virtualRouters[position].news = .none }
        defer { withNews.removeAll(keepingCapacity: true) }
        return withNews
    }

    /// Ends the observation at an instant, or at the latest it was told of: what is still open is decided by what is known.
    package mutating func finish(at instant: CaptureInstant? = nil) {
        if let instant { pass(to: corrected(instant)) }
        settle()
        observation.isFinished = true
    }

    private mutating func settle() {
        for position in observation.virtualRouters.indices { settle(position) }
    }

    private mutating func settle(_ position: Int) {
        resume(position)
        guard let now = observation.end else { return }
        observation.virtualRouters[position].settle(at: now, observation.blindSpots)
        listNews(of: position)
    }

    private mutating func listNews(of position: Int) {
        guard observation.virtualRouters[position].news == .some else { return }
        observation.virtualRouters[position].news = .listed
        withNews.append(position)
    }

    // MARK: Time

    /// How far a clock may go back before it counts as set back; less is packets out of order.
    private static let reordering: TimeSpan = .seconds(1)

    private mutating func corrected(_ instant: CaptureInstant) -> CaptureInstant {
        let instant = instant + clockCorrection
        guard let now = observation.end, instant < now else { return instant }
        let step = now - instant
        if step > Self.reordering {
            resumeAll()
            clockCorrection = clockCorrection + step
            observation.note(BlindSpot(from: now, to: now, .clockStep))
        }
        return now
    }

    private mutating func pass(to instant: CaptureInstant) {
        if observation.start == nil { observation.start = instant }
        observation.end = max(observation.end ?? instant, instant)
    }

    // MARK: Advertisements

    private mutating func handle(
        _ packet: borrowing VRRPPacket,
        _ header: IPHeader,
        from mac: MACAddress?,
        on segment: Segment,
        _ sighting: Sighting
    ) -> Int? {
        let key = VirtualRouterKey(segment: segment, family: packet.family, vrid: packet.virtualRouterID)
        let position: Int
        if let known = directory.position(of: key) {
            position = known
            resume(position)
        } else if observation.virtualRouters.count < limits.virtualRouters, routerCount < limits.routers {
            position = observation.virtualRouters.count
            directory.add(key, at: position)
            observation.virtualRouters.reserveRoomForOneMore()
            observation.virtualRouters.append(
                VirtualRouter(key: key, firstAdvert: sighting.instant, keepsGaps: keepsGaps)
            )
        } else {
            observation.leftOut += 1
            return nil
        }
        let before = observation.virtualRouters[position].routers.count
        let mostReigns = limits.reignsEach(of: observation.virtualRouters.count)
        let change = observation.virtualRouters[position].hear(
            packet,
            header,
            from: mac,
            sighting,
            &keys,
            blindSpots: observation.blindSpots,
            admitsRouters: routerCount < limits.routers,
            mostReigns: mostReigns
        )
        routerCount += observation.virtualRouters[position].routers.count - before
        listNews(of: position)
        guard let change else {
            observation.leftOut += 1
            return nil
        }
        for address in change.lost { directory.remove(address, on: segment, of: position) }
        // What is gone may have made room.
        for address in change.gained where !directory.add(address, on: segment, of: position, most: limits.addresses) {
            observation.leftOut += 1
        }
        return position
    }

    // MARK: Masters that repeat themselves

    /// Expects the sender of a frame that was handled just now to repeat it, if it is a master in steady state.
    private mutating func expectRepetition(
        of position: Int,
        _ frame: borrowing DecodedFrame,
        _ bytes: Span<UInt8>,
        _ sighting: Sighting
    ) {
        guard let source = frame.ip?.source, let now = observation.end else { return }
        var sighting = sighting
        sighting.instant = now
        let candidate = observation.virtualRouters[position].masterInSteadyState(
            source,
            sighting,
            observation.blindSpots
        )
        guard var master = candidate, let steadyFrame = SteadyFrame(bytes, interface: sighting.interface) else {
            return
        }
        master.frame = steadyFrame
        let before = observation.virtualRouters[position].steadyMaster
        guard let place = steadyMasters.arm(master, bytes, insteadOf: before) else { return }
        observation.virtualRouters[position].steadyMaster = place
        observation.virtualRouters[position].lend(to: &steadyMasters[place])
    }

    /// Takes over what was noted about a virtual router's master, before anything else happens.
    @inline(__always)
    private mutating func resume(_ position: Int) {
        guard let place = observation.virtualRouters[position].steadyMaster,
            let master = steadyMasters.disarm(place)
        else { return }
        observation.counts[Int(master.source.capture)].adverts += master.count
        observation.virtualRouters[position].resume(from: master)
    }

    private mutating func resumeAll() {
        guard steadyMasters.armedCount > 0 else { return }
        for position in observation.virtualRouters.indices { resume(position) }
    }

    // MARK: Everything else

    private mutating func noteClaim(
        _ mac: MACAddress,
        _ address: IPAddress,
        isAnnouncement: Bool,
        _ segment: Segment,
        _ sighting: Sighting
    ) {
        for owner in directory.owners(of: address, on: segment) {
            let position = Int(owner)
            resume(position)
            observation.virtualRouters[position].noteClaim(
                mac,
                address,
                isAnnouncement: isAnnouncement,
                sighting,
                mostAnnouncements: limits.announcementsEach(of: observation.virtualRouters.count)
            )
            listNews(of: position)
        }
    }

    private mutating func noteMalformed(
        _ reason: DecodeError,
        _ vrid: UInt8?,
        _ source: IPAddress,
        _ segment: Segment,
        _ sighting: Sighting
    ) {
        let key = vrid.map { VirtualRouterKey(segment: segment, family: source.family, vrid: $0) }
        observation.noteMalformed(reason, key, source, sighting)
    }

    private mutating func noteCARP(_ packet: CARPPacket, _ source: IPAddress?, _ segment: Segment, _ sighting: Sighting)
    {
        observation.noteCARP(packet, source, segment, sighting)
    }
}

extension IPHeader {
    fileprivate var isVRRPOrAH: Bool { payloadProtocol == .vrrp || payloadProtocol == .ah }
}
