internal import VRRPTracker
package import VRRPWire

/// A stretch of a virtual router's time worth a closer look: changes of master that belong together.
package struct Incident: Sendable {
    package var start: CaptureInstant
    package var end: CaptureInstant
    /// The time without exactly one master in it.
    package var hurt: TimeSpan
    /// The number of changes of master in it.
    package var changes: Int
}

extension ReportDocument.VirtualRouter {
    private static let mostIncidents = 6

    /// The longest interval that a router advertises, which is the scale of everything that happens here.
    var interval: TimeSpan { max(routers.compactMap(\.advertInterval).max() ?? .seconds(1), .milliseconds(10)) }

    /// The incidents in order of time, the gravest of many, and how many others there are.
    ///
    /// There are none where all would be one incident, which the timeline shows already.
    package var incidents: (shown: [Incident], hidden: Int) {
        guard let first = timeline.first, let last = timeline.last else { return ([], 0) }
        let whole = last.end - first.start
        let nearness = max(interval * 5, whole / 40)
        var incidents: [Incident] = []
        for stretch in stretches {
            if let known = incidents.last, stretch.start <= known.end + nearness {
                incidents[incidents.count - 1].end = max(known.end, stretch.end)
                incidents[incidents.count - 1].hurt = known.hurt + stretch.hurt
                incidents[incidents.count - 1].changes += stretch.changes
            } else {
                incidents.append(stretch)
            }
        }
        if incidents.count == 1, incidents[0].end - incidents[0].start > whole / 2 { return ([], 0) }
        let ranked = incidents.enumerated().sorted { left, right in
            left.element.hurt == right.element.hurt
                ? left.offset < right.offset : left.element.hurt > right.element.hurt
        }
        let shown = ranked.prefix(Self.mostIncidents).map(\.offset).sorted()
        return (shown.map { incidents[$0] }, incidents.count - shown.count)
    }

    /// Everything that makes an incident, in order of its start.
    private var stretches: [Incident] {
        let changes = transitions.filter { $0.cause != .initial }.map { transition in
            let start = transition.instant - (transition.outage ?? .zero)
            return Incident(start: start, end: transition.instant, hurt: .zero, changes: 1)
        }
        let states = timeline.filter { $0.state != .master }.map { interval in
            let hurt =
                interval.state == .notObserved || interval.state == .uncertain ? .zero : interval.end - interval.start
            return Incident(start: interval.start, end: interval.end, hurt: hurt, changes: 0)
        }
        return (changes + states).enumerated().sorted { left, right in
            left.element.start == right.element.start
                ? left.offset < right.offset : left.element.start < right.element.start
        }.map(\.element)
    }

    /// The incident with so much around it that its beginning and its end are seen.
    func window(around incident: Incident) -> (start: CaptureInstant, end: CaptureInstant) {
        let margin = max(interval * 2, (incident.end - incident.start) / 6)
        let first = timeline.first?.start ?? incident.start
        let last = timeline.last?.end ?? incident.end
        return (max(incident.start - margin, first), min(incident.end + margin, last))
    }
}
