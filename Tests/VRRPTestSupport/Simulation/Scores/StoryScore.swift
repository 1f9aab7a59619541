package import VRRPTracker
package import VRRPWire

/// The agreement of a report with the truth, in shares of the time that the report covers.
package struct StoryScore: Hashable, Sendable {
    /// The tolerance for each change of master, in advertisement intervals: a silent death shows only by a missing advert.
    package static let tolerance = 1.25

    package private(set) var seconds = 0.0
    /// The time in which both name the same masters, differences near a change being forgiven.
    package private(set) var agreeingSeconds = 0.0
    /// The time in which the report was sure, and that of it in which it agreed.
    package private(set) var sureSeconds = 0.0
    package private(set) var sureAgreeingSeconds = 0.0
    /// The instant at which agreement was first lost.
    package private(set) var firstDisagreement: TimeSpan?
    /// The stretches in which the report was sure and did not agree, in order; those of one story only.
    package private(set) var mistakes: [Range<TimeSpan>] = []

    package init() {}

    package var agreement: Double { seconds > 0 ? agreeingSeconds / seconds : 1 }
    package var sureness: Double { seconds > 0 ? sureSeconds / seconds : 1 }
    package var sureAgreement: Double { sureSeconds > 0 ? sureAgreeingSeconds / sureSeconds : 1 }

    /// Holds a report against the truth, from its first instant to its end.
    ///
    /// A difference is forgiven where each names the other's set within `tolerance`. Agreement can change only at, or that
    /// far beside, a change of either timeline, so that one look between each two such instants finds the share.
    package init(of report: MasterTimeline, against truth: MasterTimeline, until end: TimeSpan, tolerance: TimeSpan) {
        guard let start = report.starts.first, start < end else { return }
        let changes = (report.starts + truth.starts).flatMap { [$0, $0 - tolerance, $0 + tolerance] }
        let instants = [start] + Set(changes).filter { start < $0 && $0 < end }.sorted() + [end]
        for (left, right) in zip(instants, instants.dropFirst()) {
            let middle = left + (right - left) / 2
            let ours = report.masters(at: middle)
            let theirs = truth.masters(at: middle)
            let agrees =
                ours == theirs
                || (report.holds(theirs, between: middle - tolerance, and: middle + tolerance)
                    && truth.holds(ours, between: middle - tolerance, and: middle + tolerance))
            let length = (right - left).seconds
            seconds += length
            if agrees { agreeingSeconds += length } else if firstDisagreement == nil { firstDisagreement = left }
            if report.isSure(at: middle) {
                sureSeconds += length
                if agrees { sureAgreeingSeconds += length } else { note(mistake: left..<right) }
            }
        }
    }

    private mutating func note(mistake: Range<TimeSpan>) {
        if let last = mistakes.last, last.upperBound == mistake.lowerBound {
            mistakes[mistakes.count - 1] = last.lowerBound..<mistake.upperBound
        } else {
            mistakes.append(mistake)
        }
    }

    /// Holds what a tracker made of a story against its truth.
    package init(of observation: Observation, against recording: StoryRecording) {
        let truth = recording.truth
        let end = recording.plan.length
        // One virtual router is told of; a further one would be an invention, and none leaves nothing to agree with.
        guard let virtualRouter = observation.virtualRouters.first, observation.virtualRouters.count == 1 else {
            self.init()
            if let first = recording.frames.first { seconds = (end - first.time).seconds }
            sureSeconds = seconds
            return
        }
        let interval =
            virtualRouter.routers.indices.map { virtualRouter.advertisementInterval(of: $0) }.max() ?? .seconds(1)
        self.init(
            of: MasterTimeline(virtualRouter, in: observation, recording.plan),
            against: truth,
            until: end,
            tolerance: TimeSpan(nanoseconds: Int64(Double(interval.nanoseconds) * Self.tolerance))
        )
    }

    package static func + (left: Self, right: Self) -> Self {
        var sum = left
        sum.seconds += right.seconds
        sum.agreeingSeconds += right.agreeingSeconds
        sum.sureSeconds += right.sureSeconds
        sum.sureAgreeingSeconds += right.sureAgreeingSeconds
        return sum
    }
}

extension MasterTimeline {
    /// The timeline that a report shows, with routers as the plan counts them.
    package init(_ virtualRouter: VirtualRouter, in observation: Observation, _ plan: StoryPlan) {
        self.init()
        let positions = virtualRouter.routers.map { router in
            plan.routers.firstIndex { $0.address == router.address } ?? plan.routers.count
        }
        for interval in virtualRouter.history(in: observation).timeline {
            append(
                Set(interval.masters.map { positions[$0] }),
                from: interval.start - Scenario.epoch,
                isSure: interval.state != .notObserved && interval.state != .uncertain
            )
        }
    }
}
