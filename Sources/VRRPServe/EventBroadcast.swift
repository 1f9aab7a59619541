internal import Synchronization

/// Hands each event to all who listen, and waits for nobody.
///
/// A listener that is behind by more than ``most`` events is dropped: its stream ends.
package final class EventBroadcast: Sendable {
    /// The events that a listener may be behind.
    package static let most = 1024
    /// The listeners at a time.
    package static let mostListeners = 200

    private struct Listener: Sendable {
        var lines: AsyncStream<String>.Continuation
        var onDrop: @Sendable () -> Void
    }

    private struct State {
        var listeners: [Int: Listener] = [:]
        var next = 0
        var isFinished = false
    }

    private let state = Mutex(State())

    package init() {}

    /// Hands out the events from now on.
    ///
    /// - Parameter onDrop: called when the listener is dropped.
    /// - Returns: each event as a line of `vrrpwatch.event/1` without its end, and now and then an empty line as a sign of life;
    ///   `nil` where there are too many listeners.
    package func listen(onDrop: @escaping @Sendable () -> Void) -> AsyncStream<String>? {
        let (stream, continuation) = AsyncStream.makeStream(
            of: String.self,
            bufferingPolicy: .bufferingOldest(Self.most)
        )
        let number = state.withLock { state -> Int? in
            guard state.listeners.count < Self.mostListeners, !state.isFinished else { return nil }
            state.next += 1
            state.listeners[state.next] = Listener(lines: continuation, onDrop: onDrop)
            return state.next
        }
        guard let number else { return nil }
        continuation.onTermination = { [weak self] _ in self?.remove(number) }
        return stream
    }

    private func remove(_ number: Int) {
        _ = state.withLock { $0.listeners.removeValue(forKey: number) }
    }

    /// The number of those who listen.
    package var count: Int { state.withLock { $0.listeners.count } }

    /// Hands on lines; an empty one is a sign of life.
    package func send(_ lines: [String]) {
        let listeners = state.withLock { $0.listeners }
        for (number, listener) in listeners {
            for line in lines {
                guard case .dropped = listener.lines.yield(line) else { continue }
                remove(number)
                listener.lines.finish()
                listener.onDrop()
                break
            }
        }
    }

    /// Ends all streams, and those to come.
    package func finish() {
        let listeners = state.withLock { state in
            defer { state.listeners = [:] }
            state.isFinished = true
            return state.listeners
        }
        for listener in listeners.values { listener.lines.finish() }
    }
}
