internal import Glibc

/// What stands at a path.
package enum FileType: Hashable, Sendable {
    case regular
    case directory
    /// A pipe, a device, a socket.
    case other

    /// What a path leads to, by way of symbolic links; `nil` where there is nothing, or nothing to be seen.
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
