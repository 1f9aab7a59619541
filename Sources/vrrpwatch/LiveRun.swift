internal import Dispatch
internal import Foundation
internal import VRRPAuthentication
internal import VRRPCapture
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
        func tick(at instant: CaptureInstant) throws
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
    /// Throws ``Failure``: status 3 where an interface cannot be opened, 64 for a bad filter, and what the listener threw.
    static func run(
        _ names: [String],
        _ options: LiveOptions,
        filter: String?,
        _ keys: KeyRing?,
        _ listener: some Listener
    ) throws -> End {
        let captures = try names.map { try open($0, options, filter: filter) }
        let stop = try stopSignal()
        stop.receive([SIGINT, SIGTERM, SIGHUP])

        var numbering = InterfaceNumbering(captures)
        var end = End(instant: CaptureInstant(nanoseconds: now()), descriptions: [], error: nil)
        var failure: (any Error)?
        try listener.start(at: end.instant, captures.map { CaptureDescription($0.summary) })
        do throws(CaptureError) {
            try LiveCapture.run(
                captures,
                until: stop,
                onFrame: { index, frame in
                    end.instant = max(end.instant, frame.instant)
                    let interface = numbering.number(of: frame.interface, in: index, listener)
                    let decoded = DecodedFrame(frame.bytes, linkType: frame.linkType)
                    let reference = FrameReference(capture: index, frame: frame.number)
                    var sighting = Sighting(reference, at: frame.instant, interface: interface)
                    if let keys {
                        sighting.verification = keys.verification(of: decoded, from: frame.bytes, interface: interface)
                    }
                    do {
                        return try listener.handle(decoded, sighting, interface: numbering.names[interface])
                    } catch {
                        failure = error
                        return .stop
                    }
                },
                onEvent: { event in
                    switch event {
                    case .tick(let instant):
                        end.instant = max(end.instant, instant)
                        do {
                            try listener.tick(at: instant)
                        } catch {
                            failure = error
                            return .stop
                        }
                    case .gap(let gap, _): listener.note(BlindSpot(gap))
                    case .clockStep(_, let instant):
                        listener.note(BlindSpot(from: instant, to: instant, .clockStep))
                    }
                    return .continue
                }
            )
        } catch {
            end.error = error
        }
        if let failure { throw failure }
        end.descriptions = captures.map { CaptureDescription($0.summary) }
        return end
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

    private static func open(_ name: String, _ options: LiveOptions, filter: String?) throws -> LiveCapture {
        let options = LiveCapture.Options(
            snapLength: options.snapLength ?? 65_535,
            isPromiscuous: !options.isNotPromiscuous,
            bufferKiB: options.bufferSize,
            filter: filter
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
