internal import VRRPTracker
package import VRRPWire

extension ReportDocument {
    /// Something that a router said, at an instant.
    package struct Mark: Sendable {
        package enum Kind: String, Sendable, CaseIterable {
            case resignation, announcement, authentication, priority, setting
        }

        package enum Statement: Sendable {
            case resigned
            case changedPriority(from: UInt8, to: UInt8)
            case changedSetting(SettingChange)
            case announced(IPAddress, by: MACAddress, times: Int)
        }

        package var instant: CaptureInstant
        /// The router that said it; `nil` for a machine that does not advertise.
        package var router: IPAddress?
        package var statement: Statement
    }
}

extension ReportDocument.Mark {
    /// The statements of all routers of a virtual router, in order of time.
    static func all(of virtualRouter: VirtualRouter, givenKeys: [String]) -> [Self] {
        var marks: [Self] = []
        for router in virtualRouter.routers.indices { append(to: &marks, virtualRouter.routers[router], givenKeys) }
        marks += announcements(in: virtualRouter)
        guard !marks.isEmpty else { return [] }
        return marks.enumerated().sorted { left, right in
            left.element.instant == right.element.instant
                ? left.offset < right.offset : left.element.instant < right.element.instant
        }.map(\.element)
    }

    /// Resignations, and changes of priority and other settings.
    private static func append(to marks: inout [Self], _ router: Router, _ givenKeys: [String]) {
        func append(_ statement: Statement, at instant: CaptureInstant) {
            marks.append(Self(instant: instant, router: router.address, statement: statement))
        }
        for (before, change) in zip(router.priorities, router.priorities.dropFirst()) where before.value > 0 {
            // Coming back after a resignation is no change.
            append(
                change.value == 0 ? .resigned : .changedPriority(from: before.value, to: change.value),
                at: change.since
            )
        }
        // Where the oldest were dropped, a resignation may be the first that is left.
        if let first = router.priorities.first, first.value == 0 { append(.resigned, at: first.since) }
        for change in router.changes {
            append(.changedSetting(ReportDocument.SettingChange(change, givenKeys: givenKeys)), at: change.since)
        }
    }

    /// The first announcement of each run by one MAC address.
    private static func announcements(in virtualRouter: VirtualRouter) -> [Self] {
        virtualRouter.announcements.map { run in
            let routers = virtualRouter.routers
            let router = routers.indices.first { routers[$0].macs.contains(run.mac) }.map { routers[$0].address }
            return Self(
                instant: run.occurrences.start,
                router: router,
                statement: .announced(run.address, by: run.mac, times: run.occurrences.count)
            )
        }
    }

    var kind: Kind {
        switch statement {
        case .resigned: .resignation
        case .changedPriority: .priority
        case .changedSetting(let change): change.setting == .authentication ? .authentication : .setting
        case .announced: .announcement
        }
    }

    /// The statement in one line.
    var summary: String {
        let name = router.map(\.description) ?? ""
        switch statement {
        case .resigned: return "\(name) resigned with priority 0"
        case .changedPriority(let before, let after): return "\(name) changed its priority from \(before) to \(after)"
        case .changedSetting(let change): return "\(name) \(change.predicate)"
        case .announced(let address, let mac, let count):
            return "\(mac) announced \(address)" + (count == 1 ? "" : ", \(count) times in a row")
        }
    }
}
