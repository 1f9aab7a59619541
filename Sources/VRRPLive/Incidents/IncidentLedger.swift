internal import VRRPFindings
internal import VRRPIncidents
internal import VRRPReport
internal import VRRPTracker
internal import VRRPWire

/// An incident that happened, not a stretch of one virtual router's picture.
private typealias Incident = VRRPIncidents.Incident

/// The incidents as they were last told, which determine the events when they change.
///
/// The ledger joins anew what happened lately, whenever the course of a virtual router changes. What lies before the horizon
/// stays as it was told, so the work does not grow with the time that a session runs.
struct IncidentLedger: Sendable {
    /// The time for which happenings may still join, change or be taken back.
    static let memory = TimeSpan.seconds(600)
    /// The happenings of all virtual routers that are kept together; each keeps four at least.
    private static let mostHappenings = 4096
    private static let leastHappenings = 4
    /// The incidents that are remembered after they were told.
    private static let mostTold = 512
    /// The shortest time between two events about one incident, so that what comes in a burst is told at once.
    private static let pause = TimeSpan.seconds(1)
    /// The intervals in which the virtual routers of one incident follow one another.
    private static let joiningIntervals: Int64 = 5

    /// The facts that are known of one virtual router.
    private struct Entry {
        var course: Course
        var findings: [Finding]
        /// Happenings that began earlier are no longer here.
        var horizon: CaptureInstant
    }

    private struct Told {
        var incident: ReportDocument.Incident
        /// The incident as it was told last.
        var words: Incident
        /// The instant at which it was told last.
        var instant: CaptureInstant
        var isOpen = true
        /// The instant at which it is told again; `nil` where nothing is to be told.
        var due: CaptureInstant?
        /// Whether it is another one than was told.
        var hasChanged: Bool { !incident.incident.isLike(words) }
    }

    private var entries: [Int: Entry] = [:]
    /// The findings about the observation as a whole.
    private var wholeFindings: [Finding] = []
    private var told: [Told] = []
    private var latestID = 0
    private var isDirty = false
    /// The instant at which what happened was last compared with what was told.
    private var compared = CaptureInstant.distantPast
    /// The number of virtual routers up to which that is done at each news.
    private static let fewEntries = 64
    /// The time between two comparisons: with very many virtual routers their cost must not grow with the news.
    private var spacing: TimeSpan {
        entries.count > Self.fewEntries ? TimeSpan(nanoseconds: Int64(entries.count) * 250_000) : .zero
    }
    /// The gravest severity of the incidents that were forgotten.
    private var worstForgotten: Severity?

    /// The gravest severity of the incidents that stand, those included that are over.
    var worst: Severity? { [told.compactMap(\.incident.severity).max(), worstForgotten].compactMap { $0 }.max() }

    /// The instant at which time alone makes an event; `nil` for none.
    var nextEvent: CaptureInstant? {
        let due = told.lazy.compactMap(\.due).min()
        return isDirty ? min(due ?? .distantFuture, compared + spacing) : due
    }

    // MARK: What happened

    /// Takes over the course of a virtual router.
    ///
    /// - Parameters:
    ///   - subject: the virtual router as rules look at it.
    ///   - position: its position among the virtual routers.
    ///   - findings: the findings about it.
    ///   - isLost: whether it is certain that nobody follows the last master.
    ///   - count: the number of virtual routers.
    mutating func take(_ subject: Subject, at position: Int, _ findings: [Finding], isLost: Bool, of count: Int) {
        let most = max(Self.mostHappenings / max(count, 1), Self.leastHappenings)
        var horizon = subject.history.end - Self.memory
        var course = Course(of: subject, from: horizon, endsOpenly: !isLost)
        if course.happenings.count > most {
            course.keepLast(most)
            horizon = course.happenings.first?.start ?? horizon
        }
        let old = entries[position]
        if course.happenings.isEmpty, findings.isEmpty, old == nil { return }
        if old?.course != course || old.map({ Self.differ($0.findings, findings) }) ?? true { isDirty = true }
        entries[position] =
            course.happenings.isEmpty && findings.isEmpty
            ? nil : Entry(course: course, findings: findings, horizon: horizon)
    }

    /// Takes over the findings about the observation as a whole.
    mutating func take(_ findings: [Finding]) {
        if Self.differ(wholeFindings, findings) { isDirty = true }
        wholeFindings = findings
    }

    /// Whether findings differ in more than their ends, which grow with time.
    private static func differ(_ old: [Finding], _ new: [Finding]) -> Bool {
        old.count != new.count
            || zip(old, new).contains { old, new in
                old.rule.id != new.rule.id || old.severity != new.severity || old.ongoing != new.ongoing
                    || old.count != new.count || old.routers != new.routers
            }
    }

    // MARK: What is told

    /// Returns the events for what changed.
    ///
    /// - Parameters:
    ///   - now: the present instant.
    ///   - isFinal: whether the session ends; then what is over is closed at once.
    ///   - names: the names of virtual routers.
    /// - Returns: the events, in the order in which they are told.
    mutating func tell(at now: CaptureInstant, isFinal: Bool, _ names: ReportNames) -> [LiveEvent] {
        guard isFinal || nextEvent.map({ $0 <= now }) ?? false else { return [] }
        var events: [LiveEvent] = []
        if isDirty, isFinal || now >= compared + spacing {
            isDirty = false
            compared = now
            events += compare(at: now, names)
        }
        for index in told.indices where told[index].due != nil || (isFinal && told[index].isOpen) {
            events += tellDue(index, at: now, isFinal: isFinal)
        }
        forget()
        return events
    }

    /// Compares what happened with what was told; what is new is told at once, changes when they are due.
    private mutating func compare(at now: CaptureInstant, _ names: ReportNames) -> [LiveEvent] {
        let positions = entries.keys.sorted()
        let kept = positions.compactMap { entries[$0] }
        let findings = kept.flatMap(\.findings) + wholeFindings
        let incidents = Incident.all(of: kept.map(\.course), findings)
        let horizons = Dictionary(kept.map { ($0.course.virtualRouter, $0.horizon) }) { first, _ in first }
        var owners: [Happening.Identity: Int] = [:]
        for index in told.indices {
            for happening in told[index].incident.happenings { owners[happening.identity] = index }
        }
        var found: Set<Int> = []
        var events: [LiveEvent] = []
        for incident in incidents {
            let known = incident.happenings.lazy.compactMap { owners[$0.identity] }.first { !found.contains($0) }
            guard let known else {
                events += open(incident, at: now, names, &found)
                continue
            }
            found.insert(known)
            // Where part of it lies before the horizon, only news about the whole of it counts.
            let isWhole = Set(incident.virtualRouters).isSuperset(of: told[known].incident.incident.virtualRouters)
            if isWhole || !isFrozen(told[known], horizons) { update(known, to: incident, at: now, names) }
        }
        for index in told.indices.reversed() where !found.contains(index) && !isFrozen(told[index], horizons) {
            // It was not so: packets that came later show it otherwise.
            let withdrawn = told.remove(at: index)
            events.append(LiveEvent(instant: now, kind: .incidentClosed(withdrawn.incident, isWithdrawn: true)))
        }
        return events
    }

    private mutating func open(
        _ incident: Incident,
        at now: CaptureInstant,
        _ names: ReportNames,
        _ found: inout Set<Int>
    ) -> [LiveEvent] {
        latestID += 1
        var new = ReportDocument.Incident(incident, id: latestID, names)
        new.findings = []
        found.insert(told.count)
        told.append(
            Told(
                incident: new,
                words: incident,
                instant: now,
                due: Self.end(of: incident).map { max($0, now + Self.pause) }
            )
        )
        return [LiveEvent(instant: now, kind: .incidentOpened(new))]
    }

    private mutating func update(_ index: Int, to incident: Incident, at now: CaptureInstant, _ names: ReportNames) {
        let old = told[index]
        var new = ReportDocument.Incident(incident, id: old.incident.id, names)
        new.findings = []
        told[index].incident = new
        let news = told[index].hasChanged ? old.instant + Self.pause : nil
        let end = told[index].isOpen ? Self.end(of: incident).map { max($0, old.instant + Self.pause) } : nil
        told[index].due = [news, end].compactMap { $0 }.min()
    }

    /// The instant at which nothing more joins an incident that is over; `nil` while it lasts.
    private static func end(of incident: Incident) -> CaptureInstant? {
        guard !incident.isOngoing else { return nil }
        let interval = incident.happenings.map(\.interval).max() ?? .seconds(1)
        return incident.end + interval * joiningIntervals
    }

    private mutating func tellDue(_ index: Int, at now: CaptureInstant, isFinal: Bool) -> [LiveEvent] {
        guard isFinal || told[index].due.map({ $0 <= now }) ?? false else { return [] }
        let incident = told[index].incident
        let end = told[index].isOpen ? Self.end(of: incident.incident) : nil
        let isOver = end.map { isFinal || $0 <= now } ?? false
        let hasChanged = told[index].hasChanged
        if isOver { told[index].isOpen = false }
        if hasChanged || isOver { (told[index].words, told[index].instant) = (incident.incident, now) }
        told[index].due = isOver ? nil : end.map { max($0, told[index].instant + Self.pause) }
        if isOver { return [LiveEvent(instant: now, kind: .incidentClosed(incident, isWithdrawn: false))] }
        return hasChanged ? [LiveEvent(instant: now, kind: .incidentChanged(incident))] : []
    }

    /// Whether part of an incident lies before the horizon, so that what is kept does not tell of it any more.
    private func isFrozen(_ told: Told, _ horizons: [VirtualRouterKey: CaptureInstant]) -> Bool {
        told.incident.happenings.contains { happening in
            guard let key = happening.virtualRouter, let horizon = horizons[key] else { return false }
            return happening.start < horizon
        }
    }

    /// Forgets the oldest of what is over, beyond a bound.
    private mutating func forget() {
        var surplus = told.count - Self.mostTold
        guard surplus > 0 else { return }
        told.removeAll { told in
            guard surplus > 0, !told.isOpen, told.due == nil else { return false }
            surplus -= 1
            worstForgotten = [told.incident.severity, worstForgotten].compactMap { $0 }.max()
            return true
        }
    }
}

extension Incident {
    /// Whether a person who was told one need not be told the other.
    fileprivate func isLike(_ other: Self) -> Bool {
        guard kind == other.kind, severity == other.severity, isOngoing == other.isOngoing, routers == other.routers,
            virtualRouters == other.virtualRouters, moved == other.moved, transitions.count == other.transitions.count
        else { return false }
        // The lengths in the words of what lasts grow with time.
        return isOngoing
            || (worstOutage == other.worstOutage && reason == other.reason && end == other.end
                && happenings.map(\.detail) == other.happenings.map(\.detail))
    }
}
