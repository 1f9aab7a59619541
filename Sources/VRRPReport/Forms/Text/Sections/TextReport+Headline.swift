internal import VRRPFacts
internal import VRRPFindings
internal import VRRPIncidents
internal import VRRPTracker
internal import VRRPWire

extension TextReport {
    /// Writes what became of the users in a sentence, and what was counted in another.
    mutating func writeHeadline() {
        let role = document.gravest.map(\.role) ?? (document.nothingToJudge == nil ? .good : Severity.notice.role)
        for line in wrapped(headline.escapedForTerminal, width: width, indent: 0).split(separator: "\n") {
            text += options.style.paint(String(line), role) + "\n"
        }
        text += wrapped(document.summaryLine, width: width, indent: 0)
        writeChecks()
    }

    /// Writes the masters that were seen and the next things to check, where there is too little to judge and no finding says so.
    private mutating func writeChecks() {
        guard let nothing = document.nothingToJudge, !document.findings.contains(where: { $0.id == NoAdverts.rule.id })
        else { return }
        text += "\n" + wrapped("Seen: \(nothing.seen)".escapedForTerminal, width: width, indent: 0)
        text += options.style.paint("Check next", .heading) + "\n"
        for (index, check) in nothing.checks.enumerated() {
            text += wrapped("\(index + 1). \(check)".escapedForTerminal, width: width, indent: 2)
        }
    }

    private var headline: String {
        if let nothing = document.nothingToJudge {
            let judged = document.findingBesideNoAdverts.map { document.findings[$0].summary.asSentence + " " } ?? ""
            return judged + nothing.sentence(isElse: !judged.isEmpty)
        }
        let grave = document.incidents.filter { $0.severity != nil }
        guard !grave.isEmpty else { return untroubled }
        let ids = Self.distinct(grave.flatMap(\.virtualRouters))
        guard !ids.isEmpty else { return grave[0].summary.asSentence }
        let isOne = ids.count == 1
        let outage = grave.compactMap(\.worstOutage).max() ?? .zero
        let splits = grave.filter { $0.kind == .split }
        var clauses: [String] = []
        if let longest = splits.map({ $0.end - $0.start }).max() {
            let length = longest >= .milliseconds(1) ? " for \(upTo(splits.count))\(longest.words(.prose))" : ""
            clauses.append("had several masters at the same time\(length)")
        }
        if outage >= .milliseconds(1) {
            let count = grave.count { ($0.worstOutage ?? .zero) >= .milliseconds(1) }
            let times = isOne && count >= Self.many ? " \(count) times" : ""
            clauses.append("had no master\(times) for \(isOne && count == 1 ? "" : "up to ")\(outage.words(.prose))")
        }
        if clauses.isEmpty { clauses = ["\(isOne ? "was" : "were") in trouble: \(grave[0].summary)"] }
        let sentence = "\(subject(ids)) \(Words.list(clauses))"
        // What is graver than all that happened comes of it, and may last.
        if let finding = document.findings.first, finding.severity > grave.compactMap(\.severity).max() ?? .critical {
            return "\(sentence)\(finding.ongoing ? "." : outcome(grave, ids)) \(finding.summary.asSentence)"
        }
        return sentence + outcome(grave, ids)
    }

    private func upTo(_ count: Int) -> String { count > 1 ? "up to " : "" }

    /// `10.51.0.100 (VRID 51)`, `20 of 40 virtual routers`, `All 3 virtual routers`.
    private func subject(_ ids: [String]) -> String {
        guard ids.count > 1 else {
            return document.virtualRouters.first { $0.id == ids[0] }.map { document.name(of: $0).title } ?? ids[0]
        }
        guard ids.count < document.virtualRouterCount else {
            return ids.count == 2 ? "Both virtual routers" : "All \(ids.count) virtual routers"
        }
        return "\(ids.count) of \(document.virtualRouterCount) virtual routers"
    }

    /// The rest of the sentence: whether it is over, or how many have no master at the end.
    private func outcome(_ grave: [ReportDocument.Incident], _ ids: [String]) -> String {
        let ongoing = grave.filter(\.isOngoing)
        guard !ongoing.isEmpty else { return "; it is over." }
        let known = Set(ids)
        let without = document.virtualRouters.count {
            known.contains($0.id) && $0.timeline.last?.state == TimelineInterval.State.none
        }
        guard without > 0, !ongoing.contains(where: { $0.kind == .split }), document.otherVirtualRouters.count == 0
        else {
            return "; it was not over when the capture ended."
        }
        return ids.count == 1
            ? "; it had none when the capture ended." : "; \(without) had none when the capture ended."
    }

    /// The sentence where nobody was interrupted: what deserves attention all the same, or that all is well.
    private var untroubled: String {
        if let finding = document.findings.first, finding.severity > .notice {
            let lead =
                finding.severity == .critical
                ? "Nobody was interrupted so far, but this is critical"
                : "Nobody was interrupted, but this needs attention"
            return "\(lead): \(finding.summary) (\(finding.id))."
        }

        let count = document.virtualRouterCount
        let who = count == 1 ? "the virtual router" : "each of \(count) virtual routers"
        guard document.virtualRouters.contains(where: { $0.changes > 0 }) || document.otherVirtualRouters.changes > 0
        else { return "Nothing happened: as far as the capture shows, \(who) had one master all the time." + notice }
        return "Nobody was interrupted: each change of master went as planned." + notice
    }

    /// The notice that says most, as a sentence with a blank in front; empty for none.
    private var notice: String {
        document.findings.isEmpty ? "" : " " + Verdict.cause(document, of: nil).sentence
    }
}
