package import VRRPFindings
package import VRRPTracker
package import VRRPWire

/// Everything a report says, in the shape of `vrrpwatch.report/1`: the one source of all its forms.
///
/// It depends on its arguments alone, so that the same packets always give the same bytes.
package struct ReportDocument: Sendable {
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
