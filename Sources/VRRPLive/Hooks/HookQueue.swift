internal import Subprocess
internal import Synchronization
internal import SystemPackage
internal import VRRPFacts

/// Runs a program for each event, one after the other, beside the capture and never in its way.
///
/// The queue is bounded: while it is full, the program is not run for the events that matter least, which are counted and told
/// of (``HookLine``). A program that takes too long is ended together with the processes that it started.
package final class HookQueue: Sendable {
    /// The number of calls that may wait.
    package static let longest = 64
    /// The time that a program has to end after it was asked to.
    private static let grace = Duration.seconds(1)

    /// Wakes the worker where something waits in the line.
    private let waker: AsyncStream<Void>.Continuation
    private let worker: Task<Void, Never>
    private let tally: Tally

    /// The counts and the complaints that both sides of the queue add to.
    private final class Tally: Sendable {
        let counts = Mutex(Metrics.HookCounts())
        let line = Mutex(HookLine(most: HookQueue.longest))
        /// The number of calls that were dropped since somebody was told of it.
        let untold = Mutex(0)
        /// One line each, for people.
        let complaints = Mutex<[String]>([])

        func complain(_ message: String) {
            complaints.withLock { complaints in
                // Bounded, because a caller may never take the complaints.
                if complaints.count < HookQueue.longest { complaints.append(message) }
            }
        }

        func countDropped() {
            counts.withLock { $0.dropped += 1 }
            untold.withLock { $0 += 1 }
        }
    }

    /// - Parameters:
    ///   - program: a path.
    ///   - timeout: how long it may run.
    package init(program: String, timeout: Duration) {
        let (wakes, waker) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        let tally = Tally()
        self.waker = waker
        self.tally = tally
        worker = Task.detached {
            for await _ in wakes {
                while !Task.isCancelled, let call = tally.line.withLock({ $0.removeNext() }) {
                    await Self.run(program, call, timeout, tally)
                }
            }
        }
    }

    package var counts: Metrics.HookCounts { tally.counts.withLock { $0 } }

    /// Returns the failures since the last call, each in one line.
    package func takeComplaints() -> [String] {
        let complaints = tally.complaints.withLock { complaints in
            defer { complaints = [] }
            return complaints
        }
        let untold = tally.untold.withLock { untold in
            defer { untold = 0 }
            return untold
        }
        guard untold > 0 else { return complaints }
        let events = untold == 1 ? "1 event" : "\(untold) events"
        return complaints + ["--exec was not run for \(events) that matter less: more than \(Self.longest) wait"]
    }

    /// Queues a run of the program for an event.
    package func add(_ event: LiveEvent) {
        guard let call = HookCall(event) else { return }
        if !tally.line.withLock({ $0.add(call) }) { tally.countDropped() }
        waker.yield()
    }

    /// Waits until the program was told of everything, or for a time at most; then ends what still runs.
    package func finish(within limit: Duration) async {
        waker.finish()
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await self.worker.value }
            group.addTask {
                // Only cancellation ends it early, and then nobody waits for it.
                try? await Task.sleep(for: limit)
                self.worker.cancel()
            }
            await group.next()
            group.cancelAll()
        }
        let left = tally.line.withLock { $0.count }
        tally.counts.withLock { $0.dropped += left }
    }

    private static func run(_ program: String, _ call: HookCall, _ timeout: Duration, _ tally: Tally) async {
        switch await outcome(of: program, call, timeout) {
        case .exited(0): tally.counts.withLock { $0.succeeded += 1 }
        case .exited(let status):
            tally.counts.withLock { $0.failed += 1 }
            tally.complain("\(program) \(call.arguments.joined(separator: " ")): status \(status)")
        case .failed(let reason):
            tally.counts.withLock { $0.failed += 1 }
            tally.complain("\(program) \(call.arguments.joined(separator: " ")): \(reason)")
        case .timedOut:
            tally.counts.withLock { $0.timedOut += 1 }
            tally.complain("\(program) \(call.arguments.joined(separator: " ")): ended, it took too long")
        }
    }

    private enum Outcome: Sendable {
        /// Signals count from 128, as in a shell.
        case exited(Int)
        case failed(String)
        case timedOut
    }

    private static func outcome(of program: String, _ call: HookCall, _ timeout: Duration) async -> Outcome {
        await withTaskGroup(of: Outcome.self) { group in
            group.addTask { await execute(program, call) }
            group.addTask {
                // Cancelled when the program is done, and then its outcome is not asked for.
                try? await Task.sleep(for: timeout)
                return .timedOut
            }
            let first = await group.next() ?? .timedOut
            group.cancelAll()
            return first
        }
    }

    private static func execute(_ program: String, _ call: HookCall) async -> Outcome {
        var options = PlatformOptions()
        // A session of its own: Ctrl-C at our terminal is not meant for it, and its children can be ended with it.
        options.createSession = true
        options.teardownSequence = [
            .gracefulShutDown(toProcessGroup: true, allowedDurationToNextStep: grace),
            .send(signal: .kill, toProcessGroup: true, allowedDurationToNextStep: grace),
        ]
        do {
            let input = try Self.input(call.input)
            // Standard output is ours; what the program prints belongs with the messages.
            let result = try await Subprocess.run(
                .path(FilePath(platformString: NameBytes.path(program))),
                arguments: Arguments(call.arguments),
                platformOptions: options,
                input: .fileDescriptor(input, closeAfterSpawningProcess: true),
                output: .currentStandardError,
                error: .currentStandardError
            )
            switch result.terminationStatus {
            case .exited(let status): return .exited(Int(status))
            case .signaled(let signal): return .exited(128 + Int(signal))
            }
        } catch {
            return .failed("\(error)")
        }
    }

    /// A pipe's whole capacity (pipe(7)).
    private static let mostInput = 65_536

    /// A pipe that holds the input already: a program that does not read it leaves nobody with the rest.
    private static func input(_ text: String) throws -> FileDescriptor {
        guard text.utf8.count <= mostInput else { throw Errno.fileTooLarge }
        let (reader, writer) = try FileDescriptor.pipe()
        do {
            try writer.closeAfter { _ = try writer.writeAll(Array(text.utf8)) }
            return reader
        } catch {
            try reader.close()
            throw error
        }
    }
}
