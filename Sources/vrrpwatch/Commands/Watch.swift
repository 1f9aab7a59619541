internal import ArgumentParser
internal import Glibc
internal import VRRPAuthentication
internal import VRRPCapture
internal import VRRPFacts
internal import VRRPFindings
internal import VRRPLive
internal import VRRPReport
internal import VRRPTracker
internal import VRRPWire

/// Watches interfaces.
struct Watch: StatusCommand {
    static let configuration = CommandConfiguration(
        commandName: "watch",
        abstract: "Watch interfaces, and print changes and findings as they happen.",
        usage: "vrrpwatch watch IFACE... [options]",
        discussion: """
            Examples:
              vrrpwatch watch eth0
              vrrpwatch watch any --format ndjson
              vrrpwatch watch eth0 eth1 --fail-on critical -c 1000
              vrrpwatch watch eth0 -w vrrp.pcapng -C 10 -W 20 --evidence /var/tmp/vrrp
              ssh r1 vrrpwatch watch eth0 -w - | wireshark -k -i -

            INT and TERM end the watch with a summary; USR1 prints a snapshot to standard error. HUP begins new files \
            for -w and -o, as logrotate wants; without such files, or on a terminal, it ends the watch.
            """
    )

    @OptionGroup var interfaces: InterfaceArguments
    @OptionGroup var format: FormatOptions<EventForm>
    @OptionGroup var observation: ObservationOptions
    @OptionGroup var watch: WatchOptions

    func runToStatus() throws -> ExitStatus {
        try WatchRequest(interfaces: interfaces.names, form: format.form, observation: observation, watch: watch).run()
    }
}

/// Prints events as they come.
final class EventPrinter: LiveRun.Listener {
    private var session: LiveSession
    private let form: EventForm
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
        _ request: WatchRequest,
        _ service: LiveService,
        _ signals: ProcessSignals,
        _ display: LiveDisplay,
        givenKeys: [String],
        _ output: Output
    ) {
        self.session = session
        self.service = service
        self.signals = signals
        self.display = display
        self.givenKeys = givenKeys
        form = request.form
        options = request.observation.output.text
        isForJournal =
            request.form == .text && request.watch.service.monitoring.isForJournal(on: output.descriptor)
        rest = request.observation.limit.count
        self.output = output
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

    func take(
        _ frame: borrowing Frame,
        _ sighting: Sighting,
        interface: @autoclosure () -> String?,
        origin: @autoclosure () -> FrameOrigin?
    ) throws -> LoopControl {
        let name = interface()
        try service.keep(frame, sighting.reference, interface: name)
        let isRelevant =
            if form == .text, options.isVerbose {
                try session.take(frame.bytes, linkType: frame.linkType, sighting) { try show($0, $1, interface: name) }
            } else {
                session.take(frame.bytes, linkType: frame.linkType, sighting)
            }
        guard let wanted = rest, isRelevant else { return .continue }
        rest = wanted - 1
        return wanted > 1 ? .continue : .stop
    }

    /// Shows a frame in one line, where it is relevant.
    private func show(_ frame: borrowing DecodedFrame, _ sighting: Sighting, interface: String?) throws {
        guard let record = PacketRecord(frame, sighting, interface: interface, keys: &keys, givenKeys: givenKeys) else {
            return
        }
        try display?.show([record.text(options)])
        try output.flush()
    }

    func take(_ blindSpot: BlindSpot) throws {
        session.take(blindSpot)
        try service.note(blindSpot)
    }

    func take(_ change: LinkChange, at instant: CaptureInstant) throws {
        try tell([session.take(change, at: instant)])
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
            // Nobody waits for the report there, and each of its lines would be an entry.
            try output.write("<6>\(session.document.summaryLine)\n")
        } else if form == .text {
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

    /// The line for an event in the form that is wanted; `nil` for an event that has none.
    private func line(_ event: LiveEvent) -> String? {
        switch (form, event.kind) {
        case (.ndjson, _): event.json.compactText
        // The report at the end says it better.
        case (_, .statistics): nil
        case (_, _) where event.isAfterthought: nil
        case (_, _) where options.isQuiet && !event.isEssential: nil
        case (_, _) where isForJournal: event.journalText(options)
        case (_, _): event.text(options)
        }
    }
}

/// Prints each packet at once.
final class LivePacketPrinter: LiveRun.Listener {
    /// The time after which silence is told (no-adverts).
    private static let patience = TimeSpan.seconds(3)

    private var printer: PacketPrinter
    let output: Output
    private var beginning: CaptureInstant?
    private var hasTold = false

    init(_ printer: PacketPrinter, _ output: Output) {
        self.printer = printer
        self.output = output
    }

    func start(at instant: CaptureInstant, _ captures: [CaptureDescription]) { beginning = instant }

    func append(interface: String?) {}

    /// Says so where nothing was heard, if that was not said before.
    func tellSilence() {
        guard !hasTold else { return }
        hasTold = true
        printer.tellSilence("`vrrpwatch explain no-adverts` says what to check next")
    }

    /// The time until silence is to be told; `nil` where it is told or there is none.
    func wait(from instant: CaptureInstant) -> TimeSpan? {
        guard !hasTold, !printer.hasAdvertisement, let beginning else { return nil }
        return max(.zero, beginning + Self.patience - instant)
    }

    func take(
        _ frame: borrowing Frame,
        _ sighting: Sighting,
        interface: @autoclosure () -> String?,
        origin: @autoclosure () -> FrameOrigin?
    ) throws -> LoopControl {
        let control = try printer.take(frame, sighting, interface: interface(), origin: nil)
        try output.flush()
        return control
    }

    func take(_ blindSpot: BlindSpot) {}

    func take(_ change: LinkChange, at instant: CaptureInstant) {}

    func tick(at instant: CaptureInstant) {
        if let beginning, instant >= beginning + Self.patience, !printer.hasAdvertisement { tellSilence() }
    }
}
