internal import Glibc

/// Other programs of this system.
package enum Program {
    /// The path of a program that belongs to this one: beside it, or in a folder of `PATH`; `nil` where it is in neither.
    package static func path(of name: String) -> String? {
        var folders = (environmentVariable("PATH") ?? "").split(separator: ":").map(String.init)
        // Without /proc, the program's own folder is not known.
        if let own = FileType.target(ofLink: "/proc/self/exe"), let slash = own.lastIndex(of: "/") {
            folders.insert(String(own[..<slash]), at: 0)
        }
        return folders.map { "\($0)/\(name)" }.first(where: FileType.isProgram)
    }

    /// Goes on as another program, which gets these arguments behind its name; returns only where that fails.
    ///
    /// - Parameters:
    ///   - path: of the program.
    ///   - arguments: without the name of the program.
    /// - Returns: the reason.
    package static func become(_ path: String, _ arguments: [String]) -> CaptureError {
        var words = unsafe ([path] + arguments).map { unsafe strdup(fileName($0)) } + [nil]
        _ = unsafe execv(fileName(path), &words)
        let failure = errno
        unsafe words.forEach { unsafe free($0) }
        return CaptureError.system(path, failure)
    }
}
