import Testing
import VRRPFacts
import VRRPLive
import VRRPReport
import VRRPTestSupport
import VRRPTracker
import VRRPWire

/// The metrics that Prometheus is shown.
@Suite struct MetricsTests {
    private static let epoch: Int64 = 1_767_225_600_000

    /// A session with its metrics, played by the clock of its packets.
    struct Story {
        var session = LiveSession(
            captures: [CaptureDescription(source: "eth0", format: .live)],
            namesInterfaces: false,
            version: "1.2.3"
        )
        var tally = Metrics.Tally(namesInterfaces: false)
        var metrics = Metrics(version: "1.2.3")
        var frames = 0
        /// The page as it was written last.
        var text = ""

        init(interface: String = "eth0") {
            session.append(interface: interface)
            tally.append(interface: interface)
        }

        static func instant(_ milliseconds: Int64) -> CaptureInstant {
            CaptureInstant(nanoseconds: 0) + .milliseconds(epoch + milliseconds)
        }

        /// Plays advertisements at milliseconds, with ticks between them.
        mutating func play(_ adverts: [(at: Int64, router: UInt8, priority: UInt8)], until end: Int64) {
            var rest = adverts[...]
            var now = rest.first?.at ?? end
            while now <= end {
                while let next = rest.first, next.at == now {
                    rest = rest.dropFirst()
                    frames += 1
                    let packet = Pcap.advertisement(from: next.router, priority: next.priority)
                    let sighting = Sighting(FrameReference(capture: 0, frame: frames), at: Self.instant(now))
                    _ = session.take(packet.span, linkType: .ethernet, sighting)
                    for event in session.tick(at: sighting.instant) { tally.note(event) }
                }
                if now % 50 == 0 { for event in session.tick(at: Self.instant(now)) { tally.note(event) } }
                now += 1
            }
        }

        mutating func page(at milliseconds: Int64) -> [String: String] {
            let health = Metrics.CaptureHealth(
                interface: "eth0",
                isCapturing: true,
                hasLink: true,
                packets: frames,
                lastPacket: Self.instant(milliseconds),
                dropped: 3
            )
            let now = Self.instant(milliseconds)
            text = metrics.page(
                Metrics.Snapshot(tally, session.observation, [health], Metrics.HookCounts(), at: now)
            )
            var samples: [String: String] = [:]
            for line in text.split(separator: "\n") where !line.hasPrefix("#") {
                let space = line.lastIndex(of: " ") ?? line.startIndex
                samples[String(line[..<space])] = String(line[space...].dropFirst())
            }
            return samples
        }
    }

    private static let virtualRouter = #"interface="eth0",family="ipv4",vrid="51""#
    private static func name(_ metric: String, _ more: String = "") -> String {
        "vrrpwatch_\(metric){\(virtualRouter)\(more)}"
    }

    /// A master that is killed after ten advertisements, and its successor's first ten.
    static let takeover: [(at: Int64, router: UInt8, priority: UInt8)] =
        [(500, 2, 90)] + (1...10).map { ($0 * 1000, 1, 100) } + (0..<10).map { (13_609 + $0 * 1000, 2, 90) }

    @Test func aTakeoverInNumbers() {
        var story = Story()
        story.play(Self.takeover, until: 22_700)
        let page = story.page(at: 22_700)
        #expect(page[Self.name("masters")] == "1")
        #expect(page[Self.name("master_info", #",source="10.0.0.2",mac="02:00:00:00:00:02""#)] == "1")
        #expect(page[Self.name("master_changes_total", #",reason="timeout""#)] == "1")
        #expect(page[Self.name("adverts_received_total", #",source="10.0.0.1",version="2""#)] == "10")
        #expect(page[Self.name("adverts_received_total", #",source="10.0.0.2",version="2""#)] == "11")
        #expect(page[Self.name("advert_interval_seconds", #",source="10.0.0.1""#)] == "1.000000000")
        #expect(page[Self.name("priority", #",source="10.0.0.2""#)] == "90")
        // From when the advertisement after the tenth was due to the successor's first.
        #expect(page[Self.name("no_master_seconds_total")] == "2.609000000")
        #expect(page[Self.name("split_brain_seconds_total")] == "0.000000000")
        // Three seconds and a skew of 156/256 for the other one's priority 100.
        #expect(page[Self.name("master_down_interval_seconds")] == "3.609375000")
        #expect(page[Self.name("advert_gap_seconds_count", #",source="10.0.0.1""#)] == "9")
        #expect(page[Self.name("advert_gap_seconds_bucket", #",source="10.0.0.1",le="0.99""#)] == "0")
        #expect(page[Self.name("advert_gap_seconds_bucket", #",source="10.0.0.1",le="1.01""#)] == "9")
        #expect(page[Self.name("advert_gap_seconds_bucket", #",source="10.0.0.1",le="+Inf""#)] == "9")
        #expect(page[Self.name("advert_gap_seconds_sum", #",source="10.0.0.1""#)] == "9.0")
        #expect(page[#"vrrpwatch_capture_dropped_packets_total{interface="eth0"}"#] == "3")
        #expect(page["vrrpwatch_update_timestamp_seconds"] == "1767225622.700000000")
        #expect(page["vrrpwatch_series_dropped_total"] == "0")
    }

    @Test func twoMastersAreCountedWhileTheyLast() {
        var story = Story()
        let both = (0..<20).flatMap {
            [
                (at: Int64($0 * 1000), router: UInt8(1), priority: UInt8(100)),
                (at: Int64($0 * 1000 + 500), router: UInt8(2), priority: UInt8(90)),
            ]
        }
        story.play(both, until: 19_600)
        let page = story.page(at: 19_600)
        #expect(page[Self.name("masters")] == "2")
        #expect(page[#"vrrpwatch_findings{id="split-brain",severity="critical"}"#] == "1")
        #expect(page[#"vrrpwatch_findings_opened_total{id="split-brain",severity="critical"}"#] == "1")
        // An alert needs the place, and the address that people know.
        let place = #"\#(Self.virtualRouter),address="10.0.0.100"}"#
        #expect(page[#"vrrpwatch_virtual_router_info{"# + place] == "1")
        #expect(page[#"vrrpwatch_finding_open{id="split-brain",severity="critical","# + place] == "1")
        #expect(page[#"vrrpwatch_incident_open{kind="split",severity="critical","# + place] == "1")
        #expect(page[#"vrrpwatch_incidents_opened_total{kind="split"}"#] == "1")
    }

    @Test func whatIsOverIsOpenNoMore() {
        var story = Story()
        var adverts: [(at: Int64, router: UInt8, priority: UInt8)] = []
        for second in 0..<90 {
            let at = Int64(second) * 1000
            adverts.append((at, 1, 100))
            if second < 8 { adverts.append((at + 500, 2, 90)) }
        }
        story.play(adverts, until: 89_900)
        let page = story.page(at: 89_900)
        #expect(page[#"vrrpwatch_findings{id="split-brain",severity="critical"}"#] == "0")
        #expect(!page.keys.contains { $0.hasPrefix("vrrpwatch_finding_open{id=\"split-brain\"") })
        #expect(!page.keys.contains { $0.hasPrefix("vrrpwatch_incident_open{kind=\"split\"") })
        #expect(page[#"vrrpwatch_incidents_opened_total{kind="split"}"#] == "1")
    }

    @Test func resignationsAreCountedOnceEach() {
        var story = Story()
        var total: [String?] = []
        for round in 0..<3 {
            let start = Int64(round) * 10_000
            story.play([(start, 1, 100), (start + 1000, 1, 100), (start + 1500, 1, 0)], until: start + 9000)
            total.append(
                story.page(at: start + 9000)[Self.name("priority_zero_received_total", #",source="10.0.0.1""#)]
            )
            total.append(
                story.page(at: start + 9000)[Self.name("priority_zero_received_total", #",source="10.0.0.1""#)]
            )
        }
        #expect(total == ["1", "1", "2", "2", "3", "3"])
    }

    @Test func noCounterEverFalls() {
        var story = Story()
        var before: [String: Double] = [:]
        for round in 0..<40 {
            let start = Int64(round) * 5000
            let router = UInt8(1 + round % 3)
            story.play((0..<4).map { (start + Int64($0) * 1000, router, 90 + router) }, until: start + 4900)
            let page = story.page(at: start + 4900)
            for (name, value) in page where name.contains("_total") || name.contains("_seconds_total") {
                let number = Double(value) ?? -1
                #expect(number >= before[name, default: 0], "\(name) in round \(round)")
                before[name] = number
            }
        }
    }

    @Test func labelsAreEscaped() {
        var story = Story(interface: "e\"\\\u{1b}h\n0")
        story.play([(0, 1, 100)], until: 100)
        let names = story.page(at: 100).keys.filter { $0.hasPrefix("vrrpwatch_masters") }
        #expect(names == [#"vrrpwatch_masters{interface="e\"\\"# + "\u{fffd}" + #"h\n0",family="ipv4",vrid="51"}"#])
    }
}
