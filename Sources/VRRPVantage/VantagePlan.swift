package import VRRPFacts
internal import VRRPWire

/// The points of an observation, and how the frames of each file belong to them.
package struct VantagePlan: Sendable {
    /// An interface of a file.
    package struct View: Hashable, Sendable {
        /// The position of its point.
        package var point: Int
        /// The number of its segment.
        package var segment: Int
        /// The place of the file among those of its point.
        package var file: Int
        package var clock: ClockCurve
        /// Whether its clock could be compared with that of the first point.
        package var isCompared: Bool
        /// Whether another file of the point covers the same time, so that a frame may come twice.
        package var mayRepeat: Bool

        /// Whether it is the view of the first point that an interface is of itself, by the clock of the report.
        package func isPlain(interface: Int) -> Bool {
            point == 0 && segment == interface && clock.isZero && isCompared && !mayRepeat
        }
    }

    package var vantage: Vantage
    /// By file and interface; `nil` for interfaces without frames.
    package var views: [[View?]]
}

extension Survey {
    /// Whether files of a point cover the same time.
    private func overlaps(_ place: Place) -> Bool {
        zip(place.files, place.files.dropFirst()).contains { one, next in
            guard let end = files[one].last, let start = files[next].first else { return false }
            return start <= end
        }
    }

    /// Concludes from which points the files were captured, and how their clocks differ.
    ///
    /// - Parameters:
    ///   - paths: the names of the files.
    ///   - names: the point that each was said to be of; `nil` where nothing was said.
    ///   - states: the state of the host that each was captured on; `nil` where nobody told. Empty where nobody told of any.
    ///   - origin: the position of the capture that an interface of a file belongs to, and its position there.
    /// - Returns: the points, and to which of them the interfaces of each file belong.
    package func plan(
        paths: [String],
        names: [String?],
        states: [HostState?] = [],
        origin: (_ file: Int, _ interface: Int) -> (capture: Int, interface: Int)
    ) -> VantagePlan {
        let sharing = SharedFrames(self)
        let origins = views.map { origin($0.file, $0.interface) }
        var places = PlaceFinder(self, sharing).points(paths: paths, names: names)
        var clocks = PointClocks(self, places)
        clocks.compare()
        for index in places.indices {
            places[index].state = places[index].files.lazy.compactMap { $0 < states.count ? states[$0] : nil }.first
        }
        LocationFinder(self, places, clocks).locate(&places)
        let segments = SegmentNumbers(origins, sharing).numbers(of: places)

        var plan = VantagePlan(vantage: Vantage(), views: files.map { $0.views.map { _ in nil } })
        for (position, place) in places.enumerated() {
            var point = VantagePoint(captures: [], name: place.name)
            for view in place.views {
                let own = origins[view].capture
                if point.captures.last != own { point.captures.append(own) }
            }
            point.captures = Set(point.captures).sorted()
            (point.at, point.how, point.hosts) = (place.at, place.how, place.hosts)
            point.state = place.state
            clocks.describe(position, in: &point)
            plan.vantage.points.append(point)
            let mayRepeat = overlaps(place)
            for view in place.views {
                let (file, interface) = (views[view].file, views[view].interface)
                plan.views[file][interface] = VantagePlan.View(
                    point: position,
                    segment: segments[view],
                    file: clocks.positions[position][file] ?? 0,
                    clock: clocks.curves[position],
                    isCompared: clocks.isKnown[position],
                    mayRepeat: mayRepeat
                )
            }
        }
        Coverage(self, places, clocks, paths).note(in: &plan.vantage)
        return plan
    }
}
