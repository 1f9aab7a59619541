internal import Glibc
internal import Synchronization

/// Signals that are noted when they come and looked at in between, at the latest with the next tick of a live capture.
package enum ProcessSignals {
    /// By number.
    private static let noted = Atomic<UInt64>(0)

    /// Notes signals from now on, in place of what they did before.
    package static func note(_ signals: [CInt]) {
        // Makes it here and not in the handler, which must not wait for anything.
        noted.store(0, ordering: .relaxed)
        for number in signals {
            signal(number) { number in
                ProcessSignals.noted.bitwiseOr(1 << UInt64(number), ordering: .relaxed)
            }
        }
    }

    /// What came since the last time, each signal once.
    package static func take() -> [CInt] {
        let bits = noted.exchange(0, ordering: .relaxed)
        return (0..<64).filter { bits & 1 << UInt64($0) != 0 }.map(CInt.init)
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
