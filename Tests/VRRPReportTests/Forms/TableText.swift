import VRRPReport

/// The lines of a table of CSV as one text.
final class TableText {
    private(set) var text = ""

    init(_ document: ReportDocument, _ table: (ReportDocument, @escaping CSVTables.Writing) throws -> Void) rethrows {
        try table(document) { self.text += $0 }
    }
}
