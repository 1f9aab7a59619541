internal import Glibc

/// Signals that do not end the program: they make a descriptor readable, so that a running capture sees them at once.
package final class ProcessSignals {
    /// Readable when there is something to ``take()``.
    package let descriptor: CInt
    private let writer: CInt

    /// Where the handler writes; one of these at a time takes the process's signals.
    nonisolated(unsafe) private static var signalWriter: CInt = -1

    /// Takes signals from now on, in place of what they did before.
    ///
    /// Throws ``CaptureError`` with `cannotOpen` when there are no descriptors left.
    package init(_ signals: [CInt]) throws(CaptureError) {
        var ends: [CInt] = [-1, -1]
        guard unsafe pipe(&ends) == 0 else {
            let failure = errno
            throw CaptureError(.cannotOpen, path: "pipe", detail: systemMessage(failure), systemError: failure)
        }
        for end in ends {
            _ = fcntl(end, F_SETFD, FD_CLOEXEC)
            _ = fcntl(end, F_SETFL, O_NONBLOCK)
        }
        (descriptor, writer) = (ends[0], ends[1])
        unsafe Self.signalWriter = writer
        for number in signals {
            signal(number) { number in
                var byte = UInt8(truncatingIfNeeded: number)
                // It fails only when the pipe is full of signals that nobody has looked at.
                _ = unsafe write(ProcessSignals.signalWriter, &byte, 1)
            }
        }
    }

    deinit {
        if unsafe Self.signalWriter == writer { unsafe Self.signalWriter = -1 }
        close(descriptor)
        close(writer)
    }

    /// What came since the last time, each signal once.
    package func take() -> Set<CInt> {
        var taken: Set<CInt> = []
        var bytes = [UInt8](repeating: 0, count: 64)
        while true {
            let count = unsafe read(descriptor, &bytes, bytes.count)
            guard count > 0 else { return taken }
            taken.formUnion(bytes.prefix(count).map(CInt.init))
        }
    }

    /// Whether a person at a terminal may send SIGHUP by closing it.
    package static var hasTerminal: Bool {
        let terminal = unsafe open("/dev/tty", O_RDONLY | O_NOCTTY | O_CLOEXEC)
        guard terminal >= 0 else { return false }
        close(terminal)
        return true
    }

    /// The device and inode of an open descriptor, as systemd gives them in JOURNAL_STREAM: `9:12345`.
    package static func identity(of descriptor: CInt) -> String? {
        var status = stat()
        guard unsafe fstat(descriptor, &status) == 0 else { return nil }
        return "\(status.st_dev):\(status.st_ino)"
    }
}
