internal import VRRPFindings
internal import VRRPIncidents
internal import VRRPTracker
internal import VRRPWire

/// The facts of a report as tables for spreadsheets and scripts (RFC 4180, with line feeds alone).
///
/// Times are UTC with nine decimals and lengths of time milliseconds, as in JSON. Each line is written when it is made.
package enum CSVTables {
    /// Takes a line; what it throws ends the table.
    package typealias Writing = (String) throws -> Void

    /// A line for each change of master.
    package static func transitions(_ document: ReportDocument, _ write: @escaping Writing) throws {
        let table = try Table(
            write,
            [
                "virtual_router", "vrid", "time", "cause", "from", "to", "outage_ms", "bound_ms", "announced_addresses",
                "announced_of", "announced_after_ms", "announced_frames", "summary", "evidence",
            ]
        )
        for virtualRouter in document.virtualRouters {
            for transition in virtualRouter.transitions {
                let announced = transition.announced
                try table.add([
                    .text(virtualRouter.id), .number(Int(virtualRouter.vrid)), .plain(transition.instant.utcText),
                    .plain(transition.cause.rawValue), .plain(list(transition.from)), .plain(list(transition.to)),
                    .span(transition.outage), .span(transition.bound), .number(announced?.addresses),
                    .number(announced?.of), .span(announced?.firstAfter), .number(announced?.frames),
                    .text(transition.summary), .plain(references(transition.evidence)),
                ])
            }
        }
    }

    /// A line for each stretch of each timeline.
    package static func intervals(_ document: ReportDocument, _ write: @escaping Writing) throws {
        let table = try Table(
            write,
            ["virtual_router", "vrid", "start", "end", "length_ms", "state", "masters", "basis"]
        )
        for virtualRouter in document.virtualRouters {
            for interval in virtualRouter.timeline {
                try table.add([
                    .text(virtualRouter.id), .number(Int(virtualRouter.vrid)), .plain(interval.start.utcText),
                    .plain(interval.end.utcText), .span(interval.end - interval.start),
                    .plain(interval.state.rawValue), .plain(list(interval.masters)),
                    .plain(interval.basis.rawValue),
                ])
            }
        }
    }

    /// A line for each time between two advertisements of a reign, where the tracker was asked to keep them.
    package static func gaps(_ document: ReportDocument, _ write: @escaping Writing) throws {
        let table = try Table(
            write,
            [
                "virtual_router", "vrid", "router", "start", "end", "gap_ms", "interval_ms", "deviation_ms", "evidence",
            ]
        )
        for virtualRouter in document.virtualRouters {
            for router in virtualRouter.routers {
                for gap in router.gaps {
                    let length = gap.end - gap.start
                    try table.add([
                        .text(virtualRouter.id), .number(Int(virtualRouter.vrid)), .plain(router.address.description),
                        .plain(gap.start.utcText), .plain(gap.end.utcText), .span(length), .span(gap.interval),
                        .span(length - gap.interval), .plain(references([gap.startEvidence, gap.endEvidence])),
                    ])
                }
            }
        }
    }

    /// A line for each incident.
    package static func incidents(_ document: ReportDocument, _ write: @escaping Writing) throws {
        let table = try Table(
            write,
            [
                "id", "kind", "severity", "start", "end", "ongoing", "routers", "virtual_routers", "addresses", "moved",
                "worst_outage_ms", "summary", "story",
            ]
        )
        for incident in document.incidents {
            try table.add([
                .number(incident.id), .plain(incident.kind.rawValue), .plain(incident.severity?.rawValue ?? "info"),
                .plain(incident.start.utcText), .plain(incident.end.utcText), .plain(incident.isOngoing ? "yes" : "no"),
                .plain(list(incident.routers)), .text(incident.virtualRouters.joined(separator: " ")),
                .plain(list(incident.addresses)), .number(incident.moved), .span(incident.worstOutage),
                .text(incident.summary), .text(incident.story(.utc)),
            ])
        }
    }

    private static func list(_ addresses: [IPAddress]) -> String {
        addresses.map(\.description).joined(separator: " ")
    }

    /// Capture and frame, `0:12 0:13`.
    private static func references(_ references: [FrameReference]) -> String {
        references.map { "\($0.capture):\($0.frame)" }.joined(separator: " ")
    }
}

extension CSVTables {
    private struct Table {
        enum Cell {
            /// Text that may come from anywhere.
            case text(String)
            /// Words, times and addresses of this program's making.
            case plain(String)
            case number(Int?)
            case span(TimeSpan?)

            var text: String {
                switch self {
                case .text(let text): Self.quoted(Self.inert(text.escapedForTerminal))
                case .plain(let text): Self.quoted(text)
                case .number(let number): number.map { "\($0)" } ?? ""
                case .span(let span): span?.millisecondsText ?? ""
                }
            }

            /// The text with an apostrophe before a formula of a spreadsheet, in ASCII or full-width form.
            private static func inert(_ text: String) -> String {
                guard let first = text.unicodeScalars.first, "=+-@＝＋－＠".unicodeScalars.contains(first) else {
                    return text
                }
                return "'" + text
            }

            private static func quoted(_ text: String) -> String {
                guard text.utf8.contains(where: { $0 == 0x2c || $0 == 0x22 || $0 == 0x3b }) else { return text }
                return "\"" + text.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"")
                    + "\""
            }
        }

        private let write: Writing

        init(_ write: @escaping Writing, _ columns: [String]) throws {
            self.write = write
            try write(columns.joined(separator: ",") + "\n")
        }

        func add(_ cells: [Cell]) throws {
            try write(cells.map(\.text).joined(separator: ",") + "\n")
        }
    }
}
