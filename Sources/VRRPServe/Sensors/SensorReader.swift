internal import Dispatch
internal import Subprocess
internal import Synchronization
internal import SystemPackage
package import VRRPCapture
internal import VRRPFacts
internal import VRRPWire

/// Reads a sensor's stream on a thread of its own, again and again where it ends.
final class SensorReader: Sendable {
    /// The shortest and the longest time between two tries to begin a stream.
    private static let pauses = (TimeSpan.milliseconds(250), TimeSpan.seconds(15))
    /// The time that passes at most until frames that are passed over count as a sign of life.
    private static let longestQuiet = TimeSpan.milliseconds(100)

    private let argument: SensorArgument
    private let number: Int
    private let inbox: SensorInbox
    private let isStopped = Atomic(false)
    private let stopped = DispatchSemaphore(value: 0)
    private let program = Mutex<Task<Void, Never>?>(nil)

    init(_ argument: SensorArgument, number: Int, into inbox: SensorInbox) {
        self.argument = argument
        self.number = number
        self.inbox = inbox
    }

    func start() throws(CaptureError) {
        _ = try CaptureThread { [self] in run() }
    }

    /// Asks the reader to end.
    ///
    /// A thread that waits for bytes of a pipe ends with the process.
    func stop() {
        isStopped.store(true, ordering: .relaxed)
        stopped.signal()
        program.withLock { $0?.cancel() }
    }

    private func run() {
        var pause = Self.pauses.0
        while !isStopped.load(ordering: .relaxed) {
            let began = TimeSpan.sinceStart
            guard readOnce() else { return }
            // One that went on for a while is tried again at once.
            if TimeSpan.sinceStart - began > Self.pauses.1 { pause = Self.pauses.0 }
            let nanoseconds = Int(clamping: pause.nanoseconds)
            guard stopped.wait(timeout: .now() + .nanoseconds(nanoseconds)) == .timedOut else { return }
            pause = min(pause * 2, Self.pauses.1)
        }
    }

    /// Reads one stream to its end, and returns whether another may come.
    private func readOnce() -> Bool {
        do {
            switch argument.source {
            case .path(let path) where FileType(of: path) == .directory:
                let follower = try RingFollower(directory: path)
                defer { follower.stop() }
                return read(try CaptureFile(pipe: follower.descriptor, path: path), name: path, isFinal: false)
            case .path(let path):
                return read(try CaptureFile(path: path), name: path, isFinal: FileType(of: path) == .regular)
            case .program(let words): return try readProgram(words)
            }
        } catch let error as CaptureError {
            return tell(error.path.isEmpty ? error.detail : "\(error.path): \(error.detail)")
        } catch {
            return tell("\(error)")
        }
    }

    private func tell(_ problem: String) -> Bool { put(.problem(problem)) }

    private func put(_ input: SensorInput) -> Bool {
        inbox.put(input, of: number) && !isStopped.load(ordering: .relaxed)
    }

    // MARK: Programs

    /// Starts a program, and reads what it writes.
    private func readProgram(_ words: [String]) throws -> Bool {
        let (reader, writer) = try FileDescriptor.pipe()
        let task = Task.detached { [self] in
            let problem = await Self.outcome(of: words, writingTo: writer)
            if let problem { _ = tell(problem) }
        }
        program.withLock { $0 = task }
        if isStopped.load(ordering: .relaxed) { task.cancel() }
        defer { task.cancel() }
        return read(try CaptureFile(pipe: reader.rawValue, path: words[0]), name: words[0], isFinal: false)
    }

    /// Runs a program to its end; returns what went wrong, in words.
    private static func outcome(of words: [String], writingTo writer: FileDescriptor) async -> String? {
        var options = PlatformOptions()
        // A session of its own: Ctrl-C at our terminal is not meant for it, and its children can be ended with it.
        options.createSession = true
        options.teardownSequence = [.gracefulShutDown(toProcessGroup: true, allowedDurationToNextStep: .seconds(1))]
        do {
            let program: Executable = words[0].contains("/") ? .path(FilePath(words[0])) : .name(words[0])
            let result = try await Subprocess.run(
                program,
                arguments: Arguments(Array(words.dropFirst())),
                platformOptions: options,
                input: .none,
                output: .fileDescriptor(writer, closeAfterSpawningProcess: true),
                error: .currentStandardError
            )
            switch result.terminationStatus {
            case .exited(0): return "\(words[0]) ended"
            case .exited(let status): return "\(words[0]) ended with status \(status)"
            case .signaled(let signal): return "\(words[0]) was ended by signal \(signal)"
            }
        } catch {
            return "\(words[0]) could not be run: \(error)"
        }
    }

    // MARK: Streams

    /// Hands on what a stream holds, and returns whether more is wanted behind its end.
    private func read(_ file: CaptureFile, name: String, isFinal: Bool) -> Bool {
        guard put(.began) else { return false }
        file.tellHeartbeats { [self] instant, spots in
            for spot in spots { _ = put(.blindSpot(spot)) }
            _ = put(.heartbeat(instant))
        }
        var interfaces = 0
        var told: CaptureInstant?
        var goesOn = file.advance()
        while goesOn {
            while let spot = file.takeBlindSpot() { guard put(.blindSpot(spot)) else { return false } }
            var isWanted = true
            goesOn = file.lendFrames(until: .distantFuture) { frame in
                if frame.interface >= interfaces {
                    isWanted = tellInterfaces(of: file, from: interfaces, through: frame.interface)
                    interfaces = frame.interface + 1
                }
                if frame.linkType == .ethernet, frame.bytes.isOrdinaryEthernet {
                    // What was seen beside VRRP shows that the sensor goes on.
                    if told.map({ frame.instant - $0 > Self.longestQuiet }) ?? true {
                        told = frame.instant
                        isWanted = isWanted && put(.heartbeat(frame.instant))
                    }
                } else {
                    told = frame.instant
                    isWanted = isWanted && put(.frame(SensorFrame(frame)))
                }
                return isWanted ? .continue : .stop
            }
            guard isWanted else { return false }
        }
        while let spot = file.takeBlindSpot() { guard put(.blindSpot(spot)) else { return false } }
        let summary = file.summary
        if let end = summary.captureEnd, !put(.heartbeat(end)) { return false }
        if let problem = summary.problems.first(where: \.isDamage) {
            guard tell("\(name): \(problem.message)") else { return false }
        }
        return put(.ended(isFinal: isFinal)) && !isFinal
    }

    private func tellInterfaces(of file: CaptureFile, from first: Int, through last: Int) -> Bool {
        let names = file.summary.interfaceNames
        for index in first...last {
            let name = names.indices.contains(index) ? names[index] : nil
            guard put(.interface(name ?? "interface\(index)")) else { return false }
        }
        return true
    }
}

extension SensorFrame {
    /// A copy of a frame.
    package init(_ frame: borrowing Frame) {
        self.init(
            bytes: frame.bytes.array,
            originalLength: frame.originalLength,
            number: frame.number,
            instant: frame.instant,
            interface: frame.interface,
            linkType: frame.linkType
        )
    }
}
