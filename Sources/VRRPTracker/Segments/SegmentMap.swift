internal import VRRPFacts
internal import VRRPWire

/// Tells which segment of the network each sensor sees.
///
/// Sensors' interfaces are numbered from ``firstPlace`` on by whoever reads them, and the segments that have names from
/// ``firstNamed`` on, so that neither are taken for interfaces of captures that no sensor made.
package struct SegmentMap: Sendable {
    /// The number of the first interface of a sensor.
    package static let firstPlace = 1 << 16
    /// The number of the first segment that has a name.
    static let firstNamed = 1 << 24

    /// An interface of a sensor.
    package struct Place: Hashable, Sendable {
        package var sensor: String
        package var interface: String

        package init(sensor: String, interface: String) {
            self.sensor = sensor
            self.interface = interface
        }

        /// `site-a/eth0`.
        package var name: String { "\(sensor)/\(interface)" }
    }

    private let given: GivenSegments
    private var places: [Int: Place] = [:]
    private var names: [String] = []
    private var numbers: [String: Int] = [:]
    /// The segments that frames showed so far, and those of the network that they are.
    private var known: [Segment: Segment] = [:]

    /// - Parameter given: the names of segments.
    package init(_ given: GivenSegments) {
        self.given = given
    }

    /// Tells the place that frames with a number of an interface are from.
    package mutating func add(_ place: Place, as number: Int) { places[number] = place }

    /// The segment of the network that a sensor calls otherwise; itself where it has no other name.
    mutating func segment(_ segment: Segment) -> Segment {
        if let known = known[segment] { return known }
        let found = find(segment)
        if known.count < Self.mostKnown { known[segment] = found }
        return found
    }

    /// The most segments whose names are kept; those of others are looked up each time.
    private static let mostKnown = 1 << 16

    private mutating func find(_ segment: Segment) -> Segment {
        guard let name = givenName(of: segment) else { return segment }
        let number = numbers[name] ?? Self.firstNamed + names.count
        if numbers[name] == nil {
            numbers[name] = number
            names.append(name)
        }
        return Segment(interface: number, vlans: VLANStack())
    }

    /// The same without learning anything; `nil` for a segment whose name no frame showed so far.
    func knownSegment(_ segment: Segment) -> Segment? {
        if let known = known[segment] { return known }
        guard let name = givenName(of: segment) else { return segment }
        return numbers[name].map { Segment(interface: $0, vlans: VLANStack()) }
    }

    private func givenName(of segment: Segment) -> String? {
        places[segment.interface].flatMap {
            given.name(sensor: $0.sensor, interface: $0.interface, segment: segment.name)
        }
    }

    /// The name of a segment of the network; `nil` for one that has none.
    package func name(of segment: Segment) -> String? {
        let index = segment.interface - Self.firstNamed
        return names.indices.contains(index) ? names[index] : nil
    }

    /// The interface of a sensor that a segment without a name is on; `nil` where no sensor is known to see it.
    package func place(of segment: Segment) -> Place? { places[segment.interface] }

    /// The points of an observation as a segment knows them: those that are elsewhere see nothing and are at no router of it.
    func vantage(_ vantage: Vantage, from segment: Segment) -> Vantage {
        var vantage = vantage
        for point in vantage.points.indices where !leads(vantage.points[point], to: segment) {
            (vantage.points[point].at, vantage.points[point].how, vantage.points[point].hosts) = (nil, nil, [])
            vantage.points[point].blind = [.always]
        }
        return vantage
    }

    /// Whether a point may see a segment; one of which no interface is known may.
    private func leads(_ point: VantagePoint, to segment: Segment) -> Bool {
        let name = name(of: segment)
        return point.interfaces.isEmpty
            || point.interfaces.contains { number in
                guard let name, let place = places[number] else { return number == segment.interface }
                return given.leads(sensor: place.sensor, interface: place.interface, to: name)
            }
    }
}
