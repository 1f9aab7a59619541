internal import VRRPFacts
internal import VRRPTracker
internal import VRRPWire

/// The evidence for the cause of a change of master, in a sentence with numbers.
struct TransitionReason {
    private let transition: ReportDocument.Transition
    private let virtualRouter: ReportDocument.VirtualRouter

    init(_ transition: ReportDocument.Transition, of virtualRouter: ReportDocument.VirtualRouter) {
        self.transition = transition
        self.virtualRouter = virtualRouter
    }

    var text: String {
        let gained = transition.to.filter { !transition.from.contains($0) }
        let lost = transition.from.filter { !transition.to.contains($0) }
        switch transition.cause {
        case .initial:
            return "The capture holds no earlier advertisement, so it does not show who was master before."
        case .timeout:
            return "\(ranks(transition.from)) sent no advertisement\(time(" for ")), and no priority 0 before. "
                + (gained.isEmpty
                    ? "No other router took over."
                    : "A Backup takes over when its Master_Down_Interval\(bound(" of ")) has run out.")
                + lateness
        case .resigned where transition.to.isEmpty:
            return "\(names(lost)) sent an advertisement of priority 0, and no other router advertised after that."
        case .resigned where gained.isEmpty && lost.isEmpty:
            return
                "\(names(transition.to)) sent an advertisement of priority 0, and no other router advertised after that."
        case .resigned where gained.isEmpty:
            return "\(names(lost)) sent an advertisement of priority 0. \(ranks(transition.to)) "
                + "\(transition.to.count == 1 ? "was" : "were") master at the same time."
        case .resigned where transition.isUnseenResignation:
            return "\(names(gained)) took over\(time(" ")) after the last advertisement of \(names(lost)), "
                + "much sooner than after a silence and as soon as after a resignation. The capture does not hold the "
                + "advertisement of priority 0 itself."
        case .resigned:
            return "\(names(lost)) sent an advertisement of priority 0. A Backup then waits only for its "
                + "Skew_Time\(bound(", at most ")).\(lateness)"
        case .preempted:
            return "\(ranks(gained)) ranks above \(ranks(lost)), which had neither resigned nor fallen silent."
        case .demoted:
            let drop = transition.priorityDrop.map { ", \($0)," } ?? ""
            return "\(ranks(lost))\(drop) had lowered its own priority and so ranks below \(ranks(gained))."
        case .contested:
            return
                "\(ranks(gained)) advertised although \(ranks(transition.from)) had neither resigned nor fallen silent. "
                + "The capture holds no advertisement that makes \(names(transition.from)) yield."
        case .yielded:
            return
                "\(ranks(lost)) accepts the advertisements of \(ranks(transition.to)) and must yield to them."
        case .ended:
            return "The next advertisement of \(names(lost)) was due and did not come, though the capture could have "
                + "seen it. No other router advertised after that."
        }
    }

    private var lateness: String {
        guard transition.isLate, let outage = transition.outage, let bound = transition.bound else { return "" }
        return " It took \((outage - bound).inMilliseconds) longer than that."
    }

    private func time(_ lead: String) -> String {
        transition.outage.map { lead + $0.inMilliseconds } ?? ""
    }

    private func bound(_ lead: String) -> String {
        transition.bound.map { lead + $0.inMilliseconds } ?? ""
    }

    private func names(_ routers: [IPAddress]) -> String { Words.list(routers.map(\.description), none: "nobody") }

    /// `10.0.0.1 (priority 100)`, as it advertised then.
    private func ranks(_ routers: [IPAddress]) -> String {
        Words.list(
            routers.map { address in
                let own = virtualRouter.routers.filter { $0.address == address }.flatMap(\.priorities)
                let claims = own.filter { $0.value > 0 }
                let priority = claims.last { $0.since <= transition.instant } ?? claims.first
                return address.description + (priority.map { " (priority \($0.value))" } ?? "")
            },
            none: "nobody"
        )
    }
}

extension ReportDocument.Transition {
    /// The bounds of the instant of the change, in a sentence.
    func bounds(_ time: TimeStyle) -> String {
        "The change happened between \(time.text(earliest)) and \(time.text(latest)). The capture does not tell when."
    }
}
