internal import VRRPFacts
internal import VRRPFindings
internal import VRRPTracker
internal import VRRPWire

extension TextReport {
    /// The number of virtual routers that are named of many, where a line has room for them.
    private static let mostNamed = 3

    /// Writes the findings; many of one kind are one entry.
    mutating func write(_ findings: [ReportDocument.Finding]) {
        guard !findings.isEmpty else { return }
        text += "\n" + options.style.paint("Findings", .heading) + "\n"
        func kind(of finding: ReportDocument.Finding) -> String { "\(finding.severity.rawValue) \(finding.id)" }
        let kinds = Dictionary(grouping: findings, by: kind)
        var isBehindSummary = false
        for name in Self.distinct(findings.map(kind)) {
            let alike = kinds[name] ?? []
            let isSummary = alike.count >= Self.many && !options.isVerbose
            if !isSummary || !isBehindSummary { text += "\n" }
            isBehindSummary = isSummary
            guard !isSummary else {
                write(alike: alike)
                continue
            }
            for (number, finding) in alike.enumerated() {
                if number > 0 { text += "\n" }
                write(finding)
            }
        }
    }

    private mutating func write(_ finding: ReportDocument.Finding) {
        text += "  " + options.style.paint("\(finding.severity.rawValue) \(finding.id)", finding.severity.role)
        if let name = finding.name { text += "  \(name.title.escapedForTerminal)" }
        text += "\n"
        text += wrapped(finding.summary.escapedForTerminal, width: width, indent: 4)
        text += "    " + options.style.paint(extent(of: finding), .faint) + "\n"
        text += wrapped("Why: " + finding.explanation.escapedForTerminal, width: width, indent: 4)
        text += wrapped("What to do: " + finding.remedy.escapedForTerminal, width: width, indent: 4)
        writeEvidence(finding.evidence)
    }

    /// Writes findings of one kind as one entry, with the words of the first of them.
    ///
    /// The remedy is its first sentence, which says where to look; `explain` and the verbose form have all of it.
    private mutating func write(alike findings: [ReportDocument.Finding]) {
        let first = findings[0]
        let names = Self.distinct(findings.compactMap { $0.name?.title })
        let title = "\(first.severity.rawValue) \(first.id)"
        var rest = " (\(findings.count))"
        if !names.isEmpty { rest += ": \(named(names, room: width - 4 - title.count - rest.count))" }
        text += "  " + options.style.paint(title, first.severity.role) + rest + "\n"
        let areAllAlike = findings.allSatisfy { $0.summary == first.summary }
        let words = areAllAlike ? ": \(first.summary)" : ". The first: \(first.summary)"
        text += wrapped("\(extent(of: findings))\(words)".escapedForTerminal, width: width, indent: 4)
        guard first.severity > .notice else { return }
        text += wrapped(
            "What to do: " + Self.firstSentence(of: first.remedy).escapedForTerminal,
            width: width,
            indent: 4
        )
    }

    /// As many of the names as there is room for, and the number of the others.
    private func named(_ names: [String], room: Int) -> String {
        let lists = (1...Self.mostNamed).map { Words.list(names, atMost: $0).escapedForTerminal }
        return lists.last { $0.count <= room } ?? lists[0]
    }

    /// The text up to its first full stop that a space and another sentence follow.
    private static func firstSentence(of text: String) -> String {
        guard let end = text.firstRange(of: /\. [A-Z`]/) else { return text }
        return text[..<end.lowerBound] + "."
    }

    private func extent(of finding: ReportDocument.Finding) -> String {
        var extent = options.time.text(finding.start)
        if finding.end > finding.start { extent += ", for \((finding.end - finding.start).words(.prose))" }
        if finding.ongoing { extent += ", ongoing" }
        if finding.count > 1 { extent += ", \(finding.count) times" }
        return extent
    }

    /// The stretch from the first of some findings to the last.
    private func extent(of findings: [ReportDocument.Finding]) -> String {
        let start = findings.map(\.start).min() ?? .distantPast
        let end = findings.map(\.end).max() ?? start
        var extent = day == nil ? options.time.text(start, decimals: 0) : options.time.timeOfDay(start, decimals: 0)
        if end > start { extent += ", for \((end - start).words(.prose))" }
        let ongoing = findings.count(where: \.ongoing)
        if ongoing > 0 { extent += ongoing == findings.count ? ", ongoing" : ", \(ongoing) ongoing" }
        return extent
    }

    /// Writes frames as display filters of Wireshark, one a capture; of a live capture there is nothing to look at again.
    private mutating func writeEvidence(_ evidence: [FrameReference]) {
        for capture in Set(evidence.map(\.capture)).sorted() where !isLive(capture) {
            let frames = Set(evidence.filter { $0.capture == capture }.map(\.frame)).sorted()
            let numbers = frames.map { "\($0)" }.joined(separator: ", ")
            let source = document.captures.count > 1 ? " for \(name(ofCapture: capture))" : ""
            text += wrapped("Wireshark filter\(source): frame.number in {\(numbers)}", width: width, indent: 4)
        }
    }

    private func isLive(_ capture: Int) -> Bool {
        document.captures.indices.contains(capture) && document.captures[capture].description.format == .live
    }
}
