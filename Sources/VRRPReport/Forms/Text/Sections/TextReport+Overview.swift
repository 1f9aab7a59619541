internal import VRRPFacts
internal import VRRPFindings
internal import VRRPTracker
internal import VRRPWire

extension TextReport {
    /// The number of rows of the overview.
    static let mostOverview = 12

    /// Writes a row for virtual routers that are alike, those in trouble first.
    mutating func writeOverview() {
        let note = options.style.paint(" (--verbose shows each in full)", .faint)
        text += "\n" + options.style.paint("Virtual routers", .heading) + note + "\n"
        let groups = AlikeRouters.groups(in: document).enumerated().sorted { left, right in
            left.element.rank == right.element.rank
                ? left.offset < right.offset : left.element.rank > right.element.rank
        }.map(\.element)
        var table = TextTable([
            ("VIRTUAL ROUTERS", .left), ("MASTER AT THE END", .left), ("CHANGES", .right), ("NO MASTER FOR", .left),
            ("FINDINGS", .prose),
        ])
        table.substitute(column: "FINDINGS", by: "")
        for group in groups.prefix(Self.mostOverview) {
            let last = group.first.timeline.last
            let others = group.members.count - 1
            let name = document.name(of: group.first).title.escapedForTerminal
            let longest = group.longestWithoutMaster
            table.add([
                TextTable.Cell(name + (others > 0 ? " and \(others) more" : "")),
                TextTable.Cell(last.map { $0.state == .none ? "nobody" : $0.mastersInWords } ?? "", last?.state.role),
                TextTable.Cell(String(group.first.changes)),
                TextTable.Cell(
                    longest < .milliseconds(1) ? "" : (others > 0 ? "up to " : "") + longest.words(.table),
                    .warning
                ),
                TextTable.Cell(group.findings.joined(separator: ", "), group.severity?.role),
            ])
        }
        let hidden =
            groups.dropFirst(Self.mostOverview).reduce(0) { $0 + $1.members.count } + document.otherVirtualRouters.count
        if hidden > 0 { table.add(note: "… and \(Words.count(hidden, "more virtual router"))") }
        table.render(indent: 2, style: options.style, width: width, into: &text)
    }
}

/// Virtual routers to which the same happened: they have the same routers, changes, findings and state at the end.
struct AlikeRouters {
    private(set) var members: [ReportDocument.VirtualRouter]
    /// The names of the findings about each of them, the gravest first.
    let findings: [String]
    let severity: Severity?

    var first: ReportDocument.VirtualRouter { members[0] }

    /// The longest time without a master in one of them.
    var longestWithoutMaster: TimeSpan {
        members.map { virtualRouter in
            virtualRouter.timeline.reduce(TimeSpan.zero) { $0 + ($1.state == .none ? $1.length : .zero) }
        }.max() ?? .zero
    }

    /// The place in an order by trouble.
    fileprivate var rank: (Int, Int) { (severity.weight, first.changes) }

    /// The marks that virtual routers that are alike have in common.
    private struct Mark: Hashable {
        struct Change: Hashable {
            var cause: Transition.Cause
            var from: [IPAddress]
            var to: [IPAddress]
        }

        var segment: String
        var versions: [UInt8]
        var routers: [IPAddress]
        var changes: [Change]
        var state: TimelineInterval.State?
        var masters: [IPAddress]
        var findings: [String]
    }

    /// Returns the virtual routers of a document in groups, in the order of their first members.
    static func groups(in document: ReportDocument) -> [AlikeRouters] {
        let found = Dictionary(grouping: document.findings, by: \.virtualRouter)
        var positions: [Mark: Int] = [:]
        var groups: [AlikeRouters] = []
        for virtualRouter in document.virtualRouters {
            let own = found[virtualRouter.id] ?? []
            let names = TextReport.distinct(own.map(\.id))
            let mark = Mark(
                segment: virtualRouter.segment.name,
                versions: virtualRouter.versions,
                routers: virtualRouter.routers.map(\.address).sorted(),
                changes: virtualRouter.transitions.map { Mark.Change(cause: $0.cause, from: $0.from, to: $0.to) },
                state: virtualRouter.timeline.last?.state,
                masters: virtualRouter.timeline.last?.masters ?? [],
                findings: names.sorted()
            )
            if let position = positions[mark] {
                groups[position].members.append(virtualRouter)
            } else {
                positions[mark] = groups.count
                groups.append(
                    AlikeRouters(members: [virtualRouter], findings: names, severity: own.map(\.severity).max())
                )
            }
        }
        return groups
    }
}
