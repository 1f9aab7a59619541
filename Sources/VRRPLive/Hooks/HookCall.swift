internal import VRRPFindings
internal import VRRPIncidents
internal import VRRPReport

/// The arguments and the standard input of a program that is told of an event.
///
/// The arguments are those that keepalived gives to its `notify` scripts (keepalived.conf(5)), so that existing scripts
/// work unchanged. Standard input holds the whole event.
package struct HookCall: Sendable, Equatable {
    /// `INSTANCE`, name, state and priority; for findings `FINDING`, id, `OPENED` or `CLOSED`, and severity; for incidents
    /// `INCIDENT`, number and kind, `OPENED`, `CHANGED`, `CLOSED` or `WITHDRAWN`, and severity.
    package var arguments: [String]
    /// `vrrpwatch.event/1` on a line.
    package var input: String
    /// The gravity of the event; that of a change of master is a warning's.
    ///
    /// A call of less gravity waits for those of more.
    var severity: Severity?
    /// The virtual router that the event is about, the first of several.
    var virtualRouter: String
    /// The matter of which events are told in their order: a virtual router's masters, a finding, or an incident.
    var matter: String

    /// The call for an event; `nil` for those of which programs are not told.
    package init?(_ event: LiveEvent) {
        switch event.kind {
        case .transition(let virtualRouter, let transition, _):
            let state =
                switch transition.to.count {
                // The word that scripts know for a state in which nobody answers.
                case 0: "FAULT"
                case 1: "MASTER"
                default: "SPLIT"
                }
            self.init(virtualRouter.id, state, priority: transition.successorPriority ?? 0)
        case .masterLost(let virtualRouter, _): self.init(virtualRouter.id, "FAULT", priority: 0)
        case .findingOpened(let finding): self.init(finding, "OPENED")
        case .findingClosed(let finding): self.init(finding, "CLOSED")
        case .incidentOpened(let incident): self.init(incident, "OPENED")
        case .incidentChanged(let incident): self.init(incident, "CHANGED")
        case .incidentClosed(let incident, false): self.init(incident, "CLOSED")
        case .incidentClosed(let incident, true): self.init(incident, "WITHDRAWN")
        case .capture, .router, .link, .sensor, .statistics: return nil
        }
        input = event.json.compactText + "\n"
    }

    private init(_ virtualRouter: String, _ state: String, priority: UInt8) {
        arguments = ["INSTANCE", virtualRouter, state, "\(priority)"]
        input = ""
        severity = .warning
        self.virtualRouter = virtualRouter
        matter = "INSTANCE \(virtualRouter)"
    }

    private init(_ finding: ReportDocument.Finding, _ state: String) {
        arguments = ["FINDING", finding.id, state, finding.severity.rawValue]
        input = ""
        severity = finding.severity
        virtualRouter = finding.virtualRouter ?? ""
        matter = "FINDING \(finding.id) \(virtualRouter)"
    }

    private init(_ incident: ReportDocument.Incident, _ state: String) {
        arguments = [
            "INCIDENT", "\(incident.id) \(incident.kind.rawValue)", state, incident.severity?.rawValue ?? "info",
        ]
        input = ""
        severity = incident.severity
        virtualRouter = incident.virtualRouters.first ?? ""
        matter = "INCIDENT \(incident.id)"
    }
}
