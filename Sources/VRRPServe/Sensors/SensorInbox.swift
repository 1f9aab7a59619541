internal import Dispatch
internal import Synchronization
package import VRRPWire

/// The parts of sensors' streams on their way from the threads that read them to the one that judges.
///
/// Each sensor may have ``room`` frames under way, those included that wait for other sensors; then its thread waits. So a file
/// that is read faster than the others tell costs bounded memory.
package final class SensorInbox: Sendable {
    /// The frames of a sensor that may be under way.
    package static let room = 8192

    private struct State {
        var inputs: [(sensor: Int, input: SensorInput)] = []
        var work: [@Sendable (inout ServedSession) -> Void] = []
        var isClosed = false
    }

    private let state = Mutex(State())
    private let wake = DispatchSemaphore(value: 0)
    private let credits: [DispatchSemaphore]

    /// - Parameter sensors: the number of sensors.
    package init(sensors: Int) {
        // A semaphore may not be destroyed with less than it began with.
        credits = (0..<sensors).map { _ in
            let credit = DispatchSemaphore(value: 0)
            for _ in 0..<Self.room { credit.signal() }
            return credit
        }
    }

    /// Puts in a part of a sensor's stream, waiting for room; false when nothing more is wanted.
    package func put(_ input: SensorInput, of sensor: Int) -> Bool {
        if case .frame = input { credits[sensor].wait() }
        let isOpen = state.withLock { state in
            if !state.isClosed { state.inputs.append((sensor, input)) }
            return !state.isClosed
        }
        wake.signal()
        return isOpen
    }

    /// Puts in work to be done on the session, between other parts; false when there is nobody to do it.
    package func put(_ work: @escaping @Sendable (inout ServedSession) -> Void) -> Bool {
        let isOpen = state.withLock { state in
            if !state.isClosed { state.work.append(work) }
            return !state.isClosed
        }
        wake.signal()
        return isOpen
    }

    /// Gives a sensor's frames that are not under way any more their room back.
    package func giveBack(_ count: Int, of sensor: Int) {
        for _ in 0..<count { credits[sensor].signal() }
    }

    /// Takes everything that came, waiting for something for a time at most; `nil` when it was closed.
    package func take(
        within limit: TimeSpan?
    ) -> (inputs: [(sensor: Int, input: SensorInput)], work: [@Sendable (inout ServedSession) -> Void])? {
        let isEmpty = state.withLock { $0.inputs.isEmpty && $0.work.isEmpty && !$0.isClosed }
        if isEmpty {
            if let limit {
                _ = wake.wait(timeout: .now() + .nanoseconds(Int(clamping: limit.nanoseconds)))
            } else {
                wake.wait()
            }
        }
        // Calls that came since are looked at now.
        while wake.wait(timeout: .now()) == .success {}
        return state.withLock { state in
            defer { (state.inputs, state.work) = ([], []) }
            return state.isClosed ? nil : (state.inputs, state.work)
        }
    }

    /// Ends everything: nothing more is taken, and nobody waits any more.
    package func close() {
        state.withLock { $0.isClosed = true }
        wake.signal()
        for credit in credits { credit.signal() }
    }
}
