internal import VRRPFacts
package import VRRPFindings
internal import VRRPIncidents
internal import VRRPWire

/// The incidents that a page or a screen has room for: the gravest, in order of time, and what came again and again as one.
struct IncidentDigest {
    /// One incident, or several of one kind about the same routers.
    struct Row {
        var incidents: [ReportDocument.Incident]

        /// The one that hurt most.
        var worst: ReportDocument.Incident {
            incidents.max {
                ($0.severity.weight, $0.worstOutage ?? .zero) < ($1.severity.weight, $1.worstOutage ?? .zero)
            }
                ?? incidents[0]
        }

        fileprivate var rank: (Int, TimeSpan) { (worst.severity.weight, worst.worstOutage ?? .zero) }

        /// The row in a sentence without its full stop and without the instant at which it began.
        func words(_ time: TimeStyle) -> String {
            guard let last = incidents.last, incidents.count > 1 else {
                return "\(incidents[0].summary) (\(incidents[0].outcome))"
            }
            let state = incidents.contains(where: \.isOngoing) ? "ongoing" : "over"
            let isOfOneDay = time.date(incidents[0].start) == time.date(last.start)
            let end = isOfOneDay ? time.timeOfDay(last.start, decimals: 0) : time.text(last.start, decimals: 0)
            return "\(incidents.count) times until \(end); the worst: \(worst.summary) (\(state))"
        }
    }

    private(set) var rows: [Row] = []
    /// The incidents that have no row, in words; `nil` where all have.
    private(set) var rest: String?

    /// The number of incidents alike from which on they are one row.
    private static let many = 3

    init(_ incidents: [ReportDocument.Incident], atMost most: Int) {
        let alike = Dictionary(grouping: incidents) { "\($0.kind.rawValue) \($0.routers)" }
        var seen: Set<String> = []
        var all: [Row] = []
        for incident in incidents {
            let key = "\(incident.kind.rawValue) \(incident.routers)"
            let group = alike[key] ?? []
            if group.count < Self.many {
                all.append(Row(incidents: [incident]))
            } else if seen.insert(key).inserted {
                all.append(Row(incidents: group))
            }
        }
        let ranked = all.indices.sorted { left, right in
            all[left].rank == all[right].rank ? left < right : all[left].rank > all[right].rank
        }
        rows = ranked.prefix(most).sorted().map { all[$0] }
        let hidden = ranked.dropFirst(most).flatMap { all[$0].incidents }
        guard !hidden.isEmpty else { return }
        let kinds = VRRPIncidents.Incident.Kind.allCases.compactMap { kind in
            let count = hidden.count { $0.kind == kind }
            return count > 0 ? "\(count) \(kind.rawValue)" : nil
        }
        rest = "\(Words.count(hidden.count, "more incident")), none of them graver: \(Words.list(kinds))"
    }
}

extension ReportDocument {
    /// The gravest severity of findings and incidents; `nil` where nothing was found and nobody was interrupted.
    ///
    /// It decides the colour of every form and the exit status.
    package var gravest: Severity? { [worst, incidents.compactMap(\.severity).max()].compactMap { $0 }.max() }
}
