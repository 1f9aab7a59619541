internal import VRRPFacts
internal import VRRPFindings
internal import VRRPIncidents
internal import VRRPTracker
internal import VRRPWire

/// The rows of many virtual routers on one time axis, with the incidents above it.
///
/// The page's script draws the same rows of the same facts for a part of the time, so both must change together
/// (`Assets/page.js`).
struct OverviewPicture {
    static let left = 200.0
    /// The right end of the time axis where sums stand behind the rows.
    static let right = 760.0
    static let width = 960.0
    /// The width of a bin of the axis, in which several incidents are one flag.
    static let bin = 28.0

    /// A virtual router with its place on the page.
    struct Member {
        var virtualRouter: ReportDocument.VirtualRouter
        /// The name by which the script and links know it.
        var slug: String
        /// The anchor of its timeline; `nil` for none.
        var timeline: String?
        /// A display filter for all that concerns it.
        var filter: String
    }

    /// An incident on the axis.
    struct Flag {
        var incident: ReportDocument.Incident
        /// The anchor of its picture.
        var anchor: String
    }

    private let axis: TimeAxis
    private let time: TimeStyle
    private let right: Double

    /// - Parameters:
    ///   - start: the first instant that is shown.
    ///   - end: the last instant that is shown.
    ///   - time: the zone of the times.
    ///   - hasSums: whether sums stand behind the rows.
    init(from start: CaptureInstant, to end: CaptureInstant, _ time: TimeStyle, hasSums: Bool = true) {
        self.time = time
        right = hasSums ? Self.right : 948
        axis = TimeAxis(from: start, to: end, left: Self.left, right: right, time)
    }

    // MARK: Axis

    /// The time axis with a flag for each incident, or for the incidents of a bin.
    func head(_ flags: [Flag], id: String) -> Markup<HTML> {
        var drawing = Drawing(width: Self.width, height: 46)
        drawing.text("incidents", Self.left - 8, 15, anchor: "end", "rowname")
        drawing.text("address (VRID)", Self.left - 8, 36, anchor: "end", "tick")
        drawing.group("flags") { drawing in
            let bins = Dictionary(grouping: flags.indices) { bin(of: flags[$0]) }.sorted { $0.key < $1.key }
            for (bin, members) in bins { draw(members.map { flags[$0] }, in: bin, into: &drawing) }
        }
        drawing.group("ticks") { drawing in axis.draw(into: &drawing, top: 42, bottom: 46) }
        return drawing.element(
            id: id,
            style: "timeline head",
            title: "Time axis with incidents",
            description: flags.isEmpty
                ? "There was no incident."
                : "\(Words.count(flags.count, "incident")) from \(time.text(axis.start)) to \(time.text(axis.end)).",
            data: [("incidents", facts(of: flags))]
        )
    }

    private func bin(of flag: Flag) -> Int {
        let last = Int((right - Self.left) / Self.bin) - 1
        return min(Int((axis.x(flag.incident.start) - Self.left) / Self.bin), last)
    }

    private func draw(_ flags: [Flag], in bin: Int, into drawing: inout Drawing) {
        guard let first = flags.first else { return }
        let grave = flags.map(\.incident).max { $0.severity.weight < $1.severity.weight } ?? first.incident
        let style = "flag \(grave.severity?.rawValue ?? "good")"
        let edge = Self.left + Double(bin) * Self.bin
        let label = flags.count == 1 ? "\(first.incident.id)" : "×\(flags.count)"
        drawing.link(to: flags.count == 1 ? first.anchor : "incidents", label: words(flags)) { drawing in
            drawing.rectangle(edge + 1, 2, Self.bin - 2, 18, style, title: words(flags))
            drawing.text(label, edge + Self.bin / 2, 15, anchor: "middle", "flagname")
        }
        let x = axis.x(first.incident.start)
        let end = flags.map { axis.x($0.incident.end) }.max() ?? x
        drawing.rectangle(x, 22, max(end - x, 1.5), 4, style)
    }

    private func words(_ flags: [Flag]) -> String {
        guard let first = flags.first, let last = flags.last, flags.count > 1 else {
            return flags.first.map {
                "Incident \($0.incident.id), \(time.text($0.incident.start, decimals: 0)), \($0.incident.kind.rawValue): "
                    + $0.incident.summary
            } ?? ""
        }
        let kinds = Dictionary(grouping: flags, by: \.incident.kind.rawValue).sorted { $0.key < $1.key }
        return "\(flags.count) incidents from \(time.text(first.incident.start, decimals: 0)) to "
            + "\(time.text(last.incident.start, decimals: 0)): "
            + Words.list(kinds.map { "\($0.value.count) \($0.key)" })
    }

    /// The number of incidents whose flags follow the script's zoom.
    static let mostFacts = 5000

    /// The incidents for the script: number, severity, kind, start and length in milliseconds, and anchor.
    private func facts(of flags: [Flag]) -> String {
        flags.prefix(Self.mostFacts).map { flag in
            let (incident, start) = (flag.incident, milliseconds(flag.incident.start))
            let length = milliseconds(incident.end) - start
            let severity = incident.severity?.rawValue ?? "good"
            return
                "\(incident.id):\(severity):\(incident.kind.rawValue):\(base36(start)):\(base36(length)):\(flag.anchor)"
        }.joined(separator: " ")
    }

    // MARK: Rows

    /// The row of one virtual router.
    func row(_ member: Member, id: String) -> Markup<HTML> {
        let virtualRouter = member.virtualRouter
        var drawing = Drawing(width: Self.width, height: 24)
        let name = Self.name(of: virtualRouter)
        let (shown, isWhole) = TimelinePicture.shortened(name)
        let label = { (drawing: inout Drawing) in
            drawing.text(
                shown,
                Self.left - 8,
                16,
                anchor: "end",
                "rowname",
                title: isWhole ? virtualRouter.id : "\(name), \(virtualRouter.id)"
            )
        }
        if let timeline = member.timeline {
            drawing.link(to: timeline, label: "Timeline of \(name)", label)
        } else {
            label(&drawing)
        }
        bars([virtualRouter], into: &drawing)
        let sums = Sums(of: [virtualRouter])
        sum(sums, into: &drawing)
        return drawing.element(
            id: id,
            style: "timeline row",
            title: "Who was master of \(name) when",
            description: sums.description,
            data: [
                ("slug", member.slug), ("name", name), ("filter", member.filter),
                (
                    "masters",
                    TimelinePicture.positions(in: virtualRouter).sorted { $0.value < $1.value }
                        .map(\.key.description).joined(separator: " ")
                ),
                ("runs", runs(of: virtualRouter)),
            ]
        )
    }

    /// The row of several virtual routers, in which the gravest of their states shows.
    func row(_ virtualRouters: [ReportDocument.VirtualRouter], named name: String, id: String) -> Markup<HTML> {
        var drawing = Drawing(width: Self.width, height: 24)
        drawing.text(name, Self.left - 8, 16, anchor: "end", "rowname")
        bars(virtualRouters, into: &drawing)
        let sums = Sums(of: virtualRouters)
        sum(sums, into: &drawing)
        return drawing.element(
            id: id,
            style: "timeline row several",
            title: "Who was master of \(name) when",
            description: "The row shows the gravest state of any of them. " + sums.description
        )
    }

    private func bars(_ virtualRouters: [ReportDocument.VirtualRouter], into drawing: inout Drawing) {
        var columns = LookColumns(left: Self.left, right: right)
        for virtualRouter in virtualRouters {
            let positions = TimelinePicture.positions(in: virtualRouter)
            for stretch in virtualRouter.timeline where stretch.end >= axis.start && stretch.start <= axis.end {
                columns.add(Look(stretch, positions), from: axis.x(stretch.start), to: axis.x(stretch.end))
            }
        }
        drawing.group("bars") { drawing in columns.draw(at: 3, height: 18, into: &drawing) }
    }

    private func sum(_ sums: Sums, into drawing: inout Drawing) {
        guard right == Self.right else { return }
        drawing.text(sums.text, right + 10, 16, sums.isGood ? "tick" : "sum", title: sums.description)
    }

    /// The name of a row: the address that people know, and the VRID.
    static func name(of virtualRouter: ReportDocument.VirtualRouter) -> String {
        guard let address = virtualRouter.addresses.first else { return "VRID \(virtualRouter.vrid)" }
        return "\(address) (\(virtualRouter.vrid))"
    }

    /// The states for the script: each a letter with the places of the masters, and the millisecond at which it ends.
    private func runs(of virtualRouter: ReportDocument.VirtualRouter) -> String {
        guard let first = virtualRouter.timeline.first else { return "" }
        let positions = TimelinePicture.positions(in: virtualRouter)
        var before = milliseconds(first.start)
        var runs = [base36(before)]
        for stretch in virtualRouter.timeline {
            let letter: String =
                switch stretch.state {
                case .master: "m"
                case .split: "s"
                case .none: "n"
                case .notObserved: "o"
                case .uncertain: "u"
                }
            let end = milliseconds(stretch.end)
            let masters = stretch.masters.compactMap { positions[$0] }.map(String.init).joined(separator: ",")
            runs.append("\(letter)\(masters):\(base36(end - before))")
            before = end
        }
        return runs.joined(separator: " ")
    }

    /// Milliseconds behind the start of the axis.
    private func milliseconds(_ instant: CaptureInstant) -> Int64 { (instant - axis.start).nanoseconds / 1_000_000 }

    private func base36(_ number: Int64) -> String { String(number, radix: 36) }
}

/// The figures behind a row of the overview.
private struct Sums {
    private var count = 0
    private var changes = 0
    private var without = TimeSpan.zero
    private var several = TimeSpan.zero
    private var notObserved = TimeSpan.zero

    /// Adds up the changes; of the times, the worst of any virtual router counts.
    init(of virtualRouters: [ReportDocument.VirtualRouter]) {
        count = virtualRouters.count
        for (position, virtualRouter) in virtualRouters.enumerated() {
            let impact = Impact(virtualRouter, at: position, severity: nil)
            changes += virtualRouter.changes
            without = max(without, impact.withoutMaster)
            several = max(several, impact.severalMasters)
            notObserved = max(notObserved, impact.notObserved)
        }
    }

    var isGood: Bool { without == .zero && several == .zero }

    /// The figures in a few words: `3 changes, 5.1 s down`.
    var text: String {
        var parts = [changes == 0 ? "no change" : Words.count(changes, "change")]
        if several > .zero {
            parts.append("\(several.words(.headline)) split")
        } else if without > .zero {
            parts.append("\(without.words(.headline)) down")
        }
        return parts.joined(separator: ", ")
    }

    var description: String {
        let each = count == 1 ? "" : ", of the worst of \(count)"
        var parts = [Words.count(changes, "change") + " of master"]
        if several > .zero { parts.append("several masters for \(several.words(.table))\(each)") }
        if without > .zero { parts.append("no master for \(without.words(.table))\(each)") }
        if notObserved > .zero { parts.append("not observed for \(notObserved.words(.table))\(each)") }
        return parts.joined(separator: "; ") + "."
    }
}
