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
