internal import VRRPFacts
internal import VRRPFindings
internal import VRRPTracker
internal import VRRPWire

/// Turns a document into what the templates show, leaving out what nobody would read and saying so.
struct IncidentPageMaker {
    /// How much of what there is a page shows.
    private struct Limits {
        /// Virtual routers in detail.
        var detailed = 16
        var impactRows = 1000
        var openTransitions = 24
        var foldedTransitions = 40
        /// Up to how many findings all are shown in full.
        var fewFindings = 40
        /// How many of each kind are, where there are more.
        var fullFindingsEach = 3
        var foldedFindingsEach = 150
        var jitterRows = 100

        /// Nothing folds in Markdown, and trackers of tickets take no more than 65,536 characters.
        static let markdown = Self(
            detailed: 4,
            impactRows: 60,
            openTransitions: 16,
            foldedTransitions: 0,
            fewFindings: 16,
            fullFindingsEach: 1,
            foldedFindingsEach: 8,
            jitterRows: 24
        )
    }

    /// How many pictures of incidents there are on a page.
    private static let mostZooms = 36
    private static let mostStrips = 600
    private static let mostCharts = 16
    private static let mostCompared = 8
    private static let mostProblems = 50

    let document: ReportDocument
    let options: IncidentReport.Options
    let form: PageForm
    let impacts: [Impact]
    private let limits: Limits
    private let ranked: [Impact]
    /// The virtual routers shown in detail, by position, in the order of the document.
    private let detailed: [Int]

    init(_ document: ReportDocument, _ options: IncidentReport.Options, _ form: PageForm) {
        self.document = document
        self.options = options
        self.form = form
        limits = form == .html ? Limits() : .markdown
        impacts = document.impacts
        ranked = impacts.ranked
        detailed = ranked.prefix(limits.detailed).map(\.position).sorted()
    }

    private var time: TimeStyle { options.time }

    var span: String {
        guard let start = document.start, let end = document.end else { return "nothing was observed" }
        return "\(time.text(start)) to \(time.text(end)), \((end - start).words(.table))"
    }

    // MARK: Names

    private func title(_ virtualRouter: ReportDocument.VirtualRouter) -> String {
        form.plain(virtualRouter.title) + " (" + form.name(virtualRouter.id) + ")"
    }

    private func label(_ virtualRouter: ReportDocument.VirtualRouter) -> String {
        virtualRouter.id.escapedForTerminal
    }

    private func transitionAnchor(_ virtualRouter: Int, _ transition: Int) -> String {
        "change-\(virtualRouter)-\(transition)"
    }

    /// The anchors of transitions that have a row.
    private func anchors(of position: Int) -> Set<Int> {
        guard detailed.contains(position) else { return [] }
        let (open, folded) = split(document.virtualRouters[position].transitions)
        return Set((open + folded).map(\.offset))
    }

    func links(_ verdict: Verdict) -> [IncidentPage.Link] {
        var links: [IncidentPage.Link] = []
        if let finding = verdict.finding {
            links.append(IncidentPage.Link(anchor: "finding-\(finding)", label: "the finding with its evidence"))
        }
        if let position = verdict.virtualRouter, detailed.contains(position) {
            links.append(IncidentPage.Link(anchor: "timeline-\(position)", label: "when it happened"))
            links.append(IncidentPage.Link(anchor: "changes-\(position)", label: "every change of master"))
        }
        return links
    }

    private func duration(_ span: TimeSpan) -> String { span == .zero ? "0 s" : span.words(.table) }

    // MARK: Impact

    var impactGroups: [IncidentPage.Impacts] {
        let titles: [(Int, String)] = [
            (3, "With a critical finding"), (2, "With a warning"), (1, "With a notice"), (0, "Without a finding"),
        ]
        var rest = limits.impactRows
        return titles.compactMap { weight, title in
            let group = ranked.filter { $0.severity.weight == weight }
            guard !group.isEmpty else { return nil }
            let shown = group.prefix(rest)
            rest -= shown.count
            let hidden = group.count - shown.count
            return IncidentPage.Impacts(
                title: "\(title): \(Words.count(group.count, "virtual router"))",
                isOpen: weight == 3 || impacts.count <= limits.detailed,
                rows: shown.map(row),
                more: hidden > 0 ? "\(hidden) more are in the JSON form." : nil
            )
        }
    }

    private func row(_ impact: Impact) -> IncidentPage.Impacts.Row {
        let virtualRouter = document.virtualRouters[impact.position]
        let longest = impact.longest.map { virtualRouter.transitions[$0] }
        var outage = longest?.outage.map { $0.inMilliseconds } ?? "–"
        if let index = impact.longest, anchors(of: impact.position).contains(index) {
            outage = form.link(outage, to: transitionAnchor(impact.position, index))
        }
        let last = virtualRouter.timeline.last
        return IncidentPage.Impacts.Row(
            nameMarkup: detailed.contains(impact.position)
                ? form.link(form.name(virtualRouter.id), to: "timeline-\(impact.position)")
                : form.name(virtualRouter.id),
            addresses: virtualRouter.title,
            without: duration(impact.withoutMaster),
            several: duration(impact.severalMasters),
            failovers: "\(impact.failovers)",
            outageMarkup: outage,
            bound: longest?.bound.map { $0.inMilliseconds } ?? "–",
            isLate: longest?.isLate ?? false,
            notObserved: duration(impact.notObserved),
            state: last.map { $0.masters.isEmpty ? $0.state.rawValue : $0.masters.joinedByPlus } ?? "–"
        )
    }

    // MARK: Timelines

    var timelines: [IncidentPage.Timeline] {
        var zooms: [Int: [Incident]] = [:]
        var hidden: [Int: Int] = [:]
        var rest = Self.mostZooms
        for impact in ranked where detailed.contains(impact.position) {
            let (shown, others) = document.virtualRouters[impact.position].incidents
            zooms[impact.position] = Array(shown.prefix(rest))
            hidden[impact.position] = others + max(0, shown.count - rest)
            rest -= min(rest, shown.count)
        }
        return detailed.map { position in
            timeline(position, zooms[position] ?? [], hidden: hidden[position] ?? 0)
        }
    }

    private func timeline(_ position: Int, _ incidents: [Incident], hidden: Int) -> IncidentPage.Timeline {
        let virtualRouter = document.virtualRouters[position]
        let start = document.start ?? virtualRouter.timeline.first?.start ?? .distantPast
        let end = document.end ?? virtualRouter.timeline.last?.end ?? start
        let anchors = anchors(of: position)
        func picture(_ id: String, _ from: CaptureInstant, _ to: CaptureInstant, _ title: String) -> String {
            guard form == .html else { return "" }
            return TimelinePicture(virtualRouter, id: id, from: from, to: to, time).render(title: title)
        }
        func changes(_ window: (start: CaptureInstant, end: CaptureInstant)) -> [IncidentPage.Link] {
            virtualRouter.transitions.enumerated().filter { index, transition in
                anchors.contains(index) && transition.instant >= window.start && transition.instant <= window.end
            }.map { index, transition in
                let label = "change \(index + 1), \(transition.cause.rawValue)"
                return IncidentPage.Link(anchor: transitionAnchor(position, index), label: label)
            }
        }
        let name = label(virtualRouter)
        var notes: [String] = []
        if hidden > 0 { notes.append("\(Words.count(hidden, "more incident")) are not enlarged.") }
        let rows = virtualRouter.routers.count - TimelinePicture.mostRouters
        if rows > 0 { notes.append("\(Words.count(rows, "more router")) have no row.") }
        return IncidentPage.Timeline(
            anchor: "timeline-\(position)",
            titleMarkup: title(virtualRouter),
            label: "Timeline of \(name)",
            pictureMarkup: picture("whole-\(position)", start, end, "Who was master of \(name) when"),
            zooms: incidents.enumerated().map { index, incident in
                let window = virtualRouter.window(around: incident)
                let length = incident.end - incident.start
                let title =
                    time.text(incident.start) + (length == .zero ? "" : ", \(length.words(.table))") + ": "
                    + Words.count(incident.changes, "change") + " of master"
                let heading = "Enlarged: \(name) from \(time.text(window.start)) to \(time.text(window.end))"
                return IncidentPage.Timeline.Zoom(
                    title: title,
                    pictureMarkup: picture("zoom-\(position)-\(index)", window.start, window.end, heading),
                    changes: changes(window)
                )
            },
            note: notes.isEmpty ? nil : notes.joined(separator: " ")
        )
    }

    var stripsTitle: String {
        let others = document.virtualRouters.count - detailed.count
        return others > Self.mostStrips
            ? "\(Self.mostStrips) of \(others) more virtual routers, the gravest first"
            : "\(Words.count(others, "more virtual router")), the gravest first"
    }

    /// One row each for the virtual routers that are not shown in detail.
    var strips: [IncidentPage.Timeline] {
        guard form == .html else { return [] }
        return ranked.dropFirst(limits.detailed).prefix(Self.mostStrips).map { impact in
            let virtualRouter = document.virtualRouters[impact.position]
            let start = document.start ?? .distantPast
            let picture = TimelinePicture(
                virtualRouter,
                id: "strip-\(impact.position)",
                from: start,
                to: document.end ?? start,
                time,
                isStrip: true
            )
            return IncidentPage.Timeline(
                anchor: "",
                titleMarkup: "",
                label: "",
                pictureMarkup: picture.renderStrip(title: "Who was master of \(label(virtualRouter)) when"),
                zooms: [],
                note: nil
            )
        }
    }

    // MARK: Transitions

    var transitionsNote: String? {
        let hidden = document.virtualRouters.indices.filter { !detailed.contains($0) }
            .reduce(0) { $0 + document.virtualRouters[$1].changes }
        guard hidden > 0 else { return nil }
        return "\(Words.count(hidden, "change")) of master of other virtual routers are in the CSV and JSON forms."
    }

    var transitions: [IncidentPage.Transitions] {
        detailed.compactMap { position in
            let virtualRouter = document.virtualRouters[position]
            guard !virtualRouter.transitions.isEmpty else { return nil }
            let (open, folded) = split(virtualRouter.transitions)
            let hidden = virtualRouter.transitions.count - open.count - folded.count
            func rows(_ indices: [(offset: Int, element: ReportDocument.Transition)]) -> [IncidentPage.Transitions.Row]
            {
                indices.map { row($0.element, position, $0.offset) }
            }
            let title =
                hidden > 0
                ? "\(folded.count) more of \(hidden + folded.count); all are in the CSV and JSON forms"
                : "\(folded.count) more"
            return IncidentPage.Transitions(
                anchor: "changes-\(position)",
                titleMarkup: self.title(virtualRouter),
                label: "Changes of master of \(label(virtualRouter))",
                rows: rows(open),
                folded: folded.isEmpty ? nil : IncidentPage.Transitions.Folded(title: title, rows: rows(folded))
            )
        }
    }

    private typealias Numbered = [(offset: Int, element: ReportDocument.Transition)]

    /// All of a few; of many the gravest, and some of the others to unfold.
    private func split(_ transitions: [ReportDocument.Transition]) -> (open: Numbered, folded: Numbered) {
        let all = Array(transitions.enumerated())
        guard all.count > limits.openTransitions else { return (all, []) }
        let open = all.filter(\.element.isGrave).prefix(limits.openTransitions)
        let shown = Set(open.map(\.offset))
        let folded = all.filter { !shown.contains($0.offset) }.prefix(limits.foldedTransitions)
        return (Array(open), Array(folded))
    }

    private func row(
        _ transition: ReportDocument.Transition,
        _ position: Int,
        _ index: Int
    ) -> IncidentPage.Transitions.Row {
        let virtualRouter = document.virtualRouters[position]
        let announced = transition.announced.map { announced in
            "\(announced.addresses) of \(announced.of)"
                + (announced.firstAfter.map { " after \($0.inMilliseconds)" } ?? "")
        }
        return IncidentPage.Transitions.Row(
            anchor: transitionAnchor(position, index),
            number: "\(index + 1)",
            time: time.text(transition.instant),
            cause: transition.cause.rawValue,
            isGrave: transition.isGrave,
            from: transition.from.joinedByPlus,
            to: transition.to.joinedByPlus,
            outage: transition.outage.map { $0.inMilliseconds } ?? "–",
            bound: transition.bound.map { $0.inMilliseconds } ?? "–",
            announced: announced ?? "–",
            summaryMarkup: form.prose(transition.summary),
            whyMarkup: form.prose(TransitionReason(transition, of: virtualRouter).text),
            evidence: Evidence.all(transition.evidence, in: document, form)
        )
    }

    // MARK: Findings

    var findings: ([IncidentPage.Finding], [IncidentPage.MoreFindings]) {
        let numbered = Array(document.findings.enumerated())
        guard numbered.count > limits.fewFindings else { return (numbered.map { finding($1, $0) }, []) }
        var seen: [String: Int] = [:]
        var full: [IncidentPage.Finding] = []
        var order: [String] = []
        var rest: [String: [(offset: Int, element: ReportDocument.Finding)]] = [:]
        for (offset, element) in numbered {
            let count = seen[element.id, default: 0]
            seen[element.id] = count + 1
            if count < limits.fullFindingsEach {
                full.append(finding(element, offset))
            } else {
                if rest[element.id] == nil { order.append(element.id) }
                rest[element.id, default: []].append((offset, element))
            }
        }
        let more = order.map { id in
            let others = rest[id] ?? []
            let severity = others.first?.element.severity.rawValue ?? ""
            let hidden = others.count - limits.foldedFindingsEach
            return IncidentPage.MoreFindings(
                title: "\(severity) \(id): \(others.count) more",
                findings: others.prefix(limits.foldedFindingsEach).map { finding($0.element, $0.offset) },
                more: hidden > 0 ? "\(hidden) more are in the JSON form." : nil
            )
        }
        return (full, more)
    }

    private func finding(_ finding: ReportDocument.Finding, _ index: Int) -> IncidentPage.Finding {
        var extent = time.text(finding.start)
        if finding.end > finding.start { extent += ", for \((finding.end - finding.start).words(.table))" }
        if finding.ongoing { extent += ", ongoing at the end" }
        if finding.count > 1 { extent += ", \(finding.count) times" }
        return IncidentPage.Finding(
            anchor: "finding-\(index)",
            id: finding.id,
            severity: finding.severity.rawValue,
            symbol: finding.severity.symbol,
            placeMarkup: finding.virtualRouter.map(form.name) ?? "the capture",
            summaryMarkup: form.prose(finding.summary),
            extent: extent,
            whyMarkup: form.prose(finding.explanation),
            remedyMarkup: form.prose(finding.remedy),
            evidence: Evidence.all(finding.evidence, in: document, form)
        )
    }

    // MARK: Jitter

    var jitter: IncidentPage.Jitter {
        let all = ranked.flatMap { impact in
            document.virtualRouters[impact.position].routers.enumerated().map { (impact.position, $0, $1) }
        }.filter { $0.2.jitter.distribution != nil }
        let order = all.enumerated().sorted { left, right in
            let (a, b) = (trouble(left.element.2.jitter), trouble(right.element.2.jitter))
            return a == b ? left.offset < right.offset : a > b
        }.map(\.element)
        let hidden = order.count - limits.jitterRows
        let charts = order.prefix(form == .html ? Self.mostCharts : 0)
        return IncidentPage.Jitter(
            rows: order.prefix(limits.jitterRows).map { row($0.2, of: document.virtualRouters[$0.0]) },
            more: hidden > 0 ? "\(hidden) more routers are in the JSON form." : nil,
            charts: charts.map { position, index, router in
                let picture = DistributionPicture(router, id: "jitter-\(position)-\(index)")
                let virtualRouter = document.virtualRouters[position]
                return IncidentPage.Jitter.Chart(
                    titleMarkup: form.plain(router.address.description) + ", " + form.name(virtualRouter.id),
                    label: "\(router.address) of \(label(virtualRouter))",
                    cumulativeMarkup: picture.cumulative(),
                    histogramMarkup: picture.histogram()
                )
            },
            moreCharts: order.count > charts.count && form == .html
                ? "The \(charts.count) routers nearest to a failover are drawn, of \(order.count)." : nil
        )
    }

    /// How near a router came to losing mastership by its own lateness: the share of the others' patience it used up.
    private func trouble(_ jitter: ReportDocument.Jitter) -> Double {
        guard let distribution = jitter.distribution, jitter.patience > .zero else { return 0 }
        return distribution.maximum / jitter.patience
    }

    private func row(
        _ router: ReportDocument.Router,
        of virtualRouter: ReportDocument.VirtualRouter
    ) -> IncidentPage.Jitter.Row {
        let distribution = router.jitter.distribution
        let spans = [
            distribution?.mean, distribution?.standardDeviation, distribution?.p50, distribution?.p95,
            distribution?.p99, distribution?.maximum,
        ]
        let margin = distribution?.closestFailoverMargin
        return IncidentPage.Jitter.Row(
            placeMarkup: form.name(virtualRouter.id),
            router: router.label,
            samples: "\(router.jitter.samples)",
            spans: spans.map { $0?.millisecondFigure ?? "–" },
            late: "\(router.jitter.lateAdverts)",
            missed: "\(router.jitter.missedAdverts)",
            margin: margin?.millisecondFigure ?? "–",
            isNear: (margin ?? .zero) < router.jitter.interval,
            filterMarkup: form.code(filter(router, of: virtualRouter)),
            evidence: Evidence.all(router.jitter.longestGap, in: document, form)
        )
    }

    /// A display filter for all advertisements of a router.
    private func filter(_ router: ReportDocument.Router, of virtualRouter: ReportDocument.VirtualRouter) -> String {
        let field = router.address.family == .ipv4 ? "ip.src" : "ipv6.src"
        return "vrrp.virt_rtr_id == \(virtualRouter.vrid) && \(field) == \(router.address)"
    }

    // MARK: Comparisons

    var comparisonsNote: String? {
        let hidden = document.virtualRouters.count - detailed.count
        guard hidden > 0 else { return nil }
        return "\(Words.count(hidden, "more virtual router")) are in the JSON form; where their routers disagree "
            + "there is a finding."
    }

    var comparisons: [IncidentPage.Comparison] {
        detailed.map { position in
            let virtualRouter = document.virtualRouters[position]
            let routers = Array(virtualRouter.routers.prefix(Self.mostCompared))
            let hidden = virtualRouter.routers.count - routers.count
            return IncidentPage.Comparison(
                titleMarkup: title(virtualRouter),
                label: "What the routers of \(label(virtualRouter)) advertised",
                heads: routers.map { router in
                    IncidentPage.Comparison.Head(
                        router: router.label,
                        evidence: Evidence.all(router.evidence, in: document, form),
                        filterMarkup: form.code(filter(router, of: virtualRouter))
                    )
                },
                rows: rows(comparing: routers),
                note: hidden > 0 ? "\(Words.count(hidden, "more router")) are in the JSON form." : nil
            )
        }
    }

    private func rows(comparing routers: [ReportDocument.Router]) -> [IncidentPage.Comparison.Row] {
        func row(
            _ name: String,
            mustAgree: Bool,
            _ value: (ReportDocument.Router) -> String
        ) -> IncidentPage.Comparison.Row {
            let values = routers.map(value)
            return IncidentPage.Comparison.Row(
                name: name,
                cells: values.map { IncidentPage.Comparison.Cell(textMarkup: form.visible($0)) },
                differs: mustAgree && Set(values).count > 1
            )
        }
        func joined(_ values: [String], limit: Int = 8) -> String {
            let rest = values.count - limit
            return values.isEmpty
                ? "–" : values.prefix(limit).joined(separator: ", ") + (rest > 0 ? " and \(rest) more" : "")
        }
        let clocks = row("Clock behind the capture", mustAgree: false) { router in
            joined(router.clocks.map { $0.leastLag.inMilliseconds })
        }
        return [
            row("Priority", mustAgree: false) { router in
                joined(router.priorities.map { $0.value == 0 ? "0 (resigns)" : "\($0.value)" }, limit: 6)
            },
            row("VRRP version", mustAgree: true) { joined($0.versions.sorted().map(String.init)) },
            row("Interval", mustAgree: true) { $0.advertInterval.map(\.inExactSeconds) ?? "–" },
            row("Virtual addresses", mustAgree: true) { joined($0.addresses.map(\.description).sorted(), limit: 16) },
            row("Authentication", mustAgree: true) { $0.authentication.text(showsSecrets: options.showsSecrets) },
            row("Checksum", mustAgree: true) { $0.checksum },
            row("Sent by", mustAgree: true) { $0.delivery?.rawValue ?? "–" },
            row("MAC address", mustAgree: false) { joined($0.macs.map(\.description)) },
            row("Advertisements", mustAgree: false) { "\($0.adverts)" },
            row("First heard", mustAgree: false) { time.text($0.firstSeen) },
            row("Last heard", mustAgree: false) { time.text($0.lastSeen) },
            row("Master for", mustAgree: false) { duration($0.masterTime) },
        ] + (routers.contains { !$0.clocks.isEmpty } ? [clocks] : [])
    }

    // MARK: Captures

    var captures: [IncidentPage.Capture] {
        document.captures.map { capture in
            let description = capture.description
            let counts = capture.counts
            var span = "–"
            if let first = description.firstPacket, let last = description.lastPacket {
                span = "\(time.text(first)), \((last - first).words(.table))"
            }
            let hidden = description.problems.count - Self.mostProblems
            var problems = description.problems.prefix(Self.mostProblems).map(problem)
            if hidden > 0 {
                problems.append(IncidentPage.Problem(kind: "more", textMarkup: "\(hidden) more problems"))
            }
            return IncidentPage.Capture(
                anchor: "capture-\(capture.index)",
                nameMarkup: form.name(description.source == "-" ? "standard input" : description.source),
                form: ([description.format, description.compression].compactMap { $0 } + description.linkTypes)
                    .joined(separator: ", "),
                size: "\(description.bytes)",
                hashMarkup: description.sha256.map(form.code) ?? "not known",
                span: span,
                packets: "\(description.packets)",
                counts: [
                    Words.count(counts?.adverts ?? 0, "advertisement"), "\(counts?.arp ?? 0) ARP",
                    Words.count(counts?.neighborAdvertisements ?? 0, "neighbor advertisement"),
                    "\(counts?.carp ?? 0) CARP", "\(counts?.malformed ?? 0) malformed",
                ].joined(separator: ", "),
                drops: description.dropped.map { "\($0)" } ?? "not recorded",
                problems: problems
            )
        }
    }

    private func problem(_ problem: CaptureDescription.Problem) -> IncidentPage.Problem {
        var place = ""
        if let offset = problem.offset { place += "at byte \(offset): " }
        if let frame = problem.frame { place += "frame \(frame): " }
        return IncidentPage.Problem(kind: problem.kind, textMarkup: form.plain(place + problem.message))
    }

    var blindSpots: [IncidentPage.Problem] {
        document.blindSpots.prefix(Self.mostProblems).map { spot in
            let length = spot.end > spot.start ? ", for \((spot.end - spot.start).words(.table))" : ""
            return IncidentPage.Problem(
                kind: time.text(spot.start) + length,
                textMarkup: form.plain(spot.reason.text)
            )
        }
    }

    var capturesNote: String? {
        var notes: [String] = []
        let hidden = document.blindSpots.count - Self.mostProblems
        if hidden > 0 { notes.append("\(hidden) more such stretches are not listed.") }
        if document.leftOut > 0 {
            notes.append("\(document.leftOut) packets were left out because a limit of this program was reached.")
        }
        return notes.isEmpty ? nil : notes.joined(separator: " ")
    }
}

extension Severity {
    /// A sign beside the word and the colour.
    var symbol: String {
        switch self {
        case .critical: "✖"
        case .warning: "▲"
        case .notice: "●"
        }
    }
}
