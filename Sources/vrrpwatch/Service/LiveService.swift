internal import Dispatch
internal import Glibc
internal import SystemPackage
internal import VRRPCapture
internal import VRRPFacts
internal import VRRPLive
internal import VRRPReport
internal import VRRPTracker
internal import VRRPWire

/// The services of live capture besides its events: recordings, evidence, metrics, and programs to be told.
final class LiveService {
    /// The time from one writing of the metrics to the next.
    private static let metricsInterval = TimeSpan.seconds(10)
    /// The time from one heartbeat of the stream to the next.
    private static let heartbeatInterval = TimeSpan.seconds(1)
    /// The memory that the ring of evidence may take, in bytes.
    private static let evidenceBytes = 16 << 20

    /// The services that were asked for.
    struct Settings {
        var recording: (path: String, rotation: CaptureRecorder.Rotation)?
        /// Whether packets go to standard output.
        var streams = false
        /// The name of this sensor; `nil` for that of the host.
        var sensor: String?
        var evidence: (path: String, minutes: Int, files: Int)?
        var metricsFile: String?
        /// The timeout in seconds.
        var program: (path: String, timeout: Int)?
        var privileges: PrivilegeOptions
    }

    private let settings: Settings
    private let isPatient: Bool
    private let privileges: Privileges
    private let recording: Place?
    private let evidenceDirectory: OutputDirectory?
    private let metricsFile: MetricsFile?
    private let log: Place?

    private var captures: [LiveCapture] = []
    /// The snap lengths, by capture.
    private var snapLengths: [Int?] = []
    private var recorder: CaptureRecorder?
    private var stream: CaptureStream?
    private var nextHeartbeat = CaptureInstant.distantPast
    /// The latest tick.
    private var now = CaptureInstant.distantPast
    /// Whether frames were lost, or could not be recorded, since the last heartbeat of the recording.
    private var hasLosses = false
    private var interruption = Interruption()
    private var ring: EvidenceRing?
    private var folder: EvidenceFolder?
    private var tally: Metrics.Tally
    private var nextMetrics = CaptureInstant.distantPast
    private var hooks: HookQueue?

    /// The state of a recording whose disk is or was full.
    private struct Interruption {
        /// The instant of the latest attempt to write; `nil` while the recording goes on.
        var attempt: CaptureInstant?
        /// The frames that are missing since it was interrupted, and in all.
        var missing = 0
        var allMissing = 0
        var hasBeen = false

        static let patience = TimeSpan.seconds(1)

        /// Whether it is too early to try again.
        func waits(at instant: CaptureInstant) -> Bool {
            guard let attempt else { return false }
            return instant >= attempt && instant - attempt < Self.patience
        }

        mutating func miss() {
            missing += 1
            allMissing += 1
        }
    }

    /// A file to be, and the directory it is in.
    struct Place {
        var directory: OutputDirectory
        var name: String
    }

    /// Opens the directories of the output with the rights of the user who runs this.
    ///
    /// - Parameters:
    ///   - settings: what is asked for beside events.
    ///   - output: the argument of `-o`.
    ///   - namesInterfaces: whether there can be several interfaces.
    ///   - isPatient: whether interfaces may have to be opened again, which takes CAP_NET_RAW.
    /// - Throws: ``Failure`` where a directory cannot be opened.
    init(_ settings: Settings, output: String?, namesInterfaces: Bool, isPatient: Bool) throws {
        self.settings = settings
        self.isPatient = isPatient
        privileges = try Privileges(settings.privileges, runsPrograms: settings.program != nil)
        recording = try settings.recording.map { try Self.place($0.path) }
        metricsFile = try settings.metricsFile.map { MetricsFile(try Self.place($0)) }
        evidenceDirectory = try settings.evidence.map { try Self.directory($0.path) }
        log = try output.flatMap { Self.isPlain($0) ? try Self.place($0) : nil }
        tally = Metrics.Tally(namesInterfaces: namesInterfaces)
    }

    /// Whether SIGHUP is to begin files anew: there are files, and no terminal can send the signal by closing.
    var reopensAtHangup: Bool {
        let hasFiles = recording != nil || metricsFile != nil || evidenceDirectory != nil || log != nil
        return hasFiles && !ProcessSignals.hasTerminal
    }

    // MARK: Beginning

    /// Gives up privileges and opens the output.
    ///
    /// - Parameters:
    ///   - path: the argument of `-o`.
    ///   - captures: which are open.
    /// - Returns: where events go.
    /// - Throws: ``Failure`` where any of that is impossible.
    func openOutput(_ path: String?, for captures: [LiveCapture]) throws -> Output {
        self.captures = captures
        snapLengths = captures.map { $0.summary.snapLength }
        try privileges.drop(keepsRawSockets: isPatient)
        if settings.streams, path == nil { return .standardError }
        return try log.map { try Output(appendingTo: $0.directory, $0.name) } ?? Output(path: path)
    }

    /// Opens the other files and confines the process.
    ///
    /// - Parameters:
    ///   - instant: now.
    ///   - stop: the signal that ends the waiting for a reader of the stream.
    /// - Throws: ``Failure`` where any of that is impossible.
    func begin(at instant: CaptureInstant, until stop: StopSignal) throws {
        now = instant
        try beginRecording(at: instant)
        try beginStream(until: stop)
        if let evidenceDirectory, let evidence = settings.evidence {
            let span = TimeSpan.seconds(60 * Int64(evidence.minutes))
            ring = EvidenceRing(before: span, after: span, mostBytes: Self.evidenceBytes)
            folder = try EvidenceFolder(evidenceDirectory, mostFiles: evidence.files)
        }
        let directories = [recording?.directory, metricsFile?.directory, evidenceDirectory, log?.directory]
        try privileges.confine(
            writing: directories.compactMap { $0 },
            opensInterfaces: isPatient
        )
        // It starts threads, which are to be confined as well.
        hooks = try settings.program.map {
            HookQueue(program: try Self.executable($0.path), timeout: .seconds($0.timeout))
        }
    }

    private func beginRecording(at instant: CaptureInstant) throws {
        guard let recording, let rotation = settings.recording?.rotation else { return }
        do throws(CaptureError) {
            recorder = try CaptureRecorder(
                in: recording.directory,
                name: recording.name,
                rotation,
                sensor: try sensor(),
                interfaces: interfaces,
                application: Self.application,
                at: instant,
                // The service outlives its recorder.
                heartbeat: { [unowned self] in heartbeat }
            )
        } catch {
            let user = privileges.userName.map { ", as user \($0); -Z names another" } ?? ""
            throw Failure(.couldNotStart, error.message + user)
        }
    }

    private func beginStream(until stop: StopSignal) throws {
        guard settings.streams else { return }
        do throws(CaptureError) {
            stream = try CaptureStream(
                to: OpenFile.standardOutput.descriptor,
                path: "standard output",
                sensor: try sensor(),
                interfaces: interfaces,
                application: Self.application,
                until: stop
            )
            try stream?.beat(heartbeat)
        } catch {
            throw Self.failure(ofStream: error)
        }
    }

    private static let application = "vrrpwatch \(VRRPWatch.version)"

    /// The interfaces that are captured on, for the beginning of a section.
    private var interfaces: [(linkType: LinkType, properties: PcapNGWriter.InterfaceProperties)] {
        heartbeat.interfaces.map { (linkType: $0.linkType, properties: $0.properties) }
    }

    /// This process as a sensor.
    private func sensor() throws(CaptureError) -> Sensor {
        let name = settings.sensor ?? Sensor.hostName
        guard let sensor = Sensor(startingAs: name) else {
            throw CaptureError(.cannotOpen, path: name, detail: "This is no name of a sensor.")
        }
        return sensor
    }

    /// The heartbeat of this moment: all that is known of the interfaces up to when losses were asked for.
    private var heartbeat: Heartbeat {
        var instant = now
        let interfaces = zip(captures, snapLengths).map { capture, snapLength in
            let account = capture.account
            if let until = account.until { instant = min(instant, until) }
            return Heartbeat.Interface(
                capture.linkType,
                PcapNGWriter.InterfaceProperties(name: capture.interface, snapLength: snapLength),
                received: account.received,
                dropped: account.dropped
            )
        }
        return Heartbeat(at: instant, interfaces)
    }

    /// The end of the program when packets cannot be written to the stream.
    private static func failure(ofStream error: CaptureError) -> Failure {
        guard error.systemError == EPIPE else { return Failure(.outputFailed, error.message) }
        return Failure(.done, "\(error.path): the reader went away, so the watch ends")
    }

    // MARK: Running

    func append(interface: String?) {
        tally.append(interface: interface)
    }

    /// Keeps a frame.
    func keep(_ frame: borrowing Frame, _ reference: FrameReference, interface: String?) throws {
        if recorder != nil || stream != nil {
            let properties = PcapNGWriter.InterfaceProperties(
                name: interface,
                snapLength: snapLengths[reference.capture]
            )
            if recorder != nil { try record(frame, properties) }
            try send { stream throws(CaptureError) in try stream.record(frame, properties) }
        }
        guard ring != nil else { return }
        ring?.append(
            EvidenceRing.Frame(
                reference: reference,
                instant: frame.instant,
                interface: interface,
                linkType: frame.linkType,
                originalLength: frame.originalLength,
                bytes: frame.bytes.array
            )
        )
    }

    /// Records a frame.
    ///
    /// A full disk interrupts the recording and nothing else; it goes on when there is room.
    private func record(_ frame: borrowing Frame, _ properties: PcapNGWriter.InterfaceProperties) throws {
        guard !interruption.waits(at: frame.instant) else {
            recorder?.miss()
            return interruption.miss()
        }
        do throws(CaptureError) {
            try recorder?.record(frame, properties)
            resume()
        } catch {
            try interrupt(error, at: frame.instant)
            interruption.miss()
        }
    }

    /// Notes that the disk is full; throws ``Failure`` for any other reason for which nothing can be written.
    private func interrupt(_ error: CaptureError, at instant: CaptureInstant) throws {
        guard error.isForLackOfRoom else { throw Failure(.outputFailed, error.message) }
        if interruption.attempt == nil {
            Diagnostics.say("\(error.message); watching goes on, and recording when there is room")
        }
        interruption.attempt = instant
        interruption.hasBeen = true
    }

    private func resume() {
        guard interruption.attempt != nil else { return }
        Diagnostics.say("recording goes on; \(Words.count(interruption.missing, "frame")) could not be recorded")
        interruption.attempt = nil
        interruption.missing = 0
        hasLosses = true
    }

    /// Writes to the stream, where there is one.
    private func send(_ body: (CaptureStream) throws(CaptureError) -> Void) throws {
        guard let stream else { return }
        do throws(CaptureError) {
            try body(stream)
        } catch {
            throw Self.failure(ofStream: error)
        }
    }

    /// Notes that nothing could be seen for a while.
    ///
    /// Losses are in the counters of the next heartbeat. With several interfaces, a recording has no place for the
    /// blindness of one.
    func note(_ blindSpot: BlindSpot) throws {
        if case .dropped = blindSpot.reason {
            hasLosses = true
            return
        }
        guard captures.count == 1, captures[0].onlyInterface != nil else { return }
        try send { stream throws(CaptureError) in try stream.note(blindSpot) }
        guard let recorder, interruption.attempt == nil else { return }
        do throws(CaptureError) {
            try recorder.note(blindSpot)
        } catch {
            try interrupt(error, at: now)
        }
    }

    /// Writes the heartbeats that are due: to the stream each second, to a recording after losses, and where a file begins
    /// or ends.
    private func beat(at instant: CaptureInstant) throws {
        // The clock may have been set back.
        if instant >= nextHeartbeat || nextHeartbeat > instant + Self.heartbeatInterval {
            nextHeartbeat = instant + Self.heartbeatInterval
            try send { stream throws(CaptureError) in try stream.beat(heartbeat) }
        }
        guard hasLosses, interruption.attempt == nil else { return }
        hasLosses = false
        do throws(CaptureError) {
            try recorder?.beat()
        } catch {
            try interrupt(error, at: instant)
        }
    }

    func note(_ event: LiveEvent) {
        if metricsFile != nil { tally.note(event) }
        ring?.note(event)
        hooks?.add(event)
    }

    /// Does what is due: the next file of the ring, metrics, evidence that is complete.
    func tick(_ session: borrowing LiveSession, at instant: CaptureInstant) throws {
        now = instant
        do throws(CaptureError) {
            try recorder?.tick(at: instant)
        } catch {
            try interrupt(error, at: instant)
        }
        try beat(at: instant)
        if let evidence = ring?.due(at: instant) { folder?.write(evidence) }
        // The clock may have been set back.
        if let metricsFile, instant >= nextMetrics || nextMetrics > instant + Self.metricsInterval {
            nextMetrics = instant + Self.metricsInterval
            metricsFile.write(metrics(session, isUp: true, at: instant))
        }
        say()
    }

    /// Returns the time from an instant until the next necessary call of ``tick(_:at:)``; `nil` where nothing will be
    /// due.
    func wait(from instant: CaptureInstant) -> TimeSpan? {
        let due = [
            recorder?.nextRotation, ring?.nextDue, metricsFile == nil ? nil : nextMetrics,
            stream == nil ? nil : nextHeartbeat,
        ].compactMap { $0 }
        // Report messages from background work within a second.
        let talk = hooks == nil && folder == nil ? nil : TimeSpan.seconds(1)
        return [due.min().map { max(.zero, $0 - instant) }, talk].compactMap { $0 }.min()
    }

    /// Begins files anew, as after somebody moved them away.
    func reopen(_ session: borrowing LiveSession, _ output: Output, at instant: CaptureInstant) throws {
        do throws(CaptureError) {
            try recorder?.reopen(at: instant)
        } catch {
            try interrupt(error, at: instant)
        }
        try output.reopen()
        metricsFile?.write(metrics(session, isUp: true, at: instant))
    }

    private func metrics(_ session: borrowing LiveSession, isUp: Bool, at instant: CaptureInstant) -> Metrics.Snapshot {
        let health = captures.map { capture in
            let summary = capture.summary
            return Metrics.CaptureHealth(
                interface: summary.source,
                isCapturing: isUp && capture.isThere,
                hasLink: capture.hasLink,
                packets: summary.packets,
                lastPacket: summary.lastPacket,
                dropped: summary.dropped ?? 0
            )
        }
        return Metrics.Snapshot(tally, session.observation, health, hooks?.counts, at: instant)
    }

    private func say() {
        for message in hooks?.takeComplaints() ?? [] { Diagnostics.say(message) }
        for message in folder?.takeMessages() ?? [] { Diagnostics.say(message) }
        for message in metricsFile?.takeMessages() ?? [] { Diagnostics.say(message) }
    }

    // MARK: Ending

    /// Ends everything, after the last event.
    func finish(_ session: borrowing LiveSession, at instant: CaptureInstant) throws {
        if let evidence = ring?.close() { folder?.write(evidence) }
        folder?.finish()
        if let hooks, let limit = settings.program.map({ Duration.seconds($0.timeout) }) {
            let isDone = DispatchSemaphore(value: 0)
            Task.detached {
                await hooks.finish(within: limit)
                isDone.signal()
            }
            isDone.wait()
            let counts = hooks.counts
            if counts.dropped > 0 { Diagnostics.say("--exec was not run for \(counts.dropped) events") }
        }
        metricsFile?.finish(metrics(session, isUp: false, at: instant))
        say()
        now = instant
        try send { stream throws(CaptureError) in try stream.beat(heartbeat) }
        do throws(CaptureError) {
            try recorder?.finish()
        } catch {
            throw Failure(.outputFailed, error.message)
        }
        guard interruption.hasBeen else { return }
        let missing = Words.count(interruption.allMissing, "frame")
        throw Failure(.outputFailed, "the recording is not whole: \(missing) could not be recorded for lack of room")
    }

    // MARK: Paths

    private static func place(_ path: String) throws -> Place {
        let path = FilePath(path)
        guard let name = path.lastComponent else {
            throw Failure(.couldNotStart, "\(path): this names no file; add the name of one")
        }
        let folder = path.removingLastComponent()
        return Place(directory: try directory(folder.isEmpty ? "." : folder.string), name: name.string)
    }

    private static func directory(_ path: String) throws -> OutputDirectory {
        do throws(CaptureError) {
            return try OutputDirectory(path: path)
        } catch {
            throw Failure(.couldNotStart, error.message)
        }
    }

    /// Whether a path is, or will be, that of an ordinary file.
    private static func isPlain(_ path: String) -> Bool {
        guard path != "-" else { return false }
        return FileType(at: path) ?? .regular == .regular
    }

    private static func executable(_ program: String) throws -> String {
        let folders = (environmentVariable("PATH") ?? "").split(separator: ":")
        let candidates = program.contains("/") ? [program] : folders.map { "\($0)/\(program)" }
        guard let path = candidates.first(where: FileType.isProgram).flatMap(FileType.absolute) else {
            throw Failure(.couldNotStart, "--exec \(program): there is no such program, or it may not be run")
        }
        return path
    }
}

extension CaptureError {
    /// Whether there was no room for what was to be written, which may change.
    fileprivate var isForLackOfRoom: Bool { systemError == ENOSPC || systemError == EDQUOT }
}
