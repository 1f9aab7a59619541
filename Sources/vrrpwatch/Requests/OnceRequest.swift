internal import Glibc
internal import VRRPCapture
internal import VRRPFacts
internal import VRRPLive
internal import VRRPReport
internal import VRRPTracker
internal import VRRPWire

/// A watch of some seconds that ends with one line for a monitoring system.
struct OnceRequest {
    var watch: WatchRequest
    var seconds: Int

    /// Watches for the time, and prints the line.
    ///
    /// - Returns: the status whose number Nagios knows: 0 OK, 1 warning, 2 critical, 3 unknown.
    /// - Throws: ``Failure`` for options that contradict each other and for output that fails. Whatever else keeps the program from
    ///   looking is the state unknown, with a line that says why.
    func run() throws -> ExitStatus {
        let line: PluginLine
        do {
            line = try looked()
        } catch let failure as Failure where failure.status == .couldNotStart {
            line = PluginLine(unknown: failure.message ?? "the watch could not start")
        }
        let output = try Output(path: watch.observation.output.output)
        try output.write(line.text + "\n")
        try output.finish()
        return ExitStatus(line.state)
    }

    private func looked() throws -> PluginLine {
        let input = try watch.input
        let given = try watch.observation.configurations.read()
        let names = watch.interfaces
        let namesInterfaces = names.count > 1 || names.contains("any")
        let service = try LiveService(
            watch.watch.service.settings,
            output: nil,
            namesInterfaces: namesInterfaces,
            isPatient: watch.watch.patience.wait
        )
        let (end, listener) = try LiveRun.run(
            input,
            service,
            output: nil,
            // The alarm ends the watch like a signal from outside.
            endingAt: [SIGINT, SIGTERM, SIGHUP, SIGALRM]
        ) { captures, _ in
            let session = LiveSession(
                captures: captures.map(\.summary),
                namesInterfaces: namesInterfaces,
                verifier: input.keys,
                expecting: given.expectation,
                version: VRRPWatch.version
            )
            alarm(CUnsignedInt(seconds))
            return OnceListener(session, service)
        }
        let document = try listener.close(at: end.instant, end.descriptions)
        if let error = end.error { return PluginLine(unknown: error.message) }
        return PluginLine(document)
    }
}

/// A listener that tells nothing before the end.
private final class OnceListener: LiveRun.Listener {
    private var session: LiveSession
    private let service: LiveService

    init(_ session: LiveSession, _ service: LiveService) {
        self.session = session
        self.service = service
    }

    func start(at instant: CaptureInstant, _ captures: [CaptureDescription]) {
        session.captures = captures
        note(session.start(at: instant))
    }

    func append(interface: String?) {
        session.append(interface: interface)
        service.append(interface: interface)
    }

    func take(
        _ frame: borrowing Frame,
        _ sighting: Sighting,
        interface: @autoclosure () -> String?,
        origin: @autoclosure () -> FrameOrigin?
    ) throws -> LoopControl {
        try service.keep(frame, sighting.reference, interface: interface())
        _ = session.take(frame.bytes, linkType: frame.linkType, sighting)
        return .continue
    }

    func take(_ blindSpot: BlindSpot) throws {
        session.take(blindSpot)
        try service.note(blindSpot)
    }

    func take(_ change: LinkChange, at instant: CaptureInstant) { note([session.take(change, at: instant)]) }

    func tick(at instant: CaptureInstant) throws {
        note(session.tick(at: instant))
        try service.tick(session, at: instant)
    }

    func wait(from instant: CaptureInstant) -> TimeSpan? {
        [session.wait(from: instant), service.wait(from: instant)].compactMap { $0 }.min()
    }

    /// Ends the session, and returns the report on it.
    func close(at instant: CaptureInstant, _ captures: [CaptureDescription]) throws -> ReportDocument {
        session.captures = captures
        note(session.finish(at: instant))
        try service.finish(session, at: instant)
        return session.document
    }

    private func note(_ events: [LiveEvent]) { for event in events { service.note(event) } }
}

extension ExitStatus {
    /// The status whose number a monitoring system reads as a state.
    fileprivate init(_ state: PluginLine.State) {
        switch state {
        case .ok: self = .done
        case .warning: self = .finding
        case .critical: self = .damagedInput
        case .unknown: self = .couldNotStart
        }
    }
}
