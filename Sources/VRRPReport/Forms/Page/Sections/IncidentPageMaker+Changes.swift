internal import VRRPFacts
internal import VRRPTracker
internal import VRRPWire

extension IncidentPageMaker {
    var transitionsNote: String? {
        let hidden = document.virtualRouters.indices.filter { !detailed.contains($0) }
            .reduce(0) { $0 + document.virtualRouters[$1].changes }
        guard hidden > 0 else { return nil }
        return
            "\(Words.count(hidden, "change")) of master of other virtual routers \(hidden == 1 ? "is" : "are") in the CSV and "
            + "JSON forms."
    }

    var transitions: [Page.Transitions] {
        detailed.compactMap { position in
            let virtualRouter = document.virtualRouters[position]
            guard !virtualRouter.transitions.isEmpty else { return nil }
            let (open, folded) = split(virtualRouter.transitions)
            let hidden = virtualRouter.transitions.count - open.count - folded.count
            func rows(_ indices: [(offset: Int, element: ReportDocument.Transition)]) -> [Page.Transitions.Row] {
                indices.map { row($0.element, position, $0.offset) }
            }
            let title =
                hidden > 0
                ? "\(folded.count) more of \(hidden + folded.count); all are in the CSV and JSON forms"
                : "\(folded.count) more"
            return Page.Transitions(
                anchor: anchors.changes(position),
                title: self.title(virtualRouter),
                label: "Changes of master of \(label(virtualRouter))",
                rows: rows(open),
                folded: folded.isEmpty ? nil : Page.Transitions.Folded(title: title, rows: rows(folded))
            )
        }
    }

    typealias Numbered = [(offset: Int, element: ReportDocument.Transition)]

    /// The number of changes shown without unfolding where few or none of many are grave.
    private static var fewOpen: Int { 8 }

    /// All transitions of a few; of many the gravest, or those with the longest outages, and some of the others to unfold.
    func split(_ transitions: [ReportDocument.Transition]) -> (open: Numbered, folded: Numbered) {
        let all = Array(transitions.enumerated())
        guard all.count > limits.openTransitions else { return (all, []) }
        var open = Array(all.filter(\.element.isGrave).prefix(limits.openTransitions))
        if open.count < Self.fewOpen {
            let longest = all.sorted { left, right in
                let (a, b) = (left.element.outage ?? .zero, right.element.outage ?? .zero)
                if left.element.isGrave != right.element.isGrave { return left.element.isGrave }
                return a == b ? left.offset < right.offset : a > b
            }
            open = longest.prefix(Self.fewOpen).sorted { $0.offset < $1.offset }
        }
        let shown = Set(open.map(\.offset))
        let folded = all.filter { !shown.contains($0.offset) }.prefix(limits.foldedTransitions)
        return (open, Array(folded))
    }

    private func row(
        _ transition: ReportDocument.Transition,
        _ position: Int,
        _ index: Int
    ) -> Page.Transitions.Row {
        let virtualRouter = document.virtualRouters[position]
        let announced = transition.announced.map { announced in
            "\(announced.addresses) of \(announced.of)"
                + (announced.firstAfter.map { " after \($0.inMilliseconds)" } ?? "")
        }
        return Page.Transitions.Row(
            anchor: transitionAnchor(position, index),
            number: incidentAnchor(virtualRouter, index).map { Form.link("\(index + 1)", to: $0) }
                ?? "\(index + 1)",
            time: time.text(transition.instant),
            cause: transition.cause.rawValue,
            isGrave: transition.isGrave,
            outage: transition.outage.map { $0.inMilliseconds } ?? "–",
            bound: transition.bound.map { $0.inMilliseconds } ?? "–",
            announced: announced ?? "–",
            summary: Form.prose(transition.summary),
            why: Form.prose(
                TransitionReason(transition, of: virtualRouter).text
                    + (transition.isVague ? " " + transition.bounds(time) : "")
            ) + Form.plain(transition.reasons.map { " \(Self.capitalized($0))." }.joined()),
            evidence: Evidence.all(transition.evidence, in: document)
        )
    }

    /// A clause as the start of a sentence.
    private static func capitalized(_ clause: String) -> String { clause.prefix(1).uppercased() + clause.dropFirst() }
}
