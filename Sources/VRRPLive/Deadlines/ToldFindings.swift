internal import VRRPFindings
internal import VRRPReport
internal import VRRPWire

/// The findings about one thing as they were last told, which determine the events when they change.
struct ToldFindings: Sendable {
    /// The identity of a finding, however its span and numbers grow; `ordinal` counts findings that are otherwise
    /// equal.
    fileprivate struct Identity: Hashable {
        var id: String
        var virtualRouter: String?
        var routers: [IPAddress]
        var ordinal: Int
    }

    fileprivate struct Entry {
        var identity: Identity
        var severity: Severity
        /// The finding as it was last told; `nil` where it is over.
        var open: ReportDocument.Finding?
    }

    private var entries: [Entry] = []

    /// The findings that have not ended.
    var open: [ReportDocument.Finding] { entries.compactMap(\.open) }
    /// The gravest severity, including that of findings that are over.
    var worst: Severity? { entries.map(\.severity).max() }

    /// Takes over the present findings, and returns the events for the changes.
    ///
    /// At the end of a session, `isFinal`, open findings stay open.
    mutating func update(
        to current: [ReportDocument.Finding],
        at now: CaptureInstant,
        isFinal: Bool
    ) -> [LiveEvent] {
        guard !(current.isEmpty && entries.isEmpty) else { return [] }
        var previous = entries
        entries.removeAll(keepingCapacity: true)
        var events: [LiveEvent] = []
        for finding in current {
            var identity = Identity(
                id: finding.id,
                virtualRouter: finding.virtualRouter,
                routers: finding.routers,
                ordinal: 0
            )
            identity.ordinal = entries.count { $0.identity.isLike(identity) }
            let known = previous.firstIndex { $0.identity == identity }
            // Where more routers joined in, the same finding has grown.
            let index = known ?? previous.firstIndex { $0.open != nil && $0.identity.isNarrower(than: identity) }
            let wasOpen = index.map { previous.remove(at: $0).open != nil }
            let isNew = wasOpen == nil || (wasOpen == false && finding.ongoing)
            if isNew { events.append(LiveEvent(instant: now, kind: .findingOpened(finding))) }
            let isOpen = isFinal || finding.ongoing
            if !isOpen, wasOpen != false {
                events.append(LiveEvent(instant: now, kind: .findingClosed(finding), isAfterthought: isNew))
            }
            entries.append(Entry(identity: identity, severity: finding.severity, open: isOpen ? finding : nil))
        }
        guard !isFinal else { return events }
        // A finding that is not made any more is over, or was a mistake.
        for var finding in previous.compactMap(\.open) {
            finding.ongoing = false
            events.append(LiveEvent(instant: now, kind: .findingClosed(finding)))
        }
        return events
    }
}

extension ToldFindings.Identity {
    func isLike(_ other: Self) -> Bool {
        id == other.id && virtualRouter == other.virtualRouter && routers == other.routers
    }

    /// Whether it is of the same kind and about some of the same routers.
    func isNarrower(than other: Self) -> Bool {
        id == other.id && virtualRouter == other.virtualRouter && ordinal == other.ordinal && !routers.isEmpty
            && routers.count < other.routers.count && Set(routers).isSubset(of: other.routers)
    }
}
