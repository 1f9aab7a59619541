internal import Dispatch
internal import Synchronization
internal import VRRPFindings
internal import VRRPTracker

/// Draws up what a report says of each virtual router, of which one has nothing to do with another, on all processors where
/// they are many.
struct Parts: Sendable {
    let surroundings: Surroundings
    let rosters: [Roster]
    let names: ReportNames
    /// Whether nobody asks what is wrong.
    let findsNothing: Bool

    /// How many virtual routers one processor takes at a time, and of how many such shares all are done before the next are
    /// taken out of the observation.
    static let share = 32
    static let sharesAtOnce = 32

    /// One virtual router.
    struct Part: Sendable {
        var key: VirtualRouterKey
        var findings: [Finding]
        /// How often mastership changed.
        var changes: Int
        /// What is told of it; `nil` where it will not be.
        var virtualRouter: ReportDocument.VirtualRouter?
    }

    /// Draws up virtual routers, and gives them back.
    ///
    /// - Parameters:
    ///   - shares: some that were taken out of the observation, ``share`` of them in each but the last.
    ///   - start: the position of the first.
    ///   - selector: which of them will be told of, as far as is known before.
    /// - Returns: in the order of the virtual routers.
    func drawUp(_ shares: consuming [[VirtualRouter]], from start: Int, _ selector: Selector) -> [[Part]] {
        let count = shares.count
        let waiting = Mutex(consume shares)
        let drawn = Mutex([[Part]](repeating: [], count: count))
        @Sendable func draw(_ number: Int) {
            var share: [VirtualRouter] = []
            waiting.withLock { swap(&share, &$0[number]) }
            // Of what comes before in other shares nothing is known: it selects too many rather than too few.
            var selector = selector.ahead(by: number * Self.share)
            let first = start + number * Self.share
            let parts = share.indices.map { part(share[$0], at: first + $0, &selector) }
            drawn.withLock { $0[number] = parts }
        }
        // One share is drawn here and now.
        DispatchQueue.concurrentPerform(iterations: count, execute: draw)
        return drawn.withLock { $0 }
    }

    private func part(_ virtualRouter: consuming VirtualRouter, at position: Int, _ selector: inout Selector) -> Part {
        let key = virtualRouter.key
        // Its history is told once for both.
        let subject = Subject(virtualRouter, in: surroundings, rosters.roster(of: position))
        let findings = findsNothing ? [] : Catalogue.findings(in: subject)
        let transitions = subject.history.transitions
        return Part(
            key: key,
            findings: findings,
            changes: transitions.indices.count { transitions[$0].cause != .initial },
            virtualRouter: selector.selects(key, findings)
                ? ReportDocument.VirtualRouter(subject, names) : nil
        )
    }
}
