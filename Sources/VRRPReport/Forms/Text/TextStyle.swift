package import VRRPFindings
package import VRRPTracker

/// Colours for the roles that text plays, or none.
package enum TextStyle: Sendable {
    case plain
    /// Control sequences of ECMA-48, which every terminal knows.
    case ansi

    package enum Role: String {
        case heading = "1"
        case critical = "1;31"
        case warning = "33"
        case notice = "36"
        case good = "32"
        case faint = "2"
        case selected = "7"
    }

    /// The text in the colour of a severity.
    package func paint(_ text: String, _ severity: Severity) -> String { paint(text, severity.role) }

    /// The text in the colour of a cause, where it has one.
    package func paint(_ text: String, _ cause: Transition.Cause) -> String { paint(text, cause.role) }

    package func paint(_ text: String, _ role: Role?) -> String {
        guard self == .ansi, let role, !text.isEmpty else { return text }
        return "\u{1b}[\(role.rawValue)m\(text)\u{1b}[0m"
    }
}

extension Severity {
    var role: TextStyle.Role {
        switch self {
        case .critical: .critical
        case .warning: .warning
        case .notice: .notice
        }
    }
}

extension TimelineInterval.State {
    var role: TextStyle.Role? {
        switch self {
        case .master: .good
        case .split, .none: .critical
        case .notObserved: .faint
        case .uncertain: .warning
        }
    }
}

extension Transition.Cause {
    var role: TextStyle.Role? {
        switch self {
        case .initial: .faint
        case .timeout, .resigned, .preempted, .demoted, .yielded: nil
        case .contested, .ended: .critical
        }
    }
}
