internal import VRRPFacts
internal import VRRPFindings
internal import VRRPReport
internal import VRRPTracker
internal import VRRPWire

extension LiveSession {
    /// The number of changes of one virtual router that are shown.
    private static let mostChanges = 12

    /// Everything about one virtual router that a person on call asks first.
    func details(
        _ position: Int,
        _ now: CaptureInstant,
        _ size: ScreenSize,
        _ options: TextReport.Options
    ) -> [String] {
        let subject = subject(position)
        let virtualRouter = subject.virtualRouter
        let versions = virtualRouter.versions.versionsInWords
        var lines = [
            options.style.paint(
                names.name(virtualRouter.key, virtualRouter.addresses).title.escapedForTerminal,
                .heading
            ) + "  \(versions), virtual MAC \(virtualRouter.virtualMAC)",
            "\(names.id(virtualRouter.key).escapedForTerminal), "
                + "addresses \(virtualRouter.addresses.map(\.description).joined(separator: ", "))",
            "",
        ]
        lines += routers(subject, now, options.style)
        lines += ["", options.style.paint("Changes of master, the latest first", .heading)]
        for transition in subject.history.transitions.suffix(Self.mostChanges).reversed() {
            let transition = ReportDocument.Transition(transition, of: virtualRouter, subject.roster)
            let cause = options.style.paint(transition.cause.rawValue, transition.cause)
            lines.append("  \(options.time.text(transition.instant))  \(cause)  \(transition.summary)")
        }
        lines += ["", options.style.paint("Findings", .heading)]
        let findings = Catalogue.sorted(Catalogue.findings(in: subject))
        if findings.isEmpty { lines.append("  none") }
        for finding in findings {
            let title = options.style.paint("\(finding.severity.rawValue) \(finding.rule.id)", finding.severity)
            lines.append("  \(title)\(finding.ongoing ? "" : " (over)")")
            for text in [finding.summary, finding.explanation, "What to do: \(finding.remedy)"] {
                lines += wrapped(text.escapedForTerminal, width: size.columns, indent: 4).split(separator: "\n")
                    .map(String.init)
            }
        }
        return lines
    }

    private func routers(_ subject: Subject, _ now: CaptureInstant, _ style: TextStyle) -> [String] {
        var table = TextTable([
            ("ROUTER", .left), ("PRIO", .right), ("INTERVAL", .right), ("ADVERTS", .right), ("LAST", .right),
            ("P50", .right), ("P99", .right), ("LATE", .right), ("MISSED", .right), ("MASTER FOR", .right),
        ])
        for (index, router) in subject.virtualRouter.routers.enumerated() {
            let cadence = router.cadence
            let quantile = { (share: Double) in cadence.samples == 0 ? "-" : cadence.quantile(share).words(.cell) }
            let masterTime =
                subject.history.masterTime.indices.contains(index) ? subject.history.masterTime[index] : .zero
            table.add(
                [
                    router.address.description, "\(router.priorities.last?.value ?? 0)",
                    router.advertisementInterval.words(.cell), "\(router.adverts)",
                    (now - router.lastSeen).words(.cell),
                    quantile(0.5), quantile(0.99), "\(cadence.lateAdverts)", "\(cadence.missedAdverts)",
                    masterTime.words(.cell),
                ].map { TextTable.Cell($0) }
            )
        }
        var text = ""
        table.render(indent: 2, style: style, into: &text)
        return text.split(separator: "\n").map(String.init)
    }
}
