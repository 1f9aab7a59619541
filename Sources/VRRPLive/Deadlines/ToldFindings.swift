internal import VRRPFindings
internal import VRRPReport
internal import VRRPWire

/// The findings about one thing as they were last told, and what is to be told when they change.
struct ToldFindings: Sendable {
    /// Which finding it is, however its span and numbers grow; `ordinal` counts those that are otherwise equal.
    fileprivate struct Identity: Hashable {
        var id: String
        var virtualRouter: String?
        var routers: [IPAddress]
        var ordinal: Int
    }

    fileprivate struct Entry {
        var identity: Identity
        var severity: Severity
        /// As it was last told; `nil` where it is over.
        var open: ReportDocument.Finding?
    }

    private var entries: [Entry] = []

    /// Those that have not ended.
    var open: [ReportDocument.Finding] { entries.compactMap(\.open) }
    /// The gravest severity, those included that are over.
    var worst: Severity? { entries.map(\.severity).max() }

    /// Takes over what is found now, and returns what that changes.
    ///
    /// At the end of a session, `isFinal`, what is open stays so.
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
        // What is not found any more is over, or was never so.
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
