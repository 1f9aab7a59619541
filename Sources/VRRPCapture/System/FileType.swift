internal import Glibc
internal import VRRPFacts
package import VRRPWire

/// The kind of file at a path.
package enum FileType: Hashable, Sendable {
    case regular
    case directory
    /// A pipe, a device, a socket.
    case other

    /// The kind of file that a path leads to, through symbolic links; `nil` where no file is, or none can be seen.
    package init?(of path: String) {
        var status = stat()
        guard unsafe stat(fileName(path), &status) == 0 else { return nil }
        self.init(status)
    }

    /// The kind of file that has a path itself, where a symbolic link is `other`; `nil` where none is, or none can be seen.
    package init?(at path: String) {
        var status = stat()
        guard unsafe lstat(fileName(path), &status) == 0 else { return nil }
        self.init(status)
    }

    private init(_ status: stat) {
        self =
            switch status.st_mode & S_IFMT {
            case S_IFREG: .regular
            case S_IFDIR: .directory
            default: .other
            }
    }

    /// The instant at which a file was written last; `nil` where no file is, or none can be seen.
    package static func modification(of path: String) -> CaptureInstant? {
        var status = stat()
        guard unsafe stat(fileName(path), &status) == 0, abs(status.st_mtim.tv_sec) < 4_000_000_000 else { return nil }
        return CaptureInstant(nanoseconds: Int64(status.st_mtim.tv_sec) * 1_000_000_000 + Int64(status.st_mtim.tv_nsec))
    }

    /// Whether a path leads to a program that this process may run.
    package static func isProgram(_ path: String) -> Bool {
        unsafe Self(of: path) == .regular && access(fileName(path), X_OK) == 0
    }

    /// The path without symbolic links in it; `nil` where it leads nowhere.
    package static func resolved(_ path: String) -> String? {
        guard let resolved = unsafe realpath(fileName(path), nil) else { return nil }
        defer { unsafe free(resolved) }
        return unsafe text(ofFileName: resolved)
    }

    /// The path from the root, for one who is or will be in another directory; `nil` where the directory cannot be told.
    package static func absolute(_ path: String) -> String? {
        if path.hasPrefix("/") { return path }
        guard let directory = unsafe getcwd(nil, 0) else { return nil }
        defer { unsafe free(directory) }
        return unsafe text(ofFileName: directory) + "/" + path
    }

    /// The target of a symbolic link as it is written; `nil` for anything else.
    package static func target(ofLink path: String) -> String? {
        var target = [CChar](repeating: 0, count: Int(PATH_MAX))
        let count = unsafe readlink(fileName(path), &target, target.count)
        return count < 0 ? nil : NameBytes.text(target.prefix(count).map(UInt8.init(bitPattern:)))
    }
}
