internal import Dispatch
internal import Synchronization
package import VRRPCapture
internal import VRRPFacts
internal import VRRPLive
internal import VRRPReport
package import VRRPTracker
package import VRRPWire

/// Runs a ``ServedSession`` on a thread of its own, from the sensors' threads to those who look.
package final class Engine: Sendable {
    /// The version of the program that serves.
    package static let version = ProgramVersion.current

    package struct Settings: Sendable {
        package var sensors: [SensorArgument]
        package var segments: GivenSegments
        package var patience: TimeSpan
        package var version: String

        package init(sensors: [SensorArgument], segments: GivenSegments, patience: TimeSpan, version: String) {
            self.sensors = sensors
            self.segments = segments
            self.patience = patience
            self.version = version
        }
    }

    /// The time between two signs of life to those who listen.
    private static let pulse = TimeSpan.seconds(15)

    private let settings: Settings
    private let inbox: SensorInbox
    private let readers: [SensorReader]
    private let names: [String]
    private let metrics: Mutex<(tally: Metrics.Tally, metrics: Metrics)>
    /// The events on their way to those who look.
    package let broadcast = EventBroadcast()
    /// Signalled when the thread is done.
    private let done = DispatchSemaphore(value: 0)

    /// - Parameter settings: the sensors, of which each has a name of its own.
    package init(_ settings: Settings) {
        names = settings.sensors.map(\.name)
        let inbox = SensorInbox(sensors: names.count)
        self.inbox = inbox
        readers = settings.sensors.enumerated().map { SensorReader($1, number: $0, into: inbox) }
        metrics = Mutex((Metrics.Tally(namesInterfaces: true), Metrics(version: settings.version)))
        self.settings = settings
    }

    /// Starts the threads.
    ///
    /// - Throws: ``CaptureError`` where the system has none to give.
    package func start() throws(CaptureError) {
        _ = try CaptureThread { [self] in
            run()
            done.signal()
        }
        for reader in readers { try reader.start() }
    }

    /// Ends the threads that ``start()`` started, and the programs that sensors are; the last events were told when this returns.
    package func stop() {
        for reader in readers { reader.stop() }
        inbox.close()
        done.wait()
        broadcast.finish()
    }

    private func run() {
        var session = ServedSession(
            sensors: names,
            segments: settings.segments,
            patience: settings.patience,
            at: .sinceStart,
            version: settings.version
        )
        tell(session.start(at: .now), session)
        var pulsed = TimeSpan.sinceStart
        while let (inputs, work) = inbox.take(within: min(session.wait(from: .sinceStart) ?? Self.pulse, Self.pulse)) {
            let now = TimeSpan.sinceStart
            if now - pulsed >= Self.pulse {
                pulsed = now
                broadcast.send([""])
            }
            for (sensor, input) in inputs {
                let waits = session.take(input, of: sensor, at: now)
                if case .frame = input, !waits { inbox.giveBack(1, of: sensor) }
            }
            for sensor in names.indices where session.waitingCount(of: sensor) >= SensorInbox.room - 1 {
                session.excuse(sensor, at: now)
            }
            let (events, released) = session.advance(at: now)
            for sensor in names.indices { inbox.giveBack(released[sensor], of: sensor) }
            tell(events, session)
            for one in work { one(&session) }
        }
        tell(session.finish(), session)
    }

    private func tell(_ events: [LiveEvent], _ session: ServedSession) {
        guard !events.isEmpty else { return }
        metrics.withLock { metrics in
            metrics.tally.note(session.segments)
            for event in events { metrics.tally.note(event) }
        }
        broadcast.send(events.map(\.json.compactText))
    }

    // MARK: Those who look

    /// The session as it is now; `nil` where it ended.
    private func session() async -> ServedSession? {
        await withCheckedContinuation { continuation in
            let isTaken = inbox.put { session in continuation.resume(returning: session) }
            if !isTaken { continuation.resume(returning: nil) }
        }
    }

    /// The picture as it is now; `nil` where the engine ended.
    package func picture() async -> WallPicture? {
        guard let session = await session() else { return nil }
        return WallPicture(document: session.document, sensors: session.statuses, reached: session.reached)
    }

    /// The metrics as Prometheus reads them; `nil` where the engine ended.
    package func metricsPage() async -> String? {
        guard let session = await session() else { return nil }
        let sensors = session.statuses.map(\.health)
        return metrics.withLock { metrics in
            metrics.metrics.page(
                Metrics.Snapshot(metrics.tally, session.observation, [], nil, sensors: sensors, at: .now)
            )
        }
    }

    /// The script of the page.
    package static var script: String { WallPage.script }

    /// Whether some sensor has told something, so that there is a picture.
    package func isReady() async -> Bool { await session()?.reached != nil }
}

extension TimeSpan {
    /// The time since some instant before the program began, which no setting of a clock changes.
    static var sinceStart: Self {
        let (seconds, attoseconds) = (ContinuousClock.now - Self.origin).components
        return TimeSpan(nanoseconds: seconds * 1_000_000_000 + attoseconds / 1_000_000_000)
    }

    private static let origin = ContinuousClock.now
}
