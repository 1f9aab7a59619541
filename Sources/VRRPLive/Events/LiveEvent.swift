package import VRRPFacts
package import VRRPReport
package import VRRPWire

/// Something that a running session tells at once.
package struct LiveEvent: Sendable {
    package enum Kind: Sendable {
        /// A capture began.
        case capture(ReportDocument.Capture)
        /// A router advertised for the first time.
        case router(virtualRouter: VirtualRouterName, ReportDocument.Router)
        /// A change of master; `corrects` tells how many transitions told last are thereby taken back, because packets that
        /// came later show that they were not so.
        case transition(virtualRouter: VirtualRouterName, ReportDocument.Transition, corrects: Int)
        /// Nobody was heard for longer than a takeover may take.
        case masterLost(virtualRouter: VirtualRouterName, MasterLoss)
        case findingOpened(ReportDocument.Finding)
        case findingClosed(ReportDocument.Finding)
        /// Something happened that concerns any number of virtual routers; its story so far.
        case incidentOpened(ReportDocument.Incident)
        /// More became known of an incident that was told: further virtual routers, another weight, its end.
        case incidentChanged(ReportDocument.Incident)
        /// An incident is over and nothing more joins it; `isWithdrawn` where packets that came later show that it was none, or
        /// that it was part of another one.
        case incidentClosed(ReportDocument.Incident, isWithdrawn: Bool)
        /// An interface that is watched changed.
        case link(LinkChange)
        /// A sensor fell silent, or is back.
        case sensor(SensorChange)
        /// The end, with what it came to.
        case statistics(ReportDocument)
    }

    package var instant: CaptureInstant
    package var kind: Kind
    /// Whether this is the end of a finding that came to light when it was over, which is told in the same breath.
    package var isAfterthought = false
    /// The sensor that the event is about, where several are joined.
    package var sensor: String?

    package init(instant: CaptureInstant, kind: Kind, isAfterthought: Bool = false) {
        self.instant = instant
        self.kind = kind
        self.isAfterthought = isAfterthought
    }
}

extension LinkChange {
    /// The change in words.
    var words: String {
        switch state {
        case .down: "link down: nothing can be seen there until it is up"
        case .up: "link up: watching again"
        case .gone: "the interface is gone: waiting for it"
        case .back: "the interface is back: watching again"
        case .renamed: "the interface is now called \((newName ?? "").escapedForTerminal)"
        }
    }
}

extension SensorChange {
    /// The change in words.
    var words: String {
        switch state {
        case .lost: "the sensor is lost: nothing is known of what only it can see"
        case .back: "the sensor is back: what it sees counts again"
        }
    }
}

/// A virtual router without a master, when that could first be said.
package struct MasterLoss: Sendable {
    /// The last router heard.
    package var router: IPAddress
    package var lastAdvert: CaptureInstant
    /// The longest time for which the best other router may wait before it takes over.
    package var bound: TimeSpan
}

extension LiveEvent {
    /// The name of the type in `vrrpwatch.event/1`.
    package var typeName: String {
        switch kind {
        case .capture: "capture"
        case .router: "router"
        case .transition: "transition"
        case .masterLost: "master-lost"
        case .findingOpened: "finding-opened"
        case .findingClosed: "finding-closed"
        case .incidentOpened: "incident-opened"
        case .incidentChanged: "incident-changed"
        case .incidentClosed: "incident-closed"
        case .link: "link"
        case .sensor(let change): "sensor-\(change.state.rawValue)"
        case .statistics: "statistics"
        }
    }

    /// The name of the segment of the virtual router that the event is about.
    private var segment: String? {
        switch kind {
        case .router(let name, _), .transition(let name, _, _), .masterLost(let name, _): name.segment
        case .findingOpened(let finding), .findingClosed(let finding): finding.name?.segment
        case .capture, .incidentOpened, .incidentChanged, .incidentClosed, .link, .sensor, .statistics: nil
        }
    }

    /// The event as `vrrpwatch.event/1`.
    package var json: JSONValue {
        var members: [(key: String, value: JSONValue)] = [
            ("schema", .string("vrrpwatch.event/1")), ("type", .string(typeName)), ("time", JSONValue(instant)),
            ("sensor", JSONValue(sensor)), ("segment", JSONValue(segment)),
        ]
        switch kind {
        case .capture(let capture): members.append(("capture", capture.json))
        case .router(let name, let router):
            members += name.members + [("router", router.json())]
        case .transition(let name, let transition, let corrects):
            members +=
                name.members + [
                    ("transition", transition.json()), ("corrects", JSONValue(corrects)),
                ]
        case .masterLost(let name, let loss):
            members +=
                name.members + [
                    ("router", .string(loss.router.description)),
                    ("lastAdvert", JSONValue(loss.lastAdvert)), ("silentMs", JSONValue(instant - loss.lastAdvert)),
                    ("boundMs", JSONValue(loss.bound)),
                ]
        case .findingOpened(let finding), .findingClosed(let finding):
            members += finding.name?.members ?? [("virtualRouter", .null), ("addresses", .array([]))]
            members.append(("finding", finding.json()))
        case .incidentOpened(let incident), .incidentChanged(let incident):
            members.append(("incident", incident.json))
        case .incidentClosed(let incident, let isWithdrawn):
            members += [("incident", incident.json), ("withdrawn", .boolean(isWithdrawn))]
        case .link(let change):
            members += [
                ("capture", JSONValue(change.capture)), ("interface", .string(change.interface)),
                ("state", .string(change.state.rawValue)), ("newName", change.newName.map { .string($0) } ?? .null),
            ]
        case .sensor(let change):
            members += [
                ("capture", JSONValue(change.capture)), ("since", JSONValue(change.since)),
            ]
        case .statistics(let document):
            let transitions = document.virtualRouters.reduce(0) { $0 + $1.transitions.count }
            members += [
                ("captures", .array(document.captures.map(\.json))),
                ("virtualRouters", JSONValue(document.virtualRouters.count)),
                ("transitions", JSONValue(transitions)),
                ("summary", document.summaryJSON),
            ]
        }
        return .object(members)
    }
}

extension VirtualRouterName {
    /// The part of the name before the family and the VRID.
    fileprivate var segment: String { id.split(separator: "/").dropLast(2).joined(separator: "/") }

    /// The members by which an event names a virtual router.
    fileprivate var members: [(key: String, value: JSONValue)] {
        [("virtualRouter", .string(id)), ("addresses", .array(addresses.map { .string($0.description) }))]
    }
}
