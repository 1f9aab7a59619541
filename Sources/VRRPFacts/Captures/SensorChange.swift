package import VRRPWire

/// A sensor that fell silent, or is back.
package struct SensorChange: Hashable, Sendable {
    /// The raw values are part of the types of `vrrpwatch.event/1`.
    package enum State: String, Hashable, Sendable {
        /// Nothing came for longer than judgement waits: what only this sensor can see is not observed.
        case lost
        case back
    }

    /// The position of the sensor among the captures.
    package var capture: Int
    package var sensor: String
    package var state: State
    /// The instant since which nothing is, or was, known of what it sees; `nil` where nothing ever came.
    package var since: CaptureInstant?

    package init(capture: Int, sensor: String, state: State, since: CaptureInstant?) {
        self.capture = capture
        self.sensor = sensor
        self.state = state
        self.since = since
    }
}
