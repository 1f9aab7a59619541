internal import VRRPFacts
internal import VRRPFindings
internal import VRRPWire

/// The one line that Nagios, Icinga and Checkmk read of a check, by the guidelines for plug-ins of the Monitoring Plugins project:
/// the state, words, and numbers behind a bar.
package struct PluginLine: Sendable {
    /// The states that a check can have.
    package enum State: String, Sendable {
        case ok = "OK"
        case warning = "WARNING"
        case critical = "CRITICAL"
        case unknown = "UNKNOWN"
    }

    package var state: State
    /// The line, without its end.
    package var text: String

    /// Judges a report by the findings that still hold at its end.
    package init(_ document: ReportDocument) {
        let open = document.findings.filter(\.ongoing)
        let grave = open.filter { $0.severity != .notice }
        state =
            switch open.map(\.severity).max() {
            case .critical: .critical
            case .warning: .warning
            case .notice: .ok
            case nil: document.nothingToJudge == nil ? .ok : .unknown
            }
        // Findings are in order of severity.
        let words =
            if let first = grave.first {
                Self.words(first) + (grave.count > 1 ? ", and \(Words.count(grave.count - 1, "more finding"))" : "")
            } else if let nothing = document.nothingToJudge {
                nothing.clause
            } else {
                "\(Words.count(document.virtualRouterCount, "virtual router")), nothing is wrong"
            }
        text = Self.line(state, words) + " | " + Self.numbers(document, open).joined(separator: " ")
    }

    /// - Parameter reason: the reason why nothing could be judged.
    package init(unknown reason: String) {
        state = .unknown
        text = Self.line(.unknown, reason)
    }

    private static func words(_ finding: ReportDocument.Finding) -> String {
        (finding.name.map { "\($0.title): " } ?? "") + "\(finding.summary) (\(finding.id))"
    }

    /// The state and the words; a bar in them would begin the numbers, and control characters would end the line.
    private static func line(_ state: State, _ words: String) -> String {
        "VRRP \(state.rawValue) - \(words.escapedForTerminal.replacing("|", with: "/"))"
    }

    private static func numbers(_ document: ReportDocument, _ open: [ReportDocument.Finding]) -> [String] {
        let now = document.virtualRouters.compactMap(\.timeline.last)
        let dropped = document.captures.reduce(0) { $0 + Int($1.description.dropped ?? 0) }
        func count(_ severity: Severity) -> Int { open.count { $0.severity == severity } }
        // NAME=VALUE;WARNING;CRITICAL;LEAST: the bounds are those that the state follows.
        return [
            "critical=\(count(.critical));;0;0", "warning=\(count(.warning));0;;0", "notice=\(count(.notice));;;0",
            "virtual_routers=\(document.virtualRouterCount);;;0",
            "masters=\(now.reduce(0) { $0 + $1.masters.count });;;0", "dropped=\(dropped);;;0",
        ]
    }
}
