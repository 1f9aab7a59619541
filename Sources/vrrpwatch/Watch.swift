internal import ArgumentParser
internal import VRRPCapture
internal import VRRPFindings
internal import VRRPLive
internal import VRRPReport
internal import VRRPTracker
internal import VRRPWire

/// Watches interfaces.
struct Watch: StatusCommand {
    static let configuration = CommandConfiguration(
        abstract: "Watch interfaces and tell changes and findings as they happen.",
        usage: "vrrpwatch watch IFACE... [options]",
        discussion: """
            Examples:
              vrrpwatch watch eth0
              vrrpwatch watch any --format ndjson
              vrrpwatch watch eth0 eth1 --fail-on critical -c 1000
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

    func validate() throws {
        if sources.isEmpty, interfaces.isEmpty { throw ValidationError("what is to be watched? Name an interface") }
    }

    func runToStatus() throws -> ExitStatus {
        let format = try form.form(format, machine: .ndjson)
        return try Self.watch(
            sources + interfaces,
            format: format,
            form,
            filter,
            keys,
            limit,
            configurations,
            verdict,
            live,
            patience,
            screen
        )
    }

    static func watch(
        _ names: [String],
        format: Format,
        _ form: FormOptions,
        _ filter: FilterOptions,
        _ keys: KeyOptions,
        _ limit: LimitOptions,
        _ configurations: ConfigurationOptions,
        _ verdict: VerdictOptions,
        _ live: LiveOptions,
        _ patience: PatienceOptions,
        _ screen: ScreenOptions
    ) throws -> ExitStatus {
        let keys = try keys.ring()
        let given = try configurations.read()
        let output = try Output(path: form.output)
        let kind = try screen.kind(format, form)
        let display = { try LiveDisplay(kind, form.text, output) }
        let printer = EventPrinter(
            names,
            format: format,
            form.text,
            limit: limit.count,
            givenKeys: keys.labels,
            expecting: given.expectation,
            output,
            display
        )
        let end = try LiveRun.run(names, live, patience, filter: filter.filter, keys, printer)
        try printer.close(at: end.instant, end.descriptions)
        try output.finish()
        if let error = end.error {
            Diagnostics.say(error.message)
            return .captureEnded
        }
        return given.isDamaged ? .damagedInput : verdict.status(worst: printer.worst)
    }

    static func decode(
        _ names: [String],
        format: Format,
        _ form: FormOptions,
        _ filter: FilterOptions,
        _ keys: KeyOptions,
        _ limit: LimitOptions,
        _ live: LiveOptions,
        _ patience: PatienceOptions
    ) throws -> ExitStatus {
        let keys = try keys.ring()
        let output = try Output(path: form.output)
        let labels = keys.labels
        let packets = PacketPrinter(format: format, form.text, limit: limit.count, output, givenKeys: labels)
        let printer = LivePacketPrinter(packets, output)
        let end = try LiveRun.run(names, live, patience, filter: filter.filter, keys, printer)
        try output.finish()
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
    /// Made when the interfaces are open, so that messages about that are not lost on a screen.
    private let makeDisplay: () throws -> LiveDisplay
    private var display: LiveDisplay?
    private var now = CaptureInstant.distantPast

    private let givenKeys: [String]

    init(
        _ names: [String],
        format: Format,
        _ options: TextReport.Options,
        limit: Int?,
        givenKeys: [String],
        expecting expectation: Expectation,
        _ output: Output,
        _ makeDisplay: @escaping () throws -> LiveDisplay
    ) {
        self.makeDisplay = makeDisplay
        session = LiveSession(
            captures: names.map { CaptureDescription(source: $0, format: "live") },
            namesInterfaces: names.count > 1 || names.contains("any"),
            givenKeys: givenKeys,
            expecting: expectation,
            version: VRRPWatch.version
        )
        self.givenKeys = givenKeys
        self.format = format
        self.options = options
        self.output = output
        rest = limit
    }

    /// The gravest severity of the findings made.
    var worst: Severity? { session.worst }

    func start(at instant: CaptureInstant, _ captures: [CaptureDescription]) throws {
        session.captures = captures
        display = try makeDisplay()
        try tell(session.start(at: instant))
    }

    func append(interface: String?) {
        session.append(interface: interface)
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
        try display?.update(session, at: instant)
        try output.flush()
    }

    func wait(from instant: CaptureInstant) -> TimeSpan? {
        [session.wait(from: instant), display?.wait(from: instant)].compactMap { $0 }.min()
    }

    var descriptors: [CInt] { display?.descriptors ?? [] }

    func read(_ descriptor: CInt) throws -> LoopControl {
        try display?.read(descriptor, session, at: now) ?? .continue
    }

    func close(at instant: CaptureInstant, _ captures: [CaptureDescription]) throws {
        session.captures = captures
        try display?.close()
        display = nil
        try tell(session.finish(at: instant))
        guard format == .text else { return }
        let document = session.document
        try output.write("\n")
        try output.write(options.isQuiet ? document.summaryLine + "\n" : TextReport.render(document, options))
    }

    private func tell(_ events: [LiveEvent]) throws {
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
        case (_, _): event.text(options)
        }
    }
}

/// Prints each packet at once.
private final class LivePacketPrinter: LiveRun.Listener {
    private var printer: PacketPrinter
    private let output: Output

    init(_ printer: PacketPrinter, _ output: Output) {
        self.printer = printer
        self.output = output
    }

    func start(at instant: CaptureInstant, _ captures: [CaptureDescription]) {}

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
