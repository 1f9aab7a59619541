internal import Glibc
internal import VRRPCapture
internal import VRRPFacts
internal import VRRPLive
internal import VRRPReport

/// A watch of interfaces.
struct WatchRequest {
    var interfaces: [String]
    var form: EventForm
    var observation: ObservationOptions
    var watch: WatchOptions

    /// Watches until a signal, the limit or the end of an interface.
    ///
    /// - Throws: ``Failure`` where an interface cannot be opened or the output fails.
    func run() throws -> ExitStatus {
        try watch.service.recording.refuse(form, observation.output, watch)
        if let seconds = watch.once.once {
            try watch.once.refuse(form, observation, watch)
            return try OnceRequest(watch: self, seconds: seconds).run()
        }
        let input = try input
        let given = try observation.configurations.read()
        let namesInterfaces = interfaces.count > 1 || interfaces.contains("any")
        let service = try LiveService(
            watch.service.settings,
            output: observation.output.output,
            namesInterfaces: namesInterfaces,
            isPatient: watch.patience.wait
        )
        let kind = try watch.screen.kind(form, observation.output)
        let signals = try Self.processSignals(service.reopensAtHangup ? [SIGUSR1, SIGHUP] : [SIGUSR1])
        let (end, printer) = try LiveRun.run(
            input,
            service,
            output: observation.output.output,
            endingAt: service.reopensAtHangup ? [SIGINT, SIGTERM] : [SIGINT, SIGTERM, SIGHUP]
        ) { captures, output in
            let display = try LiveDisplay(kind, observation.output.text, output)
            var session = LiveSession(
                captures: captures.map(\.summary),
                namesInterfaces: namesInterfaces,
                verifier: input.keys,
                expecting: given.expectation,
                version: VRRPWatch.version
            )
            session.take(
                CaptureTerms(
                    filter: input.filter,
                    isPromiscuous: !input.options.isNotPromiscuous,
                    readsTunnels: input.patience.tunnels
                )
            )
            return EventPrinter(session, self, service, signals, display, givenKeys: input.keys.labels, output)
        }
        try printer.close(at: end.instant, end.descriptions)
        if let error = end.error {
            Diagnostics.say(error.message)
            return .captureEnded
        }
        return given.isDamaged ? .damagedInput : observation.verdict.status(worst: printer.worst)
    }

    /// The interfaces, and the options of capturing on them.
    var input: LiveRun.Input {
        get throws {
            try LiveRun.Input(
                interfaces,
                watch.live,
                watch.patience,
                observation.traffic.filter,
                observation.traffic.keys
            )
        }
    }

    private static func processSignals(_ numbers: [CInt]) throws -> ProcessSignals {
        do throws(CaptureError) {
            return try ProcessSignals(numbers)
        } catch {
            throw Failure(.couldNotStart, error.message)
        }
    }
}
