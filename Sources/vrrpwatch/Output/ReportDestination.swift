internal import Foundation
internal import VRRPReport

/// Where a report goes: a file, standard output, or the three files of CSV.
///
/// Every file is opened before the work begins, so that a mistake shows at once, and gets its name when it is whole.
struct ReportDestination {
    private let form: Format
    private let outputs: [Output]

    init(path: String, _ form: Format) throws {
        self.form = form
        guard form == .csv, path != "-" else {
            outputs = [try Output(path: path)]
            return
        }
        outputs = try Self.names(for: path).map { try Output(path: $0) }
    }

    /// `x-transitions.csv`, `x-intervals.csv` and `x-gaps.csv` for `x.csv`; in a folder without the prefix.
    private static func names(for path: String) -> [String] {
        let tables = ["transitions", "intervals", "gaps"]
        if isFolder(path) {
            let folder = path.hasSuffix("/") ? path : path + "/"
            return tables.map { "\(folder)\($0).csv" }
        }
        let stem = path.lowercased().hasSuffix(".csv") ? String(path.dropLast(4)) : path
        return tables.map { "\(stem)-\($0).csv" }
    }

    /// Whether a path names a folder, one that is there or is meant to be.
    static func isFolder(_ path: String) -> Bool {
        // Absence is the meaning: what is not there has no type.
        let attributes = try? FileManager.default.attributesOfItem(
            atPath: URL(filePath: path).resolvingSymlinksInPath().path
        )
        return path.hasSuffix("/") || attributes?[.type] as? FileAttributeType == .typeDirectory
    }

    func write(_ document: ReportDocument, _ options: IncidentReport.Options) throws {
        guard form != .json else {
            for output in outputs {
                try document.writeJSON(output.write)
                try output.finish()
            }
            return
        }
        let texts: [String] =
            switch form {
            case .html: [IncidentReport.html(document, options)]
            case .markdown: [IncidentReport.markdown(document, options)]
            case .csv:
                [CSVTables.transitions(document), CSVTables.intervals(document), CSVTables.gaps(document)]
            case .json, .text, .ndjson: []
            }
        for (output, text) in zip(outputs, texts) { try output.write(text) }
        for output in outputs { try output.finish() }
    }
}
