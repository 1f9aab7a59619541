internal import Dispatch
internal import Synchronization
internal import VRRPFindings
internal import VRRPIncidents
internal import VRRPTracker

/// Draws up the part of a report about each virtual router, on all processors where there are many.
///
/// No part depends on another.
struct Parts: Sendable {
    let surroundings: Surroundings
    let rosters: [Roster]
    let names: ReportNames
    /// Whether the findings are given, so that none are looked for.
    let findsNothing: Bool

    /// The number of virtual routers that one processor takes at a time.
    static let share = 16
    /// The number of shares that are taken out of the observation together; all are done before the next are taken, and what is
    /// drawn up of them is in memory at once.
    static let sharesAtOnce = 8

    /// The part about one virtual router.
    struct Part: Sendable {
        var key: VirtualRouterKey
        var findings: [Finding]
        /// The course; `nil` where nothing happened and nothing was found.
        var course: Course?
        /// The number of changes of master.
        var changes: Int
        /// The virtual router as the report tells of it; `nil` where the report does not.
        var virtualRouter: ReportDocument.VirtualRouter?
        /// The ways of its advertisements, where there are several points.
        var paths: [ReportDocument.Path]
    }

    /// Draws up the parts about virtual routers.
    ///
    /// - Parameters:
    ///   - shares: virtual routers that were taken out of the observation, ``share`` of them in each but the last.
    ///   - start: the position of the first virtual router.
    ///   - selector: the selection, as far as it is known before.
    /// - Returns: the parts in the order of the virtual routers.
    func drawUp(_ shares: consuming [[VirtualRouter]], from start: Int, _ selector: Selector) -> [[Part]] {
        let count = shares.count
        let waiting = Mutex(consume shares)
        let drawn = Mutex([[Part]](repeating: [], count: count))
        @Sendable func draw(_ number: Int) {
            var share: [VirtualRouter] = []
            waiting.withLock { swap(&share, &$0[number]) }
            // Findings in earlier shares are not known here: this selects too many rather than too few.
            var selector = selector.ahead(by: number * Self.share)
            let first = start + number * Self.share
            let parts = share.indices.map { part(share[$0], at: first + $0, &selector) }
            drawn.withLock { $0[number] = parts }
        }
        DispatchQueue.concurrentPerform(iterations: count, execute: draw)
        return drawn.withLock { $0 }
    }

    private func part(_ virtualRouter: consuming VirtualRouter, at position: Int, _ selector: inout Selector) -> Part {
        let key = virtualRouter.key
        // The history is told once, for the findings and for the report.
        let subject = Subject(virtualRouter, in: surroundings, rosters.roster(of: position))
        let findings = findsNothing ? [] : Catalogue.findings(in: subject)
        let transitions = subject.history.transitions
        let isQuiet = transitions.count < 2 && findings.isEmpty && !findsNothing
        return Part(
            key: key,
            findings: findings,
            course: isQuiet ? nil : Course(of: subject),
            changes: transitions.indices.count { transitions[$0].cause != .initial },
            virtualRouter: selector.selects(key, findings)
                ? ReportDocument.VirtualRouter(subject, names) : nil,
            paths: ReportDocument.Path.paths(in: subject.virtualRouter, names)
        )
    }
}
