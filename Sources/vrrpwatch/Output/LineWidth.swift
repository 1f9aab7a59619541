internal import Glibc
internal import VRRPCapture
internal import VRRPReport

/// The number of places that a line of text may take.
enum LineWidth {
    /// The width of the terminal at standard output, by `COLUMNS` or by what the terminal says; for files and pipes the
    /// standard width.
    static var ofStandardOutput: Int {
        guard isatty(STDOUT_FILENO) == 1 else { return TextReport.standardWidth }
        let columns = environmentVariable("COLUMNS").flatMap { Int($0) } ?? Terminal.size.columns
        return max(columns, TextReport.leastWidth)
    }
}
