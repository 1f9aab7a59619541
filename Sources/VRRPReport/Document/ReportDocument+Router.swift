internal import VRRPFacts
package import VRRPFindings
package import VRRPTracker
package import VRRPWire

extension ReportDocument {
    /// A point that saw a router, by its first capture.
    package struct Observer: Hashable, Sendable {
        package var capture: Int
        package var adverts: Int
    }

    /// A router that advertised, and the settings that it advertised.
    package struct Router: Sendable {
        package enum Delivery: String, Sendable {
            case multicast, unicast, both
        }

        package var address: IPAddress
        package var macs: [MACAddress]
        /// The number of its advertisements.
        package var adverts: Int
        package var firstSeen: CaptureInstant
        package var lastSeen: CaptureInstant
        package var versions: [UInt8]
        package var priorities: [VRRPTracker.Router.PriorityChange]
        /// The number of priorities before them, which are not kept.
        package var prioritiesLeftOut: Int
        /// The settings that it advertised otherwise than before, in order of time.
        package var changes: [SettingChange] {
            settingChanges.map { SettingChange(change: $0, givenKeys: givenKeys) }
        }
        /// The same as the tracker keeps them, with whom they are shared.
        var settingChanges: [VRRPTracker.SettingChange]
        let givenKeys: [String]
        /// The number of changes before them, which are not kept.
        package var changesLeftOut: Int
        /// The interval that it advertised last.
        package var advertInterval: TimeSpan?
        package var addresses: [IPAddress]
        package var authentication: AuthenticationDetails
        /// Its clock by its trailers, one entry for each capture that saw them.
        package var clocks: [SenderClockReport]
        /// The name of a checksum convention, or `mixed`.
        package var checksum: String
        package var delivery: Delivery?
        package var masterTime: TimeSpan
        package var jitter: Jitter
        /// The number of its advertisements that each point saw, those that saw none left out.
        package var observers: [Observer]
        /// The frames in which it first advertised each of its settings.
        package var evidence: [FrameReference]
        /// All gaps between its advertisements, where they were kept.
        package var gaps: [VRRPTracker.Router.Gap]
        /// The number of gaps that were too many to keep.
        package var gapsLeftOut: Int
        /// The name in its configuration, where one was given and is known to be this router's.
        package var name: String?
    }
}

extension ReportDocument.Router {
    /// The router at a position of a virtual router.
    package init(
        _ index: Int,
        of virtualRouter: VirtualRouter,
        masterTime: TimeSpan,
        givenKeys: [String] = [],
        _ roster: Roster? = nil
    ) {
        let router = virtualRouter.routers[index]
        name = roster?.name(of: index)
        address = router.address
        macs = Array(router.macs)
        adverts = router.adverts
        firstSeen = router.firstSeen
        lastSeen = router.lastSeen
        versions = Array(router.versions)
        priorities = Array(router.priorities)
        prioritiesLeftOut = router.prioritiesLeftOut
        settingChanges = router.changes
        self.givenKeys = givenKeys
        changesLeftOut = router.changesLeftOut
        advertInterval = router.advertisementIntervals.last?.value
        addresses = Array(router.addresses)
        authentication = AuthenticationDetails(of: router, givenKeys: givenKeys)
        clocks =
            router.authenticationTrace?.clocks.sorted { $0.key < $1.key }
            .map { SenderClockReport(capture: virtualRouter.vantage.capture(of: $0.key), $0.value) } ?? []
        checksum = Self.checksum(router.checksums)
        delivery = Self.delivery(router.deliveries)
        self.masterTime = masterTime
        observers = router.observers.enumerated().filter { $0.element > 0 }.map { point, adverts in
            ReportDocument.Observer(capture: virtualRouter.vantage.capture(of: point), adverts: adverts)
        }
        jitter = ReportDocument.Jitter(
            router.cadence,
            // The highest priority that is not the owner's waits for the shortest time.
            patience: virtualRouter.masterDownInterval(afterSilenceOf: index, assuming: 254)
        )
        jitter.longestGap =
            router.gaps.max { $0.end - $0.start < $1.end - $1.start }.map { [$0.startEvidence, $0.endEvidence] } ?? []
        gaps = router.everyGap
        gapsLeftOut = router.gapsLeftOut
        evidence = Self.evidence(of: router)
    }

    /// The address, with the name where that is known.
    package var label: String { name.map { "\($0) (\(address))" } ?? address.description }

    /// Returns the frames in which a router first advertised each of its settings.
    private static func evidence(of router: VRRPTracker.Router) -> [FrameReference] {
        var evidence: [FrameReference] = []
        evidence.reserveCapacity(
            router.priorities.count + router.advertisementIntervals.count + router.authentications.count
                + router.checksums.count + router.deliveries.count
        )
        for change in router.priorities { evidence.append(change.evidence) }
        for change in router.advertisementIntervals { evidence.append(change.evidence) }
        for use in router.authentications { evidence.append(use.evidence) }
        for use in router.checksums { evidence.append(use.evidence) }
        for use in router.deliveries { evidence.append(use.evidence) }
        return evidence
    }

    /// One word for all checksum conventions seen; an advertisement that could not be checked speaks for none.
    private static func checksum(_ uses: SmallList<VRRPTracker.Router.ChecksumUse>) -> String {
        // Mostly there is one.
        if uses.count == 1, uses[0].kind != .unknown { return uses[0].kind.rawValue }
        let known = uses.map(\.kind).filter { $0 != .unknown }
        // `valid` stands for version 2 and IPv6, which have no conventions; it goes with any of them.
        let fitting = known.filter { $0 != .invalid && $0 != .valid }
        if fitting.count > 1 { return "mixed" }
        return (fitting.first ?? known.first { $0 == .valid } ?? known.first ?? .valid).rawValue
    }

    private static func delivery(_ uses: SmallList<VRRPTracker.Router.DeliveryUse>) -> Delivery? {
        switch (uses.contains { $0.isMulticast }, uses.contains { !$0.isMulticast }) {
        case (true, true): .both
        case (true, false): .multicast
        case (false, true): .unicast
        case (false, false): nil
        }
    }
}
