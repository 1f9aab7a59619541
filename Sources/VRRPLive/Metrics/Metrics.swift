internal import VRRPFindings
internal import VRRPReport
package import VRRPTracker
package import VRRPWire

/// The metrics of a running session for Prometheus.
///
/// Counters never fall while the program runs, even where the tracker corrects itself or drops the oldest facts.
package struct Metrics: Sendable {
    /// The health of a capture.
    package struct CaptureHealth: Sendable {
        package var interface: String
        /// Whether it runs.
        package var isCapturing: Bool
        package var hasLink: Bool
        package var packets: Int
        package var lastPacket: CaptureInstant?
        package var dropped: UInt64

        package init(
            interface: String,
            isCapturing: Bool,
            hasLink: Bool,
            packets: Int,
            lastPacket: CaptureInstant?,
            dropped: UInt64
        ) {
            self.interface = interface
            self.isCapturing = isCapturing
            self.hasLink = hasLink
            self.packets = packets
            self.lastPacket = lastPacket
            self.dropped = dropped
        }
    }

    /// The health of a sensor.
    package struct SensorHealth: Sendable {
        package var sensor: String
        /// Whether what it sees is up to date.
        package var isLiving: Bool
        package var packets: Int
        /// The packets that came too late to be judged.
        package var late: Int
        package var dropped: Int
        /// The instant before which it told everything.
        package var watermark: CaptureInstant?

        package init(
            sensor: String,
            isLiving: Bool,
            packets: Int,
            late: Int,
            dropped: Int,
            watermark: CaptureInstant?
        ) {
            self.sensor = sensor
            self.isLiving = isLiving
            self.packets = packets
            self.late = late
            self.dropped = dropped
            self.watermark = watermark
        }
    }

    /// The outcomes of the programs of `--exec`.
    package struct HookCounts: Sendable, Equatable {
        package var succeeded = 0
        package var failed = 0
        package var timedOut = 0
        /// Events for which none was run, because the queue was full.
        package var dropped = 0

        package init() {}
    }

    /// The number of virtual routers that are shown: the first ones seen.
    package static let mostVirtualRouters = 1000
    /// The number of routers of each that are shown.
    package static let mostRouters = 16

    /// The subject of a counter that is not a plain number of the tracker.
    private struct Counter: Hashable {
        var key: VirtualRouterKey
        var name: String
    }

    /// The counts that events make: cheap to update and to copy, because the capture thread must not block.
    package struct Tally: Sendable {
        fileprivate var names: ReportNames
        fileprivate var changes: [String: [String: Int]] = [:]
        fileprivate var opened: [String: Int] = [:]
        fileprivate var open: [String: Int] = [:]
        fileprivate var troubles = OpenTroubles()

        /// - Parameter namesInterfaces: as for ``LiveSession``.
        package init(namesInterfaces: Bool) {
            names = ReportNames(namesInterfaces: namesInterfaces)
        }

        /// Takes note of the segments that sensors see, as they are known by now.
        package mutating func note(_ segments: SegmentMap?) { names.note(segments) }

        /// Names the next interface, as ``LiveSession/append(interface:)`` does.
        package mutating func append(interface: String?) {
            names.append(interface: interface)
        }

        /// Counts an event.
        package mutating func note(_ event: LiveEvent) {
            troubles.note(event)
            switch event.kind {
            case .transition(let virtualRouter, let transition, _):
                guard changes[virtualRouter.id] != nil || changes.count < Metrics.mostVirtualRouters else { return }
                changes[virtualRouter.id, default: [:]][transition.cause.rawValue, default: 0] += 1
            case .findingOpened(let finding):
                opened[finding.id, default: 0] += 1
                open[finding.id, default: 0] += 1
            case .findingClosed(let finding): open[finding.id] = max(0, open[finding.id, default: 0] - 1)
            case .capture, .router, .masterLost, .link, .sensor, .statistics, .incidentOpened, .incidentChanged,
                .incidentClosed:
                break
            }
        }
    }

    private let version: String
    private var counts: [Counter: (seen: Int, total: Int)] = [:]
    private var spans: [Counter: TimeSpan] = [:]
    /// The instant up to which time was counted.
    private var counted: CaptureInstant?

    /// - Parameter version: of this program.
    package init(version: String) {
        self.version = version
    }

    /// The contents of a page, as of an instant.
    package struct Snapshot: Sendable {
        package var tally: Tally
        package var observation: Observation
        package var captures: [CaptureHealth]
        package var hooks: HookCounts?
        package var sensors: [SensorHealth]
        package var instant: CaptureInstant

        package init(
            _ tally: Tally,
            _ observation: Observation,
            _ captures: [CaptureHealth],
            _ hooks: HookCounts?,
            sensors: [SensorHealth] = [],
            at instant: CaptureInstant
        ) {
            self.sensors = sensors
            self.tally = tally
            self.observation = observation
            self.captures = captures
            self.hooks = hooks
            self.instant = instant
        }
    }

    /// The whole page; the instants of snapshots do not go back from call to call.
    package mutating func page(_ snapshot: Snapshot) -> String {
        let observation = snapshot.observation
        var text = MetricsText()
        addProgram(&text, observation, snapshot.hooks, at: snapshot.instant)
        addCaptures(&text, snapshot.captures)
        if !snapshot.sensors.isEmpty { addSensors(&text, snapshot.sensors) }
        addFindings(&text, snapshot.tally)
        declareVirtualRouters(&text)
        let tally = snapshot.tally
        var hidden = tally.troubles.add(to: &text, tally.labels(of:))
        for (position, virtualRouter) in observation.virtualRouters.enumerated() {
            guard position < Self.mostVirtualRouters else {
                hidden += 1
                continue
            }
            hidden += max(0, virtualRouter.routers.count - Self.mostRouters)
            add(virtualRouter, &text, snapshot)
        }
        addMalformed(&text, observation)
        text.declare(
            "vrrpwatch_series_dropped_total",
            .counter,
            "Virtual routers, routers, findings and incidents that have no series because there are too many."
        )
        text.add("vrrpwatch_series_dropped_total", [:], "\(hidden)")
        counted = observation.end ?? snapshot.instant
        return text.text
    }

    // MARK: The program and its captures

    private func addProgram(
        _ text: inout MetricsText,
        _ observation: Observation,
        _ hooks: HookCounts?,
        at instant: CaptureInstant
    ) {
        text.declare("vrrpwatch_build_info", .gauge, "The version of vrrpwatch that runs.")
        text.add("vrrpwatch_build_info", ["version": version], "1")
        text.declare("vrrpwatch_update_timestamp_seconds", .gauge, "When these numbers were written.")
        text.add("vrrpwatch_update_timestamp_seconds", [:], Self.seconds(instant.nanoseconds))
        text.declare("vrrpwatch_virtual_routers", .gauge, "Virtual routers seen since the start.")
        text.add("vrrpwatch_virtual_routers", [:], "\(observation.virtualRouters.count)")
        text.declare(
            "vrrpwatch_packets_left_out_total",
            .counter,
            "Packets that were not looked at because a bound on memory was reached."
        )
        text.add("vrrpwatch_packets_left_out_total", [:], "\(observation.leftOut)")
        guard let hooks else { return }
        text.declare("vrrpwatch_hook_runs_total", .counter, "Runs of the program of --exec by their result.")
        for (result, count) in [("ok", hooks.succeeded), ("failed", hooks.failed), ("timeout", hooks.timedOut)] {
            text.add("vrrpwatch_hook_runs_total", ["result": result], "\(count)")
        }
        text.declare("vrrpwatch_hook_dropped_total", .counter, "Events whose hook was not run: the queue was full.")
        text.add("vrrpwatch_hook_dropped_total", [:], "\(hooks.dropped)")
    }

    private func addCaptures(_ text: inout MetricsText, _ captures: [CaptureHealth]) {
        text.declare("vrrpwatch_capture_up", .gauge, "Whether the interface is being captured.")
        text.declare("vrrpwatch_capture_link_up", .gauge, "Whether the interface is up and has a link.")
        text.declare("vrrpwatch_capture_packets_total", .counter, "Relevant packets captured.")
        text.declare("vrrpwatch_capture_dropped_packets_total", .counter, "Packets that kernel and interface dropped.")
        text.declare("vrrpwatch_capture_last_packet_timestamp_seconds", .gauge, "When the latest packet was captured.")
        for capture in captures {
            let labels: MetricsText.Labels = ["interface": capture.interface]
            text.add("vrrpwatch_capture_up", labels, capture.isCapturing ? "1" : "0")
            text.add("vrrpwatch_capture_link_up", labels, capture.hasLink ? "1" : "0")
            text.add("vrrpwatch_capture_packets_total", labels, "\(capture.packets)")
            text.add("vrrpwatch_capture_dropped_packets_total", labels, "\(capture.dropped)")
            guard let last = capture.lastPacket else { continue }
            text.add("vrrpwatch_capture_last_packet_timestamp_seconds", labels, Self.seconds(last.nanoseconds))
        }
    }

    private func addSensors(_ text: inout MetricsText, _ sensors: [SensorHealth]) {
        text.declare("vrrpwatch_sensor_up", .gauge, "Whether the sensor lives, so that what it sees is up to date.")
        text.declare("vrrpwatch_sensor_packets_total", .counter, "Relevant packets that were judged.")
        text.declare("vrrpwatch_sensor_late_packets_total", .counter, "Packets that came too late to be judged.")
        text.declare("vrrpwatch_sensor_dropped_packets_total", .counter, "Packets that the sensor or its stream lost.")
        text.declare("vrrpwatch_sensor_watermark_timestamp_seconds", .gauge, "Up to when the sensor told everything.")
        for sensor in sensors {
            let labels: MetricsText.Labels = ["sensor": sensor.sensor]
            text.add("vrrpwatch_sensor_up", labels, sensor.isLiving ? "1" : "0")
            text.add("vrrpwatch_sensor_packets_total", labels, "\(sensor.packets)")
            text.add("vrrpwatch_sensor_late_packets_total", labels, "\(sensor.late)")
            text.add("vrrpwatch_sensor_dropped_packets_total", labels, "\(sensor.dropped)")
            guard let watermark = sensor.watermark else { continue }
            text.add("vrrpwatch_sensor_watermark_timestamp_seconds", labels, Self.seconds(watermark.nanoseconds))
        }
    }

    private func addFindings(_ text: inout MetricsText, _ tally: Tally) {
        text.declare("vrrpwatch_findings", .gauge, "Findings that are open, by id.")
        text.declare("vrrpwatch_findings_opened_total", .counter, "Findings made, by id.")
        for rule in Catalogue.wireRules {
            let labels: MetricsText.Labels = ["id": rule.id, "severity": rule.severity.rawValue]
            text.add("vrrpwatch_findings", labels, "\(tally.open[rule.id, default: 0])")
            text.add("vrrpwatch_findings_opened_total", labels, "\(tally.opened[rule.id, default: 0])")
        }
    }

    // MARK: Virtual routers

    private func declareVirtualRouters(_ text: inout MetricsText) {
        let metrics: [(String, MetricsText.Kind, String)] = [
            ("virtual_router_info", .gauge, "A virtual router and the first of its addresses."),
            (
                "masters", .gauge,
                "Routers that are master now, by the best inference; absent where that was not observed."
            ),
            ("master_info", .gauge, "A router that is master now."),
            ("master_changes_total", .counter, "Changes of master by their cause, as the report names it."),
            ("split_brain_seconds_total", .counter, "Time with two masters or more."),
            ("no_master_seconds_total", .counter, "Time without a master."),
            ("not_observed_seconds_total", .counter, "Time in which the capture could not have seen a master."),
            ("uncertain_seconds_total", .counter, "Time in which nothing shows who is master."),
            ("master_down_interval_seconds", .gauge, "How long the best other router waits for a silent master."),
            ("adverts_received_total", .counter, "Advertisements by router; further copies of one do not count."),
            ("advert_interval_seconds", .gauge, "The interval that a router advertises."),
            ("advert_gap_seconds", .histogram, "Time between two advertisements of a router, to 6 % of the deviation."),
            ("priority", .gauge, "The latest priority above 0 that a router advertised."),
            ("priority_zero_received_total", .counter, "Resignations: times that a router began to send priority 0."),
            ("errors_total", .counter, "Advertisements that receivers may reject, by what is wrong with them."),
            ("garp_received_total", .counter, "Gratuitous ARP and unsolicited Neighbor Advertisements."),
            ("vip_mac_changes_total", .counter, "Announcements that moved a virtual address to another MAC address."),
        ]
        for (name, kind, help) in metrics { text.declare("vrrpwatch_\(name)", kind, help) }
    }

    private mutating func add(_ virtualRouter: VirtualRouter, _ text: inout MetricsText, _ snapshot: Snapshot) {
        let key = virtualRouter.key
        let labels = snapshot.tally.labels(of: key)
        let history = virtualRouter.history(in: snapshot.observation)
        let address = virtualRouter.addresses.first?.description ?? ""
        text.add("vrrpwatch_virtual_router_info", labels + ["address": address], "1")
        addMasters(history, virtualRouter, labels, &text)
        for (state, name) in [
            (TimelineInterval.State.split, "split_brain"), (.none, "no_master"), (.notObserved, "not_observed"),
            (.uncertain, "uncertain"),
        ] {
            let counter = Counter(key: key, name: name)
            spans[counter] = spans[counter, default: .zero] + time(in: state, of: history)
            let total = spans[counter, default: .zero]
            text.add("vrrpwatch_\(name)_seconds_total", labels, Self.seconds(total.nanoseconds))
        }
        let changes = snapshot.tally.changes[snapshot.tally.names.id(key), default: [:]]
        // A series that begins with its first change shows no increase: alerts would miss a single failover.
        for cause in Transition.Cause.allCases.map(\.rawValue).sorted() {
            let count = changes[cause, default: 0]
            text.add("vrrpwatch_master_changes_total", labels + ["reason": cause], "\(count)")
        }
        let runs = virtualRouter.announcements
        let announced = runs.reduce(0) { $0 + $1.occurrences.count }
        text.add("vrrpwatch_garp_received_total", labels, total(announced, Counter(key: key, name: "garp")))
        let moves = runs.count - Set(runs.map(\.address)).count
        text.add("vrrpwatch_vip_mac_changes_total", labels, total(moves, Counter(key: key, name: "moves")))
        addErrors(virtualRouter, labels, &text)
        for router in virtualRouter.routers.prefix(Self.mostRouters) { add(router, of: key, labels, &text) }
    }

    private func addMasters(
        _ history: History,
        _ virtualRouter: VirtualRouter,
        _ labels: MetricsText.Labels,
        _ text: inout MetricsText
    ) {
        guard let now = history.timeline.last else { return }
        if now.state != .notObserved { text.add("vrrpwatch_masters", labels, "\(now.masters.count)") }
        for position in now.masters {
            let router = virtualRouter.routers[position]
            let mac = router.macs.last?.description ?? ""
            text.add("vrrpwatch_master_info", labels + ["source": router.address.description, "mac": mac], "1")
        }
        // Without a master the wait is that for the one heard last.
        let last = virtualRouter.routers.indices.max { one, other in
            virtualRouter.routers[one].lastSeen < virtualRouter.routers[other].lastSeen
        }
        guard let position = now.masters.first ?? last else { return }
        let wait = virtualRouter.masterDownInterval(afterSilenceOf: position, assuming: 254)
        text.add("vrrpwatch_master_down_interval_seconds", labels, Self.seconds(wait.nanoseconds))
    }

    private mutating func addErrors(
        _ virtualRouter: VirtualRouter,
        _ labels: MetricsText.Labels,
        _ text: inout MetricsText
    ) {
        // As with changes of master, nothing that is counted begins with its first one.
        var counts: [String: Int] = [:]
        for anomaly in Anomaly.allCases {
            let count = virtualRouter.routers.reduce(0) { $0 + ($1.anomalies[anomaly]?.count ?? 0) }
            counts[anomaly.metricsReason, default: 0] += count
        }
        for (reason, count) in counts.sorted(by: { $0.key < $1.key }) {
            text.add("vrrpwatch_errors_total", labels + ["reason": reason], "\(count)")
        }
    }

    private mutating func add(
        _ router: Router,
        of key: VirtualRouterKey,
        _ labels: MetricsText.Labels,
        _ text: inout MetricsText
    ) {
        let labels = labels + ["source": router.address.description]
        let versions = labels + ["version": "\(router.version)"]
        text.add("vrrpwatch_adverts_received_total", versions, "\(router.adverts)")
        text.add(
            "vrrpwatch_advert_interval_seconds",
            labels,
            Self.seconds(router.advertisementInterval.nanoseconds)
        )
        text.add("vrrpwatch_priority", labels, "\(router.priority)")
        let resignations = Counter(key: key, name: "zero \(router.address)")
        let since = router.priorities.last { $0.value == 0 }?.since
        let isNew = since.map { $0 > counted ?? .distantPast } ?? false
        let new = isNew ? router.priorities.count { $0.value == 0 && $0.since > counted ?? .distantPast } : 0
        counts[resignations, default: (0, 0)].total += new
        text.add("vrrpwatch_priority_zero_received_total", labels, "\(counts[resignations, default: (0, 0)].total)")
        addGaps(router.cadence, labels, &text)
    }

    /// The bounds of the histogram's buckets in seconds: fine around the usual interval of one second, and up to where any
    /// failover is over.
    private static let gapBounds: [Double] = [
        0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99, 1.01, 1.05, 1.1, 1.25, 1.5, 2, 2.5, 3, 3.5, 4, 5, 10, 30, 60,
    ]

    private func addGaps(_ cadence: Cadence, _ labels: MetricsText.Labels, _ text: inout MetricsText) {
        let name = "vrrpwatch_advert_gap_seconds"
        let ranges = cadence.distribution
        var next = 0
        var below = 0
        for bound in Self.gapBounds {
            // A range that reaches beyond a bound counts from the next one on: better too long than too short.
            while next < ranges.count, (cadence.nominal + ranges[next].upper).seconds <= bound {
                below += ranges[next].count
                next += 1
            }
            text.add(name, labels + ["le": "\(bound)"], "\(below)", suffix: "_bucket")
        }
        text.add(name, labels + ["le": "+Inf"], "\(cadence.samples)", suffix: "_bucket")
        let sum = cadence.mean.seconds * Double(cadence.samples)
        text.add(name, labels, "\(sum)", suffix: "_sum")
        text.add(name, labels, "\(cadence.samples)", suffix: "_count")
    }

    /// Packets whose virtual router may not even be known.
    private func addMalformed(_ text: inout MetricsText, _ observation: Observation) {
        var counts: [String: Int] = [:]
        for source in observation.malformed {
            counts[source.reason.metricsReason, default: 0] += source.occurrences.count
        }
        for (reason, count) in counts.sorted(by: { $0.key < $1.key }) {
            text.add("vrrpwatch_errors_total", ["reason": reason], "\(count)")
        }
    }

    // MARK: Counting

    /// A number that may fall, as one that does not.
    private mutating func total(_ count: Int, _ counter: Counter) -> String {
        let before = counts[counter, default: (0, 0)]
        counts[counter] = (count, before.total + max(0, count - before.seen))
        return "\(counts[counter, default: (0, 0)].total)"
    }

    /// The time since the last page for which a state lasted.
    private func time(in state: TimelineInterval.State, of history: History) -> TimeSpan {
        let since = counted ?? .distantPast
        var sum = TimeSpan.zero
        for interval in history.timeline.reversed() {
            guard interval.end > since else { break }
            if interval.state == state { sum = sum + (interval.end - max(interval.start, since)) }
        }
        return sum
    }

    /// Nanoseconds as seconds in decimals, exactly.
    private static func seconds(_ nanoseconds: Int64) -> String {
        let (whole, fraction) = nanoseconds.quotientAndRemainder(dividingBy: 1_000_000_000)
        let digits = String(fraction.magnitude)
        let sign = nanoseconds < 0 && whole == 0 ? "-" : ""
        return "\(sign)\(whole).\(String(repeating: "0", count: 9 - digits.count))\(digits)"
    }
}

extension Metrics.Tally {
    fileprivate func labels(of key: VirtualRouterKey) -> MetricsText.Labels {
        let family: MetricsText.Labels = ["family": key.family.rawValue, "vrid": "\(key.vrid)"]
        let place: MetricsText.Labels
        switch names.place(of: key.segment) {
        case .named(let name): place = ["segment": name]
        case .interface(let interface, let sensor):
            place = [
                "sensor": sensor ?? "", "interface": interface,
                "vlan": key.segment.vlans.identifiers.map(String.init).joined(separator: "."),
                "tunnel": key.segment.tunnel?.description ?? "",
            ]
        }
        return place + family
    }
}

extension Anomaly {
    /// The word for it in `errors_total`, after RFC 6527 and keepalived's counters where they have one.
    fileprivate var metricsReason: String {
        switch self {
        case .badChecksum: "checksum"
        case .badTTL: "ip_ttl"
        case .noAddresses: "address_list"
        case .noInterval: "interval"
        case .wrongVirtualMAC: "virtual_mac"
        case .sourceNotLinkLocal: "source"
        case .firstAddressNotLinkLocal: "first_address"
        case .wrongAH, .wrongHMAC: "auth_failure"
        case .ahSequenceBack, .hmacSequenceBack: "auth_sequence"
        }
    }
}

extension DecodeError {
    fileprivate var metricsReason: String {
        switch reason {
        case .truncated, .invalidHeaderLength: "length"
        case .unsupportedVersion: "version"
        case .unsupportedType: "type"
        case .invalidVirtualRouterID: "vrid"
        case .unsupportedLinkType, .fragment, .encrypted, .tooDeep, .notEthernetIPv4: "other"
        }
    }
}
