internal import VRRPFindings
internal import VRRPIncidents
internal import VRRPWire

extension TextReport {
    /// The number of rows of incidents in the short form.
    private static let mostIncidents = 10

    mutating func write(_ incidents: [ReportDocument.Incident]) {
        guard !incidents.isEmpty else { return }
        // A story tells the time of day only, and so do the lines of a report on one day.
        let times = day.map { " (times of \($0))" } ?? ""
        text += "\n" + options.style.paint("What happened\(times)", .heading) + "\n"
        guard !options.isVerbose else {
            for incident in incidents {
                let title =
                    "incident \(incident.id), \(incident.severity?.rawValue ?? "info") \(incident.kind.rawValue)"
                text += "\n  " + options.style.paint(title, incident.severity.map(\.role) ?? .faint) + "\n"
                text += wrapped(incident.story(options.time).escapedForTerminal, width: width, indent: 4)
            }
            return
        }
        let digest = IncidentDigest(incidents, atMost: Self.mostIncidents)
        for row in digest.rows {
            let instant = row.incidents[0].start
            let start =
                day == nil ? options.time.text(instant, decimals: 0) : options.time.timeOfDay(instant, decimals: 0)
            let severity = row.worst.severity?.rawValue ?? "info"
            let body = wrapped(
                "\(start) \(severity): \(row.words(options.time).escapedForTerminal)",
                width: width,
                indent: 2
            )
            text += row.worst.severity.map { options.style.paint(body, $0.role) } ?? body
        }
        if let rest = digest.rest { text += wrapped("\(rest); --verbose tells all", width: width, indent: 2) }
    }
}
