internal import VRRPFacts
internal import VRRPFindings
internal import VRRPTracker
internal import VRRPWire

extension TextReport {
    mutating func write(_ findings: [ReportDocument.Finding]) {
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
        document.captures.indices.contains(capture) && document.captures[capture].description.format == .live
    }
}
