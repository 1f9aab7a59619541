internal import VRRPTracker
internal import VRRPWire

extension ReportDocument.Mark {
    /// What the routers said besides that they are there, in order of time.
    static func all(of virtualRouter: VirtualRouter, givenKeys: [String]) -> [Self] {
        let marks = virtualRouter.routers.flatMap { Self.marks(of: $0, givenKeys) } + announcements(in: virtualRouter)
        return marks.enumerated().sorted { left, right in
            left.element.instant == right.element.instant
                ? left.offset < right.offset : left.element.instant < right.element.instant
        }.map(\.element)
    }

    /// Resignations, and changes of priority and authentication.
    private static func marks(of router: Router, _ givenKeys: [String]) -> [Self] {
        let name = router.address
        var marks: [Self] = []
        for (before, change) in zip(router.priorities, router.priorities.dropFirst()) where before.value > 0 {
            // Coming back after a resignation is no change.
            let isResignation = change.value == 0
            marks.append(
                Self(
                    instant: change.since,
                    kind: isResignation ? .resignation : .priority,
                    router: name,
                    summary: isResignation
                        ? "\(name) resigned with priority 0"
                        : "\(name) changed its priority from \(before.value) to \(change.value)",
                    evidence: [change.evidence]
                )
            )
        }
        // Where the oldest were dropped, a resignation may be the first that is left.
        if let first = router.priorities.first, first.value == 0 {
            marks.append(
                Self(
                    instant: first.since,
                    kind: .resignation,
                    router: name,
                    summary: "\(name) resigned with priority 0",
                    evidence: [first.evidence]
                )
            )
        }
        for use in router.authentications.dropFirst() {
            marks.append(
                Self(
                    instant: use.since,
                    kind: .authentication,
                    router: name,
                    summary: "\(name) changed its authentication to "
                        + AuthenticationDetails(use, givenKeys: givenKeys).text(showsSecrets: false),
                    evidence: [use.evidence]
                )
            )
        }
        return marks
    }

    /// The first announcement of each run by one MAC address.
    private static func announcements(in virtualRouter: VirtualRouter) -> [Self] {
        virtualRouter.announcements.map { run in
            let router = virtualRouter.routers.first { $0.macs.contains(run.mac) }?.address
            let times = run.occurrences.count == 1 ? "" : ", \(run.occurrences.count) times in a row"
            return Self(
                instant: run.occurrences.start,
                kind: .announcement,
                router: router,
                summary: "\(run.mac) announced \(run.address)\(times)",
                evidence: [run.occurrences.evidence.first ?? run.occurrences.last]
            )
        }
    }
}
