internal import Dispatch
internal import VRRPAuthentication
internal import VRRPCapture
internal import VRRPFacts
internal import VRRPLive
internal import VRRPReport
internal import VRRPTracker
internal import VRRPWire

/// Live capture from its opening to its end by signal, limit or failure.
enum LiveRun {
    /// A listener to live capture.
    protocol Listener: AnyObject, FrameListener {
        func start(at instant: CaptureInstant, _ captures: [CaptureDescription]) throws
        /// Names the next interface in the order of their numbers.
        func append(interface: String?)
        func take(_ change: LinkChange, at instant: CaptureInstant) throws
        /// Announces that no frame from before an instant will follow.
        func tick(at instant: CaptureInstant) throws
        /// The time after an instant at which a tick is wanted at the latest; `nil` for no wish.
        func wait(from instant: CaptureInstant) -> TimeSpan?
        /// The descriptors that are to be watched besides the interfaces.
        var descriptors: [CInt] { get }
        func read(_ descriptor: CInt) throws -> LoopControl
    }

    /// The interfaces to capture on, and the options of capturing.
    struct Input {
        var interfaces: [String]
        var options: LiveOptions
        var patience: PatienceOptions
        var filter: String?
        var keys: KeyRing?

        /// - Throws: ``Failure`` where the keys cannot be read.
        init(
            _ interfaces: [String],
            _ options: LiveOptions,
            _ patience: PatienceOptions,
            _ filter: FilterOptions,
            _ keys: KeyOptions
        ) throws {
            self.interfaces = interfaces
            self.options = options
            self.patience = patience
            self.filter = filter.filter
            self.keys = try keys.ring()
        }
    }

    /// The end of the run.
    struct End {
        var instant: CaptureInstant
        var descriptions: [CaptureDescription]
        /// The error that ended it early.
        var error: CaptureError?
    }

    /// Captures until a signal, or until the listener has enough.
    ///
    /// The listener is made when the interfaces, the output and the files of the service are open; the ending signals are
    /// heeded from before the first of those files. Throws ``Failure``: status 3 where an interface cannot be opened, 64 for
    /// a bad filter, and what the service and the listener threw.
    static func run<Listening: Listener>(
        _ input: Input,
        _ service: LiveService,
        output: String?,
        endingAt endingSignals: [CInt],
        _ makeListener: ([LiveCapture], Output) throws -> Listening
    ) throws -> (end: End, listener: Listening) {
        let captures = try input.interfaces.map { try open($0, input) }
        let stop = try StopSignal.made()
        // Opening a pipe waits for its reader, and only a signal ends the wait.
        let output = try service.openOutput(output, for: captures)
        stop.receive(endingSignals)
        try service.begin(at: .now, until: stop)
        let start = CaptureInstant.now
        var run = Running(captures, try makeListener(captures, output), from: start)
        try run.listener.start(at: start, captures.map(\.summary))
        let wait = { [listener = run.listener] in listener.wait(from: $0) }
        var end = End(instant: start, descriptions: [], error: nil)
        do throws(CaptureError) {
            try LiveCapture.run(
                captures,
                until: stop,
                also: run.listener.descriptors,
                wait: wait,
                onFrame: { index, frame in run.take(frame, of: index) },
                onEvent: { event in run.take(event) }
            )
        } catch {
            end.error = error
        }
        if let failure = run.failure { throw failure }
        end.instant = run.instant
        end.descriptions = captures.map(\.summary)
        return (end, run.listener)
    }

    /// The state of a running capture: the frames and events of the interfaces in the words of a listener.
    private struct Running<Listening: Listener> {
        private let captures: [LiveCapture]
        private(set) var listener: Listening
        private var numbering: InterfaceNumbering
        /// The latest instant of a frame or a tick.
        private(set) var instant: CaptureInstant
        /// The error that the listener ended the capture with.
        private(set) var failure: (any Error)?

        init(_ captures: [LiveCapture], _ listener: Listening, from instant: CaptureInstant) {
            self.captures = captures
            self.listener = listener
            self.instant = instant
            numbering = InterfaceNumbering(captures)
        }

        mutating func take(_ frame: borrowing Frame, of index: Int) -> LoopControl {
            instant = max(instant, frame.instant)
            let interface = numbering.number(of: frame.interface, in: index, listener)
            let reference = FrameReference(capture: index, frame: frame.number)
            let sighting = Sighting(reference, at: frame.instant, interface: interface)
            do {
                return try listener.take(frame, sighting, interface: numbering.names[interface], origin: nil)
            } catch {
                failure = error
                return .stop
            }
        }

        mutating func take(_ event: LiveCapture.Event) -> LoopControl {
            do {
                return try tell(event)
            } catch {
                failure = error
                return .stop
            }
        }

        private mutating func tell(_ event: LiveCapture.Event) throws -> LoopControl {
            switch event {
            case .tick(let instant):
                self.instant = max(self.instant, instant)
                try listener.tick(at: instant)
            case .gap(var blindSpot, let capture, let interface):
                // With several interfaces behind one buffer, nothing tells whose frames were lost.
                if let interface = interface ?? captures[capture].onlyInterface {
                    blindSpot.interface = numbering.number(of: interface, in: capture, listener)
                }
                try listener.take(blindSpot)
            case .clockStep(let step, let instant):
                if let blindSpot = BlindSpot(clockStep: step, at: instant) { try listener.take(blindSpot) }
            case .link(var change, let instant):
                change.number = numbering.number(of: change.number, in: change.capture, listener)
                try listener.take(change, at: instant)
            case .readable(let descriptor): return try listener.read(descriptor)
            }
            return .continue
        }
    }

    /// Interfaces numbered across all captures in order of appearance.
    private struct InterfaceNumbering {
        private let captures: [LiveCapture]
        private var numbers: [Key: Int] = [:]
        private(set) var names: [String?] = []

        private struct Key: Hashable {
            var capture: Int
            var interface: Int
        }

        init(_ captures: [LiveCapture]) {
            self.captures = captures
        }

        mutating func number(of interface: Int, in capture: Int, _ listener: some Listener) -> Int {
            let key = Key(capture: capture, interface: interface)
            if let number = numbers[key] { return number }
            let known = captures[capture].summary.interfaceNames
            let name = known.indices.contains(interface) ? known[interface] : nil
            numbers[key] = names.count
            names.append(name)
            listener.append(interface: name)
            return names.count - 1
        }
    }

    // MARK: Opening

    private static func open(_ name: String, _ input: Input) throws -> LiveCapture {
        let options = LiveCapture.Options(
            snapLength: input.options.snapLength ?? LiveCapture.Options.usualSnapLength,
            isPromiscuous: !input.options.isNotPromiscuous,
            bufferKiB: input.options.bufferSize ?? LiveCapture.Options.usualBufferKiB,
            filter: input.filter,
            looksIntoTunnels: input.patience.tunnels,
            isPatient: input.patience.wait
        )
        do throws(CaptureError) {
            return try LiveCapture(interface: name, options: options)
        } catch {
            throw Failure(error.code == .invalidFilter ? .wrongUsage : .couldNotStart, error.messageWithMend)
        }
    }
}

extension StopSignal {
    /// Throws ``Failure`` with status 3 where the system gives no pipe.
    static func made() throws -> StopSignal {
        do throws(CaptureError) {
            return try StopSignal()
        } catch {
            throw Failure(.couldNotStart, error.message)
        }
    }
}

extension CaptureError {
    /// The failure in one line, with the remedy where permission is missing.
    var messageWithMend: String {
        guard let capability else { return message }
        // Without /proc, the usual name is used.
        let program = FileType.target(ofLink: "/proc/self/exe") ?? "vrrpwatch"
        return "\(path): live capture needs \(capability), which this process does not have. "
            + "Grant it with `sudo setcap \(capability.lowercased())+ep \(program)`, or run it with sudo."
    }
}

extension LiveRun.Listener {
    func wait(from instant: CaptureInstant) -> TimeSpan? { nil }

    var descriptors: [CInt] { [] }

    func read(_ descriptor: CInt) throws -> LoopControl { .continue }
}
