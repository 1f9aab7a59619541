internal import VRRPFacts
internal import VRRPFindings
internal import VRRPIncidents
internal import VRRPWire

/// The outcome for people who were not there: the effect on users, and its cause by what the packets say.
///
/// A function of the findings and the impact alone.
package struct Verdict: Sendable {
    /// The effect on users.
    package var effect: String
    /// The cause, or the place to look at.
    package var cause: String
    /// The next things to check, where there is too little to judge.
    package var checks: [String] = []

    /// The position of the finding that `cause` is about.
    package var finding: Int?
    /// The position of the virtual router that `effect` is about.
    package var virtualRouter: Int?

    package init(_ document: ReportDocument, _ impacts: [Impact], _ time: TimeStyle) {
        if let nothing = document.nothingToJudge {
            let other = document.findingBesideNoAdverts
            effect =
                (other.map { document.findings[$0].summary.asSentence + " " } ?? "")
                + nothing.sentence(isElse: other != nil)
            cause = nothing.seen
            checks = nothing.checks
            finding = other ?? document.findings.firstIndex { $0.id == NoAdverts.rule.id }
            return
        }
        let several = impacts.filter { $0.several != nil }.max(\.severalMasters)
        // A time that rounds to nothing is not told.
        let without = impacts.filter { $0.withoutMaster >= .milliseconds(1) }.max(\.withoutMaster)
        effect = ""
        virtualRouter = (several ?? without)?.position
        effect = Self.effect(document, impacts, several, without, time)
        (cause, finding) = Self.cause(document, of: virtualRouter)
    }

    // MARK: The first sentence

    private static func effect(
        _ document: ReportDocument,
        _ impacts: [Impact],
        _ several: Impact?,
        _ without: Impact?,
        _ time: TimeStyle
    ) -> String {
        func name(_ impact: Impact) -> String { document.virtualRouters[impact.position].title }
        func rank(_ count: Int) -> String { count > 1 ? " (the worst of \(count) virtual routers)" : "" }
        var clauses: [String] = []
        if let several, let stretch = several.several {
            let count = impacts.count { $0.several != nil }
            clauses.append(
                "For \(several.severalMasters.words(.headline)) \(extent(stretch, time)), \(number(several.mostMasters)) "
                    + "routers answered for \(name(several)) at the same time\(rank(count))"
            )
        }
        if let without, let stretch = without.without {
            let count = impacts.count { $0.withoutMaster >= .milliseconds(1) }
            let length = without.withoutMaster.words(.headline)
            let subject = clauses.isEmpty || several?.position != without.position ? name(without) : "it"
            clauses.append(
                clauses.isEmpty
                    ? "For \(length) \(extent(stretch, time)), no router answered for \(subject)\(rank(count))"
                        + failovers(without)
                    : "for \(length) no router answered for \(subject)\(rank(count))"
            )
        }
        guard clauses.isEmpty else { return clauses.joined(separator: "; ") + "." }
        let length = document.start.flatMap { start in document.end.map { ($0 - start).words(.headline) } } ?? "0 s"
        let failovers = impacts.reduce(0) { $0 + $1.failovers }
        let subject =
            document.virtualRouters.count == 1
            ? document.virtualRouters[0].title : "every one of \(document.virtualRouters.count) virtual routers"
        guard failovers == 0 else {
            return "A router answered for \(subject) throughout the \(length) observed. "
                + "\(Words.count(failovers, "change")) of master interrupted nobody."
        }
        return "Exactly one router answered for \(subject) throughout the \(length) observed."
    }

    private static func failovers(_ impact: Impact) -> String {
        switch (impact.failovers, impact.endsWithoutMaster) {
        case (0, false): ""
        case (0, true): ", and no router was master when the capture ended"
        case (_, false): "; another router took over \(times(impact.failovers))"
        case (_, true):
            "; another router took over \(times(impact.failovers)), and no router was master when the capture ended"
        }
    }

    /// `from 11:05:23 on 2026-11-22`; the page names the time zone.
    private static func extent(_ stretch: Impact.Stretch, _ time: TimeStyle) -> String {
        let (start, end) = (time.timeOfDay(stretch.start, decimals: 0), time.timeOfDay(stretch.end, decimals: 0))
        let (date, last) = (time.date(stretch.start), time.date(stretch.end))
        guard stretch.count > 1 else { return "from \(start) on \(date)" }
        return date == last
            ? "in all, between \(start) and \(end) on \(date)"
            : "in all, between \(start) on \(date) and \(end) on \(last)"
    }

    private static func number(_ number: Int) -> String {
        number == 2 ? "two" : number == 3 ? "three" : "\(number)"
    }

    private static func times(_ number: Int) -> String {
        number == 1 ? "once" : number == 2 ? "twice" : "\(number) times"
    }

    // MARK: The second sentence

    /// The cause, or what deserves a look, as a sentence, and the position of the finding that it names.
    static func cause(_ document: ReportDocument, of virtualRouter: Int?) -> (sentence: String, finding: Int?) {
        let id = virtualRouter.map { document.virtualRouters[$0].id }
        let worst = document.worst
        let candidates = document.findings.enumerated().filter { $0.element.severity == worst }
        guard let best = candidates.min(by: { weight($0, id) < weight($1, id) }) else {
            let gravest = document.incidents.max { $0.severity.weight < $1.severity.weight }
            guard let gravest, gravest.severity != nil else { return ("Nothing was found that needs attention.", nil) }
            return ("The gravest incident: \(gravest.summary).", nil)
        }
        let others = document.findings.count - 1
        let rest =
            others > 0 ? " \(Words.count(others, "other finding")) \(others == 1 ? "is" : "are") below." : ""
        let lead: String =
            switch best.element.severity {
            case .critical: "The likely cause"
            case .warning: "The gravest finding"
            case .notice: "Worth knowing"
            }
        // A summary such as "two were master" repeats the effect; the finding then says the cause besides.
        let reason = best.element.cause ?? best.element.summary
        return ("\(lead): \(reason) (\(best.element.id)).\(rest)", best.offset)
    }

    /// The place of a finding among candidates: those about the virtual router in question first, among them causes before
    /// effects, then in the order of the document.
    private static func weight(
        _ finding: (offset: Int, element: ReportDocument.Finding),
        _ id: String?
    ) -> (Int, Int, Int) {
        let isElsewhere = id != nil && finding.element.virtualRouter != id
        let rank = Catalogue[finding.element.id]?.causeRank ?? Int.max
        return (isElsewhere ? 1 : 0, rank, finding.offset)
    }
}

extension [Impact] {
    /// The first with the greatest value.
    fileprivate func max(_ value: (Impact) -> TimeSpan) -> Impact? {
        reduce(nil) { best, impact in
            guard let best, value(best) >= value(impact) else { return impact }
            return best
        }
    }
}

extension ReportDocument {
    /// The position of the first finding above a notice that is about anything else than the want of advertisements.
    var findingBesideNoAdverts: Int? {
        findings.firstIndex { $0.id != NoAdverts.rule.id && $0.severity > .notice }
    }
}

extension String {
    /// The clause as a sentence, with a capital at its start and a full stop.
    var asSentence: String {
        // The name of a router stays as it is.
        let isWord = prefix { $0 != " " }.allSatisfy(\.isLetter)
        return (isWord ? prefix(1).uppercased() + dropFirst() : self) + "."
    }
}
