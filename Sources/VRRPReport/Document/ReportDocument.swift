package import VRRPFacts
package import VRRPFindings
internal import VRRPIncidents
package import VRRPTracker
package import VRRPWire

/// The contents of a report, in the shape of `vrrpwatch.report/1`: the one source of all its forms.
///
/// The contents depend on the arguments alone, so that the same packets always give the same bytes.
package struct ReportDocument: Sendable {
    /// The version of this program.
    package var version: String
    /// The captures in the order of their indices.
    package var captures: [Capture]
    /// The virtual routers that the report tells of one by one, in the order of their first advertisements.
    package var virtualRouters: [VirtualRouter]
    package var otherVirtualRouters = Others()
    /// The findings about all virtual routers, the gravest first.
    package var findings: [Finding]
    /// The incidents of all virtual routers, in order of their start.
    package var incidents: [Incident]
    package var otherProtocols: [OtherProtocol]
    /// The points that the captures were made at, in the order of their first captures.
    package var vantagePoints: [VantagePoint]
    /// The ways of advertisements from router to router, virtual router by virtual router.
    package var paths: [Path] = []
    /// The routers' own logs.
    package var testimony = Testimony()
    /// The first instant that was looked at; `nil` where nothing was observed.
    package var start: CaptureInstant?
    /// The last instant that was looked at.
    package var end: CaptureInstant?
    package var blindSpots: [BlindSpot]
    /// Whether virtual routers are on several segments, so that people are told on which one each is.
    package var hasSeveralSegments: Bool
    /// The number of packets that were dropped because a bound was hit.
    package var leftOut: Int
    /// The answer where no advertisement could be read.
    package var silence: NothingToJudge?

    /// Draws up the report.
    ///
    /// An observation that nobody else holds is given back share by share, so that the observation and the report are not
    /// both in memory whole.
    ///
    /// - Parameters:
    ///   - observation: the facts that were learnt from the packets.
    ///   - findings: the findings in the order to print; `nil` for all that the catalogue finds.
    ///   - captures: the sources of the packets, in the order of their indices.
    ///   - expectation: the expectations that the routers' configurations give.
    ///   - logs: what the routers said of themselves.
    ///   - names: the names of the segments; by default the names that the observation asks for.
    ///   - selection: the virtual routers to tell of one by one.
    ///   - version: the version of this program.
    package init(
        _ observation: consuming Observation,
        findings: [VRRPFindings.Finding]? = nil,
        captures: [CaptureDescription],
        expecting expectation: Expectation = .none,
        hearing logs: [GivenLog] = [],
        names: ReportNames? = nil,
        selecting selection: Selection = .all,
        version: String
    ) {
        let observation = observation
        let names = names ?? ReportNames(observation, captures: captures)
        self.init(about: observation, captures: captures, names, version: version)
        var selected: [VirtualRouter] = []
        if case .all = selection { selected.reserveCapacity(observation.virtualRouters.count) }
        drawUp(
            consume observation,
            findings: findings,
            expecting: expectation,
            hearing: logs,
            names,
            selecting: selection
        ) { selected.append($0) }
        virtualRouters = selected
    }

    /// The report up to its virtual routers, findings and incidents, which ``drawUp(_:findings:expecting:hearing:_:selecting:_:)``
    /// adds.
    init(about observation: Observation, captures: [CaptureDescription], _ names: ReportNames, version: String) {
        self.version = version
        let (counts, sidenotes) = (observation.counts, observation.sidenotes)
        let notes = Dictionary(grouping: sidenotes, by: \.capture)
        self.captures = captures.enumerated().map { index, description in
            var description = description
            if let own = notes[index] { description.problems += own.compactMap(\.problem) }
            return Capture(index: index, description: description, counts: index < counts.count ? counts[index] : nil)
        }
        virtualRouters = []
        findings = []
        incidents = []
        vantagePoints = Self.points(observation.vantage, captures: captures.count)
        otherProtocols = observation.otherProtocols.map { OtherProtocol($0, names) }
        start = captures.reduce(observation.start) { start, capture in
            capture.firstPacket.map { min($0, start ?? $0) } ?? start
        }
        end = observation.end
        blindSpots = observation.blindSpots
        leftOut = observation.leftOut
        hasSeveralSegments = names.hasSeveralSegments
        silence = observation.hasAdvertisements ? nil : NothingToJudge(about: observation)
    }

    /// Adds findings, incidents and everything else that is concluded from an observation, and hands on each virtual router that is
    /// selected as soon as it is drawn up.
    mutating func drawUp(
        _ observation: consuming Observation,
        findings: [VRRPFindings.Finding]? = nil,
        expecting expectation: Expectation,
        hearing logs: [GivenLog],
        _ names: ReportNames,
        selecting selection: Selection = .all,
        _ take: (VirtualRouter) throws -> Void
    ) rethrows {
        var observation = observation
        let rosters = expectation.rosters(in: observation)
        let about = findings ?? Catalogue.findings(about: observation, expecting: expectation, rosters)
        var found = FindingTable(about)
        let witnesses = Witnesses(logs, beside: observation, expectation, rosters)
        testimony = Testimony(witnesses, names, from: start, to: end)
        let parts = Parts(
            surroundings: Surroundings(
                observation.withoutVirtualRouters,
                expecting: expectation,
                hearing: witnesses
            ),
            rosters: rosters,
            names: names,
            findsNothing: findings != nil
        )
        let courses = try drawUp(&observation, parts, Selector(selection, about), &found, take)
        let sorted = findings ?? found.takeAll()
        incidents = VRRPIncidents.Incident.all(of: courses, sorted).enumerated().map { index, incident in
            Incident(incident, id: index + 1, names)
        }
        self.findings = sorted.map { Finding($0, names) }
    }

    /// Takes the virtual routers out of the observation, hands on their parts, adds their findings, and returns their courses.
    private mutating func drawUp(
        _ observation: inout Observation,
        _ parts: Parts,
        _ selector: Selector,
        _ found: inout FindingTable,
        _ take: (VirtualRouter) throws -> Void
    ) rethrows -> [Course] {
        var courses: [Course] = []
        var selector = selector
        let count = observation.virtualRouters.count
        for start in stride(from: 0, to: count, by: Parts.share * Parts.sharesAtOnce) {
            let end = min(start + Parts.share * Parts.sharesAtOnce, count)
            let shares = stride(from: start, to: end, by: Parts.share).map { first in
                observation.take(first..<min(first + Parts.share, end))
            }
            for part in parts.drawUp(shares, from: start, selector).joined() {
                found.add(part.findings)
                if let course = part.course { courses.append(course) }
                paths += part.paths
                if selector.selects(part.key, part.findings), let virtualRouter = part.virtualRouter {
                    try take(virtualRouter)
                } else {
                    otherVirtualRouters.count += 1
                    otherVirtualRouters.changes += part.changes
                }
            }
        }
        return courses
    }

    /// The number of findings of a severity.
    package func count(of severity: Severity) -> Int {
        findings.count { $0.severity == severity }
    }

    /// The gravest severity among the findings.
    package var worst: Severity? { findings.map(\.severity).max() }
}
