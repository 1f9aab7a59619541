internal import VRRPCapture
internal import VRRPReport

/// Standard error, for everything that is not data.
enum Diagnostics {
    /// The beginning of a line: the program's name or, where journald adds the name by itself, the priority of a
    /// warning as defined in sd-daemon(3).
    private static let beginning: String = {
        let stream = environmentVariable("JOURNAL_STREAM")
        return stream != nil && stream == ProcessSignals.identity(of: 2) ? "<4>" : "vrrpwatch: "
    }()

    /// Writes one line, safe to show.
    static func say(_ message: String) {
        write("\(beginning)\(message.escapedForTerminal)\n")
    }

    static func write(_ text: String) {
        // Where standard error fails as well, there is no place left for a message.
        try? OpenFile.standardError.write(Array(text.utf8))
    }
}
