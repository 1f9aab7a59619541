internal import VRRPFacts
internal import VRRPFindings
internal import VRRPTracker
package import VRRPWire

extension Incident {
    /// The incident in one line, without the time.
    package var summary: String { IncidentWords(self).summary }

    /// The incident in two or three sentences.
    ///
    /// - Parameter time: the time of day of an instant, as `11:06:06`.
    /// - Returns: the sentences, with a space between them.
    package func story(_ time: (CaptureInstant) -> String) -> String {
        IncidentWords(self).sentences(time).joined(separator: " ")
    }

    /// The state at the end: `over after 3.65 s`, or that it lasts.
    package var outcome: String {
        guard !isOngoing else { return "not over" }
        let length = end - start
        return length >= .milliseconds(1) ? "over after \(text(length))" : "over"
    }
}

/// The words for an incident.
struct IncidentWords {
    private let incident: Incident
    private let first: Happening

    init(_ incident: Incident) {
        self.incident = incident
        first = incident.happenings[0]
    }

    // MARK: Parts of sentences

    /// The routers by their names and addresses: of a split all of them, else one and its other addresses.
    private var actors: String {
        let labels = distinct(incident.happenings.flatMap(\.actors).map(\.label))
        guard incident.kind != .split, let first = labels.first, labels.count > 1 else { return names(labels) }
        return "\(first) (also \(names(Array(labels.dropFirst()))))"
    }

    private var successors: String { names(distinct(incident.happenings.flatMap(\.successors).map(\.description))) }

    private func names(_ labels: [String]) -> String {
        guard labels.count > 3 else { return Words.list(labels, none: "nobody") }
        return Words.list(Array(labels.prefix(2)) + ["\(labels.count - 2) more addresses"])
    }

    private func distinct(_ labels: [String]) -> [String] {
        var known: Set<String> = []
        return labels.filter { known.insert($0).inserted }
    }

    private var isSeveral: Bool { incident.virtualRouters.count > 1 }

    /// `10.51.0.100`, `10.51.0.100 and 2 more addresses`, or `its 20 virtual routers`.
    private func subject(_ possessive: String = "") -> String { subject(incident.happenings, possessive) }

    private func subject(_ happenings: [Happening], _ possessive: String = "") -> String {
        guard happenings.count == 1, let one = happenings.first else {
            return (possessive.isEmpty ? "" : possessive + " ") + Words.count(happenings.count, "virtual router")
        }
        guard let address = one.addresses.first else {
            return one.virtualRouter.map { "virtual router \($0.vrid)" } ?? "the address"
        }
        let more = one.addresses.count - 1
        return more == 0 ? address.description : "\(address) and \(Words.count(more, "more address", "more addresses"))"
    }

    /// The virtual routers for which another router took over.
    private var moved: [Happening] { incident.happenings.filter(\.isMoved) }
    private var unanswered: [Happening] { incident.happenings.filter { $0.detail == .nobodyFollowed } }
    private var returned: [Happening] { incident.happenings.filter { $0.detail == .cameBackItself } }
    private var late: Int { incident.happenings.count(where: \.isLate) }
    private var outage: TimeSpan { incident.worstOutage ?? .zero }

    private var lateness: String {
        guard late > 0 else { return "" }
        guard isSeveral else { return ", late" }
        return late == incident.happenings.count ? ", all of them late" : ", \(late) of them late"
    }

    // MARK: The line

    var summary: String {
        switch incident.kind {
        case .routerLost, .isolated:
            let deed = incident.kind == .isolated ? "was not heard any more" : "fell silent"
            return "\(actors) \(deed); \(consequence)"
        case .stall: return stalled
        case .plannedHandover:
            if case .priority(let from, let to) = first.detail {
                return "\(actors) lowered its priority from \(from) to \(to); \(consequence)"
            }
            return "\(actors) resigned; \(consequence)"
        case .routerReturned:
            let deed = first.detail == .firstHeard ? "came up" : "came back"
            return "\(actors) \(deed) and took over \(subject()) from \(successors)"
        case .configurationChange:
            guard case .priority(let from, let to) = first.detail else { return "\(actors) took over \(subject())" }
            return "\(actors) came with priority \(to) instead of \(from) and took over \(subject()) from \(successors)"
        case .split:
            let length = incident.end - incident.start
            let verb = incident.isOngoing ? "have been" : "were"
            return "\(actors) \(verb) master of \(subject()) at the same time"
                + (length >= .milliseconds(1) ? " for \(text(length))" : "")
        case .addressConflict: return found
        case .other: return "\(subject()) moved from \(actors) to \(successors) while the capture could not see"
        }
    }

    private var found: String {
        guard case .found(let summary) = first.detail else { return "\(actors) claimed \(subject())" }
        return summary
    }

    private var isFound: Bool { first.transitions.isEmpty }

    private var stalled: String {
        guard case .found(let summary) = first.detail else {
            return "\(actors) fell silent for \(text(outage)), and nobody took over \(subject("its")) meanwhile"
        }
        return isSeveral ? "\(actors) was silent for so long that it nearly lost \(subject("its"))" : summary
    }

    /// The consequence for the addresses, in a clause.
    private var consequence: String {
        var clauses: [String] = []
        if !moved.isEmpty {
            let time =
                late > 0 || outage >= .milliseconds(1) ? " after \(isSeveral ? "up to " : "")\(text(outage))" : ""
            clauses.append(
                "\(subject(moved, "its")) moved to \(successors)\(unanswered.isEmpty ? time : "")\(lateness)"
            )
        }
        if !returned.isEmpty {
            clauses.append("nobody took over \(subject(returned)) until it came back after \(text(outage))")
        }
        if !unanswered.isEmpty {
            clauses.append(
                "nobody \(moved.isEmpty ? "took over" : "answers for") \(subject(unanswered, moved.isEmpty ? "its" : ""))"
            )
        }
        return clauses.joined(separator: ", ")
    }

    // MARK: The story

    func sentences(_ time: (CaptureInstant) -> String) -> [String] {
        switch incident.kind {
        case .routerLost, .isolated:
            ["\(actors) was last heard at \(time(incident.start)) and did not resign."] + consequences(time)
                + afterwards(time)
        case .stall:
            ["At \(time(incident.start)): \(summary)."]
                + (isFound ? ["No other router took over, but it was near."] : [])
        case .plannedHandover: [plan(time)] + consequences(time)
        case .routerReturned, .configurationChange:
            ["At \(time(incident.end)) \(summary).", "There was no interruption."]
        case .split: divided(time)
        case .addressConflict:
            ["From \(time(incident.start)): \(found)."] + (incident.isOngoing ? ["It goes on."] : [])
        case .other: ["Between \(time(incident.start)) and \(time(incident.end)) \(summary)."]
        }
    }

    private func plan(_ time: (CaptureInstant) -> String) -> String {
        if case .priority(let from, let to) = first.detail {
            return "At \(time(incident.start)) \(actors) lowered its own priority from \(from) to \(to), as a tracked "
                + "interface or script makes it do."
        }
        return
            "At \(time(incident.start)) \(actors) gave up mastership by priority 0, as a router that is stopped does."
    }

    private func consequences(_ time: (CaptureInstant) -> String) -> [String] {
        var sentences: [String] = []
        if !moved.isEmpty {
            let worst = moved.compactMap(\.outage).max() ?? .zero
            let bound = moved.compactMap(\.bound).max()
            let gap =
                worst >= .milliseconds(1)
                ? ": nobody was master for \(isSeveral ? "up to " : "")\(text(worst))"
                    + (bound.map { ", where the timers allow \(text($0))" } ?? "") : " without interruption"
            sentences.append("\(capital(subject(moved, "its"))) moved to \(successors)\(lateness)\(gap).")
        }
        if !returned.isEmpty {
            let worst = returned.compactMap(\.outage).max() ?? .zero
            sentences.append(
                "Nobody took over \(subject(returned)) for \(text(worst)), until \(actors) itself came back."
            )
        }
        if !unanswered.isEmpty {
            let until = unanswered.map(\.end).max() ?? incident.end
            sentences.append("Nobody has taken over \(subject(unanswered)) up to \(time(until)).")
        }
        return sentences
    }

    /// The sentence on what became of a master that fell silent.
    private func afterwards(_ time: (CaptureInstant) -> String) -> [String] {
        var heard: [(instant: CaptureInstant, numbering: Happening.Numbering)] = []
        for happening in incident.happenings {
            if case .heardAgain(let instant, let numbering) = happening.detail { heard.append((instant, numbering)) }
        }
        guard let first = heard.min(by: { $0.instant < $1.instant }) else { return [] }
        let told = heard.first { $0.numbering != .silent }?.numbering ?? .silent
        let meaning: String =
            switch told {
            case .silent: ""
            case .goesOn: "; its numbering shows that it sent nothing meanwhile and was not restarted"
            case .sentSome: "; its numbering shows that it was not restarted"
            case .sentOn: "; its numbering shows that it went on sending all the time, and the path lost it"
            case .anew: "; its numbering begins anew, as after a restart"
            }
        return ["It was heard again at \(time(first.instant))\(meaning)."]
    }

    private func divided(_ time: (CaptureInstant) -> String) -> [String] {
        var sentences: [String] = []
        if incident.isOngoing {
            sentences.append("Since \(time(incident.start)) \(actors) are all master of \(subject()).")
        } else {
            sentences.append(
                "From \(time(incident.start)) to \(time(incident.end)) \(actors) were master of \(subject()) at the same time."
            )
        }
        if let reason = incident.reason { sentences.append(capital(reason) + ".") }
        if !incident.isOngoing, !unanswered.isEmpty {
            sentences.append("Behind it nobody was master.")
        } else if !incident.isOngoing, first.kind == .split, !first.transitions.isEmpty {
            sentences.append("\(successors) remained master.")
        }
        return sentences
    }

    /// A sentence begins with a capital letter, an address stays as it is.
    private func capital(_ text: String) -> String {
        guard text.prefix(while: { $0 != " " }).allSatisfy(\.isLetter) else { return text }
        return text.prefix(1).uppercased() + text.dropFirst()
    }
}
