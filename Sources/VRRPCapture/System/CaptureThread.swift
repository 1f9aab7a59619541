internal import Glibc

/// A thread of its own for work that blocks, since blocking one of Swift's cooperative threads may stall all tasks.
@safe
package final class CaptureThread {
    private final class Work {
        let body: @Sendable () -> Void

        init(_ body: @escaping @Sendable () -> Void) {
            self.body = body
        }
    }

    private var thread: pthread_t
    private var isJoined = false

    /// Starts a thread on `body`, with all signals blocked so that they reach the main thread.
    ///
    /// Throws ``CaptureError`` with `cannotOpen` when the system has no thread to give.
    package init(_ body: @escaping @Sendable () -> Void) throws(CaptureError) {
        let work = unsafe Unmanaged.passRetained(Work(body))
        var all = sigset_t()
        var previous = sigset_t()
        var started = pthread_t()
        unsafe sigfillset(&all)
        unsafe pthread_sigmask(SIG_SETMASK, &all, &previous)
        let status = unsafe pthread_create(
            &started,
            nil,
            { argument in
                if let argument = unsafe argument {
                    unsafe Unmanaged<Work>.fromOpaque(argument).takeRetainedValue().body()
                }
                return nil
            },
            work.toOpaque()
        )
        unsafe pthread_sigmask(SIG_SETMASK, &previous, nil)
        guard status == 0 else {
            unsafe work.release()
            throw CaptureError(.cannotOpen, path: "thread", detail: systemMessage(status), systemError: status)
        }
        thread = started
    }

    deinit {
        if !isJoined { pthread_detach(thread) }
    }

    /// Waits until the thread's work is done; further calls return at once.
    package func join() {
        guard !isJoined else { return }
        isJoined = true
        pthread_join(thread, nil)
    }
}

/// A flag that ends live captures from another thread or from a signal handler, and wakes them for it.
package final class StopSignal: Sendable {
    /// Readable once ``stop()`` was called, and ever after.
    let descriptor: CInt
    private let writer: CInt

    /// Throws ``CaptureError`` with `cannotOpen` when there are no descriptors left.
    package init() throws(CaptureError) {
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
    }

    deinit {
        if unsafe Self.signalWriter == writer { unsafe Self.signalWriter = -1 }
        close(descriptor)
        close(writer)
    }

    /// Where the process's signals go; one capture run at a time takes them.
    nonisolated(unsafe) private static var signalWriter: CInt = -1

    /// Makes signals of the process end the loops that watch this, from the moment of the call on.
    ///
    /// A signal that is ignored already stays so, as `nohup` wants it for SIGHUP, except SIGINT, which shells ignore for
    /// what they start in the background and which is then sent on purpose.
    package func receive(_ signals: [CInt]) {
        unsafe Self.signalWriter = writer
        for number in signals {
            var previous = sigaction()
            unsafe sigaction(number, nil, &previous)
            let isIgnored = unsafe unsafeBitCast(previous.__sigaction_handler.sa_handler, to: Int.self) == 1
            if isIgnored, number != SIGINT { continue }
            signal(number) { _ in
                var byte: UInt8 = 0
                _ = unsafe write(StopSignal.signalWriter, &byte, 1)
            }
        }
    }

    /// Ends the loops that watch this signal; one write(2), so it is safe in a signal handler.
    package func stop() {
        var byte: UInt8 = 0
        // It fails only when the pipe is full, and then the signal has long been given.
        _ = unsafe write(writer, &byte, 1)
    }
}
