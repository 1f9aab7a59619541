internal import Subprocess
internal import SystemPackage
internal import VRRPCapture
internal import VRRPFacts

/// A program of the system that is asked one question: run without a shell, with a bound on time and output.
enum SystemTool {
    /// The answer of a program.
    struct Answer: Sendable {
        /// The exit status in words, or why there is no answer.
        var status: String
        var output: [UInt8] = []
        /// Whether the program was there and was run.
        var hasRun = false
    }

    /// The folders that system programs lie in.
    ///
    /// The caller's `PATH` could lead root to anything.
    static let folders = ["/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin"]
    /// The most bytes that are kept of an answer.
    static let mostBytes = 8 << 20
    /// The most bytes that are kept of complaints.
    private static let mostErrors = 4 << 10
    private static let patience = Duration.seconds(10)
    private static let grace = Duration.milliseconds(500)

    /// Runs a program.
    ///
    /// - Parameters:
    ///   - name: of the program, without a folder.
    ///   - arguments: its arguments.
    ///   - takesErrors: whether what it prints to standard error is part of the answer.
    /// - Returns: its answer.
    static func run(_ name: String, _ arguments: [String], takesErrors: Bool = false) async -> Answer {
        let paths = folders.map { "\($0)/\(name)" }
        guard let path = paths.first(where: FileType.isProgram) else {
            return Answer(status: "there is no such program")
        }
        return await withTaskGroup(of: Answer.self) { group in
            group.addTask { await answer(path, arguments, takesErrors) }
            group.addTask {
                // Cancelled when the answer is there.
                try? await Task.sleep(for: patience)
                return Answer(status: "ended, it took longer than 10 s", hasRun: true)
            }
            let first = await group.next() ?? Answer(status: "not run")
            group.cancelAll()
            return first
        }
    }

    private static func answer(_ path: String, _ arguments: [String], _ takesErrors: Bool) async -> Answer {
        var options = PlatformOptions()
        options.createSession = true
        options.teardownSequence = [
            .gracefulShutDown(toProcessGroup: true, allowedDurationToNextStep: grace),
            .send(signal: .kill, toProcessGroup: true, allowedDurationToNextStep: grace),
        ]
        let (output, errors) = (Kept(most: mostBytes), Kept(most: takesErrors ? mostBytes : mostErrors))
        do {
            let result = try await Subprocess.run(
                .path(FilePath(path)),
                arguments: Arguments(arguments),
                environment: .custom(["PATH": folders.joined(separator: ":"), "LC_ALL": "C"]),
                workingDirectory: "/",
                platformOptions: options,
                input: .none,
                output: .sequence,
                error: .sequence
            ) { execution in
                try await withThrowingTaskGroup(of: Void.self) { group in
                    group.addTask {
                        for try await part in execution.standardOutput { await output.append(part.bytes.array) }
                    }
                    group.addTask {
                        for try await part in execution.standardError { await errors.append(part.bytes.array) }
                    }
                    try await group.waitForAll()
                }
            }
            var answer = Answer(status: words(result.terminationStatus), hasRun: true)
            answer.output = await output.bytes + (takesErrors ? errors.bytes : [])
            let complaint = await String(decoding: errors.bytes, as: UTF8.self).split(separator: "\n").first
            if answer.status != "0", !takesErrors, let complaint { answer.status += " (\(complaint.prefix(200)))" }
            if await output.isCut { answer.status += ", cut at \(mostBytes >> 20) MiB" }
            return answer
        } catch {
            return Answer(status: "not run: \(error)")
        }
    }

    private static func words(_ status: TerminationStatus) -> String {
        switch status {
        case .exited(let code): "\(code)"
        case .signaled(let signal): "ended by signal \(signal)"
        }
    }

    /// The beginning of what a program prints; the rest is read and dropped, so that the program can go on.
    private actor Kept {
        private let most: Int
        private(set) var bytes: [UInt8] = []
        private(set) var isCut = false

        init(most: Int) { self.most = most }

        func append(_ part: [UInt8]) {
            let room = most - bytes.count
            if part.count > room { isCut = true }
            bytes += part.prefix(room)
        }
    }
}
