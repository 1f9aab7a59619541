internal import VRRPFacts
internal import VRRPTracker
internal import VRRPWire

/// The summary of a transition in one line.
struct TransitionSummary {
    private let transition: ReportDocument.Transition

    init(_ transition: ReportDocument.Transition) {
        self.transition = transition
    }

    var text: String {
        let gained = transition.to.filter { !transition.from.contains($0) }
        let lost = transition.from.filter { !transition.to.contains($0) }
        let staying = transition.to.filter(transition.from.contains)
        // Of several masters one may change while the others go on.
        guard gained.isEmpty || lost.isEmpty || staying.isEmpty else {
            return text(of: lost, gained) + "; \(list(staying)) \(staying.count == 1 ? "goes" : "go") on"
        }
        return text(of: transition.from, transition.to)
    }

    private func text(of before: [IPAddress], _ after: [IPAddress]) -> String {
        let (from, to) = (list(before), list(after))
        let gained = after.filter { !before.contains($0) }
        let lost = before.filter { !after.contains($0) }
        switch transition.cause {
        case .resigned where after.isEmpty: return "\(from) resigned and nobody took over"
        case .resigned where gained.isEmpty && lost.isEmpty:
            return "\(to) resigned and became master again" + measured()
        case .timeout where gained.isEmpty && lost.isEmpty:
            return "\(to) fell silent, nobody took over, and \(to) went on" + measured("after its last advertisement")
        case .resigned where gained.isEmpty:
            return "\(list(lost)) resigned; \(to) \(after.count == 1 ? "remains" : "remain") master"
        case .initial:
            return after.count == 1
                ? "\(to) is the first master in the capture"
                : "\(to) are the first masters in the capture"
        case .timeout:
            return "\(to) took over from \(from), which fell silent" + measured("after its last advertisement")
        case .resigned where transition.isUnseenResignation:
            return "\(to) took over from \(from), which must have resigned unseen"
                + measured("after its last advertisement")
        case .resigned:
            return "\(to) took over from \(from), which resigned" + measured("after the resignation")
        case .preempted: return "\(to) preempted \(from), which was alive but ranks lower" + measured()
        case .demoted:
            let reason = transition.priorityDrop ?? "which had lowered its own priority"
            return "\(to) took over from \(from), \(reason)" + measured()
        case .contested:
            let claims = gained.count == 1 ? "claims" : "claim"
            return "\(list(gained)) \(claims) mastership while \(from) \(before.count == 1 ? "goes" : "go") on"
        case .yielded:
            return after.count == 1
                ? "\(list(lost)) stepped down; \(to) remains master"
                : "\(list(lost)) stepped down; \(to) remain masters"
        case .ended: return "\(from) fell silent and nobody took over"
        }
    }

    private func measured(_ since: String? = nil) -> String {
        guard let outage = transition.outage, outage != .zero else { return "" }
        let allowed = transition.bound.map { " (the timers allow \($0.inMilliseconds))" } ?? ""
        guard let since else { return ", after \(outage.inMilliseconds) without a master\(allowed)" }
        return ", \(outage.inMilliseconds) \(since)\(allowed)"
    }

    private func list(_ addresses: [IPAddress]) -> String {
        let names = addresses.map { address in transition.names[address].map { "\($0) (\(address))" } ?? "\(address)" }
        return Words.list(names, none: "nobody")
    }
}
