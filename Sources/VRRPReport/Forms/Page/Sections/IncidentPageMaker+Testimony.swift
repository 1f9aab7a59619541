internal import VRRPFacts
internal import VRRPTracker
internal import VRRPWire

extension IncidentPageMaker {
    /// The logs, each with its router and its clock.
    var logs: [Page.Problem] {
        document.testimony.logs.map { log in
            let text = log.words + log.problems.map { "; " + $0 }.joined()
            return Page.Problem(kind: log.label, text: Form.plain(text))
        }
    }

    /// The statements of logs in order of time; of very many the states.
    var sayings: (rows: [Page.Saying], note: String?) {
        let all = document.testimony.statements.enumerated().sorted { left, right in
            let (a, b) = (left.element.instant ?? .distantPast, right.element.instant ?? .distantPast)
            return a == b ? left.offset < right.offset : a < b
        }.map(\.element)
        var shown = all.count > limits.sayings ? all.filter(\.isState) : all
        shown = Array(shown.prefix(limits.sayings))
        let hidden = all.count - shown.count
        let rows = shown.map { saying in
            Page.Saying(
                time: saying.instant.map { time.text($0) } ?? "–",
                router: Form.name(saying.router),
                place: (saying.virtualRouter ?? saying.instance).map(Form.name) ?? "–",
                kind: saying.kind,
                text: saying.text
            )
        }
        return (rows, hidden > 0 ? "\(Words.count(hidden, "more statement")) are in the JSON form." : nil)
    }
}
