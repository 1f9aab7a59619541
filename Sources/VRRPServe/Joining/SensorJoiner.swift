package import VRRPFacts
package import VRRPWire

/// A frame that a sensor captured, with bytes of its own.
package struct SensorFrame: Hashable, Sendable {
    package var bytes: [UInt8]
    /// The number of bytes on the wire.
    package var originalLength: Int
    /// The frame's number in the stream, from 1.
    package var number: Int
    package var instant: CaptureInstant
    /// The interface's number in the stream, from 0.
    package var interface: Int
    package var linkType: LinkType

    package init(
        bytes: [UInt8],
        originalLength: Int,
        number: Int,
        instant: CaptureInstant,
        interface: Int,
        linkType: LinkType
    ) {
        self.bytes = bytes
        self.originalLength = originalLength
        self.number = number
        self.instant = instant
        self.interface = interface
        self.linkType = linkType
    }
}

/// A part of a sensor's stream.
package enum SensorInput: Hashable, Sendable {
    /// The stream begins, or begins anew.
    case began
    /// A further interface, in the order of their numbers; `interface0` where it has no name.
    case interface(String)
    case frame(SensorFrame)
    /// Everything before that instant was told.
    case heartbeat(CaptureInstant)
    /// A stretch that the sensor could not see.
    case blindSpot(BlindSpot)
    /// The stream ended. One that is final does not begin anew, as that of a file.
    case ended(isFinal: Bool)
    /// The stream is damaged or cannot be had, for a reason in words.
    case problem(String)
}

/// Joins the frames of several sensors in order of time, as far as all that live have told.
///
/// Each sensor has a watermark, the instant before which it told everything: its latest frame or heartbeat. Frames are
/// released up to the least watermark of the sensors that live. A sensor that was silent for longer than ``patience`` no longer
/// holds the others up. The joiner has no clock; callers say how much time has passed.
package struct SensorJoiner: Sendable {
    /// The state of a sensor.
    package enum State: Hashable, Sendable {
        /// Nothing has come so far.
        case awaited
        case living
        /// Silent for too long, or behind what was judged.
        case lost
        /// A file that was read to its end.
        case ended
    }

    /// A frame that has its place.
    package struct Released: Sendable {
        package var sensor: Int
        package var frame: SensorFrame
    }

    /// A sensor that fell silent, or is back.
    package enum Change: Hashable, Sendable {
        /// Since an instant nothing is known of what it sees; `nil` where nothing ever came.
        case lost(sensor: Int, since: CaptureInstant?)
        /// From an instant on, it sees again; nothing is known of the time since the other one.
        case back(sensor: Int, at: CaptureInstant, since: CaptureInstant?)
    }

    /// A sensor as far as it matters for others.
    package struct Sensor: Sendable {
        package fileprivate(set) var state = State.awaited
        /// The instant before which it told everything; `nil` before the first.
        package fileprivate(set) var watermark: CaptureInstant?
        /// The frames that came after their time had been judged, and are left out.
        package fileprivate(set) var late = 0
        /// The frames that wait, in the order in which they came.
        fileprivate var waiting: [SensorFrame] = []
        fileprivate var place = 0
        /// The passed time at which something came last.
        fileprivate var heard: TimeSpan
        /// The end of what was seen when it was lost.
        fileprivate var blindSince: CaptureInstant?
        fileprivate var isTold = false

        fileprivate var next: SensorFrame? { place < waiting.count ? waiting[place] : nil }

        package var waitingCount: Int { waiting.count - place }
    }

    /// The time by which a frame may lie before one that was released, as frames of one instant do from several sensors.
    private static let tolerance = TimeSpan.milliseconds(500)

    package let patience: TimeSpan
    package private(set) var sensors: [Sensor]
    /// The instant before which everything was released; `nil` before the first.
    package private(set) var reached: CaptureInstant?
    private var changes: [Change] = []

    /// - Parameters:
    ///   - count: the number of sensors.
    ///   - patience: the longest silence of a sensor for which the others wait.
    ///   - now: the time passed so far.
    package init(count: Int, patience: TimeSpan, at now: TimeSpan) {
        self.patience = patience
        sensors = Array(repeating: Sensor(heard: now), count: count)
    }

    /// Takes a frame of a sensor at a passed time, and returns whether it waits; one that comes after its time does not.
    package mutating func take(_ frame: SensorFrame, of sensor: Int, at now: TimeSpan) -> Bool {
        note(frame.instant, of: sensor, at: now)
        if let reached, frame.instant < reached - Self.tolerance {
            sensors[sensor].late += 1
            return false
        }
        sensors[sensor].waiting.append(frame)
        return true
    }

    /// Takes a sensor's word that it told everything before an instant.
    package mutating func heartbeat(_ instant: CaptureInstant, of sensor: Int, at now: TimeSpan) {
        note(instant, of: sensor, at: now)
    }

    /// Notes that a sensor ended; one that ended for good holds nobody up any more.
    package mutating func end(_ sensor: Int, isFinal: Bool) {
        if isFinal { sensors[sensor].state = .ended }
    }

    /// Notes that a sensor's stream is held back by us, so that its silence means nothing.
    package mutating func excuse(_ sensor: Int, at now: TimeSpan) { sensors[sensor].heard = now }

    private mutating func note(_ instant: CaptureInstant, of sensor: Int, at now: TimeSpan) {
        sensors[sensor].heard = now
        sensors[sensor].watermark = max(sensors[sensor].watermark ?? instant, instant)
        switch sensors[sensor].state {
        case .living: break
        case .awaited, .ended: sensors[sensor].state = .living
        case .lost:
            // One that is behind what was judged is of no use until it has caught up.
            if let reached, instant < reached - Self.tolerance { return }
            sensors[sensor].state = .living
        }
        guard sensors[sensor].isTold else { return }
        sensors[sensor].isTold = false
        changes.append(.back(sensor: sensor, at: max(instant, reached ?? instant), since: sensors[sensor].blindSince))
        sensors[sensor].blindSince = nil
    }

    /// Gives up sensors that were silent for too long, and returns the frames whose time has come, in order.
    package mutating func release(at now: TimeSpan) -> [Released] {
        for index in sensors.indices where now - sensors[index].heard > patience {
            switch sensors[index].state {
            case .awaited, .living: sensors[index].state = .lost
            case .lost, .ended: break
            }
        }
        let living = sensors.filter { $0.state == .living || $0.state == .awaited }
        let limit: CaptureInstant?
        if living.isEmpty {
            // Nobody is waited for: all that came has its place.
            limit = sensors.compactMap(\.watermark).max()
        } else if living.contains(where: { $0.watermark == nil }) {
            return []
        } else {
            limit = living.compactMap(\.watermark).min()
        }
        guard let limit else {
            tellLosses()
            return []
        }
        let released = takeFrames(upTo: limit)
        reached = max(reached ?? limit, limit)
        tellLosses()
        return released
    }

    /// Releases everything that waits, at the end.
    package mutating func releaseAll() -> [Released] {
        guard let last = sensors.compactMap(\.watermark).max() else { return [] }
        defer { reached = max(reached ?? last, last) }
        return takeFrames(upTo: .distantFuture)
    }

    /// The time until a sensor is given up, if nothing comes; `nil` where none is waited for.
    package func wait(from now: TimeSpan) -> TimeSpan? {
        sensors.filter { $0.state == .living || $0.state == .awaited }
            .map { max(.zero, $0.heard + patience - now) + .milliseconds(1) }.min()
    }

    /// The sensors that fell silent or are back since the last call, in order.
    package mutating func takeChanges() -> [Change] {
        defer { changes.removeAll() }
        return changes
    }

    /// Tells of sensors that are lost.
    ///
    /// One that ended is lost when others have seen for longer than the patience what it cannot.
    private mutating func tellLosses() {
        for index in sensors.indices where !sensors[index].isTold {
            let watermark = sensors[index].watermark
            switch sensors[index].state {
            case .awaited, .living: continue
            case .lost: break
            case .ended:
                guard let reached, reached - (watermark ?? .distantPast) > patience else { continue }
            }
            sensors[index].isTold = true
            sensors[index].blindSince = watermark
            changes.append(.lost(sensor: index, since: watermark))
        }
    }

    /// The waiting frames up to an instant in order of time, those of one instant in the order of their sensors.
    private mutating func takeFrames(upTo limit: CaptureInstant) -> [Released] {
        var released: [Released] = []
        while true {
            var first: (instant: CaptureInstant, sensor: Int)?
            for index in sensors.indices {
                guard let next = sensors[index].next, next.instant <= limit else { continue }
                if let first, first.instant <= next.instant { continue }
                first = (next.instant, index)
            }
            guard let sensor = first?.sensor, let frame = sensors[sensor].next else { break }
            sensors[sensor].place += 1
            released.append(Released(sensor: sensor, frame: frame))
        }
        for index in sensors.indices where sensors[index].place > 0 {
            sensors[index].waiting.removeFirst(sensors[index].place)
            sensors[index].place = 0
        }
        return released
    }
}
