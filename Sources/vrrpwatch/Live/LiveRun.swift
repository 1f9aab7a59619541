internal import Dispatch
internal import Foundation
internal import VRRPAuthentication
internal import VRRPCapture
internal import VRRPLive
internal import VRRPReport
internal import VRRPTracker
internal import VRRPWire

/// Live capture from its opening to its end by signal, limit or failure.
enum LiveRun {
    /// What live capture tells.
    protocol Listener: AnyObject {
        func start(at instant: CaptureInstant, _ captures: [CaptureDescription]) throws
        /// The next interface in the order of their numbers.
        func append(interface: String?)
        func handle(_ frame: borrowing DecodedFrame, _ sighting: Sighting, interface: String?) throws -> LoopControl
        func note(_ blindSpot: BlindSpot)
        func note(_ change: LinkChange, at instant: CaptureInstant) throws
        /// Before this instant nothing more will come.
        func tick(at instant: CaptureInstant) throws
        /// A frame as it was captured, before it is handled.
        func keep(_ frame: borrowing Frame, _ reference: FrameReference, interface: String?) throws
        /// How long after an instant a tick is wanted at the latest; `nil` for no wish.
        func wait(from instant: CaptureInstant) -> TimeSpan?
        /// What is to be watched besides the interfaces.
        var descriptors: [CInt] { get }
        func read(_ descriptor: CInt) throws -> LoopControl
    }

    /// What is captured, and how.
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

    /// How it ended.
    struct End {
        var instant: CaptureInstant
        var descriptions: [CaptureDescription]
        /// What ended it early.
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
        let stop = try stopSignal()
        // To open a pipe is to wait for its reader, and nothing but a signal ends that.
        let output = try service.openOutput(output, for: captures)
        stop.receive(endingSignals)
        try service.begin(at: CaptureInstant(nanoseconds: now()))
        let listener = try makeListener(captures, output)

        var numbering = InterfaceNumbering(captures)
        var end = End(instant: CaptureInstant(nanoseconds: now()), descriptions: [], error: nil)
        var failure: (any Error)?
        try listener.start(at: end.instant, captures.map { CaptureDescription($0.summary) })
        do throws(CaptureError) {
            try LiveCapture.run(
                captures,
                until: stop,
                also: listener.descriptors,
                wait: { listener.wait(from: $0) },
                onFrame: { index, frame in
                    end.instant = max(end.instant, frame.instant)
                    let interface = numbering.number(of: frame.interface, in: index, listener)
                    let decoded = DecodedFrame(frame.bytes, linkType: frame.linkType)
                    let reference = FrameReference(capture: index, frame: frame.number)
                    var sighting = Sighting(reference, at: frame.instant, interface: interface)
                    if let keys = input.keys {
                        sighting.verification = keys.verification(of: decoded, from: frame.bytes, interface: interface)
                    }
                    let name = numbering.names[interface]
                    do {
                        try listener.keep(frame, reference, interface: name)
                        return try listener.handle(decoded, sighting, interface: name)
                    } catch {
                        failure = error
                        return .stop
                    }
                },
                onEvent: { event in
                    do {
                        switch event {
                        case .tick(let instant):
                            end.instant = max(end.instant, instant)
                            try listener.tick(at: instant)
                        case .gap(let gap, let capture, let interface):
                            var blindSpot = BlindSpot(gap)
                            // Of several interfaces behind one buffer nobody knows whose frames were lost.
                            if let interface = interface ?? captures[capture].onlyInterface {
                                blindSpot.interface = numbering.number(of: interface, in: capture, listener)
                            }
                            listener.note(blindSpot)
                        case .clockStep(let step, let instant):
                            BlindSpot(clockStep: step, at: instant).map(listener.note)
                        case .link(let change, let capture, let instant):
                            let number = numbering.number(of: change.number, in: capture, listener)
                            try listener.note(LinkChange(change, capture: capture, number: number), at: instant)
                        case .readable(let descriptor): return try listener.read(descriptor)
                        }
                    } catch {
                        failure = error
                        return .stop
                    }
                    return .continue
                }
            )
        } catch {
            end.error = error
        }
        if let failure { throw failure }
        end.descriptions = captures.map { CaptureDescription($0.summary) }
        return (end, listener)
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

    private static func stopSignal() throws -> StopSignal {
        do throws(CaptureError) {
            return try StopSignal()
        } catch {
            throw Failure(.couldNotStart, error.message)
        }
    }

    private static func now() -> Int64 { Int64(Date().timeIntervalSince1970 * 1e9) }
}

extension CaptureError {
    /// The failure in one line, with what to do where permission is missing.
    var messageWithMend: String {
        guard let capability else { return message }
        // Absence is the meaning: without /proc the usual name has to do.
        let program = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? "vrrpwatch"
        return "\(path): live capture needs \(capability), which this process does not have. "
            + "Grant it with `sudo setcap \(capability.lowercased())+ep \(program)`, or run it with sudo."
    }
}

extension LiveRun.Listener {
    func wait(from instant: CaptureInstant) -> TimeSpan? { nil }

    var descriptors: [CInt] { [] }

    func read(_ descriptor: CInt) throws -> LoopControl { .continue }
}

extension LinkChange {
    fileprivate init(_ change: LiveCapture.LinkChange, capture: Int, number: Int) {
        self.init(capture: capture, number: number, interface: change.interface, state: .down)
        switch change.kind {
        case .down: state = .down
        case .up: state = .up
        case .gone: state = .gone
        case .back: state = .back
        case .renamed(_, let name):
            state = .renamed
            newName = name
        }
    }
}
