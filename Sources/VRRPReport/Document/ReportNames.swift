package import VRRPFacts
internal import VRRPFindings
package import VRRPTracker
package import VRRPWire

/// The names of segments and virtual routers in one report: interfaces are named only where there are several.
package struct ReportNames: Sendable {
    /// The name of each interface by position, and the label that tells it from others of that name.
    private var interfaces: [(name: String, label: String)] = []
    private var labels: Set<String> = []
    private let namesInterfaces: Bool
    /// The segment of the first virtual router.
    private var firstSegment: VRRPTracker.Segment?
    /// The segments that sensors see; `nil` where sensors are not told apart.
    private var segments: SegmentMap?
    /// Whether there are virtual routers on several segments, so that people are told on which one each is.
    package private(set) var hasSeveralSegments = false

    package init(_ observation: Observation, captures: [CaptureDescription]) {
        let used = Set(observation.virtualRouters.map(\.key.segment.interface))
        namesInterfaces = used.count > 1
        segments = observation.segments
        for virtualRouter in observation.virtualRouters { note(virtualRouter.key) }
        // Captures of one network may name its interfaces differently; the first to name one decides.
        for position in 0..<captures.reduce(0, { max($0, $1.interfaceNames.count) }) {
            append(interface: captures.lazy.compactMap { $0.interfaceNames.dropFirst(position).first ?? nil }.first)
        }
    }

    /// Names that do not change while an observation grows.
    ///
    /// - Parameter namesInterfaces: whether there can be several interfaces, so that their names are told.
    package init(namesInterfaces: Bool) {
        self.namesInterfaces = namesInterfaces
    }

    /// Takes note of a virtual router, which may be the first one on a further segment.
    package mutating func note(_ key: VirtualRouterKey) {
        guard let firstSegment else {
            firstSegment = key.segment
            return
        }
        if firstSegment != key.segment { hasSeveralSegments = true }
    }

    /// Takes note of the segments that sensors see, as they are known by now.
    package mutating func note(_ segments: SegmentMap?) { self.segments = segments }

    /// Names the next interface in the order of their positions.
    package mutating func append(interface: String?) {
        let name = interface ?? "interface\(interfaces.count)"
        var label = name
        // As when the captures of two hosts are merged.
        while !labels.insert(label).inserted { label += "[\(interfaces.count)]" }
        interfaces.append((name, label))
    }

    /// The name of the interface at a position, `interface2` where it has none, and its label among others of that name.
    package func interface(at position: Int) -> (name: String, label: String) {
        if interfaces.indices.contains(position) { return interfaces[position] }
        let unnamed = "interface\(position)"
        return (unnamed, unnamed)
    }

    /// The place of a segment as people name it.
    package enum Place: Hashable, Sendable {
        /// The segment has a name.
        case named(String)
        /// The segment is told by the interface on which it is seen, of a sensor where those are told apart.
        case interface(String, sensor: String?)
    }

    /// The place of a segment.
    package func place(of segment: VRRPTracker.Segment) -> Place {
        if let name = segments?.name(of: segment) { return .named(name) }
        if let place = segments?.place(of: segment) { return .interface(place.interface, sensor: place.sensor) }
        return .interface(interface(at: segment.interface).name, sensor: nil)
    }

    package func segment(_ segment: VRRPTracker.Segment) -> ReportDocument.Segment {
        let vlans = segment.vlans.identifiers
        let tunnel = segment.tunnel?.description
        if let name = segments?.name(of: segment) {
            return ReportDocument.Segment(name: name, interface: nil, vlans: [], tunnel: nil)
        }
        if let place = segments?.place(of: segment) {
            return ReportDocument.Segment(
                name: "\(place.name)/\(segment.name)",
                interface: place.interface,
                vlans: vlans,
                tunnel: tunnel
            )
        }
        guard namesInterfaces else {
            return ReportDocument.Segment(name: segment.name, interface: nil, vlans: vlans, tunnel: tunnel)
        }
        let (interface, label) = interface(at: segment.interface)
        return ReportDocument.Segment(
            name: "\(label)/\(segment.name)",
            interface: interface,
            vlans: vlans,
            tunnel: tunnel
        )
    }

    /// `untagged/ipv4/51`, or `eth0/untagged/ipv4/51` where there are several interfaces.
    package func id(_ key: VirtualRouterKey) -> String { Self.id(key, on: segment(key.segment)) }

    /// The names of a virtual router for programs and for people.
    ///
    /// - Parameters:
    ///   - key: the virtual router.
    ///   - addresses: its addresses.
    /// - Returns: the names; with the segment where there are several.
    package func name(_ key: VirtualRouterKey, _ addresses: [IPAddress]) -> VirtualRouterName {
        let segment = segment(key.segment)
        return VirtualRouterName(
            id: Self.id(key, on: segment),
            vrid: key.vrid,
            addresses: addresses,
            place: hasSeveralSegments ? segment.name : nil
        )
    }

    static func id(_ key: VirtualRouterKey, on segment: ReportDocument.Segment) -> String {
        segment.name + "/" + key.family.rawValue + "/" + String(key.vrid)
    }
}
