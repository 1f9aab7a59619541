internal import ArgumentParser
internal import Glibc
internal import VRRPCapture
internal import VRRPFindings
internal import VRRPLive
internal import VRRPReport
internal import VRRPTracker
internal import VRRPWire

/// Watches interfaces.
struct Watch: StatusCommand {
    static let configuration = CommandConfiguration(
        commandName: "watch",
        abstract: "Watch interfaces and tell changes and findings as they happen.",
        usage: "vrrpwatch watch IFACE... [options]",
        discussion: """
            Examples:
              vrrpwatch watch eth0
              vrrpwatch watch any --format ndjson
              vrrpwatch watch eth0 eth1 --fail-on critical -c 1000
              vrrpwatch watch eth0 -w vrrp.pcapng -C 10 -W 20 --evidence /var/tmp/vrrp

            INT and TERM end it with the summary, USR1 prints a snapshot to standard error. HUP begins the files of \
            -w and -o anew where there are any and no terminal can have sent it; otherwise it ends the watch.
            """
    )

    @Argument(help: ArgumentHelp("Interfaces; any stands for all of them.", valueName: "iface"))
    var sources: [String] = []

    @Option(
        name: [.customShort("i"), .customLong("interface")],
        help: ArgumentHelp("An interface; can be repeated.", valueName: "iface")
    )
    var interfaces: [String] = []

    @Option(name: .long, help: ArgumentHelp("The form of the events: text or ndjson.", valueName: "form"))
    var format: String?

    @OptionGroup var form: FormOptions
    @OptionGroup var filter: FilterOptions
    @OptionGroup var keys: KeyOptions
    @OptionGroup var limit: LimitOptions
    @OptionGroup var configurations: ConfigurationOptions
    @OptionGroup var verdict: VerdictOptions
    @OptionGroup var live: LiveOptions
    @OptionGroup var patience: PatienceOptions
    @OptionGroup var screen: ScreenOptions
    @OptionGroup var service: ServiceOptions

    func validate() throws {
        if sources.isEmpty, interfaces.isEmpty { throw ValidationError("what is to be watched? Name an interface") }
    }

    func runToStatus() throws -> ExitStatus {
        let format = try form.form(format, machine: .ndjson)
        let input = try LiveRun.Input(sources + interfaces, live, patience, filter, keys)
        return try Self.watch(input, format: format, form, limit, configurations, verdict, screen, service)
    }

    static func watch(
        _ input: LiveRun.Input,
        format: Format,
        _ form: FormOptions,
        _ limit: LimitOptions,
        _ configurations: ConfigurationOptions,
        _ verdict: VerdictOptions,
        _ screen: ScreenOptions,
        _ options: ServiceOptions
    ) throws -> ExitStatus {
        let given = try configurations.read()
        let namesInterfaces = input.interfaces.count > 1 || input.interfaces.contains("any")
        let service = try LiveService(
            options.settings,
            output: form.output,
            namesInterfaces: namesInterfaces,
            isPatient: input.patience.wait
        )
        let kind = try screen.kind(format, form)
        let signals = try processSignals(service.reopensAtHangup ? [SIGUSR1, SIGHUP] : [SIGUSR1])
        let (end, printer) = try LiveRun.run(
            input,
            service,
            output: form.output,
            endingAt: service.reopensAtHangup ? [SIGINT, SIGTERM] : [SIGINT, SIGTERM, SIGHUP]
        ) { captures, output in
            try EventPrinter(
                LiveSession(
                    captures: captures.map { CaptureDescription($0.summary) },
                    namesInterfaces: namesInterfaces,
                    givenKeys: input.keys.labels,
                    expecting: given.expectation,
                    version: VRRPWatch.version
                ),
                service,
                signals,
                LiveDisplay(kind, form.text, output),
                format: format,
                form.text,
                isForJournal: format == .text && options.monitoring.isForJournal,
                limit: limit.count,
                givenKeys: input.keys.labels,
                output
            )
        }
        try printer.close(at: end.instant, end.descriptions)
        if let error = end.error {
            Diagnostics.say(error.message)
            return .captureEnded
        }
        return given.isDamaged ? .damagedInput : verdict.status(worst: printer.worst)
    }

    private static func processSignals(_ numbers: [CInt]) throws -> ProcessSignals {
        do throws(CaptureError) {
            return try ProcessSignals(numbers)
        } catch {
            throw Failure(.couldNotStart, error.message)
        }
    }

    static func decode(
        _ input: LiveRun.Input,
        format: Format,
        _ form: FormOptions,
        _ limit: LimitOptions,
        _ privileges: PrivilegeOptions
    ) throws -> ExitStatus {
        let settings = LiveService.Settings(privileges: privileges)
        let service = try LiveService(
            settings,
            output: form.output,
            namesInterfaces: false,
            isPatient: input.patience.wait
        )
        let (end, printer) = try LiveRun.run(
            input,
            service,
            output: form.output,
            endingAt: [SIGINT, SIGTERM, SIGHUP]
        ) { _, output in
            LivePacketPrinter(
                PacketPrinter(format: format, form.text, limit: limit.count, output, givenKeys: input.keys.labels),
                output
            )
        }
        try printer.output.finish()
        guard let error = end.error else { return .done }
        Diagnostics.say(error.message)
        return .captureEnded
    }
}

/// Prints events as they come.
private final class EventPrinter: LiveRun.Listener {
    private var session: LiveSession
    private let format: Format
    private let options: TextReport.Options
    private let output: Output
    private var rest: Int?
    private var keys = AuthenticationKeys()
    private let service: LiveService
    private let isForJournal: Bool
    private var display: LiveDisplay?
    private var now = CaptureInstant.distantPast
    private let signals: ProcessSignals

    private let givenKeys: [String]

    init(
        _ session: LiveSession,
        _ service: LiveService,
        _ signals: ProcessSignals,
        _ display: LiveDisplay,
        format: Format,
        _ options: TextReport.Options,
        isForJournal: Bool,
        limit: Int?,
        givenKeys: [String],
        _ output: Output
    ) {
        self.session = session
        self.service = service
        self.signals = signals
        self.display = display
        self.givenKeys = givenKeys
        self.format = format
        self.options = options
        self.isForJournal = isForJournal
        self.output = output
        rest = limit
    }

    /// The gravest severity of the findings made.
    var worst: Severity? { session.worst }

    func start(at instant: CaptureInstant, _ captures: [CaptureDescription]) throws {
        session.captures = captures
        try tell(session.start(at: instant))
    }

    func append(interface: String?) {
        session.append(interface: interface)
        service.append(interface: interface)
    }

    func keep(_ frame: borrowing Frame, _ reference: FrameReference, interface: String?) throws {
        try service.keep(frame, reference, interface: interface)
    }

    func handle(_ frame: borrowing DecodedFrame, _ sighting: Sighting, interface: String?) throws -> LoopControl {
        if format == .text, options.isVerbose,
            let record = PacketRecord(frame, sighting, interface: interface, keys: &keys, givenKeys: givenKeys)
        {
            try display?.show([record.text(options)])
            try output.flush()
        }
        session.handle(frame, sighting)
        guard let wanted = rest, frame.isRelevant else { return .continue }
        rest = wanted - 1
        return wanted > 1 ? .continue : .stop
    }

    func note(_ blindSpot: BlindSpot) {
        session.note(blindSpot)
    }

    func note(_ change: LinkChange, at instant: CaptureInstant) throws {
        try tell([session.note(change, at: instant)])
    }

    func tick(at instant: CaptureInstant) throws {
        now = instant
        let events = session.tick(at: instant)
        if !events.isEmpty { try tell(events) }
        try service.tick(session, at: instant)
        try display?.update(session, at: instant)
        try output.flush()
    }

    func wait(from instant: CaptureInstant) -> TimeSpan? {
        [session.wait(from: instant), display?.wait(from: instant), service.wait(from: instant)]
            .compactMap { $0 }.min()
    }

    var descriptors: [CInt] { [signals.descriptor] + (display?.descriptors ?? []) }

    func read(_ descriptor: CInt) throws -> LoopControl {
        guard descriptor == signals.descriptor else {
            return try display?.read(descriptor, session, at: now) ?? .continue
        }
        for signal in signals.take() {
            switch signal {
            case SIGUSR1: Diagnostics.write(TextReport.render(session.document, options))
            case SIGHUP: try service.reopen(session, output, at: now)
            default: break
            }
        }
        return .continue
    }

    func close(at instant: CaptureInstant, _ captures: [CaptureDescription]) throws {
        session.captures = captures
        try display?.close()
        display = nil
        try tell(session.finish(at: instant))
        try service.finish(session, at: instant)
        if isForJournal {
            // Nobody waits for the report there, and its lines would be as many entries.
            try output.write("<6>\(session.document.summaryLine)\n")
        } else if format == .text {
            let document = session.document
            try output.write("\n")
            try output.write(options.isQuiet ? document.summaryLine + "\n" : TextReport.render(document, options))
        }
        try output.finish()
    }

    private func tell(_ events: [LiveEvent]) throws {
        for event in events { service.note(event) }
        let lines = events.compactMap(line)
        if let display {
            try display.show(lines)
        } else {
            for line in lines { try output.write(line + "\n") }
        }
        try output.flush()
    }

    /// What is told of an event in the form that is wanted; `nil` for nothing.
    private func line(_ event: LiveEvent) -> String? {
        switch (format, event.kind) {
        case (.ndjson, _): event.json.compactText
        // The report follows, which says it better.
        case (_, .statistics): nil
        case (_, _) where event.isAfterthought: nil
        case (_, _) where options.isQuiet && !event.isEssential: nil
        case (_, _) where isForJournal: event.journalText(options)
        case (_, _): event.text(options)
        }
    }
}

/// Prints each packet at once.
private final class LivePacketPrinter: LiveRun.Listener {
    private var printer: PacketPrinter
    let output: Output

    init(_ printer: PacketPrinter, _ output: Output) {
        self.printer = printer
        self.output = output
    }

    func start(at instant: CaptureInstant, _ captures: [CaptureDescription]) {}

    func keep(_ frame: borrowing Frame, _ reference: FrameReference, interface: String?) {}

    func append(interface: String?) {}

    func handle(_ frame: borrowing DecodedFrame, _ sighting: Sighting, interface: String?) throws -> LoopControl {
        let control = try printer.handle(frame, sighting, interface: interface)
        try output.flush()
        return control
    }

    func note(_ blindSpot: BlindSpot) {}

    func note(_ change: LinkChange, at instant: CaptureInstant) {}

    func tick(at instant: CaptureInstant) {}
}
