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
            arguments = ["INSTANCE", virtualRouter.id, state, "\(transition.successorPriority ?? 0)"]
        case .masterLost(let virtualRouter, _): arguments = ["INSTANCE", virtualRouter.id, "FAULT", "0"]
        case .findingOpened(let finding): arguments = ["FINDING", finding.id, "OPENED", finding.severity.rawValue]
        case .findingClosed(let finding): arguments = ["FINDING", finding.id, "CLOSED", finding.severity.rawValue]
        case .incidentOpened(let incident): arguments = Self.arguments(incident, "OPENED")
        case .incidentChanged(let incident): arguments = Self.arguments(incident, "CHANGED")
        case .incidentClosed(let incident, false): arguments = Self.arguments(incident, "CLOSED")
        case .incidentClosed(let incident, true): arguments = Self.arguments(incident, "WITHDRAWN")
        case .capture, .router, .link, .statistics: return nil
        }
        input = event.json.compactText + "\n"
    }

    private static func arguments(_ incident: ReportDocument.Incident, _ state: String) -> [String] {
        ["INCIDENT", "\(incident.id) \(incident.kind.rawValue)", state, incident.severity?.rawValue ?? "info"]
    }
}
