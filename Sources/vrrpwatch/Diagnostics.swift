internal import Foundation
internal import VRRPReport

/// Standard error: everything that is not data.
enum Diagnostics {
    /// One line with the program's name before it, safe to show.
    static func say(_ message: String) {
        write("vrrpwatch: \(message.escapedForTerminal)\n")
    }

    static func write(_ text: String) {
        // Where even standard error fails there is nobody left to tell.
        try? FileHandle.standardError.write(contentsOf: Data(text.utf8))
    }
}
