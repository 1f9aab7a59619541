internal import VRRPFacts
internal import VRRPReport
internal import VRRPWire

/// All that viewers are shown of an instant.
package struct WallPicture: Sendable {
    let document: ReportDocument
    let sensors: [ServedSession.Status]
    let reached: CaptureInstant?

    init(document: ReportDocument, sensors: [ServedSession.Status], reached: CaptureInstant?) {
        self.document = document
        self.sensors = sensors
        self.reached = reached
    }

    /// The latest reason for which the stream of a sensor could not be read; `nil` for none.
    package func problem(of sensor: String) -> String? { sensors.first { $0.name == sensor }?.problem }

    /// The report as `vrrpwatch.report/1`.
    package var json: String {
        var text: [UInt8] = []
        document.writeJSON { text += $0 }
        return String(decoding: text, as: UTF8.self)
    }

    /// The page as HTML.
    package var page: String {
        var options = IncidentReport.Options()
        options.title = "VRRP as \(Words.count(sensors.count, "sensor")) \(sensors.count == 1 ? "sees" : "see") it"
        return WallPage(document, sensors.map(row), options).text
    }

    private func row(_ sensor: ServedSession.Status) -> WallPage.Sensor {
        let state =
            switch sensor.state {
            case .awaited: "awaited"
            case .living: "sees"
            case .lost: sensor.watermark == nil ? "not heard so far" : "lost"
            case .ended: "read to its end"
            }
        var parts = [Words.count(sensor.frames, "packet")]
        if sensor.late > 0 {
            parts.append(
                "\(Words.count(sensor.late, "packet")) came too late to be judged; a longer --patience waits for them"
            )
        }
        if sensor.dropped > 0 { parts.append("\(Words.count(sensor.dropped, "packet")) lost") }
        if let watermark = sensor.watermark { parts.append("up to \(TimeStyle.utc.text(watermark))") }
        if let problem = sensor.problem { parts.append(problem) }
        return WallPage.Sensor(
            name: sensor.name,
            state: state,
            isLiving: sensor.state == .living || sensor.state == .ended,
            detail: parts.joined(separator: "; ")
        )
    }
}
