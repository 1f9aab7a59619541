internal import Glibc

/// A pipe through which a signal handler or another thread wakes a loop that waits for descriptors.
///
/// Both ends are closed on exec, and neither blocks.
struct WakePipe: ~Copyable {
    /// The end to wait for: readable while bytes are in the pipe.
    let reader: CInt
    /// The end for ``tell(_:_:)``.
    let writer: CInt

    /// Throws ``CaptureError`` with `cannotOpen` when there are no descriptors left.
    init() throws(CaptureError) {
        var ends: [CInt] = [-1, -1]
        guard unsafe pipe(&ends) == 0 else {
            let failure = errno
            throw CaptureError(.cannotOpen, path: "pipe", detail: systemMessage(failure), systemError: failure)
        }
        for end in ends {
            _ = fcntl(end, F_SETFD, FD_CLOEXEC)
            _ = fcntl(end, F_SETFL, O_NONBLOCK)
        }
        (reader, writer) = (ends[0], ends[1])
    }

    deinit {
        close(reader)
        close(writer)
    }

    /// Puts a byte into the pipe whose writing end is given, by one write(2), which is safe in a signal handler.
    ///
    /// It fails only when the pipe is full, and then the reader is about to look anyway.
    static func tell(_ writer: CInt, _ byte: UInt8) {
        var byte = byte
        _ = unsafe write(writer, &byte, 1)
    }

    /// Takes up to `limit` bytes out of the pipe; none where there are none.
    func take(_ limit: Int) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: limit)
        let count = unsafe read(reader, &bytes, limit)
        return Array(bytes.prefix(max(0, count)))
    }
}
