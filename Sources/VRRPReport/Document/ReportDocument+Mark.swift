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
            case announced(Announcement)
        }

        package var instant: CaptureInstant
        /// The router that said it; `nil` for a machine that does not advertise.
        package var router: IPAddress?
        package var statement: Statement
    }

    /// Announcements of an address by one MAC address in a row.
    package struct Announcement: Sendable {
        /// The instant of the first one.
        package var instant: CaptureInstant
        /// The router that has the MAC address; `nil` for a machine that does not advertise.
        package var router: IPAddress?
        package var address: IPAddress
        package var mac: MACAddress
        package var count: Int
    }
}

extension ReportDocument.Announcement {
    static func all(of virtualRouter: VirtualRouter) -> [Self] {
        virtualRouter.announcements.map { run in
            let routers = virtualRouter.routers
            return Self(
                instant: run.occurrences.start,
                router: routers.indices.first { routers[$0].macs.contains(run.mac) }.map { routers[$0].address },
                address: run.address,
                mac: run.mac,
                count: run.occurrences.count
            )
        }
    }
}

extension ReportDocument.VirtualRouter {
    /// The statements of its routers beside their advertisements as such, in order of time.
    ///
    /// They are made anew by each call, for pictures only.
    package var marks: [ReportDocument.Mark] {
        var marks: [ReportDocument.Mark] = []
        for router in routers { ReportDocument.Mark.append(to: &marks, router) }
        marks += announcements.map {
            ReportDocument.Mark(instant: $0.instant, router: $0.router, statement: .announced($0))
        }
        return marks.filter { span.contains($0.instant) }.enumerated().sorted { left, right in
            left.element.instant == right.element.instant
                ? left.offset < right.offset : left.element.instant < right.element.instant
        }.map(\.element)
    }
}

extension ReportDocument.Mark {
    /// Resignations, and changes of priority and other settings.
    fileprivate static func append(to marks: inout [Self], _ router: ReportDocument.Router) {
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
        for change in router.changes { append(.changedSetting(change), at: change.instant) }
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
        case .announced(let run):
            return "\(run.mac) announced \(run.address)" + (run.count == 1 ? "" : ", \(run.count) times in a row")
        }
    }
}
