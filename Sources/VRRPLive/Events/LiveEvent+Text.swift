internal import VRRPFacts
internal import VRRPFindings
internal import VRRPIncidents
package import VRRPReport
internal import VRRPTracker
internal import VRRPWire

extension LiveEvent {
    /// Whether the event is worth a line where only the essential is wanted.
    package var isEssential: Bool {
        switch kind {
        case .transition, .masterLost, .link, .sensor: true
        case .findingOpened(let finding), .findingClosed(let finding): finding.severity > .notice
        case .incidentOpened(let incident), .incidentChanged(let incident), .incidentClosed(let incident, _):
            incident.severity != nil
        case .capture, .router, .statistics: false
        }
    }

    /// The event on one line, without a line break.
    package func text(_ options: TextReport.Options) -> String {
        let style = options.style
        let time = options.time.text(instant)
        switch kind {
        case .capture(let capture): return "\(time)  watching \(capture.description.source.escapedForTerminal)"
        case .router(let name, let router):
            let priority = router.priorities.last.map { ", priority \($0.value)" } ?? ""
            let interval = router.advertInterval.map { ", every \($0.inExactSeconds)" } ?? ""
            let versions = router.versions.versionsInWords
            return
                "\(time)  \(name.title.escapedForTerminal)  new router \(router.label.escapedForTerminal): \(versions)\(priority)\(interval)"
        case .transition(let name, let transition, let corrects):
            let cause = style.paint("\(transition.cause.rawValue):", transition.cause)
            // The change may have come to light later than it happened.
            let lateness = instant - transition.instant
            let past = lateness > .milliseconds(100) ? " (\(lateness.words(.prose)) ago)" : ""
            let correction = corrects > 0 ? "corrected, " : ""
            return
                "\(time)  \(name.title.escapedForTerminal)  \(correction)\(cause) \(transition.summary.escapedForTerminal)\(past)"
        case .masterLost(let name, let loss):
            let lost = style.paint("master lost:", Severity.critical)
            let silence = (instant - loss.lastAdvert).words(.prose)
            let bound = "a Backup takes over within \(loss.bound.words(.prose))"
            return
                "\(time)  \(name.title.escapedForTerminal)  \(lost) \(loss.router) was last heard \(silence) ago; \(bound)"
        case .findingOpened(let finding): return line(time, finding, "", options)
        case .findingClosed(let finding): return line(time, finding, "over: ", options)
        case .incidentOpened(let incident): return line(time, incident, "", options)
        case .incidentChanged(let incident): return line(time, incident, "update: ", options)
        case .incidentClosed(let incident, false): return line(time, incident, "over: ", options)
        case .incidentClosed(let incident, true): return line(time, incident, "withdrawn: ", options)
        case .link(let change):
            let words = change.blinds == true ? style.paint(change.words, Severity.warning) : change.words
            return "\(time)  \(change.interface.escapedForTerminal)  \(words)"
        case .sensor(let change):
            let words = change.state == .lost ? style.paint(change.words, Severity.warning) : change.words
            return "\(time)  \(change.sensor.escapedForTerminal)  \(words)"
        case .statistics(let document): return "\(time)  \(document.summaryLine)"
        }
    }

    private func line(
        _ time: String,
        _ incident: ReportDocument.Incident,
        _ prefix: String,
        _ options: TextReport.Options
    ) -> String {
        let name = "incident \(incident.id) \(incident.kind.rawValue)"
        let title = incident.severity.map { options.style.paint(name, $0) } ?? name
        return "\(time)  \(prefix)\(title): \(incident.summary.escapedForTerminal)"
    }

    private func line(
        _ time: String,
        _ finding: ReportDocument.Finding,
        _ prefix: String,
        _ options: TextReport.Options
    ) -> String {
        let title = options.style.paint("\(finding.severity.rawValue) \(finding.id)", finding.severity)
        let name = finding.name.map { "\($0.title.escapedForTerminal)  " } ?? ""
        let line = "\(time)  \(name)\(prefix)\(title): \(finding.summary.escapedForTerminal)"
        // Where nothing is heard at all, nothing follows that could tell more.
        guard finding.ongoing, finding.virtualRouter == nil, finding.rule.restsOnSilence else { return line }
        return "\(line). \(finding.explanation.escapedForTerminal) \(finding.remedy.escapedForTerminal)"
    }
}
