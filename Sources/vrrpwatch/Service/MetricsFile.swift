internal import Dispatch
internal import Synchronization
internal import VRRPCapture
internal import VRRPLive

/// The file of `--metrics-file`, rendered and written beside the capture.
///
/// Rendering a page of a thousand virtual routers takes longer than the buffer of packets lasts, and disk writes can
/// block indefinitely.
final class MetricsFile: Sendable {
    let directory: OutputDirectory
    private let name: String
    private let queue = DispatchQueue(label: "vrrpwatch.metrics")
    private let metrics = Mutex(Metrics(version: VRRPWatch.version))
    private let state = Mutex(State())

    private struct State {
        var isWriting = false
        var hasFailed = false
        var messages: [String] = []
    }

    init(_ place: LiveService.Place) {
        directory = place.directory
        name = place.name
    }

    /// Writes a page, soon; none where the one before is still being written.
    func write(_ snapshot: Metrics.Snapshot) {
        let isFree = state.withLock { state in
            defer { state.isWriting = true }
            return !state.isWriting
        }
        guard isFree else { return }
        queue.async {
            self.writeNow(snapshot)
            self.state.withLock { $0.isWriting = false }
        }
    }

    /// Writes the last page, and waits until it is there.
    func finish(_ snapshot: Metrics.Snapshot) {
        queue.sync { writeNow(snapshot) }
    }

    /// Returns the messages since the last call, each in one line.
    func takeMessages() -> [String] {
        state.withLock { state in
            defer { state.messages = [] }
            return state.messages
        }
    }

    private func writeNow(_ snapshot: Metrics.Snapshot) {
        let page = metrics.withLock { $0.page(snapshot) }
        do throws(CaptureError) {
            try directory.replace(name, with: Array(page.utf8), mode: 0o644)
            state.withLock { $0.hasFailed = false }
        } catch {
            // Watching goes on without metrics. The failure is reported once, until writing succeeds again.
            state.withLock { state in
                if !state.hasFailed { state.messages.append("metrics: \(error.message)") }
                state.hasFailed = true
            }
        }
    }
}
