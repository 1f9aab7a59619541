internal import Glibc

/// A flag that ends live captures from another thread or from a signal handler, and wakes them for it.
package final class StopSignal: Sendable {
    private let pipe: WakePipe

    /// The descriptor that is readable once ``stop()`` was called, and ever after.
    var descriptor: CInt { pipe.reader }

    /// Throws ``CaptureError`` with `cannotOpen` when there are no descriptors left.
    package init() throws(CaptureError) {
        pipe = try WakePipe()
    }

    deinit {
        if unsafe Self.signalWriter == pipe.writer { unsafe Self.signalWriter = -1 }
    }

    /// The pipe that the process's signals go to; one capture run at a time takes them.
    nonisolated(unsafe) private static var signalWriter: CInt = -1

    /// Makes signals of the process end the loops that watch this, from the moment of the call on.
    ///
    /// A signal that is ignored already stays so, as `nohup` wants it for SIGHUP, except SIGINT, which shells ignore for
    /// what they start in the background and which is then sent on purpose.
    package func receive(_ signals: [CInt]) {
        unsafe Self.signalWriter = pipe.writer
        for number in signals {
            var previous = sigaction()
            unsafe sigaction(number, nil, &previous)
            let isIgnored = unsafe unsafeBitCast(previous.__sigaction_handler.sa_handler, to: Int.self) == 1
            if isIgnored, number != SIGINT { continue }
            signal(number) { _ in unsafe WakePipe.tell(StopSignal.signalWriter, 0) }
        }
    }

    /// Ends the loops that watch this signal; safe in a signal handler.
    package func stop() { WakePipe.tell(pipe.writer, 0) }
}
