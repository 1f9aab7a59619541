package import VRRPFindings
internal import VRRPTracker
internal import VRRPWire

extension Incident {
    /// Tells the incidents of an observation.
    ///
    /// - Parameters:
    ///   - courses: the courses of the virtual routers, in their order.
    ///   - findings: all findings that may be about them; incidents name findings by their positions here.
    /// - Returns: the incidents in order of their start.
    package static func all(of courses: [Course], _ findings: [Finding]) -> [Incident] {
        let happenings = inOrder(courses.flatMap(\.happenings))
        var incidents = Joining.groups(of: happenings).map { Incident($0) }
        var attachment = FindingAttachment(findings)
        let unclaimed = attachment.attach(to: &incidents)
        let known = Dictionary(courses.map { ($0.virtualRouter, $0) }) { first, _ in first }
        let alone = Joining.groups(of: inOrder(unclaimed.compactMap { Happening(findings[$0], known) }))
        for group in alone {
            var incident = Incident(group)
            attachment.attach(to: &incident)
            incidents.append(incident)
        }
        return incidents.enumerated().sorted {
            ($0.element.start, $0.offset) < ($1.element.start, $1.offset)
        }.map(\.element)
    }

    private static func inOrder(_ happenings: [Happening]) -> [Happening] {
        // Positions are sorted, because a happening is large to be moved about.
        happenings.indices.sorted { (happenings[$0].start, $0) < (happenings[$1].start, $1) }.map { happenings[$0] }
    }

    /// The incident that some happenings with one cause are.
    private init(_ happenings: [Happening]) {
        self.init(
            kind: happenings[0].kind,
            severity: nil,
            start: happenings.map(\.start).min() ?? happenings[0].start,
            end: happenings.map(\.end).max() ?? happenings[0].end,
            isOngoing: happenings.contains(where: \.isOngoing),
            routers: [],
            virtualRouters: happenings.compactMap(\.virtualRouter),
            addresses: [],
            moved: happenings.count(where: \.isMoved),
            worstOutage: happenings.compactMap(\.outage).max(),
            transitions: happenings.flatMap { happening in
                happening.transitions.compactMap { index in
                    happening.virtualRouter.map { TransitionReference(virtualRouter: $0, index: index) }
                }
            },
            findings: [],
            happenings: happenings,
            reason: nil
        )
        var known: Set<IPAddress> = []
        for actor in happenings.flatMap(\.actors) where known.insert(actor.address).inserted {
            routers.append(actor.address)
        }
        known = []
        for address in happenings.flatMap(\.addresses) where known.insert(address).inserted {
            addresses.append(address)
        }
    }
}

extension Happening {
    /// The happening that a finding tells of which no change of master is part; `nil` for findings about what merely is so.
    fileprivate init?(_ finding: Finding, _ courses: [VirtualRouterKey: Course]) {
        let kind: Incident.Kind
        switch finding.rule.id {
        case "near-failover": kind = .stall
        case "vip-conflict", "address-conflict", "duplicate-vrid", "orphaned-garp": kind = .addressConflict
        case "split-brain", "hidden-master": kind = .split
        default: return nil
        }
        let course = finding.virtualRouter.flatMap { courses[$0] }
        self.init(
            kind: kind,
            virtualRouter: finding.virtualRouter,
            addresses: course?.addresses ?? [],
            actors: finding.routers.map { address in
                course?.speakers.first { $0.address == address } ?? Speaker(address: address, macs: [], name: nil)
            },
            successors: [],
            start: finding.start,
            end: finding.end,
            isOngoing: finding.ongoing,
            causedAfter: finding.start,
            causedBefore: finding.start + (course?.interval ?? .seconds(1)),
            interval: course?.interval ?? .seconds(1),
            outage: nil,
            bound: nil,
            isLate: false,
            gravity: .given(finding.severity),
            isMoved: false,
            transitions: 0..<0,
            detail: .found(summary: finding.summary)
        )
    }
}
