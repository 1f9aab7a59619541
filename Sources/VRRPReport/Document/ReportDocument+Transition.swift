internal import VRRPFacts
package import VRRPFindings
package import VRRPTracker
package import VRRPWire

extension ReportDocument {
    /// A change of master.
    package struct Transition: Sendable {
        package var instant: CaptureInstant
        /// The bounds between which the set of masters changed, by all that the wire shows.
        package var earliest: CaptureInstant
        package var latest: CaptureInstant
        /// Whether the bounds are further apart than the intervals of the routers explain.
        package var isVague: Bool
        package var from: [IPAddress]
        package var to: [IPAddress]
        package var cause: VRRPTracker.Transition.Cause
        /// The time without a master before it.
        package var outage: TimeSpan?
        /// The longest outage that the timers of the protocol allow.
        package var bound: TimeSpan?
        package var announced: Announced?
        package var evidence: [FrameReference]
        /// The reason for the drop of the predecessor's priority, as far as the configuration explains it.
        package var priorityDrop: String?
        /// The reasons that the logs of the routers concerned give, a clause each; not part of the JSON.
        package var reasons: [String] = []
        /// The names of the routers concerned, as far as they are known.
        package var names: [IPAddress: String] = [:]
        /// Whether a resignation is concluded from the successor's timers alone; not part of the report.
        package var isUnseenResignation = false
        /// The new master's latest priority; not part of the report.
        package var successorPriority: UInt8?

        /// The change in one line.
        package var summary: String { TransitionSummary(self).text }
    }

    /// The announcement of the virtual addresses by a new master.
    package struct Announced: Sendable {
        /// The number of addresses that were announced.
        package var addresses: Int
        /// The number of addresses that were to be announced.
        package var of: Int
        /// The time from the change to the first announcement.
        package var firstAfter: TimeSpan?
        package var frames: Int
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
        earliest = transition.earliest
        latest = transition.latest
        let interval = (transition.from + transition.to).map { routers[$0].advertisementInterval }.max()
        isVague = latest - earliest > (interval ?? .seconds(1)) * 2
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
        isUnseenResignation = transition.isUnseenResignation
        successorPriority = successor.map { routers[$0].priority }
    }

    /// Whether another router took over, by whatever cause.
    package var isFailover: Bool {
        switch cause {
        case .timeout, .resigned, .preempted, .demoted: !to.isEmpty && !to.allSatisfy(from.contains)
        case .initial, .contested, .yielded, .ended: false
        }
    }

    /// Whether the outage was late by the meaning of ``VRRPFacts/Lateness``.
    package var isLate: Bool {
        guard let outage, let bound else { return false }
        return Lateness.isLate(outage, bound: bound)
    }

    /// Whether it took too long, or left users without exactly one master.
    package var isGrave: Bool { isLate || cause == .contested || cause == .ended || to.isEmpty }
}
