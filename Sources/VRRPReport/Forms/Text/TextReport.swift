internal import VRRPFacts
internal import VRRPFindings
internal import VRRPTracker
internal import VRRPWire

/// The report for people: what happened, in a page.
package struct TextReport {
    package struct Options: Sendable {
        package var time = TimeStyle.utc
        package var style = TextStyle.plain
        /// Whether passwords seen on the wire are shown beside their labels.
        package var showsSecrets = false
        /// Whether long lists are shown whole.
        package var isVerbose = false
        /// Whether only the summary line and the findings are shown.
        package var isQuiet = false

        package init() {}
    }

    /// The numbers of rows of a long list that are shown at its two ends.
    private static let firstRows = 20
    private static let lastRows = 10
    private static let width = 100
    /// The number of virtual routers that are shown in detail.
    private static let mostDetailed = 8
    /// The number of virtual routers in the overview.
    private static let mostListed = 200
    /// The number of findings up to which all are shown in full; of more, only the first few of each kind are.
    private static let mostFindings = 12
    private static let fullFindingsEach = 2

    private let document: ReportDocument
    private let options: Options
    private var text = ""

    /// The virtual routers that a report by these options tells of; where there are few, it tells of all.
    package static func selection(_ options: Options) -> ReportDocument.Selection {
        if options.isVerbose { return .all }
        return options.isQuiet ? .some(first: 0, accused: 0) : .some(first: mostListed, accused: mostDetailed)
    }

    /// The report as text, with a line break at its end.
    ///
    /// - Parameters:
    ///   - document: what there is to say, of the virtual routers in ``selection(_:)`` at least.
    ///   - options: how to say it.
    /// - Returns: the text.
    package static func render(_ document: ReportDocument, _ options: Options) -> String {
        var report = Self(document: document, options: options)
        report.write()
        return report.text
    }

    private init(document: ReportDocument, options: Options) {
        self.document = document
        self.options = options
    }

    private mutating func write() {
        text += options.style.paint(document.summaryLine, document.worst.map(\.role) ?? .good) + "\n"
        if !options.isQuiet { writeVirtualRouters() }
        write(document.findings)
        if !options.isQuiet { writeOtherProtocols() }
        if !options.isQuiet { writeCaptures() }
    }

    // MARK: Virtual routers

    /// Writes all of a few virtual routers; of many an overview, and those with findings above a notice.
    private mutating func writeVirtualRouters() {
        let all = document.virtualRouters
        guard all.count > Self.mostDetailed, !options.isVerbose else {
            for virtualRouter in all { write(virtualRouter) }
            return
        }
        writeOverview()
        let accused = Set(document.findings.filter { $0.severity > .notice }.compactMap(\.virtualRouter))
        let shown = all.filter { accused.contains($0.id) }.prefix(Self.mostDetailed)
        for virtualRouter in shown { write(virtualRouter) }
        let hidden = document.virtualRouterCount - shown.count
        let note =
            "\(hidden) virtual routers are not shown in detail; --verbose or --format json shows all"
        text += "\n" + options.style.paint(note, .faint) + "\n"
    }

    private mutating func writeOverview() {
        text += "\n" + options.style.paint("Virtual routers", .heading) + "\n"
        let findings = Dictionary(grouping: document.findings, by: \.virtualRouter)
        var table = TextTable([
            ("VIRTUAL ROUTER", .left), ("ADDRESSES", .left), ("ROUTERS", .right), ("CHANGES", .right),
            ("MASTER AT THE END", .left), ("FINDINGS", .left),
        ])
        for virtualRouter in document.virtualRouters.prefix(Self.mostListed) {
            let last = virtualRouter.timeline.last
            let own = findings[virtualRouter.id] ?? []
            table.add([
                TextTable.Cell(virtualRouter.id.escapedForTerminal),
                TextTable.Cell(Self.first(of: virtualRouter.addresses.map(\.description))),
                TextTable.Cell(String(virtualRouter.routers.count)),
                TextTable.Cell(String(virtualRouter.changes)),
                TextTable.Cell(last.map { $0.masters.joinedByPlus } ?? "-", last?.state.role),
                TextTable.Cell(Self.distinct(own.map(\.id)).joined(separator: ", "), own.map(\.severity).max()?.role),
            ])
        }
        let hidden = document.virtualRouterCount - Self.mostListed
        if hidden > 0 { table.add(note: "… and \(hidden) more") }
        table.render(indent: 2, style: options.style, into: &text)
    }

    private mutating func write(_ virtualRouter: ReportDocument.VirtualRouter) {
        let versions = virtualRouter.versions.map { "VRRPv\($0)" }.joined(separator: " and ")
        let intervals = virtualRouter.routers.compactMap(\.advertInterval)
        let interval = intervals.max().map { "every \($0.inExactSeconds)" } ?? "at an unknown interval"
        text += "\n" + options.style.paint("Virtual router \(virtualRouter.id.escapedForTerminal)", .heading) + "\n"
        text += "  \(versions) \(interval), virtual MAC \(virtualRouter.virtualMAC)\n"
        let addresses = virtualRouter.addresses.map(\.description)
        text += wrapped("addresses " + shortened(addresses).joined(separator: ", "), width: Self.width, indent: 2)
        writeTimeline(of: virtualRouter)
        writeTransitions(of: virtualRouter)
        writeRouters(of: virtualRouter)
        writeCadence(of: virtualRouter)
    }

    /// At most sixteen of many names.
    private func shortened(_ names: [String]) -> [String] {
        guard names.count > 16, !options.isVerbose else { return names }
        return names.prefix(16) + ["and \(names.count - 16) more"]
    }

    private mutating func heading(_ title: String) {
        text += "\n  " + options.style.paint(title, .heading) + "\n"
    }

    private mutating func writeTimeline(of virtualRouter: ReportDocument.VirtualRouter) {
        heading("Timeline")
        var table = TextTable([("FROM", .left), ("FOR", .right), ("STATE", .left), ("MASTERS", .left)])
        fold(virtualRouter.timeline, into: &table) { interval in
            [
                TextTable.Cell(options.time.text(interval.start)),
                TextTable.Cell((interval.end - interval.start).words(.table)),
                TextTable.Cell(interval.state.rawValue, interval.state.role),
                TextTable.Cell(interval.masters.joinedByPlus),
            ]
        }
        table.render(indent: 4, style: options.style, into: &text)
    }

    private mutating func writeTransitions(of virtualRouter: ReportDocument.VirtualRouter) {
        guard !virtualRouter.transitions.isEmpty else { return }
        heading("Master changes")
        var table = TextTable([
            ("AT", .left), ("CAUSE", .left), ("FROM", .left), ("TO", .left), ("OUTAGE", .right), ("BOUND", .right),
            ("ANNOUNCED", .left), ("FRAME", .right),
        ])
        fold(virtualRouter.transitions, into: &table) { transition in
            [
                TextTable.Cell(options.time.text(transition.instant)),
                TextTable.Cell(transition.cause.rawValue, transition.cause.role),
                TextTable.Cell(transition.from.joinedByPlus),
                TextTable.Cell(transition.to.joinedByPlus),
                TextTable.Cell(transition.outage.map(\.inMilliseconds) ?? "", transition.isLate ? .warning : nil),
                TextTable.Cell(transition.bound.map(\.inMilliseconds) ?? ""),
                TextTable.Cell(
                    Self.announcement(transition.announced),
                    transition.announced?.frames == 0 ? .warning : nil
                ),
                TextTable.Cell(transition.evidence.last.map(reference) ?? ""),
            ]
        }
        table.render(indent: 4, style: options.style, into: &text)
        for transition in virtualRouter.transitions where transition.priorityDrop != nil {
            let sentence = "\(options.time.text(transition.instant)): \(transition.summary)".escapedForTerminal
            text += wrapped(sentence, width: Self.width, indent: 4)
        }
    }

    private mutating func writeRouters(of virtualRouter: ReportDocument.VirtualRouter) {
        heading("Routers")
        let hasSeveralObservers = virtualRouter.routers.contains { $0.observers.count > 1 }
        var table = TextTable(
            [
                ("ROUTER", .left), ("NAME", .left), ("PRIORITY", .right), ("INTERVAL", .right), ("MAC", .left),
                ("ADVERTS", .right), ("MASTER FOR", .right), ("AUTHENTICATION", .left), ("CHECKSUM", .left),
                ("SENT BY", .left),
            ] + (hasSeveralObservers ? [("SEEN IN CAPTURE", .left)] : [])
        )
        for router in virtualRouter.routers {
            let cells = [
                TextTable.Cell(router.address.description),
                TextTable.Cell(router.name?.escapedForTerminal ?? ""),
                TextTable.Cell(Self.priorities(of: router)),
                TextTable.Cell(router.advertInterval.map(\.inExactSeconds) ?? ""),
                TextTable.Cell(Self.first(of: router.macs.map(\.description))),
                TextTable.Cell(String(router.adverts)),
                TextTable.Cell(router.masterTime.words(.table)),
                TextTable.Cell(
                    router.authentication.text(showsSecrets: options.showsSecrets),
                    router.authentication.verification == .invalid ? .warning : nil
                ),
                TextTable.Cell(router.checksum, router.checksum == "invalid" ? .warning : nil),
                TextTable.Cell(router.delivery?.rawValue ?? ""),
            ]
            let seen = router.observers.enumerated().map { "\($0.offset): \($0.element)" }.joined(separator: ", ")
            table.add(cells + (hasSeveralObservers ? [TextTable.Cell(seen)] : []))
        }
        table.render(indent: 4, style: options.style, into: &text)
        writeClocks(of: virtualRouter)
    }

    /// Writes the senders' clocks by their `auth_hmac` trailers.
    private mutating func writeClocks(of virtualRouter: ReportDocument.VirtualRouter) {
        guard virtualRouter.routers.contains(where: { !$0.clocks.isEmpty }) else { return }
        heading("Senders' clocks, by their auth_hmac trailers")
        var table = TextTable([
            ("ROUTER", .left), ("CAPTURE", .right), ("TRAILERS", .right), ("LAYOUT", .left),
            ("BEHIND THE CAPTURE", .right), ("UP TO", .right),
        ])
        for router in virtualRouter.routers {
            for clock in router.clocks {
                table.add([
                    TextTable.Cell(router.address.description),
                    TextTable.Cell(document.captures.count > 1 ? "\(clock.capture)" : ""),
                    TextTable.Cell("\(clock.samples)"),
                    TextTable.Cell(clock.layout.map(\.words) ?? ""),
                    TextTable.Cell(clock.leastLag.inMilliseconds),
                    TextTable.Cell(clock.greatestLag.inMilliseconds),
                ])
            }
        }
        table.render(indent: 4, style: options.style, into: &text)
        guard let skew = virtualRouter.clockSkew else { return }
        let note = "The routers' clocks differ by \(skew.inMilliseconds)."
        let isFar = virtualRouter.clockSkewIsFar
        text += "    " + options.style.paint(note, isFar ? .warning : .faint) + "\n"
    }

    private mutating func writeCadence(of virtualRouter: ReportDocument.VirtualRouter) {
        guard virtualRouter.routers.contains(where: { $0.jitter.distribution != nil }) else { return }
        heading("Time between advertisements, in milliseconds")
        var table = TextTable(
            [("ROUTER", .left)]
                + ["SAMPLES", "MEAN", "STD DEV", "P50", "P95", "P99", "MAX", "LATE", "MISSED", "TO FAILOVER"].map {
                    (title: $0, alignment: .right)
                }
        )
        for router in virtualRouter.routers {
            guard let distribution = router.jitter.distribution else { continue }
            let spans = [
                distribution.mean, distribution.standardDeviation, distribution.p50, distribution.p95,
                distribution.p99, distribution.maximum,
            ]
            let isNear = distribution.closestFailoverMargin < (router.advertInterval ?? .zero)
            table.add(
                [TextTable.Cell(router.address.description), TextTable.Cell(String(router.jitter.samples))]
                    + spans.map { TextTable.Cell($0.millisecondFigure) }
                    + [
                        TextTable.Cell(
                            String(router.jitter.lateAdverts),
                            router.jitter.lateAdverts > 0 ? .warning : nil
                        ),
                        TextTable.Cell(
                            String(router.jitter.missedAdverts),
                            router.jitter.missedAdverts > 0 ? .warning : nil
                        ),
                        TextTable.Cell(
                            distribution.closestFailoverMargin.millisecondFigure,
                            isNear ? .warning : nil
                        ),
                    ]
            )
        }
        table.render(indent: 4, style: options.style, into: &text)
    }

    /// Adds a row an element, leaving out the middle of a long list and saying so.
    private func fold<Element>(
        _ elements: [Element],
        into table: inout TextTable,
        _ row: (Element) -> [TextTable.Cell]
    ) {
        let hidden = elements.count - Self.firstRows - Self.lastRows
        guard hidden > 1, !options.isVerbose else {
            for element in elements { table.add(row(element)) }
            return
        }
        for element in elements.prefix(Self.firstRows) { table.add(row(element)) }
        table.add(note: "… \(hidden) more are not shown; --verbose or --format json shows all …")
        for element in elements.suffix(Self.lastRows) { table.add(row(element)) }
    }

    // MARK: Findings

    private mutating func write(_ findings: [ReportDocument.Finding]) {
        guard !findings.isEmpty else { return }
        text += "\n" + options.style.paint("Findings", .heading) + "\n"
        guard findings.count > Self.mostFindings, !options.isVerbose else {
            for finding in findings { write(finding) }
            return
        }
        let kinds = Dictionary(grouping: findings, by: \.id)
        for id in Self.distinct(findings.map(\.id)) {
            let kind = kinds[id] ?? []
            for finding in kind.prefix(Self.fullFindingsEach) { write(finding) }
            let rest = kind.dropFirst(Self.fullFindingsEach)
            guard let first = rest.first else { continue }
            text += "\n  " + options.style.paint("\(first.severity.rawValue) \(id)", first.severity.role)
            text += ", \(rest.count) more\n"
            let places = Self.distinct(rest.compactMap { $0.virtualRouter?.escapedForTerminal })
            text += wrapped(shortened(places).joined(separator: ", "), width: Self.width, indent: 4)
        }
    }

    private mutating func write(_ finding: ReportDocument.Finding) {
        text += "\n  " + options.style.paint("\(finding.severity.rawValue) \(finding.id)", finding.severity.role)
        if let virtualRouter = finding.virtualRouter { text += "  \(virtualRouter.escapedForTerminal)" }
        text += "\n"
        text += wrapped(finding.summary.escapedForTerminal, width: Self.width, indent: 4)
        text += "    " + options.style.paint(extent(of: finding), .faint) + "\n"
        text += wrapped("Why: " + finding.explanation.escapedForTerminal, width: Self.width, indent: 4)
        text += wrapped("What to do: " + finding.remedy.escapedForTerminal, width: Self.width, indent: 4)
        writeEvidence(finding.evidence)
    }

    private func extent(of finding: ReportDocument.Finding) -> String {
        var extent = options.time.text(finding.start)
        if finding.end > finding.start { extent += ", for \((finding.end - finding.start).words(.table))" }
        if finding.ongoing { extent += ", ongoing" }
        if finding.count > 1 { extent += ", \(finding.count) times" }
        return extent
    }

    /// Frames as display filters of Wireshark, one a capture; of a live capture there is nothing to look at again.
    private mutating func writeEvidence(_ evidence: [FrameReference]) {
        for capture in Set(evidence.map(\.capture)).sorted() where !isLive(capture) {
            let frames = Set(evidence.filter { $0.capture == capture }.map(\.frame)).sorted()
            let numbers = frames.map { "\($0)" }.joined(separator: ", ")
            let source = document.captures.count > 1 ? " in \(name(ofCapture: capture))" : ""
            text += wrapped("Look at\(source): frame.number in {\(numbers)}", width: Self.width, indent: 4)
        }
    }

    private func isLive(_ capture: Int) -> Bool {
        document.captures.indices.contains(capture) && document.captures[capture].description.format == "live"
    }

    // MARK: Other protocols

    private mutating func writeOtherProtocols() {
        guard !document.otherProtocols.isEmpty else { return }
        let groups = document.otherProtocols.map { other in
            let place = other.segment.name == "untagged" ? "" : " on \(other.segment.name.escapedForTerminal)"
            let sources = other.sources.map(\.description).joined(separator: ", ")
            let hellos = Words.count(other.count, "hello")
            return "\(other.name.uppercased()) group \(other.group)\(place) (\(sources)), \(hellos)"
        }
        let line = "other first-hop protocols here: " + shortened(groups).joined(separator: "; ")
        text += "\n" + wrapped(line, width: Self.width, indent: 0)
    }

    // MARK: Captures

    private mutating func writeCaptures() {
        text += "\n" + options.style.paint("Capture", .heading) + "\n"
        for capture in document.captures { write(capture) }
        writeBlindSpots()
        if document.leftOut > 0 {
            let message = "\(document.leftOut) packets were left out because a limit of this program was reached."
            text += "  " + options.style.paint(message, .warning) + "\n"
        }
    }

    private mutating func write(_ capture: ReportDocument.Capture) {
        let description = capture.description
        var line = document.captures.count > 1 ? "\(capture.index): " : ""
        line += name(ofCapture: capture.index) + " (\(description.format)"
        if !description.linkTypes.isEmpty { line += ", " + description.linkTypes.joined(separator: ", ") }
        line += "): \(Words.count(description.packets, "packet"))"
        if let first = description.firstPacket, let last = description.lastPacket {
            line += " from \(options.time.text(first)), \((last - first).words(.table))"
        }
        text += wrapped(line, width: Self.width, indent: 2)
        let counts = capture.counts
        var parts = [
            Words.count(counts?.adverts ?? 0, "advertisement"), "\(counts?.arp ?? 0) ARP",
            Words.count(counts?.neighborAdvertisements ?? 0, "neighbor advertisement"),
        ]
        if let carp = counts?.carp, carp > 0 { parts.append("\(carp) CARP") }
        if let malformed = counts?.malformed, malformed > 0 { parts.append("\(malformed) malformed") }
        parts.append(description.dropped.map { "\($0) dropped" } ?? "drops not recorded")
        text += wrapped(parts.joined(separator: ", "), width: Self.width, indent: 4)
        for problem in description.problems {
            let place = [problem.offset.map { "offset \($0)" }, problem.frame.map { "frame \($0)" }]
                .compactMap { $0 }.joined(separator: ", ")
            let message = (place.isEmpty ? "" : place + ": ") + problem.message.escapedForTerminal
            let lines = wrapped("\(problem.kind): \(message)", width: Self.width, indent: 4)
            text += options.style.paint(String(lines.dropLast()), .warning) + "\n"
        }
    }

    private mutating func writeBlindSpots() {
        for spot in document.blindSpots.prefix(Self.firstRows) {
            let line =
                "Could not see from \(options.time.text(spot.start)) for \((spot.end - spot.start).words(.table)): "
            text += "  " + options.style.paint(line + spot.reason.text, .warning) + "\n"
        }
        if document.blindSpots.count > Self.firstRows {
            text += "  … and \(document.blindSpots.count - Self.firstRows) more such stretches\n"
        }
    }

    // MARK: Words

    private func name(ofCapture index: Int) -> String {
        guard document.captures.indices.contains(index) else { return "capture \(index)" }
        let source = document.captures[index].description.source
        return source == "-" ? "standard input" : source.escapedForTerminal
    }

    private func reference(_ reference: FrameReference) -> String {
        document.captures.count > 1 ? "\(reference.capture):\(reference.frame)" : "\(reference.frame)"
    }

    /// The last priorities above 0, in the order of their changes.
    private static func priorities(of router: ReportDocument.Router) -> String {
        var values: [UInt8] = []
        for change in router.priorities where change.value > 0 && values.last != change.value {
            values.append(change.value)
        }
        guard values.count > 4 else { return values.map(String.init).joined(separator: "→") }
        return "…→" + values.suffix(3).map(String.init).joined(separator: "→")
    }

    /// Each name once, in the order of its first appearance.
    private static func distinct(_ names: [String]) -> [String] {
        var seen: Set<String> = []
        return names.filter { seen.insert($0).inserted }
    }

    private static func first(of names: [String]) -> String {
        guard names.count > 1 else { return names.first ?? "" }
        return "\(names[0]) +\(names.count - 1)"
    }

    private static func announcement(_ announced: ReportDocument.Announced?) -> String {
        guard let announced else { return "" }
        let after = announced.firstAfter.map { " in \($0.inMilliseconds)" } ?? ""
        return "\(announced.addresses)/\(announced.of)\(after)"
    }
}

extension ReportDocument {
    fileprivate var virtualRouterCount: Int { virtualRouters.count + otherVirtualRouters.count }

    /// The outcome in one line: `1 virtual router, 5 master changes in 25.4 s; 1 critical, 0 warnings, 1 notice`.
    package var summaryLine: String {
        let changes = virtualRouters.reduce(otherVirtualRouters.changes) { $0 + $1.changes }
        var line = Words.count(virtualRouterCount, "virtual router") + ", "
        line += Words.count(changes, "master change")
        if let start, let end { line += " in " + (end - start).words(.table) }
        line += "; \(count(of: .critical)) critical, "
        line += Words.count(count(of: .warning), "warning") + ", "
        return line + Words.count(count(of: .notice), "notice")
    }
}

extension BlindSpot.Reason {
    var text: String {
        switch self {
        case .dropped(let count): count > 0 ? "the capture dropped \(count) packets" : "the capture dropped packets"
        case .damaged: "the file is damaged there"
        case .betweenFiles: "no file covers it"
        case .linkDown: "the interface had no link"
        case .clockStep: "the clock was set"
        }
    }
}

extension Severity {
    var role: TextStyle.Role {
        switch self {
        case .critical: .critical
        case .warning: .warning
        case .notice: .notice
        }
    }
}

extension TimelineInterval.State {
    fileprivate var role: TextStyle.Role? {
        switch self {
        case .master: .good
        case .split, .none: .critical
        case .notObserved: .faint
        }
    }
}

extension Transition.Cause {
    var role: TextStyle.Role? {
        switch self {
        case .initial: .faint
        case .timeout, .resigned, .preempted, .demoted, .yielded: nil
        case .contested, .ended: .critical
        }
    }
}
