internal import Glibc

/// Signals that do not end the program: they make a descriptor readable, so that a running capture sees them at once.
package final class ProcessSignals {
    private let pipe: WakePipe

    /// The descriptor that is readable when there is something to ``take()``.
    package var descriptor: CInt { pipe.reader }

    /// The pipe that the handler writes to; one of these objects at a time takes the process's signals.
    nonisolated(unsafe) private static var signalWriter: CInt = -1

    /// Takes signals from now on; what they did before is gone.
    ///
    /// Throws ``CaptureError`` with `cannotOpen` when there are no descriptors left.
    package init(_ signals: [CInt]) throws(CaptureError) {
        pipe = try WakePipe()
        unsafe Self.signalWriter = pipe.writer
        for number in signals {
            signal(number) { number in
                unsafe WakePipe.tell(ProcessSignals.signalWriter, UInt8(truncatingIfNeeded: number))
            }
        }
    }

    deinit {
        if unsafe Self.signalWriter == pipe.writer { unsafe Self.signalWriter = -1 }
    }

    /// The signals that came since the last call, each once.
    package func take() -> Set<CInt> {
        var taken: Set<CInt> = []
        while true {
            let bytes = pipe.take(64)
            guard !bytes.isEmpty else { return taken }
            taken.formUnion(bytes.map(CInt.init))
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
