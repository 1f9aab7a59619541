package import VRRPFindings
internal import VRRPTracker
package import VRRPWire

/// The effect of an incident on the users of one virtual router, in numbers.
package struct Impact: Sendable {
    /// The virtual router's position in the document.
    package var position: Int
    /// The gravest finding about it.
    package var severity: Severity?
    package var withoutMaster = TimeSpan.zero
    package var severalMasters = TimeSpan.zero
    package var notObserved = TimeSpan.zero
    package var observed = TimeSpan.zero
    /// Takeovers by another router.
    package var failovers = 0
    /// The position of the transition with the longest outage.
    package var longest: Int?
    /// The time from the beginning of the first stretch with several masters to the end of the last.
    package var several: Stretch?
    /// The time from the beginning of the first stretch without a master to the end of the last.
    package var without: Stretch?
    package var mostMasters = 0
    package var endsWithoutMaster = false

    package struct Stretch: Sendable {
        package var start: CaptureInstant
        package var end: CaptureInstant
        package var count = 1
    }

    /// The time without exactly one master.
    package var total: TimeSpan { withoutMaster + severalMasters }

    init(_ virtualRouter: ReportDocument.VirtualRouter, at position: Int, severity: Severity?) {
        self.position = position
        self.severity = severity
        for interval in virtualRouter.timeline {
            let length = interval.end - interval.start
            switch interval.state {
            case .master, .uncertain: break
            case .split:
                severalMasters = severalMasters + length
                mostMasters = max(mostMasters, interval.masters.count)
                several.extend(interval)
            case .none:
                withoutMaster = withoutMaster + length
                without.extend(interval)
            case .notObserved: notObserved = notObserved + length
            }
            if interval.state != .notObserved { observed = observed + length }
        }
        endsWithoutMaster = virtualRouter.timeline.last?.state == TimelineInterval.State.none
        for (index, transition) in virtualRouter.transitions.enumerated() {
            if transition.isFailover { failovers += 1 }
            guard let outage = transition.outage, outage > .zero else { continue }
            let known = longest.flatMap { virtualRouter.transitions[$0].outage }
            if known.map({ outage > $0 }) ?? true { longest = index }
        }
    }
}

extension Impact.Stretch? {
    fileprivate mutating func extend(_ interval: ReportDocument.Stretch) {
        guard let known = self else {
            self = Impact.Stretch(start: interval.start, end: interval.end)
            return
        }
        // Neighbours with different masters are one stretch.
        let count = known.end == interval.start ? known.count : known.count + 1
        self = Impact.Stretch(start: known.start, end: interval.end, count: count)
    }
}

extension ReportDocument {
    /// The impact on every virtual router, in the order of the document.
    package var impacts: [Impact] {
        var severities: [String: Severity] = [:]
        for finding in findings {
            guard let id = finding.virtualRouter else { continue }
            severities[id] = max(severities[id] ?? .notice, finding.severity)
        }
        return virtualRouters.enumerated().map { Impact($1, at: $0, severity: severities[$1.id]) }
    }
}

extension [Impact] {
    /// The impacts, the gravest first, then the longest; equals as they are.
    package var ranked: [Impact] {
        sorted { left, right in
            let (a, b) = (left.severity.weight, right.severity.weight)
            if a != b { return a > b }
            return left.total == right.total ? left.position < right.position : left.total > right.total
        }
    }
}

extension Severity? {
    /// The gravity in numbers, from 0 for none to 3.
    package var weight: Int {
        switch self {
        case .critical: 3
        case .warning: 2
        case .notice: 1
        case nil: 0
        }
    }
}
