internal import VRRPCapture
internal import VRRPReport

/// The destination of a report: a file, standard output, or the four files of CSV.
///
/// All files are opened before the work begins, so that a mistake shows at once; each gets its name when it is whole.
struct ReportDestination {
    private let form: ReportForm
    private let outputs: [Output]

    init(path: String, _ form: ReportForm) throws {
        self.form = form
        guard form == .csv, path != "-" else {
            outputs = [try Output(path: path)]
            return
        }
        outputs = try Self.names(for: path).map { try Output(path: $0) }
    }

    /// `x-transitions.csv`, `x-intervals.csv`, `x-gaps.csv` and `x-incidents.csv` for `x.csv`; in a folder without the prefix.
    private static func names(for path: String) -> [String] {
        let tables = ["transitions", "intervals", "gaps", "incidents"]
        if isFolder(path) {
            let folder = path.hasSuffix("/") ? path : path + "/"
            return tables.map { "\(folder)\($0).csv" }
        }
        let stem = path.lowercased().hasSuffix(".csv") ? String(path.dropLast(4)) : path
        return tables.map { "\(stem)-\($0).csv" }
    }

    /// Whether a path names a folder, one that is there or is meant to be.
    static func isFolder(_ path: String) -> Bool {
        path.hasSuffix("/") || FileType(of: path) == .directory
    }

    /// Writes the document in its form, and gives the files their names.
    func write(_ document: ReportDocument, _ options: IncidentReport.Options) throws {
        switch form {
        case .html: try write(IncidentReport.html(document, options))
        case .markdown: try write(IncidentReport.markdown(document, options))
        case .json: for output in outputs { try document.writeJSON(output.write) }
        case .csv:
            // Standard output takes the first table only.
            let tables = [CSVTables.transitions, CSVTables.intervals, CSVTables.gaps, CSVTables.incidents]
            for (output, table) in zip(outputs, tables) { try table(document, output.write) }
        }
        for output in outputs { try output.finish() }
    }

    private func write(_ text: String) throws {
        for output in outputs { try output.write(text) }
    }
}
