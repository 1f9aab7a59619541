internal import VRRPFindings
internal import VRRPTracker
internal import VRRPWire

extension ReportDocument {
    /// The virtual routers that a report tells of one by one; the findings and the sums of a report are those of all.
    package enum Selection: Sendable {
        case all
        /// The first virtual routers, and the first of those with findings above a notice.
        case some(first: Int, accused: Int)
    }

    /// The sums over the virtual routers that a report does not tell of one by one.
    package struct Others: Sendable {
        package var count = 0
        /// The number of changes of master.
        package var changes = 0
        /// The longest interval that a router advertises, as far as they were drawn up.
        var interval = TimeSpan.zero

        /// Adds a virtual router that was drawn up.
        mutating func add(_ virtualRouter: VirtualRouter) {
            count += 1
            changes += virtualRouter.changes
            interval = max(interval, virtualRouter.interval)
        }
    }
}

/// Picks the virtual routers that a report tells of one by one, in their order.
///
/// A text on 25,000 virtual routers sums up some thousands of them. To draw up the others as well would take a fifth more
/// memory and twice the time.
struct Selector: Sendable {
    /// The numbers of virtual routers still wanted because they come first, and because of findings; `nil` for all.
    private var wanted: (first: Int, accused: Int)?
    private var accused: Set<VirtualRouterKey>

    /// - Parameters:
    ///   - selection: the virtual routers that are wanted.
    ///   - findings: the findings that are known beforehand.
    init(_ selection: ReportDocument.Selection, _ findings: [Finding]) {
        if case .some(let first, let accused) = selection { wanted = (first, accused) }
        accused = Set(findings.lazy.filter { $0.severity > .notice }.compactMap(\.virtualRouter))
    }

    /// This selector after `count` more virtual routers without findings.
    func ahead(by count: Int) -> Selector {
        var ahead = self
        if let (first, accused) = wanted { ahead.wanted = (max(0, first - count), accused) }
        return ahead
    }

    /// Whether the report tells of the next virtual router.
    mutating func selects(_ key: VirtualRouterKey, _ findings: [Finding]) -> Bool {
        guard let (first, ofAccused) = wanted else { return true }
        let isAccused = ofAccused > 0 && (findings.contains { $0.severity > .notice } || accused.contains(key))
        wanted = (max(0, first - 1), ofAccused - (isAccused ? 1 : 0))
        return first > 0 || isAccused
    }
}
