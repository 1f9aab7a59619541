internal import VRRPFacts
package import VRRPLive
package import VRRPReport
package import VRRPTracker
package import VRRPWire

/// One live picture of what several sensors see: their frames joined in order of time, and one session over all of them.
///
/// A value without clock, input or output, as ``LiveSession`` is: callers say how much time has passed.
package struct ServedSession: Sendable {
    /// A sensor for people and programs.
    package struct Status: Hashable, Sendable {
        package var name: String
        package var state: SensorJoiner.State
        /// The instant before which it told everything; `nil` before the first.
        package var watermark: CaptureInstant?
        /// The frames that it told.
        package var frames: Int
        /// The frames among them that came too late to be judged.
        package var late: Int
        /// The frames that it lost, as it says itself.
        package var dropped: Int
        /// The latest reason for which its stream could not be read, in words.
        package var problem: String?

        /// Its health for metrics.
        var health: Metrics.SensorHealth {
            Metrics.SensorHealth(
                sensor: name,
                isLiving: state == .living,
                packets: frames,
                late: late,
                dropped: dropped,
                watermark: watermark
            )
        }
    }

    /// The most stretches in which a sensor was blind that are kept apart; the oldest become one.
    private static let mostStretches = 1024

    private let names: [String]
    private var joiner: SensorJoiner
    private(set) var session: LiveSession
    private var vantage: Vantage
    /// The places of the interfaces of each sensor's present stream, by their number there.
    private var interfaces: [[Int]]
    private var known: [SegmentMap.Place: Int] = [:]
    /// The point that each place is, in the order of the places.
    private var points: [Int] = []
    /// By sensor.
    private var frames: [Int]
    private var dropped: [Int]
    private var problems: [String?]
    private var events: [LiveEvent] = []

    /// Begins a session.
    ///
    /// - Parameters:
    ///   - names: of the sensors, each once.
    ///   - segments: the names of the segments that they see.
    ///   - patience: the longest silence of a sensor for which judgement waits.
    ///   - now: the time passed so far.
    ///   - version: of this program.
    package init(
        sensors names: [String],
        segments: GivenSegments,
        patience: TimeSpan,
        at now: TimeSpan,
        version: String
    ) {
        self.names = names
        joiner = SensorJoiner(count: names.count, patience: patience, at: now)
        vantage = Vantage(
            points: names.enumerated().map { index, name in
                var point = VantagePoint(captures: [index], name: name)
                if index == 0 { (point.clockOffset, point.clockOffsetError, point.clockDrift) = (.zero, .zero, 0) }
                return point
            }
        )
        session = LiveSession(
            captures: names.map { CaptureDescription(source: $0, format: .live) },
            namesInterfaces: true,
            from: vantage,
            on: SegmentMap(segments),
            version: version
        )
        interfaces = names.map { _ in [] }
        frames = names.map { _ in 0 }
        dropped = frames
        problems = names.map { _ in nil }
    }

    // MARK: Inputs

    /// Takes a part of a sensor's stream at a passed time, and returns whether it is a frame that waits for its time.
    package mutating func take(_ input: SensorInput, of sensor: Int, at now: TimeSpan) -> Bool {
        switch input {
        case .began:
            interfaces[sensor] = []
            problems[sensor] = nil
        case .interface(let name): addInterface(name, of: sensor)
        case .frame(var frame):
            // Waiting frames may be of an earlier stream, whose interfaces have other numbers.
            frame.interface = place(of: frame.interface, of: sensor)
            return joiner.take(frame, of: sensor, at: now)
        case .heartbeat(let instant): joiner.heartbeat(instant, of: sensor, at: now)
        case .blindSpot(let spot):
            dropped[sensor] += spot.droppedFrames
            takeBlindSpot(spot, of: sensor)
        case .ended(let isFinal): joiner.end(sensor, isFinal: isFinal)
        case .problem(let reason): problems[sensor] = reason
        }
        return false
    }

    /// Notes that a sensor's stream is held back by us, so that its silence means nothing.
    package mutating func excuse(_ sensor: Int, at now: TimeSpan) { joiner.excuse(sensor, at: now) }

    /// The number of a sensor's frames that wait for others.
    package func waitingCount(of sensor: Int) -> Int { joiner.sensors[sensor].waitingCount }

    /// The first events, one for each sensor.
    package mutating func start(at instant: CaptureInstant) -> [LiveEvent] {
        zip(session.start(at: instant), names).map { event, name in
            var event = event
            event.sensor = name
            return event
        }
    }

    /// Judges everything whose time has come, and returns what is new.
    ///
    /// To be called whenever something was taken, and when ``wait(from:)`` is over.
    ///
    /// - Returns: the events, and how many frames of each sensor no longer wait.
    package mutating func advance(at now: TimeSpan) -> (events: [LiveEvent], released: [Int]) {
        let released = joiner.release(at: now)
        return (judge(released), count(released))
    }

    /// Ends the session with everything that came.
    package mutating func finish() -> [LiveEvent] {
        var events = judge(joiner.releaseAll())
        if let reached = joiner.reached { events += session.finish(at: reached) }
        return events
    }

    /// The time until a sensor is given up or something may be told, if nothing comes; `nil` for no bound.
    package func wait(from now: TimeSpan) -> TimeSpan? { joiner.wait(from: now) }

    // MARK: Queries

    /// The report on everything that was judged so far.
    package var document: ReportDocument { session.document }

    /// Everything that was learnt so far.
    package var observation: Observation { session.observation }

    /// The segments that the sensors see, as they are known by now.
    package var segments: SegmentMap? { session.observation.segments }

    /// The instant before which everything was judged; `nil` before the first.
    package var reached: CaptureInstant? { joiner.reached }

    /// The sensors in their order.
    package var statuses: [Status] {
        names.indices.map { index in
            let sensor = joiner.sensors[index]
            return Status(
                name: names[index],
                state: sensor.state,
                watermark: sensor.watermark,
                frames: frames[index],
                late: sensor.late,
                dropped: dropped[index],
                problem: problems[index]
            )
        }
    }

    // MARK: Judging

    private func count(_ released: [SensorJoiner.Released]) -> [Int] {
        var counts = names.map { _ in 0 }
        for one in released { counts[one.sensor] += 1 }
        return counts
    }

    private mutating func judge(_ released: [SensorJoiner.Released]) -> [LiveEvent] {
        // Before anybody told anything, there is no time at which a sensor is lost.
        if joiner.reached != nil { for change in joiner.takeChanges() { note(change) } }
        for one in released { take(one) }
        if let reached = joiner.reached {
            repeat { events += session.tick(at: reached) } while session.wait(from: reached) == .zero
        }
        defer { events.removeAll() }
        return events
    }

    private mutating func take(_ released: SensorJoiner.Released) {
        let (sensor, frame) = (released.sensor, released.frame)
        frames[sensor] += 1
        var sighting = Sighting(
            FrameReference(capture: sensor, frame: frames[sensor]),
            at: frame.instant,
            interface: frame.interface,
            observer: points[frame.interface - SegmentMap.firstPlace]
        )
        sighting.place = frame.interface
        // All sensors are taken to tell one time.
        sighting.clock = 0
        _ = session.take(frame.bytes.span, linkType: frame.linkType, sighting)
        session.captures[sensor].packets = frames[sensor]
        session.captures[sensor].firstPacket = session.captures[sensor].firstPacket ?? frame.instant
        session.captures[sensor].lastPacket = frame.instant
        if !session.captures[sensor].linkTypes.contains(frame.linkType) {
            session.captures[sensor].linkTypes.append(frame.linkType)
        }
    }

    // MARK: Interfaces

    /// The place of an interface of a sensor's present stream, also of one without a description.
    private mutating func place(of interface: Int, of sensor: Int) -> Int {
        while interfaces[sensor].count <= interface {
            addInterface("interface\(interfaces[sensor].count)", of: sensor)
        }
        return interfaces[sensor][interface]
    }

    private mutating func addInterface(_ name: String, of sensor: Int) {
        let place = SegmentMap.Place(sensor: names[sensor], interface: name)
        if let known = known[place] {
            interfaces[sensor].append(known)
            return
        }
        let isFirst = !known.keys.contains { $0.sensor == names[sensor] }
        let number = SegmentMap.firstPlace + points.count
        let point = isFirst ? sensor : vantage.points.count
        known[place] = number
        points.append(point)
        interfaces[sensor].append(number)
        session.captures[sensor].interfaceNames.append(name)
        if !isFirst {
            var further = VantagePoint(captures: [sensor], name: place.name)
            further.blind = vantage.points[sensor].blind
            vantage.points.append(further)
        }
        vantage.points[point].interfaces.insert(number)
        session.take(place, as: number)
        session.take(vantage)
    }

    /// The points of a sensor.
    private func allPoints(of sensor: Int) -> [Int] {
        vantage.points.indices.filter { vantage.points[$0].captures == [sensor] }
    }

    // MARK: Blindness

    private mutating func takeBlindSpot(_ spot: BlindSpot, of sensor: Int) {
        var spot = spot
        spot.interface = nil
        if vantage.hasSeveral {
            spot.observer = sensor
            if spot.end > spot.start { add(VantagePoint.Stretch(from: spot.start, to: spot.end), to: sensor) }
        }
        session.take(spot)
        session.captures[sensor].dropped = UInt64(dropped[sensor])
    }

    private mutating func note(_ change: SensorJoiner.Change) {
        let event: SensorChange
        switch change {
        case .lost(let sensor, let since):
            add(VantagePoint.Stretch(from: since ?? .distantPast, to: .distantFuture), to: sensor)
            event = SensorChange(capture: sensor, sensor: names[sensor], state: .lost, since: since)
        case .back(let sensor, let instant, let since):
            for point in allPoints(of: sensor) {
                let last = vantage.points[point].blind.count - 1
                if last >= 0, vantage.points[point].blind[last].end == .distantFuture {
                    vantage.points[point].blind[last].end = instant
                }
            }
            session.take(vantage)
            // Where it is the only one, nobody saw anything.
            if !vantage.hasSeveral, let since { session.take(BlindSpot(from: since, to: instant, .betweenFiles)) }
            event = SensorChange(capture: sensor, sensor: names[sensor], state: .back, since: since)
        }
        var told = LiveEvent(instant: joiner.reached ?? event.since ?? .distantPast, kind: .sensor(event))
        told.sensor = event.sensor
        events.append(told)
    }

    private mutating func add(_ stretch: VantagePoint.Stretch, to sensor: Int) {
        for point in allPoints(of: sensor) {
            var blind = VantagePoint.Stretch.joined(vantage.points[point].blind + [stretch])
            if blind.count > Self.mostStretches {
                blind[1].start = blind[0].start
                blind.removeFirst()
            }
            vantage.points[point].blind = blind
        }
        session.take(vantage)
    }
}
