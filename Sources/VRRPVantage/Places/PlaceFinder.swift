internal import VRRPFacts
internal import VRRPWire

/// A point in the making.
struct Place {
    var name: String?
    /// Its files in order of time.
    var files: [Int]
    var views: [Int] = []
    var at: IPAddress?
    var how: VantagePoint.Location?
    var hosts: [IPAddress] = []
    /// The state of the host that it is on; `nil` where nobody told.
    var state: HostState?
}

/// Finds the points that files were captured at.
struct PlaceFinder {
    /// The most frames of a place of which the pattern is compared with that of another.
    private static let mostCompared = 4096

    private let survey: Survey
    private let sharing: SharedFrames

    init(_ survey: Survey, _ sharing: SharedFrames) {
        self.survey = survey
        self.sharing = sharing
    }

    /// The points, in the order of their first files, and of their interfaces in those.
    func points(paths: [String], names: [String?]) -> [Place] {
        var places: [Place] = []
        for group in groups(paths, names) {
            // An interface of a file is a point of its own; in several files the name tells which is which.
            var keys: [String: Int] = [:]
            var latest: (key: String, position: Int)?
            var found: [Place] = []
            for file in group {
                for case let view? in survey.files[file].views {
                    let key = key(of: view)
                    // Mostly it is that of the file before.
                    let position = latest.flatMap { $0.key == key ? $0.position : nil } ?? keys[key] ?? found.count
                    if position == found.count {
                        keys[key] = position
                        found.append(Place(files: []))
                    }
                    latest = (key, position)
                    found[position].views.append(view)
                    if found[position].files.last != file { found[position].files.append(file) }
                }
            }
            for position in found.indices {
                found[position].name = name(of: found[position], names, isOnly: found.count == 1)
            }
            places += found
        }
        return inSuccession(withoutTwins(places), paths).sorted { order($0) < order($1) }
    }

    /// Joins places of which each begins when all before it have ended: whoever captures again later sits at the same place,
    /// unless frames or names show otherwise.
    private func inSuccession(_ places: [Place], _ paths: [String]) -> [Place] {
        guard places.count > 1, places.count <= Vantage.mostPoints else { return places }
        let sorted = places.sorted { start($0) < start($1) }
        let alike = sharing.pairs(of: sorted.map(\.views)) { sharing.showTheSame($0, $1) }
        var first = sorted[0]
        for (position, place) in sorted.enumerated().dropFirst() {
            guard first.name == nil, place.name == nil, let end = end(first), start(place) >= end,
                !(0..<position).contains(where: { alike.contains($0, position) }),
                let one = first.files.last, let next = place.files.first,
                !RingNames.differInNumbers(paths[one], paths[next]), !showOneStretch(first, place)
            else { return places }
            first.views += place.views
            let known = Set(first.files)
            first.files += place.files.filter { !known.contains($0) }
        }
        return [first]
    }

    /// Whether two places show one stretch of time though no frame bears a number: by the pattern of all of them.
    private func showOneStretch(_ one: Place, _ other: Place) -> Bool {
        let sights = [one, other].map { place in
            place.views.flatMap { view in survey.views[view].records.map { ClockAlignment.Sight($0, file: 0) } }
        }
        guard sights.allSatisfy({ $0.count <= Self.mostCompared }) else { return false }
        return ClockAlignment(sights[0], sights[1]).showOneStretch()
    }

    private func start(_ place: Place) -> Int64 {
        place.views.compactMap { survey.views[$0].records.first?.instant }.min() ?? .max
    }

    private func end(_ place: Place) -> Int64? {
        place.views.compactMap { survey.views[$0].records.last?.instant }.max()
    }

    private func order(_ place: Place) -> (Int, Int) {
        place.views.map { (survey.views[$0].file, survey.views[$0].interface) }.min { $0 < $1 } ?? (.max, .max)
    }

    /// The name of a view's interface where its file has several; else nothing.
    private func key(of view: Int) -> String {
        let (file, interface) = (survey.views[view].file, survey.views[view].interface)
        let names = survey.files[file].interfaceNames
        // In a ring one interface may be silent for the time of a file.
        guard max(survey.files[file].views.count, names.count) > 1 else { return "" }
        // As when the captures of two hosts are merged, two interfaces of one file may have one name.
        guard interface < names.count, let name = names[interface], !names[..<interface].contains(name) else {
            return "#\(interface)"
        }
        return name
    }

    private func name(of place: Place, _ names: [String?], isOnly: Bool) -> String? {
        if let given = place.files.lazy.compactMap({ names[$0] }).first { return given }
        guard !isOnly, let view = place.views.first else { return nil }
        let (file, interface) = (survey.views[view].file, survey.views[view].interface)
        let known = survey.files[file].interfaceNames
        return interface < known.count ? known[interface] : nil
    }

    /// The name by which a file belongs to others.
    private enum GroupKey: Hashable {
        case point(String)
        /// A sensor, and what it captured on: one host may have several.
        case sensor(String, interfaces: [String?])
    }

    /// The files of each ring, of each sensor, or of each name.
    private func groups(_ paths: [String], _ names: [String?]) -> [[Int]] {
        var named: [GroupKey: [Int]] = [:]
        var order: [GroupKey] = []
        var others: [Int] = []
        for (file, name) in names.enumerated() {
            let sensor = survey.files[file].sensor?.name
            let interfaces = survey.files[file].interfaceNames
            guard let key = name.map(GroupKey.point) ?? sensor.map({ .sensor($0, interfaces: interfaces) }) else {
                others.append(file)
                continue
            }
            if named[key] == nil { order.append(key) }
            named[key, default: []].append(file)
        }
        let positions = Dictionary(uniqueKeysWithValues: others.enumerated().map { ($1, $0) })
        let apart = sharing.alike.compactMap { one, other -> (Int, Int)? in
            guard let one = positions[survey.views[one].file], let other = positions[survey.views[other].file],
                one != other
            else { return nil }
            return (one, other)
        }
        let ring = RingNames(
            others.map { file in
                RingNames.File(
                    path: paths[file],
                    first: survey.files[file].first,
                    last: survey.files[file].last,
                    longestSilence: survey.longestSilence(of: file),
                    interfaces: stretches(of: file)
                )
            },
            apart: apart
        )
        let rings = ring.places().map { place in place.map { others[$0] } }
        return rings + order.map { name in byTime(named[name] ?? []) }
    }

    /// The stretch of each interface of a file that has several, by its name.
    private func stretches(of file: Int) -> [String: ClosedRange<CaptureInstant>] {
        guard max(survey.files[file].views.count, survey.files[file].interfaceNames.count) > 1 else { return [:] }
        var stretches: [String: ClosedRange<CaptureInstant>] = [:]
        for case let view? in survey.files[file].views {
            let known = survey.views[view]
            let (one, other) = (min(known.first, known.last), max(known.first, known.last))
            stretches[key(of: view)] = CaptureInstant(nanoseconds: one)...CaptureInstant(nanoseconds: other)
        }
        return stretches
    }

    private func byTime(_ files: [Int]) -> [Int] {
        files.sorted { (survey.files[$0].first ?? .distantFuture, $0) < (survey.files[$1].first ?? .distantFuture, $1) }
    }

    /// Joins points that show the same frames at the same instants: a file that was given twice, or in parts that overlap.
    private func withoutTwins(_ places: [Place]) -> [Place] {
        guard places.count <= Vantage.mostPoints else { return places }
        let twins = sharing.pairs(of: places.map(\.views)) { sharing.areOneCapture($0, $1) }
        var kept: [(place: Place, positions: [Int])] = []
        for (position, place) in places.enumerated() {
            let twin = kept.firstIndex { other in
                (other.place.name == nil || place.name == nil || other.place.name == place.name)
                    && other.positions.contains { twins.contains(position, $0) }
            }
            if let twin {
                kept[twin].place.name = kept[twin].place.name ?? place.name
                kept[twin].place.views += place.views
                kept[twin].place.files = byTime(Array(Set(kept[twin].place.files + place.files)))
                kept[twin].positions.append(position)
            } else {
                kept.append((place, [position]))
            }
        }
        return kept.map(\.place)
    }
}

/// Numbers the segments: points that show the same frames are on one.
struct SegmentNumbers {
    /// By view: its capture, and its position among the interfaces of that.
    private let origins: [(capture: Int, interface: Int)]
    private let sharing: SharedFrames

    init(_ origins: [(capture: Int, interface: Int)], _ sharing: SharedFrames) {
        self.origins = origins
        self.sharing = sharing
    }

    /// The number of the segment that each view is on.
    func numbers(of places: [Place]) -> [Int] {
        var interfaces: [Int: Int] = [:]
        for origin in origins { interfaces[origin.capture, default: 0] += 1 }
        var numbers = [Int](repeating: 0, count: origins.count)
        var told: [(place: Place, number: Int)] = []
        let neighbours = sharing.pairs(of: places.map(\.views)) { sharing.number($0, $1) >= 2 }
        for (position, place) in places.enumerated() {
            let known = told.indices.prefix(Vantage.mostPoints).first { neighbours.contains($0, position) }
            let number = known.map { told[$0].number } ?? number(of: place, told, interfaces)
            told.append((place, number))
            for view in place.views { numbers[view] = number }
        }
        return numbers
    }

    private func number(
        of place: Place,
        _ told: [(place: Place, number: Int)],
        _ interfaces: [Int: Int]
    ) -> Int {
        guard let view = place.views.first else { return 0 }
        let (capture, interface) = origins[view]
        // The halves of a segment that is cut show nothing in common.
        guard interfaces[capture, default: 0] > 1 else { return interface }
        let taken = Set(told.filter { $0.place.views.contains { origins[$0].capture == capture } }.map(\.number))
        let alike = told.first { place.name != nil && $0.place.name == place.name && !taken.contains($0.number) }
        if let alike { return alike.number }
        var number = interface
        while taken.contains(number) { number += 1 }
        return number
    }
}
