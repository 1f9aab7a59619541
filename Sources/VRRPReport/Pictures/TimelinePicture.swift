internal import VRRPFacts
internal import VRRPTracker
internal import VRRPWire

/// The masters over time: a row for the virtual router and one for each of its routers.
struct TimelinePicture {
    /// The number of routers that have a row.
    static let mostRouters = 12
    /// The number of runs in a row up to which each has words of its own.
    static let mostTitles = 24
    /// The number of marks in a row, beyond which one stands for several.
    private static let mostMarks = 40
    /// The longest name of a row that is shown whole.
    private static let mostCharacters = 27

    static let right = 948.0
    private static let width = 960.0
    private static let top = 24.0

    private let virtualRouter: ReportDocument.VirtualRouter
    private let id: String
    let time: TimeStyle
    let axis: TimeAxis
    /// The place at which the rows begin, to the right of their names.
    let left: Double
    private let positions: [IPAddress: Int]

    init(
        _ virtualRouter: ReportDocument.VirtualRouter,
        id: String,
        from start: CaptureInstant,
        to end: CaptureInstant,
        _ time: TimeStyle,
        left: Double? = nil
    ) {
        self.virtualRouter = virtualRouter
        self.id = id
        self.time = time
        let names = virtualRouter.routers.map(\.address.description) + ["virtual router 255"]
        let longest = min(names.map(\.count).max() ?? Self.mostCharacters, Self.mostCharacters)
        self.left = left ?? 7.3 * Double(longest) + 14
        axis = TimeAxis(from: start, to: end, left: self.left, right: Self.right, time)
        positions = Self.positions(in: virtualRouter)
    }

    /// The colours of routers: in the order of their addresses.
    static func positions(in virtualRouter: ReportDocument.VirtualRouter) -> [IPAddress: Int] {
        let addresses = virtualRouter.routers.map(\.address).sorted()
        return Dictionary(addresses.enumerated().map { ($1, $0) }) { first, _ in first }
    }

    // MARK: Pictures

    /// All rows, with marks.
    func render(title: String) -> Markup<HTML> {
        let routers = virtualRouter.routers.sorted { $0.address < $1.address }.prefix(Self.mostRouters)
        let height = Self.top + 40 + 26 * Double(routers.count) + 16
        var drawing = Drawing(width: Self.width, height: height)
        axis.draw(into: &drawing, top: Self.top, bottom: height - 14)
        drawTransitions(into: &drawing, bottom: height - 14)
        label("virtual router \(virtualRouter.vrid)", at: Self.top + 22, "rowname", into: &drawing)
        drawRow(virtualRouter.timeline.map { ($0, Look($0, positions)) }, at: Self.top + 6, height: 24, into: &drawing)
        let marks = virtualRouter.marks
        drawMarks(marks.filter { $0.router == nil }, at: Self.top + 18, into: &drawing)
        for (index, router) in routers.enumerated() {
            let y = Self.top + 40 + 26 * Double(index)
            label(router.address.description, at: y + 14, "rowname", into: &drawing)
            let reign = Look.master(positions[router.address] ?? 0)
            drawHeard(router, at: y + 9, into: &drawing)
            let runs = virtualRouter.timeline.map { interval -> (ReportDocument.Stretch, Look) in
                if interval.state == .notObserved { return (interval, .notObserved) }
                guard interval.masters.contains(router.address) else { return (interval, .empty) }
                return (interval, interval.state == .uncertain ? .uncertain : reign)
            }
            drawRow(runs, at: y + 2, height: 14, into: &drawing)
            drawLanes(virtualRouter.lanes.filter { $0.router == router.address }, reign, at: y + 18, into: &drawing)
            drawMarks(marks.filter { $0.router == router.address }, at: y + 9, into: &drawing)
        }
        return drawing.element(id: id, style: "timeline", title: title, description: description)
    }

    // MARK: Rows

    private func label(_ text: String, at y: Double, _ style: String, into drawing: inout Drawing) {
        let (shown, isWhole) = Self.shortened(text)
        drawing.text(shown, left - 8, y, anchor: "end", style, title: isWhole ? nil : text)
    }

    /// The name of a row as far as there is room for it, and whether that is all of it.
    static func shortened(_ name: String) -> (text: String, isWhole: Bool) {
        guard name.count > mostCharacters else { return (name, true) }
        return (name.prefix(12) + "…" + name.suffix(14), false)
    }

    /// Runs side by side; where several share a pixel, the gravest shows.
    private func drawRow(
        _ runs: [(interval: ReportDocument.Stretch, look: Look)],
        at y: Double,
        height: Double,
        into drawing: inout Drawing
    ) {
        let visible = runs.filter {
            $0.interval.end >= axis.start && $0.interval.start <= axis.end && $0.look != .empty
        }
        guard visible.count > Self.mostTitles else {
            for (interval, look) in visible {
                let x = axis.x(interval.start)
                // A state that lasts an instant is visible, too.
                let width = max(axis.x(interval.end) - x, 1.2)
                drawing.rectangle(x, y, width, height, look.style, title: words(interval))
            }
            return
        }
        var columns = LookColumns(left: left, right: Self.right)
        for (interval, look) in visible {
            columns.add(look, from: axis.x(interval.start), to: axis.x(interval.end))
        }
        columns.draw(at: y, height: height, into: &drawing)
    }

    /// The time in which a router was heard, whatever it said.
    private func drawHeard(_ router: ReportDocument.Router, at y: Double, into drawing: inout Drawing) {
        guard router.lastSeen >= axis.start, router.firstSeen <= axis.end else { return }
        drawing.line(
            axis.x(router.firstSeen),
            y,
            max(axis.x(router.lastSeen), axis.x(router.firstSeen) + 1),
            y,
            "heard"
        )
    }

    /// A line through all rows at each change with its number below; where changes stand too close for that, a bracket
    /// with their numbers.
    private func drawTransitions(into drawing: inout Drawing, bottom: Double) {
        for crowd in crowds {
            if crowd.isBusy {
                let (from, to) = (crowd.first.x, max(crowd.last.x, crowd.first.x + 2))
                let y = Drawing.number(bottom)
                let bracket = "M\(Drawing.number(from)) \(y)v4H\(Drawing.number(to))v-4"
                drawing.path(bracket, "busy", title: words(crowd))
                let numbers = "\(crowd.first.index + 1)–\(crowd.last.index + 1)"
                let middle = min(max((from + to) / 2, left + 20), Self.right - 20)
                drawing.text(numbers, middle, bottom + 13, anchor: "middle", "tick", title: words(crowd))
                continue
            }
            var free = left
            for (index, x) in crowd.places {
                drawing.line(x, Self.top, x, bottom, "change")
                guard x >= free else { continue }
                drawing.text("\(index + 1)", x, bottom + 11, anchor: "middle", "tick")
                free = x + 20
            }
        }
    }

    /// Changes that stand close to each other.
    private struct Crowd {
        var places: [(index: Int, x: Double)]

        var first: (index: Int, x: Double) { places[0] }
        var last: (index: Int, x: Double) { places[places.count - 1] }
        /// Whether there are too many changes in it to draw each.
        var isBusy: Bool { places.count > TimelinePicture.fewChanges }
    }

    /// The distance from which on changes are not close to each other: the room of a number.
    private static let room = 20.0
    /// The number of changes close to each other of which each is drawn.
    private static let fewChanges = 4

    private var crowds: [Crowd] {
        var crowds: [Crowd] = []
        for (index, transition) in virtualRouter.transitions.enumerated()
        where axis.contains(transition.instant) && transition.cause != .initial {
            let x = axis.x(transition.instant)
            if let last = crowds.last?.last, x - last.x < Self.room {
                crowds[crowds.count - 1].places.append((index, x))
            } else {
                crowds.append(Crowd(places: [(index, x)]))
            }
        }
        return crowds
    }

    private func words(_ crowd: Crowd) -> String {
        let (first, last) = (crowd.first.index, crowd.last.index)
        let (start, end) = (virtualRouter.transitions[first].instant, virtualRouter.transitions[last].instant)
        let without = virtualRouter.timeline.filter { $0.state == .none && $0.end > start && $0.start < end }
            .reduce(TimeSpan.zero) { $0 + $1.length }
        let every = (end - start) / Int64(max(last - first, 1))
        return "changes \(first + 1) to \(last + 1) of master, from \(time.text(start, decimals: 0)) to "
            + "\(time.text(end, decimals: 0)), one in \(every.words(.headline))"
            + (without == .zero ? "" : ", with no master for \(without.words(.headline)) in all")
    }

    /// The sums of the busy stretches, in which changes stand too close to be drawn one by one; `nil` for none.
    var busyNote: String? {
        let busy = crowds.filter(\.isBusy)
        guard !busy.isEmpty else { return nil }
        let told = busy.prefix(Self.mostTold).map(words)
        let rest = busy.count - told.count
        return "Busy stretches are summed up, with a bracket below: " + told.joined(separator: "; ")
            + (rest > 0 ? "; and \(rest) more" : "") + "."
    }

    /// The number of busy stretches that are told in words.
    private static let mostTold = 6

    // MARK: Marks

    /// Marks, of which one stands for all of its kind that have no room of their own beside it.
    private func drawMarks(_ marks: [ReportDocument.Mark], at y: Double, into drawing: inout Drawing) {
        let shown = marks.filter { axis.contains($0.instant) }
        var width = 3.0
        var places = Self.gathered(shown, axis, width)
        while places.count > Self.mostMarks {
            width *= 2
            places = Self.gathered(shown, axis, width)
        }
        for place in places {
            let mark = place[0]
            var title = "\(time.text(mark.instant)): \(mark.summary)"
            if let last = place.last, place.count > 1 {
                title += ", the first of \(place.count) such marks up to \(time.text(last.instant))"
            }
            let shape = Self.shape(of: mark.kind, axis.x(mark.instant), y)
            drawing.path(shape, "mark \(mark.kind.rawValue)", title: title)
        }
    }

    /// The marks of a kind that stand within so many units of each other, in order of time.
    private static func gathered(
        _ marks: [ReportDocument.Mark],
        _ axis: TimeAxis,
        _ width: Double
    ) -> [[ReportDocument.Mark]] {
        var places: [[ReportDocument.Mark]] = []
        var known: [String: Int] = [:]
        for mark in marks {
            let key = "\(mark.kind) \(Int(axis.x(mark.instant) / width))"
            if let place = known[key] {
                places[place].append(mark)
            } else {
                known[key] = places.count
                places.append([mark])
            }
        }
        return places
    }

    /// A shape for each kind, so that no colour is needed to tell them apart.
    static func shape(of kind: ReportDocument.Mark.Kind, _ x: Double, _ y: Double) -> String {
        func point(_ dx: Double, _ dy: Double) -> String { "\(Drawing.number(x + dx)) \(Drawing.number(y + dy))" }
        switch kind {
        case .resignation: return "M\(point(-5, -5))L\(point(5, -5))L\(point(0, 5))z"
        case .announcement: return "M\(point(0, -6))L\(point(5, 0))L\(point(0, 6))L\(point(-5, 0))z"
        case .authentication: return "M\(point(-4.5, -4.5))h9v9h-9z"
        case .setting:
            return "M\(point(0, -5.5))L\(point(5.5, -1))L\(point(3.4, 5))L\(point(-3.4, 5))L\(point(-5.5, -1))z"
        case .priority: return "M\(point(-5, 5))L\(point(0, -5))L\(point(5, 5))z"
        }
    }

    // MARK: Words

    private func words(_ interval: ReportDocument.Stretch) -> String {
        let masters = Words.list(interval.masters.map(\.description))
        let state: String =
            switch interval.state {
            case .master: "\(masters) is master"
            case .split: "\(masters) are master at the same time"
            case .none: "no master"
            case .notObserved: "not observed"
            case .uncertain: masters.isEmpty ? "probably no master" : "\(masters) probably master"
            }
        return "\(state) from \(time.text(interval.start)) for \((interval.end - interval.start).words(.table))"
    }

    /// The contents of the picture in a few sentences.
    private var description: String {
        let shown = virtualRouter.timeline.filter { $0.end >= axis.start && $0.start <= axis.end }
        let told = shown.prefix(12).map(words).joined(separator: "; ")
        let rest = shown.count > 12 ? "; and \(shown.count - 12) more stretches" : ""
        return told + rest + "."
    }
}
