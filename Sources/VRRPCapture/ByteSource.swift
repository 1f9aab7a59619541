internal import Glibc

/// Where a capture file's bytes come from: the seam below which a decompressor fits.
///
/// Closing the descriptor is its deinitialization; standard input is left open.
struct ByteSource: ~Copyable {
    private let descriptor: CInt
    private let isOwned: Bool

    /// Opens a file, a pipe or a device for reading; `-` is standard input.
    ///
    /// Throws ``CaptureError`` with `notFound`, `notPermitted`, `isDirectory` or `cannotOpen`.
    init(path: String) throws(CaptureError) {
        isOwned = path != "-"
        descriptor = isOwned ? try Self.open(path) : STDIN_FILENO
    }

    private static func open(_ path: String) throws(CaptureError) -> CInt {
        var opened: CInt
        repeat {
            opened = unsafe Glibc.open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY)
        } while opened < 0 && errno == EINTR
        let failure = errno
        guard opened >= 0 else {
            let code: CaptureError.Code =
                switch failure {
                case ENOENT, ENOTDIR, ENAMETOOLONG, ELOOP: .notFound
                case EACCES, EPERM: .notPermitted
                default: .cannotOpen
                }
            throw CaptureError(code, path: path, detail: systemMessage(failure), systemError: failure)
        }
        var status = stat()
        if unsafe fstat(opened, &status) == 0, status.st_mode & S_IFMT == S_IFDIR {
            close(opened)
            throw CaptureError(.isDirectory, path: path, detail: systemMessage(EISDIR), systemError: EISDIR)
        }
        // Advice may be refused (pipes refuse it), and nothing depends on it.
        _ = posix_fadvise(opened, 0, 0, POSIX_FADV_SEQUENTIAL)
        return opened
    }

    deinit {
        if isOwned { close(descriptor) }
    }

    /// Reads what is there, waiting until there is something: the count, 0 at the end, or the negated `errno`.
    func read(into target: UnsafeMutableRawPointer, count: Int) -> Int {
        while true {
            let result = unsafe Glibc.read(descriptor, target, count)
            if result >= 0 { return result }
            let failure = errno
            if failure != EINTR { return -Int(failure) }
        }
    }
}

/// The operating system's text for an `errno`.
func systemMessage(_ code: CInt) -> String {
    var buffer = [CChar](repeating: 0, count: 256)
    guard unsafe strerror_r(code, &buffer, buffer.count) == 0 else { return "error \(code)" }
    return String(decoding: buffer.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
}
