internal import VRRPFacts
internal import VRRPTracker
internal import VRRPVantage

/// The interface of a sensor that frames are from, and its number among those of all sensors.
struct NumberedPlace {
    var number: Int
    var place: SegmentMap.Place
}

extension MergedFiles {
    /// The names of segments that extracts among the files bring along; `nil` where none does.
    ///
    /// - Throws: ``Failure`` with status 64 where two extracts say of a segment what contradicts.
    func statedSegments() throws -> GivenSegments? {
        let stated = sources.filter { $0.segmentLines != nil }
        guard !stated.isEmpty else { return nil }
        var lines: Set<String> = []
        for source in stated { lines.formUnion(source.segmentLines ?? []) }
        do throws(GivenSegments.ParseError) {
            return try GivenSegments(
                parsing: lines.sorted().joined(separator: "\n"),
                name: "the segments of the extracts"
            )
        } catch {
            throw Failure.usage("\(error); say with --segments which segments there are")
        }
    }

    /// The interface of a sensor that frames of a file are from.
    ///
    /// - Parameters:
    ///   - interface: the number of the interface in the file, of which a frame was read.
    ///   - source: the file.
    /// - Returns: the interface; `nil` where no sensor is known, or nobody asked.
    mutating func place(of interface: Int, in source: Source) -> NumberedPlace? {
        guard let given = options.segments else { return nil }
        if let known = source.places[interface] { return known }
        let sensor = name(of: source) ?? source.sensor(of: interface, given)
        let name = source.interfaceLabel(interface)
        let place = sensor.map { SegmentMap.Place(sensor: $0, interface: name) }.map { place in
            let number = placeNumbers[place] ?? SegmentMap.firstPlace + placeNumbers.count
            placeNumbers[place] = number
            return NumberedPlace(number: number, place: place)
        }
        source.places[interface] = .some(place)
        return place
    }

    /// The sighting of a frame with its place, of which the reader is told before its first frame.
    mutating func sighting(
        _ sighting: Sighting,
        at interface: Int,
        in source: Source,
        _ reader: inout some FrameListener
    ) -> Sighting {
        guard let place = place(of: interface, in: source) else { return sighting }
        if toldPlaces.insert(place.number).inserted { reader.take(place) }
        var sighting = sighting
        sighting.place = place.number
        return sighting
    }

    /// Notes which interfaces of sensors each point sees, where points were found.
    mutating func findPlaces() {
        guard let given = options.segments else { return }
        segments = SegmentMap(given)
        guard vantage != nil else { return }
        for source in sources {
            for (interface, view) in source.views.enumerated() {
                guard let view, let place = place(of: interface, in: source) else { continue }
                segments?.add(place.place, as: place.number)
                vantage?.points[view.point].interfaces.insert(place.number)
            }
        }
    }
}
