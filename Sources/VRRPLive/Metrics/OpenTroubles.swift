internal import VRRPFindings
internal import VRRPIncidents
internal import VRRPReport
internal import VRRPTracker
internal import VRRPWire

/// The findings and incidents that are open, each with the virtual routers that it is about.
///
/// An alert needs the address that people know, which the counts by id do not have.
struct OpenTroubles: Sendable {
    /// The number of pairs of a finding and a virtual router, and likewise of an incident and a virtual router, that are shown.
    static let most = 1000

    private struct Subject: Hashable {
        var id: String
        var severity: Severity
        var virtualRouter: VirtualRouterKey?
        var address: IPAddress?
    }

    private struct OpenIncident {
        var kind: Incident.Kind
        var severity: Severity?
        var virtualRouters: [(key: VirtualRouterKey, address: IPAddress?)]
    }

    private var findings: [Subject: Int] = [:]
    /// The incidents that are not over, by their number.
    private var incidents: [Int: OpenIncident] = [:]
    private var opened: [Incident.Kind: Int] = [:]
    /// The pairs that have no place.
    private var dropped = 0

    /// Takes note of an event.
    mutating func note(_ event: LiveEvent) {
        switch event.kind {
        case .findingOpened(let finding):
            let subject = Self.subject(finding)
            guard findings[subject] != nil || findings.count < Self.most else {
                dropped += 1
                return
            }
            findings[subject, default: 0] += 1
        case .findingClosed(let finding): close(finding)
        case .incidentOpened(let incident):
            opened[incident.kind, default: 0] += 1
            keep(incident)
        case .incidentChanged(let incident): keep(incident)
        case .incidentClosed(let incident, _): incidents[incident.id] = nil
        case .capture, .router, .transition, .masterLost, .link, .sensor, .statistics: break
        }
    }

    private static func subject(_ finding: ReportDocument.Finding) -> Subject {
        Subject(
            id: finding.id,
            severity: finding.severity,
            virtualRouter: finding[dynamicMember: \.virtualRouter],
            address: finding.addresses.first
        )
    }

    /// Forgets a finding, whose severity and addresses may have changed since it was told.
    private mutating func close(_ finding: ReportDocument.Finding) {
        let subject = Self.subject(finding)
        let isSame = { (one: Subject) in one.id == subject.id && one.virtualRouter == subject.virtualRouter }
        guard let known = findings[subject] == nil ? findings.keys.first(where: isSame) : subject,
            let count = findings[known]
        else { return }
        findings[known] = count > 1 ? count - 1 : nil
    }

    private mutating func keep(_ incident: ReportDocument.Incident) {
        guard incident.isOngoing else {
            incidents[incident.id] = nil
            return
        }
        let room = Self.most - incidents.reduce(0) { $0 + ($1.key == incident.id ? 0 : $1.value.virtualRouters.count) }
        let keys = incident.incident.virtualRouters
        dropped += max(0, keys.count - room)
        // With one virtual router the addresses are its own; with several, those of each are in virtual_router_info.
        let address = keys.count == 1 ? incident.addresses.first : nil
        incidents[incident.id] = OpenIncident(
            kind: incident.kind,
            severity: incident.severity,
            virtualRouters: keys.prefix(max(0, room)).map { ($0, address) }
        )
    }

    /// Adds the series.
    ///
    /// - Parameters:
    ///   - text: the page.
    ///   - labels: the labels that name a virtual router.
    /// - Returns: the number of pairs that have no series.
    func add(to text: inout MetricsText, _ labels: (VirtualRouterKey) -> MetricsText.Labels) -> Int {
        text.declare("vrrpwatch_finding_open", .gauge, "1 for each finding that is open, by its virtual router.")
        text.declare(
            "vrrpwatch_incident_open",
            .gauge,
            "1 for each incident that is ongoing, by each of its virtual routers."
        )
        text.declare("vrrpwatch_incidents_opened_total", .counter, "Incidents told, by kind.")
        func place(_ key: VirtualRouterKey?, _ address: IPAddress?) -> MetricsText.Labels {
            (key.map(labels) ?? [:]) + ["address": address?.description ?? ""]
        }
        let subjects = findings.keys.map { subject in
            (["id": subject.id, "severity": subject.severity.rawValue] as MetricsText.Labels)
                + place(subject.virtualRouter, subject.address)
        }
        for labels in Set(subjects).sorted() { text.add("vrrpwatch_finding_open", labels, "1") }
        let pairs = incidents.values.flatMap { incident in
            incident.virtualRouters.map { key, address in
                let severity = incident.severity?.rawValue ?? "info"
                return (["kind": incident.kind.rawValue, "severity": severity] as MetricsText.Labels)
                    + place(key, address)
            }
        }
        // Two incidents of one kind may concern one virtual router: a series appears once.
        for labels in Set(pairs).sorted() { text.add("vrrpwatch_incident_open", labels, "1") }
        for kind in Incident.Kind.allCases {
            let count = opened[kind, default: 0]
            text.add("vrrpwatch_incidents_opened_total", ["kind": kind.rawValue], "\(count)")
        }
        return dropped
    }
}
