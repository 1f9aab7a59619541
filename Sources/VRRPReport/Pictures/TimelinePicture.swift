internal import VRRPFacts
internal import VRRPTracker
internal import VRRPWire

/// The masters over time: a row for the virtual router and one for each of its routers.
struct TimelinePicture {
    /// The number of routers that have a row.
    static let mostRouters = 12
    /// The number of runs in a row up to which each has words of its own.
    private static let mostTitles = 24
    private static let mostMarks = 60
    /// The longest name of a row that is shown whole.
    private static let mostCharacters = 27

    private static let right = 948.0
    private static let width = 960.0
    private static let top = 24.0

    /// The look of a stretch of a row.
    private enum Run: Equatable {
        case empty
        case master(Int)
        case notObserved
        case uncertain
        case none
        case split

        var weight: Int {
            switch self {
            case .empty: 0
            case .master: 1
            case .notObserved: 2
            case .uncertain: 3
            case .none: 4
            case .split: 5
            }
        }

        var style: String {
            switch self {
            case .empty: ""
            case .master(let index): "m\(index % TimelinePicture.colours)"
            case .notObserved: "blind"
            case .uncertain: "unsure"
            case .none: "nobody"
            case .split: "split"
            }
        }
    }

    /// The number of colours with patterns that the style has for masters.
    static let colours = 6

    private let virtualRouter: ReportDocument.VirtualRouter
    private let id: String
    private let time: TimeStyle
    private let axis: TimeAxis
    /// The place at which the rows begin, to the right of their names.
    private let left: Double
    private let positions: [IPAddress: Int]

    init(
        _ virtualRouter: ReportDocument.VirtualRouter,
        id: String,
        from start: CaptureInstant,
        to end: CaptureInstant,
        _ time: TimeStyle,
        isStrip: Bool = false
    ) {
        self.virtualRouter = virtualRouter
        self.id = id
        self.time = time
        let names = isStrip ? [] : virtualRouter.routers.map(\.address.description) + ["virtual router 255"]
        let longest = min(names.map(\.count).max() ?? Self.mostCharacters, Self.mostCharacters)
        left = 7.3 * Double(longest) + 14
        axis = TimeAxis(from: start, to: end, left: left, right: Self.right, time)
        positions = Self.positions(in: virtualRouter)
    }

    /// The colours of routers: in the order of their addresses.
    static func positions(in virtualRouter: ReportDocument.VirtualRouter) -> [IPAddress: Int] {
        let addresses = virtualRouter.routers.map(\.address).sorted()
        return Dictionary(addresses.enumerated().map { ($1, $0) }) { first, _ in first }
    }

    // MARK: Pictures

    /// All rows, with marks.
    func render(title: String) -> String {
        let routers = virtualRouter.routers.sorted { $0.address < $1.address }.prefix(Self.mostRouters)
        let height = Self.top + 40 + 26 * Double(routers.count) + 16
        var drawing = Drawing(width: Self.width, height: height)
        axis.draw(into: &drawing, top: Self.top, bottom: height - 14)
        drawTransitions(into: &drawing, bottom: height - 14)
        label("virtual router \(virtualRouter.vrid)", at: Self.top + 22, "rowname", into: &drawing)
        drawRow(virtualRouter.timeline.map { ($0, run($0)) }, at: Self.top + 6, height: 24, into: &drawing)
        drawMarks(virtualRouter.marks.filter { $0.router == nil }, at: Self.top + 18, into: &drawing)
        for (index, router) in routers.enumerated() {
            let y = Self.top + 40 + 26 * Double(index)
            label(router.address.description, at: y + 14, "rowname", into: &drawing)
            let reign = Run.master(positions[router.address] ?? 0)
            drawHeard(router, at: y + 9, into: &drawing)
            let runs = virtualRouter.timeline.map { interval -> (ReportDocument.Stretch, Run) in
                if interval.state == .notObserved { return (interval, .notObserved) }
                guard interval.masters.contains(router.address) else { return (interval, .empty) }
                return (interval, interval.state == .uncertain ? .uncertain : reign)
            }
            drawRow(runs, at: y + 2, height: 14, into: &drawing)
            drawMarks(virtualRouter.marks.filter { $0.router == router.address }, at: y + 9, into: &drawing)
        }
        return drawing.element(id: id, style: "timeline", title: title, description: description)
    }

    /// Only the virtual router's row, without a time axis of its own.
    func renderStrip(title: String) -> String {
        var drawing = Drawing(width: Self.width, height: 24)
        label(virtualRouter.id, at: 16, "rowname", into: &drawing)
        drawRow(virtualRouter.timeline.map { ($0, run($0)) }, at: 3, height: 18, titled: false, into: &drawing)
        return drawing.element(id: id, style: "timeline", title: title, description: summary)
    }

    private func run(_ interval: ReportDocument.Stretch) -> Run {
        switch interval.state {
        case .master: .master(interval.masters.first.flatMap { positions[$0] } ?? 0)
        case .split: .split
        case .none: .none
        case .notObserved: .notObserved
        case .uncertain: .uncertain
        }
    }

    // MARK: Rows

    private func label(_ text: String, at y: Double, _ style: String, into drawing: inout Drawing) {
        let isLong = text.count > Self.mostCharacters
        let shown = isLong ? text.prefix(12) + "…" + text.suffix(14) : text[...]
        drawing.text(String(shown), left - 8, y, anchor: "end", style, title: isLong ? text : nil)
    }

    /// Runs side by side; where several share a pixel, the gravest shows.
    private func drawRow(
        _ runs: [(interval: ReportDocument.Stretch, run: Run)],
        at y: Double,
        height: Double,
        titled: Bool = true,
        into drawing: inout Drawing
    ) {
        let visible = runs.filter { $0.interval.end >= axis.start && $0.interval.start <= axis.end && $0.run != .empty }
        guard !titled || visible.count > Self.mostTitles else {
            for (interval, run) in visible {
                let x = axis.x(interval.start)
                // A state that lasts an instant is visible, too.
                let width = max(axis.x(interval.end) - x, 1.2)
                drawing.rectangle(x, y, width, height, run.style, title: words(interval))
            }
            return
        }
        var columns = [Run](repeating: .empty, count: Int(Self.right - left) + 1)
        for (interval, run) in visible {
            let first = Int(axis.x(interval.start) - left)
            let last = max(first, Int((axis.x(interval.end) - left).rounded(.up)) - 1)
            for column in first...last where run.weight > columns[column].weight { columns[column] = run }
        }
        draw(columns, at: y, height: height, into: &drawing)
    }

    /// One path for each look, which is far smaller than a rectangle for each run.
    private func draw(_ columns: [Run], at y: Double, height: Double, into drawing: inout Drawing) {
        var paths: [(style: String, commands: String)] = []
        var start = 0
        let (top, down) = (Drawing.number(y), Drawing.number(height))
        for index in 1...columns.count where index == columns.count || columns[index] != columns[start] {
            let style = columns[start].style
            if !style.isEmpty {
                let width = index - start
                let command = "M\(Drawing.number(left + Double(start))) \(top)h\(width)v\(down)h-\(width)z"
                if let known = paths.firstIndex(where: { $0.style == style }) {
                    paths[known].commands += command
                } else {
                    paths.append((style, command))
                }
            }
            start = index
        }
        for path in paths { drawing.path(path.commands, path.style) }
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

    /// A line through all rows at each change, with its number below where there is room.
    private func drawTransitions(into drawing: inout Drawing, bottom: Double) {
        let shown = virtualRouter.transitions.enumerated().filter {
            axis.contains($0.element.instant) && $0.element.cause != .initial
        }
        guard shown.count <= Self.mostMarks else { return }
        var free = left
        for (index, transition) in shown {
            let x = axis.x(transition.instant)
            drawing.line(x, Self.top, x, bottom, "change")
            guard x >= free else { continue }
            drawing.text("\(index + 1)", x, bottom + 11, anchor: "middle", "tick")
            free = x + 20
        }
    }

    // MARK: Marks

    private func drawMarks(_ marks: [ReportDocument.Mark], at y: Double, into drawing: inout Drawing) {
        // Many announcements at one place are one.
        var taken: Set<String> = []
        var count = 0
        for mark in marks where axis.contains(mark.instant) && count < Self.mostMarks {
            let x = axis.x(mark.instant)
            guard taken.insert("\(mark.kind) \(Int(x / 3))").inserted else { continue }
            count += 1
            let title = "\(time.text(mark.instant)): \(mark.summary)"
            drawing.path(Self.shape(of: mark.kind, x, y), "mark \(mark.kind.rawValue)", title: title)
        }
    }

    /// A shape for each kind, so that no colour is needed to tell them apart.
    static func shape(of kind: ReportDocument.Mark.Kind, _ x: Double, _ y: Double) -> String {
        func point(_ dx: Double, _ dy: Double) -> String { "\(Drawing.number(x + dx)) \(Drawing.number(y + dy))" }
        switch kind {
        case .resignation: return "M\(point(-5, -5))L\(point(5, -5))L\(point(0, 5))z"
        case .announcement: return "M\(point(0, -6))L\(point(5, 0))L\(point(0, 6))L\(point(-5, 0))z"
        case .authentication: return "M\(point(-4.5, -4.5))h9v9h-9z"
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

    /// The contents of a strip in a few words.
    private var summary: String {
        let states: [TimelineInterval.State] = [.master, .split, .none, .uncertain, .notObserved]
        return states.compactMap { state in
            let length = virtualRouter.timeline.filter { $0.state == state }.reduce(TimeSpan.zero) {
                $0 + ($1.end - $1.start)
            }
            return length == .zero ? nil : "\(state.rawValue) for \(length.words(.table))"
        }.joined(separator: ", ") + "."
    }

    /// The contents of the picture in a few sentences.
    private var description: String {
        let shown = virtualRouter.timeline.filter { $0.end >= axis.start && $0.start <= axis.end }
        let told = shown.prefix(12).map(words).joined(separator: "; ")
        let rest = shown.count > 12 ? "; and \(shown.count - 12) more stretches" : ""
        return told + rest + "."
    }
}
