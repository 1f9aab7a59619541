internal import Glibc

/// The kind of file at a path.
package enum FileType: Hashable, Sendable {
    case regular
    case directory
    /// A pipe, a device, a socket.
    case other

    /// The kind of file that a path leads to, through symbolic links; `nil` where no file is, or none can be seen.
    package init?(of path: String) {
        var status = stat()
        guard unsafe stat(path, &status) == 0 else { return nil }
        self =
            switch status.st_mode & S_IFMT {
            case S_IFREG: .regular
            case S_IFDIR: .directory
            default: .other
            }
    }
}
