package import VRRPFindings
package import VRRPTracker
package import VRRPWire

/// Everything a report says, in the shape of `vrrpwatch.report/1`: the one source of all its forms.
///
/// It depends on its arguments alone, so that the same packets always give the same bytes.
package struct ReportDocument: Sendable {
    package struct Capture: Sendable {
        package var index: Int
        package var description: CaptureDescription
        /// `nil` where nothing was read from it.
        package var counts: PacketCounts?

        package init(index: Int, description: CaptureDescription, counts: PacketCounts?) {
            self.index = index
            self.description = description
            self.counts = counts
        }
    }

    package struct Segment: Sendable {
        /// `untagged`, or `eth0/vlan10` where the observation spans several interfaces.
        package var name: String
        /// The interface, where the observation spans several.
        package var interface: String?
        /// Outermost first.
        package var vlans: [UInt16]
        /// As in its name.
        package var tunnel: String?
    }

    /// A group of a protocol that does as VRRP does.
    package struct OtherProtocol: Sendable {
        package var name: String
        package var segment: Segment
        package var group: UInt16
        package var sources: [IPAddress]
        package var start: CaptureInstant
        package var end: CaptureInstant
        package var count: Int
        package var evidence: [FrameReference]
    }

    package struct VirtualRouter: Sendable {
        package var id: String
        package var segment: Segment
        package var family: AddressFamily
        package var vrid: UInt8
        package var versions: [UInt8]
        package var addresses: [IPAddress]
        package var virtualMAC: MACAddress
        package var routers: [Router]
        package var timeline: [Interval]
        package var transitions: [Transition]
        /// What happened besides, in order of time; in pictures only.
        package var marks: [Mark]
    }

    /// Something that a router said, at an instant.
    package struct Mark: Sendable {
        package enum Kind: String, Sendable, CaseIterable {
            case resignation, announcement, authentication, priority
        }

        package enum Statement: Sendable {
            case resigned
            case changedPriority(from: UInt8, to: UInt8)
            /// To what, in words.
            case changedAuthentication(String)
            case announced(IPAddress, by: MACAddress, times: Int)
        }

        package var instant: CaptureInstant
        /// `nil` where it is nobody's that advertises.
        package var router: IPAddress?
        package var statement: Statement
    }

    package struct Router: Sendable {
        package enum Delivery: String, Sendable {
            case multicast, unicast, both
        }

        package var address: IPAddress
        package var macs: [MACAddress]
        package var adverts: Int
        package var firstSeen: CaptureInstant
        package var lastSeen: CaptureInstant
        package var versions: [UInt8]
        package var priorities: [VRRPTracker.Router.PriorityChange]
        package var advertInterval: TimeSpan?
        package var addresses: [IPAddress]
        package var authentication: AuthenticationDetails
        /// What its trailers tell of its clock, by the capture that saw them.
        package var clocks: [SenderClockReport]
        /// A checksum convention's name, or `mixed`.
        package var checksum: String
        package var delivery: Delivery?
        package var masterTime: TimeSpan
        package var jitter: Jitter
        /// How many of its advertisements each capture saw, by the capture's position.
        package var observers: [Int]
        /// The frames in which it first said what it says.
        package var evidence: [FrameReference]
        /// Every gap between its advertisements, where they were kept.
        package var gaps: [VRRPTracker.Router.Gap]
        /// How many of those were too many to keep.
        package var gapsLeftOut: Int
        /// What its configuration calls it, where one was given and it is known to be this router's.
        package var name: String?
    }

    /// How regularly a router advertised; the spans are `nil` without samples.
    package struct Jitter: Sendable {
        package struct Distribution: Sendable {
            package var mean: TimeSpan
            package var standardDeviation: TimeSpan
            package var p50: TimeSpan
            package var p95: TimeSpan
            package var p99: TimeSpan
            package var maximum: TimeSpan
            /// How much longer the longest gap could have been before another router took over.
            package var closestFailoverMargin: TimeSpan
        }

        package var samples: Int
        package var distribution: Distribution?
        package var lateAdverts: Int
        package var missedAdverts: Int
        /// What the samples are held against.
        package var interval: TimeSpan
        /// How long the best other router waits for an advertisement before it takes over: Master_Down_Interval.
        package var patience: TimeSpan
        /// The samples by their deviation from the interval.
        package var deviations: [DeviationRange]
        /// The frames before and after the longest gap that stands out.
        package var longestGap: [FrameReference]

        /// Skew_Time of the best other router.
        package var skew: TimeSpan { patience - interval * 3 }
    }

    /// A stretch of the timeline.
    package struct Interval: Sendable {
        package var start: CaptureInstant
        package var end: CaptureInstant
        package var state: TimelineInterval.State
        package var masters: [IPAddress]
    }

    package struct Transition: Sendable {
        package var instant: CaptureInstant
        package var from: [IPAddress]
        package var to: [IPAddress]
        package var cause: VRRPTracker.Transition.Cause
        package var outage: TimeSpan?
        package var bound: TimeSpan?
        package var announced: Announced?
        package var evidence: [FrameReference]
        /// Why the predecessor's priority dropped, as far as the configuration explains it.
        package var priorityDrop: String?
        /// The names of the routers concerned that are known.
        package var names: [IPAddress: String] = [:]
        /// The new master's latest priority; not part of the report.
        package var successorPriority: UInt8?

        /// In one line.
        package var summary: String { TransitionSummary(self).text }
    }

    /// How a new master announced the virtual addresses.
    package struct Announced: Sendable {
        package var addresses: Int
        package var of: Int
        package var firstAfter: TimeSpan?
        package var frames: Int
    }

    package struct Finding: Sendable {
        package var id: String
        package var severity: Severity
        package var virtualRouter: String?
        package var routers: [IPAddress]
        package var start: CaptureInstant
        package var end: CaptureInstant
        package var ongoing: Bool
        package var count: Int
        package var summary: String
        package var explanation: String
        package var remedy: String
        package var evidence: [FrameReference]
    }

    /// Which virtual routers a report tells of one by one; its findings and sums are those of all.
    package enum Selection: Sendable {
        case all
        /// So many of the first, and so many of the first that have findings above a notice.
        case some(first: Int, accused: Int)
    }

    /// What a report says of the virtual routers that it does not tell of one by one.
    package struct Others: Sendable {
        package var count = 0
        /// How often mastership changed in them.
        package var changes = 0
    }

    package var version: String
    package var captures: [Capture]
    package var virtualRouters: [VirtualRouter]
    package var otherVirtualRouters = Others()
    package var findings: [Finding]
    package var otherProtocols: [OtherProtocol]
    /// From the first to the last instant that was looked at.
    package var start: CaptureInstant?
    package var end: CaptureInstant?
    package var blindSpots: [BlindSpot]
    /// What was dropped because a bound was hit.
    package var leftOut: Int

    /// Draws up the report.
    ///
    /// An observation that nobody else holds is given back piece by piece, so that not both are in memory whole.
    ///
    /// - Parameters:
    ///   - observation: what was learnt from the packets.
    ///   - findings: what is wrong with it, in the order to print; `nil` for all that the catalogue finds.
    ///   - captures: where the packets came from, in the order of their indices.
    ///   - expectation: what the routers' configurations let expect.
    ///   - names: of the segments; by default as the observation asks for.
    ///   - selection: of the virtual routers to tell of one by one.
    ///   - version: of this program.
    package init(
        _ observation: consuming Observation,
        findings: [VRRPFindings.Finding]? = nil,
        captures: [CaptureDescription],
        expecting expectation: Expectation = .none,
        names: ReportNames? = nil,
        selecting selection: Selection = .all,
        version: String
    ) {
        var observation = observation
        let names = names ?? ReportNames(observation, captures: captures)
        self.version = version
        let counts = observation.counts
        self.captures = captures.enumerated().map { index, description in
            Capture(index: index, description: description, counts: index < counts.count ? counts[index] : nil)
        }
        virtualRouters = []
        self.findings = []
        otherProtocols = observation.otherProtocols.map { OtherProtocol($0, names) }
        start = (captures.compactMap(\.firstPacket) + (observation.start.map { [$0] } ?? [])).min()
        end = observation.end
        blindSpots = observation.blindSpots
        leftOut = observation.leftOut

        let rosters = expectation.rosters(in: observation)
        var found = findings ?? Catalogue.findings(about: observation, expecting: expectation, rosters)
        var selector = Selector(selection, found)
        let parts = Parts(
            surroundings: Surroundings(observation.withoutVirtualRouters, expecting: expectation),
            rosters: rosters,
            names: names,
            findsNothing: findings != nil
        )
        let count = observation.virtualRouters.count
        if case .all = selection { virtualRouters.reserveCapacity(count) }
        for start in stride(from: 0, to: count, by: Parts.share * Parts.sharesAtOnce) {
            let end = min(start + Parts.share * Parts.sharesAtOnce, count)
            let shares = stride(from: start, to: end, by: Parts.share).map { first in
                observation.take(first..<min(first + Parts.share, end))
            }
            for part in parts.drawUp(shares, from: start, selector).joined() {
                found += part.findings
                if selector.selects(part.key, part.findings), let virtualRouter = part.virtualRouter {
                    virtualRouters.append(virtualRouter)
                } else {
                    otherVirtualRouters.count += 1
                    otherVirtualRouters.changes += part.changes
                }
            }
        }
        self.findings = (findings ?? Catalogue.sorted(found)).map { Finding($0, names) }
    }

    package func count(of severity: Severity) -> Int {
        findings.count { $0.severity == severity }
    }

    /// The gravest severity among the findings.
    package var worst: Severity? { findings.map(\.severity).max() }
}

/// Picks the virtual routers that a report tells of one by one, in their order.
struct Selector: Sendable {
    /// How many more are wanted because they come first, and because of what was found; `nil` for all.
    private var wanted: (first: Int, accused: Int)?
    private var accused: Set<VirtualRouterKey>

    /// - Parameters:
    ///   - selection: what is wanted.
    ///   - findings: those that are known beforehand.
    init(_ selection: ReportDocument.Selection, _ findings: [Finding]) {
        if case .some(let first, let accused) = selection { wanted = (first, accused) }
        accused = Set(findings.lazy.filter { $0.severity > .notice }.compactMap(\.virtualRouter))
    }

    /// The same when as many more have passed, none of which was accused.
    func ahead(by count: Int) -> Selector {
        var ahead = self
        if let (first, accused) = wanted { ahead.wanted = (max(0, first - count), accused) }
        return ahead
    }

    mutating func selects(_ key: VirtualRouterKey, _ findings: [Finding]) -> Bool {
        guard let (first, ofAccused) = wanted else { return true }
        let isAccused = ofAccused > 0 && (findings.contains { $0.severity > .notice } || accused.contains(key))
        wanted = (max(0, first - 1), ofAccused - (isAccused ? 1 : 0))
        return first > 0 || isAccused
    }
}

/// The names of segments and virtual routers in one report: interfaces are named only where there are several.
package struct ReportNames: Sendable {
    /// By position: what each is called, and what tells it from others that are called alike.
    private var interfaces: [(name: String, label: String)] = []
    private var labels: Set<String> = []
    private let namesInterfaces: Bool

    package init(_ observation: Observation, captures: [CaptureDescription]) {
        let used = Set(observation.virtualRouters.map(\.key.segment.interface))
        namesInterfaces = used.count > 1
        // Captures of one network may name its interfaces differently; the first to name one decides.
        for position in 0..<(captures.map(\.interfaceNames.count).max() ?? 0) {
            append(interface: captures.lazy.compactMap { $0.interfaceNames.dropFirst(position).first ?? nil }.first)
        }
    }

    /// Names that do not change while an observation grows.
    ///
    /// - Parameter namesInterfaces: whether there can be several interfaces, so that their names are told.
    package init(namesInterfaces: Bool) {
        self.namesInterfaces = namesInterfaces
    }

    /// Names the next interface in the order of their positions.
    package mutating func append(interface: String?) {
        let name = interface ?? "interface\(interfaces.count)"
        var label = name
        // As when the captures of two hosts are merged.
        while !labels.insert(label).inserted { label += "[\(interfaces.count)]" }
        interfaces.append((name, label))
    }

    /// What the interface at a position is called, `interface2` without a name, and what tells it from others of that name.
    package func interface(at position: Int) -> (name: String, label: String) {
        if interfaces.indices.contains(position) { return interfaces[position] }
        let unnamed = "interface\(position)"
        return (unnamed, unnamed)
    }

    package func segment(_ segment: VRRPTracker.Segment) -> ReportDocument.Segment {
        let vlans = segment.vlans.identifiers
        let tunnel = segment.tunnel?.description
        guard namesInterfaces else {
            return ReportDocument.Segment(name: segment.name, interface: nil, vlans: vlans, tunnel: tunnel)
        }
        let (interface, label) = interface(at: segment.interface)
        return ReportDocument.Segment(
            name: "\(label)/\(segment.name)",
            interface: interface,
            vlans: vlans,
            tunnel: tunnel
        )
    }

    /// `untagged/ipv4/51`, or `eth0/untagged/ipv4/51` where there are several interfaces.
    package func id(_ key: VirtualRouterKey) -> String { Self.id(key, on: segment(key.segment)) }

    fileprivate static func id(_ key: VirtualRouterKey, on segment: ReportDocument.Segment) -> String {
        segment.name + "/" + key.family.rawValue + "/" + String(key.vrid)
    }
}

extension ReportDocument.OtherProtocol {
    init(_ group: OtherProtocolGroup, _ names: ReportNames) {
        name = group.name.rawValue
        segment = names.segment(group.segment)
        self.group = group.group
        sources = group.sources
        start = group.occurrences.start
        end = group.occurrences.end
        count = group.occurrences.count
        evidence = group.occurrences.references
    }
}

extension ReportDocument.VirtualRouter {
    init(_ subject: Subject, _ names: ReportNames) {
        let (virtualRouter, history) = (subject.virtualRouter, subject.history)
        let key = virtualRouter.key
        segment = names.segment(key.segment)
        id = ReportNames.id(key, on: segment)
        family = key.family
        vrid = key.vrid
        versions = Array(virtualRouter.versions)
        addresses = virtualRouter.addresses
        virtualMAC = .virtualRouter(key.vrid, key.family)
        routers = virtualRouter.routers.indices.map { index in
            ReportDocument.Router(
                index,
                of: virtualRouter,
                masterTime: history.masterTime[index],
                givenKeys: subject.observation.givenKeys,
                subject.roster
            )
        }
        timeline = history.timeline.map { interval in
            ReportDocument.Interval(
                start: interval.start,
                end: interval.end,
                state: interval.state,
                masters: interval.masters.map { virtualRouter.routers[$0].address }
            )
        }
        transitions = history.transitions.map { ReportDocument.Transition($0, of: virtualRouter, subject.roster) }
        marks = ReportDocument.Mark.all(of: virtualRouter, givenKeys: subject.observation.givenKeys)
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
        advertInterval = router.advertisementIntervals.last?.value
        addresses = Array(router.addresses)
        authentication = AuthenticationDetails(of: router, givenKeys: givenKeys)
        clocks =
            router.authenticationTrace?.clocks.sorted { $0.key < $1.key }
            .map { SenderClockReport(capture: $0.key, $0.value) } ?? []
        checksum = Self.checksum(router.checksums)
        delivery = Self.delivery(router.deliveries)
        self.masterTime = masterTime
        observers = Array(router.observers)
        jitter = ReportDocument.Jitter(
            router.cadence,
            // The highest priority that is not the owner's waits for the shortest time.
            patience: virtualRouter.masterDownInterval(afterSilenceOf: index, assuming: 254)
        )
        jitter.longestGap =
            router.gaps.max { $0.end - $0.start < $1.end - $1.start }.map { [$0.startEvidence, $0.endEvidence] } ?? []
        gaps = router.everyGap
        gapsLeftOut = router.gapsLeftOut
        evidence = []
        evidence.reserveCapacity(
            router.priorities.count + router.advertisementIntervals.count + router.authentications.count
                + router.checksums.count + router.deliveries.count
        )
        for change in router.priorities { evidence.append(change.evidence) }
        for change in router.advertisementIntervals { evidence.append(change.evidence) }
        for use in router.authentications { evidence.append(use.evidence) }
        for use in router.checksums { evidence.append(use.evidence) }
        for use in router.deliveries { evidence.append(use.evidence) }
    }

    /// Its address, with its name where that is known.
    package var label: String { name.map { "\($0) (\(address))" } ?? address.description }

    /// One word for all the conventions seen; what could not be checked speaks for none.
    private static func checksum(_ uses: Few<VRRPTracker.Router.ChecksumUse>) -> String {
        // Mostly there is one.
        if uses.count == 1, uses[0].kind != .unknown { return uses[0].kind.rawValue }
        let known = uses.map(\.kind).filter { $0 != .unknown }
        // `valid` is what version 2 and IPv6 have in place of a convention, and goes with any of them.
        let fitting = known.filter { $0 != .invalid && $0 != .valid }
        if fitting.count > 1 { return "mixed" }
        return (fitting.first ?? known.first { $0 == .valid } ?? known.first ?? .valid).rawValue
    }

    private static func delivery(_ uses: Few<VRRPTracker.Router.DeliveryUse>) -> Delivery? {
        switch (uses.contains { $0.isMulticast }, uses.contains { !$0.isMulticast }) {
        case (true, true): .both
        case (true, false): .multicast
        case (false, true): .unicast
        case (false, false): nil
        }
    }
}

extension ReportDocument.Jitter {
    init(_ cadence: Cadence, patience: TimeSpan) {
        samples = cadence.samples
        lateAdverts = cadence.lateAdverts
        missedAdverts = cadence.missedAdverts
        interval = cadence.nominal
        self.patience = patience
        deviations = cadence.distribution
        longestGap = []
        distribution =
            cadence.samples == 0
            ? nil
            : Distribution(
                mean: cadence.mean,
                standardDeviation: cadence.standardDeviation,
                p50: cadence.quantile(0.5),
                p95: cadence.quantile(0.95),
                p99: cadence.quantile(0.99),
                maximum: cadence.maximum,
                closestFailoverMargin: patience - cadence.maximum
            )
    }
}

extension ReportDocument.Transition {
    package init(_ transition: VRRPTracker.Transition, of virtualRouter: VirtualRouter, _ roster: Roster? = nil) {
        let routers = virtualRouter.routers
        names = [:]
        if let roster {
            for position in transition.from + transition.to {
                if let name = roster.name(of: position) { names[routers[position].address] = name }
            }
            priorityDrop = roster.priorityDrop(before: transition, in: virtualRouter)
        }
        instant = transition.instant
        from = transition.from.map { routers[$0].address }
        to = transition.to.map { routers[$0].address }
        cause = transition.cause
        outage = transition.outage
        bound = transition.bound
        let successor = transition.to.first { !transition.from.contains($0) } ?? transition.to.first
        announced = transition.announcements.map { announcements in
            ReportDocument.Announced(
                addresses: announcements.addresses.count,
                of: successor.map { routers[$0].addresses.count } ?? 0,
                firstAfter: announcements.first.map { $0 - transition.instant },
                frames: announcements.frames
            )
        }
        evidence = transition.evidence
        successorPriority = successor.map { routers[$0].priority }
    }
}

extension ReportDocument.Finding {
    package init(_ finding: VRRPFindings.Finding, _ names: ReportNames) {
        id = finding.rule.id
        severity = finding.severity
        virtualRouter = finding.virtualRouter.map(names.id)
        routers = finding.routers
        start = finding.start
        end = finding.end
        ongoing = finding.ongoing
        count = finding.count
        summary = finding.summary
        explanation = finding.explanation
        remedy = finding.remedy
        evidence = finding.evidence
    }
}
