internal import VRRPFacts
internal import VRRPFindings
internal import VRRPIncidents
internal import VRRPTracker
package import VRRPWire

extension ReportDocument {
    /// The limits that a report is narrowed to.
    package struct Narrowing: Sendable {
        package var from: CaptureInstant?
        package var to: CaptureInstant?
        /// Empty for all.
        package var vrids: Set<UInt8> = []
        /// Names of segments; empty for all.
        package var segments: Set<String> = []

        package init() {}

        var isEmpty: Bool { from == nil && to == nil && vrids.isEmpty && segments.isEmpty }
        var limitsTime: Bool { from != nil || to != nil }
    }

    /// Returns the document with only the events within the limits.
    ///
    /// Everything was read all the same, so that earlier events explain later ones. A finding that occurred within the limits
    /// keeps its own times and numbers, which tell how long it was going on; one that did not is left out. Advertisements are counted, and the
    /// time between them is measured, over the whole capture.
    package func narrowed(to limits: Narrowing) -> Self {
        guard !limits.isEmpty else { return self }
        let from = limits.from ?? .distantPast
        let to = limits.to ?? .distantFuture
        var document = self
        document.virtualRouters = virtualRouters.compactMap { virtualRouter in
            guard limits.vrids.isEmpty || limits.vrids.contains(virtualRouter.vrid),
                limits.segments.isEmpty || limits.segments.contains(virtualRouter.segment.name)
            else { return nil }
            return limits.limitsTime ? virtualRouter.narrowed(from: from, to: to) : virtualRouter
        }
        let known = Set(document.virtualRouters.map(\.id))
        let kept = findings.indices.filter { index in
            let finding = findings[index]
            guard finding.occurred(from: from, to: to) else { return false }
            return finding.virtualRouter.map(known.contains) ?? true
        }
        document.findings = kept.map { findings[$0] }
        document.incidents = incidents.compactMap { incident in
            guard incident.start <= to, incident.end >= from else { return nil }
            return narrowed(incident, from: from, to: to, known, kept)
        }
        document.blindSpots = blindSpots.filter { $0.start <= to && $0.end >= from }
        document.testimony.statements.removeAll { saying in
            if let id = saying.virtualRouter, !known.contains(id) { return true }
            return saying.instant.map { $0 < from || $0 > to } ?? false
        }
        document.start = start.map { min(max($0, from), to) }
        document.end = end.map { max(min($0, to), from) }
        return document
    }
}

extension ReportDocument {
    /// An incident whose transitions and findings are named by their positions in the narrowed report; `nil` where none of
    /// its virtual routers is in it.
    ///
    /// - Parameters:
    ///   - incident: the incident of the whole report.
    ///   - from: the first instant of the narrowed report.
    ///   - to: the last instant of the narrowed report.
    ///   - known: the ids of the virtual routers that the narrowed report has.
    ///   - kept: the positions of the findings that the narrowed report has, in order.
    /// - Returns: the incident of the narrowed report.
    private func narrowed(
        _ incident: Incident,
        from: CaptureInstant,
        to: CaptureInstant,
        _ known: Set<String>,
        _ kept: [Int]
    ) -> Incident? {
        guard incident.virtualRouters.isEmpty || incident.virtualRouters.contains(where: known.contains) else {
            return nil
        }
        var narrowed = incident
        narrowed.virtualRouters.removeAll { !known.contains($0) }
        narrowed.transitions = incident.transitions.compactMap { reference in
            guard known.contains(reference.virtualRouter),
                let transitions = virtualRouters.first(where: { $0.id == reference.virtualRouter })?.transitions
            else { return nil }
            let instant = transitions[reference.index].instant
            guard instant >= from, instant <= to else { return nil }
            return (
                reference.virtualRouter,
                transitions[..<reference.index].count { $0.instant >= from && $0.instant <= to }
            )
        }
        narrowed.findings = incident.findings.compactMap(kept.firstIndex)
        return narrowed
    }
}

extension ReportDocument.VirtualRouter {
    /// `nil` where it was not there yet, or no longer.
    fileprivate func narrowed(from: CaptureInstant, to: CaptureInstant) -> Self? {
        var narrowed = self
        narrowed.timeline = timeline.compactMap { interval in
            guard interval.start <= to, interval.end >= from else { return nil }
            // A neighbour that only touches the limits is not within them.
            if interval.end > interval.start, interval.start == to || interval.end == from { return nil }
            var interval = interval
            interval.start = max(interval.start, from)
            interval.end = min(interval.end, to)
            return interval
        }
        guard !narrowed.timeline.isEmpty else { return nil }
        narrowed.transitions = transitions.filter { $0.instant >= from && $0.instant <= to }
        narrowed.span = from...max(from, to)
        narrowed.routers = routers.map { router in
            var router = router
            router.masterTime = narrowed.timeline.reduce(.zero) { sum, interval in
                interval.masters.contains(router.address) ? sum + (interval.end - interval.start) : sum
            }
            router.settingChanges.removeAll { $0.since < from || $0.since > to }
            router.gaps = router.gaps.filter { $0.end >= from && $0.start <= to }
            return router
        }
        return narrowed
    }
}
