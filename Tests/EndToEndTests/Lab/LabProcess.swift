import Foundation
import Subprocess
import SystemPackage

/// A process in a network namespace, whose lines are kept with the time at which they came.
struct LabProcess: Sendable {
    struct Line: Sendable {
        var text: String
        var arrival: Instant
    }

    struct Missing: Error, CustomStringConvertible {
        var description: String
    }

    /// The lines so far.
    actor Transcript {
        private(set) var lines: [Line] = []

        func append(_ text: String) {
            lines.append(Line(text: text, arrival: .now))
        }

        var text: String { lines.map(\.text).joined(separator: "\n") }
    }

    let output = Transcript()
    let errors = Transcript()
    /// Its number, which is that of the command: ip(8) becomes it.
    let identifier: pid_t
    private let signal: @Sendable (Signal) throws -> Void

    private init(_ identifier: pid_t, signal: @escaping @Sendable (Signal) throws -> Void) {
        self.identifier = identifier
        self.signal = signal
    }

    /// Starts `command` in a session of its own, runs `body`, and returns the exit status.
    ///
    /// After `body` the process is expected to end by itself, or is ended where `outlivesBody` says that it would not.
    @discardableResult
    static func run(
        in namespace: String,
        _ command: [String],
        outlivesBody: Bool,
        _ body: (LabProcess) async throws -> Void
    ) async throws -> Int {
        guard let ip = Tool.path(of: "ip") else { throw Tool.Failure(description: "ip is not installed") }
        var options = PlatformOptions()
        options.createSession = true
        let result = try await Subprocess.run(
            .path(FilePath(ip)),
            arguments: Arguments(["netns", "exec", namespace] + command),
            environment: Vrrpwatch.environment,
            platformOptions: options,
            input: .none,
            output: .sequence,
            error: .sequence
        ) { execution in
            let process = LabProcess(execution.processIdentifier.value) {
                try execution.send(signal: $0, toProcessGroup: true)
            }
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await process.keep(execution.standardOutput, in: process.output) }
                group.addTask { try await process.keep(execution.standardError, in: process.errors) }
                do {
                    try await body(process)
                    if outlivesBody { try process.kill() }
                } catch {
                    // Until this closure has returned the process is not reaped, so its number is not another's.
                    try? process.kill()
                    throw error
                }
                try await group.waitForAll()
            }
        }
        return result.terminationStatus.shellStatus
    }

    /// Keeps lines of any length, such as a report in one event.
    ///
    /// Where reading fails, the process would wait for a reader for ever, so it is ended.
    private func keep(_ lines: SubprocessOutputSequence, in transcript: Transcript) async throws {
        do {
            for try await line in lines.strings(bufferingPolicy: .unbounded) { await transcript.append(line) }
        } catch {
            try? kill()
            throw error
        }
    }

    /// Ends the process and its children without a chance to say goodbye.
    func kill() throws {
        try signal(.kill)
    }

    /// Interrupts the process as Ctrl-C does.
    func interrupt() throws {
        try signal(.interrupt)
    }

    func send(_ signal: Signal) throws {
        try self.signal(signal)
    }

    /// The first line of standard output in which `find` finds something: what it found, and when the line came.
    func find<Found>(
        _ what: String,
        within limit: Duration = .seconds(30),
        _ find: (String) throws -> Found?
    ) async throws -> (found: Found, arrival: Instant) {
        try await search([output], for: what, within: limit, find)
    }

    /// The same on standard output or standard error.
    func findAnywhere<Found>(
        _ what: String,
        within limit: Duration = .seconds(30),
        _ find: (String) throws -> Found?
    ) async throws -> (found: Found, arrival: Instant) {
        try await search([output, errors], for: what, within: limit, find)
    }

    private func search<Found>(
        _ transcripts: [Transcript],
        for what: String,
        within limit: Duration,
        _ find: (String) throws -> Found?
    ) async throws -> (found: Found, arrival: Instant) {
        let deadline = ContinuousClock.now + limit
        // Each line is looked at once, for there may be very many.
        var seen = transcripts.map { _ in 0 }
        var isLastLook = false
        while true {
            for (index, transcript) in transcripts.enumerated() {
                for line in await transcript.lines.dropFirst(seen[index]) {
                    seen[index] += 1
                    if let found = try find(line.text) { return (found, line.arrival) }
                }
            }
            if isLastLook { break }
            try await Task.sleep(for: .milliseconds(10))
            isLastLook = ContinuousClock.now > deadline
        }
        throw Missing(description: "no \(what) within \(limit):\n\(await output.text)\n\(await errors.text)")
    }
}
