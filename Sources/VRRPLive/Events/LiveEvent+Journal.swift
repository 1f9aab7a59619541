internal import VRRPFindings
internal import VRRPIncidents
package import VRRPReport

extension LiveEvent {
    /// The event as a line for the journal: its priority as sd-daemon(3) wants it, and no time, which the journal has.
    package func journalText(_ options: TextReport.Options) -> String {
        let line = text(options)
        let time = options.time.text(instant) + "  "
        return "<\(journalPriority)>" + (line.hasPrefix(time) ? line.dropFirst(time.count) : line[...])
    }

    /// The level of syslog(3): critical 2, warning 4, notice 5, informational 6.
    private var journalPriority: Int {
        switch kind {
        case .masterLost: 2
        case .transition(_, let transition, _): transition.to.count == 1 ? 5 : 4
        case .findingOpened(let finding):
            switch finding.severity {
            case .critical: 2
            case .warning: 4
            case .notice: 5
            }
        case .incidentOpened(let incident), .incidentChanged(let incident):
            switch incident.severity {
            case .critical: 2
            case .warning: 4
            case .notice: 5
            case nil: 6
            }
        case .findingClosed, .incidentClosed: 5
        case .link, .sensor: 4
        case .capture, .router, .statistics: 6
        }
    }
}
