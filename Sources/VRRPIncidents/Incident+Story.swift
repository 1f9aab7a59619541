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

    /// The state at the end: `over`, `ongoing`, or `over after 19.3 s` where the line does not tell the length.
    package var outcome: String {
        guard !isOngoing else { return "ongoing" }
        let isTold = !happenings[0].transitions.isEmpty || end - start < .milliseconds(1)
        return isTold ? "over" : "over after \(text(end - start))"
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
        let speakers = incident.happenings.flatMap(\.actors)
        let labels = distinct(speakers.map(\.label))
        guard incident.kind != .split, let first = labels.first, labels.count > 1 else { return names(labels) }
        // One machine may have an address in each family and on each segment.
        if let name = speakers[0].name, speakers.allSatisfy({ $0.name == name }) {
            return "\(name) (\(names(distinct(speakers.map(\.address.description)))))"
        }
        return "\(first) (also \(names(Array(labels.dropFirst()))))"
    }

    private var successors: String { names(distinct(incident.happenings.flatMap(\.successors).map(\.label))) }

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

    /// The number of those that moved late; empty for a single one, of which the times tell it.
    private var lateness: String {
        guard late > 0, moved.count > 1 else { return "" }
        return late == moved.count ? ", all of them late" : ", \(late) of them late"
    }

    /// `its 20 virtual routers`, or `14 of its 20 virtual routers` where nobody took over the others.
    private var movedSubject: String {
        guard !unanswered.isEmpty, isSeveral else { return subject(moved, "its") }
        return "\(moved.count) of its \(Words.count(incident.happenings.count, "virtual router"))"
    }

    /// The virtual routers that nobody took over: `its 6 virtual routers`, or `the other 6` behind ``movedSubject``.
    private var unansweredSubject: String {
        moved.isEmpty
            ? subject(unanswered, "its") : unanswered.count == 1 ? "the other one" : "the other \(unanswered.count)"
    }

    // MARK: The line

    var summary: String {
        switch incident.kind {
        case .routerLost, .isolated:
            let deed = incident.kind == .isolated ? "went on sending and was not heard" : "fell silent"
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
            return
                "\(actors) came back with priority \(to) instead of \(from) and took over \(subject()) from \(successors)"
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
            return "\(actors) was silent for \(text(outage)); nobody took over \(subject("its")) meanwhile"
        }
        return isSeveral ? "\(actors) was silent for so long that it nearly lost \(subject("its"))" : summary
    }

    /// The consequence for the addresses, in a clause.
    private var consequence: String {
        var clauses: [String] = []
        if !moved.isEmpty {
            let isTimed = unanswered.isEmpty && (late > 0 || outage >= .milliseconds(1))
            let time = isTimed ? " after \(isSeveral ? "up to " : "")\(text(outage))" : ""
            let isLate = late > 0 && lateness.isEmpty ? ", later than the timers allow" : lateness
            clauses.append("\(movedSubject) moved to \(successors)\(time)\(isLate)")
        }
        if !returned.isEmpty {
            clauses.append("nobody took over \(subject(returned)) until it came back after \(text(outage))")
        }
        if !unanswered.isEmpty { clauses.append("nobody took over \(unansweredSubject)") }
        return clauses.joined(separator: "; ")
    }

    // MARK: The story

    func sentences(_ time: (CaptureInstant) -> String) -> [String] {
        switch incident.kind {
        case .routerLost, .isolated:
            ["\(actors) was last heard at \(time(incident.start)) and did not resign."] + consequences(time)
                + afterwards(time)
        case .stall:
            ["\(period(time)): \(summary)."]
                + (isFound ? ["No other router took over, but a takeover was near."] : [])
        case .plannedHandover: [plan(time)] + consequences(time)
        case .routerReturned, .configurationChange:
            ["At \(time(incident.end)) \(summary).", "There was no interruption."]
        case .split: divided(time)
        case .addressConflict:
            ["\(period(time)): \(found)."]
        case .other: ["Between \(time(incident.start)) and \(time(incident.end)) \(summary)."]
        }
    }

    /// `From 11:05:59 to 11:06:18`, `At 11:05:59` where the two are the same, or `Since 11:05:59`.
    private func period(_ time: (CaptureInstant) -> String) -> String {
        let (start, end) = (time(incident.start), time(incident.end))
        return incident.isOngoing ? "Since \(start)" : start == end ? "At \(start)" : "From \(start) to \(end)"
    }

    private func plan(_ time: (CaptureInstant) -> String) -> String {
        if case .priority(let from, let to) = first.detail {
            return "At \(time(incident.start)) \(actors) lowered its priority from \(from) to \(to), as a router "
                + "does when a tracked interface or script fails."
        }
        return "At \(time(incident.start)) \(actors) resigned with priority 0, as a router does when it is stopped."
    }

    private func consequences(_ time: (CaptureInstant) -> String) -> [String] {
        var sentences: [String] = []
        if !moved.isEmpty {
            let worst = moved.compactMap(\.outage).max() ?? .zero
            let bound = moved.compactMap(\.bound).max()
            let gap =
                worst >= .milliseconds(1)
                ? " after \(moved.count > 1 ? "up to " : "")\(text(worst)) without a master\(lateness)"
                : " without interruption"
            let verdict = late > 0 && lateness.isEmpty ? ", so the takeover was late" : ""
            let allowed =
                worst >= .milliseconds(1) ? bound.map { "; the timers allow \(text($0))\(verdict)" } ?? "" : ""
            sentences.append("\(capital(movedSubject)) moved to \(successors)\(gap)\(allowed).")
        }
        if !returned.isEmpty {
            let worst = returned.compactMap(\.outage).max() ?? .zero
            sentences.append(
                "Nobody took over \(subject(returned)) for \(text(worst)), until \(actors) itself came back."
            )
        }
        return sentences + abandoned(time)
    }

    /// The sentence on what nobody took over.
    private func abandoned(_ time: (CaptureInstant) -> String) -> [String] {
        guard let until = unanswered.map(\.end).max() else { return [] }
        return ["Nobody had taken over \(unansweredSubject) by \(time(until))."]
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
            case .goesOn: " By its IP identification it sent nothing meanwhile and was not restarted."
            case .sentSome: " By its IP identification it was not restarted."
            case .sentOn: " By its IP identification it sent all the time: the path lost its advertisements."
            case .anew: " Its IP identification begins anew, as after a restart."
            }
        let name = incident.happenings.flatMap(\.actors).first?.label ?? "It"
        return ["\(name) was heard again at \(time(first.instant)).\(meaning)"]
    }

    private func divided(_ time: (CaptureInstant) -> String) -> [String] {
        var sentences: [String] = []
        let verb = incident.isOngoing ? "have been" : "were"
        sentences.append("\(period(time)) \(actors) \(verb) master of \(subject()) at the same time.")
        if let reason = incident.reason { sentences.append(capital(reason) + ".") }
        if !incident.isOngoing, !unanswered.isEmpty {
            sentences.append("After that nobody was master.")
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
