package import VRRPTracker
package import VRRPWire

/// The weight of a finding; the raw values are the words of reports.
package enum Severity: String, Hashable, Sendable, Comparable, CaseIterable {
    /// Worth knowing.
    case notice
    /// Will hurt sooner or later.
    case warning
    /// Hurts users now.
    case critical

    package static func < (left: Self, right: Self) -> Bool { left.rank < right.rank }

    private var rank: Int {
        switch self {
        case .notice: 0
        case .warning: 1
        case .critical: 2
        }
    }
}

/// One problem: a span of time and a count, however many packets showed it.
package struct Finding: Sendable {
    package var rule: Rule
    package var severity: Severity
    /// `nil` for findings about the capture as a whole.
    package var virtualRouter: VirtualRouterKey?
    /// The addresses of its virtual router, by which people know it; the catalogue fills them in.
    package var addresses: [IPAddress] = []
    package var routers: [IPAddress]
    package var start: CaptureInstant
    package var end: CaptureInstant
    /// Whether it still held at the end of the observation.
    package var ongoing: Bool
    package var count: Int
    /// One line.
    package var summary: String
    /// The reasons for the conclusion, in numbers.
    package var explanation: String
    /// The cause in a clause without its full stop, where the summary tells the effect only; else `nil`.
    package var cause: String?
    /// The remedy.
    package var remedy: String
    package var evidence: [FrameReference]
    /// The times of its occurrences, in order; empty for a finding that holds from ``start`` to ``end``.
    ///
    /// A report on a part of the time tells a finding only where it occurred then.
    package private(set) var occasions: [Occasion] = []

    /// The time of one occurrence.
    package struct Occasion: Hashable, Sendable {
        package var start: CaptureInstant
        package var end: CaptureInstant
    }

    /// The number of occasions that are kept; the last one then stands for all that follow.
    package static let mostOccasions = 1024

    package init(
        _ rule: Rule,
        severity: Severity? = nil,
        virtualRouter: VirtualRouterKey?,
        routers: [IPAddress] = [],
        from start: CaptureInstant,
        to end: CaptureInstant,
        ongoing: Bool = false,
        count: Int = 1,
        summary: String,
        explanation: String,
        cause: String? = nil,
        remedy: String? = nil,
        evidence: [FrameReference] = [],
        occasions: [Occasion] = []
    ) {
        self.rule = rule
        self.severity = severity ?? rule.severity
        self.virtualRouter = virtualRouter
        self.routers = routers
        self.start = start
        self.end = end
        self.ongoing = ongoing
        self.count = count
        self.summary = summary
        self.explanation = explanation
        self.cause = cause
        self.remedy = remedy ?? rule.page.remedy
        self.evidence = evidence
        self.occasions = Array(occasions.prefix(Self.mostOccasions))
        if occasions.count > Self.mostOccasions { self.occasions[Self.mostOccasions - 1].end = end }
    }

    /// Whether it occurred within a span of time.
    package func occurred(from: CaptureInstant, to: CaptureInstant) -> Bool {
        guard !occasions.isEmpty else { return start <= to && end >= from }
        return occasions.contains { $0.start <= to && $0.end >= from }
    }
}

extension Finding {
    /// The place of a finding among others: the gravest first, of one severity the circumstances last, then in order of time.
    package struct Rank: Comparable, Sendable {
        fileprivate var severity: Severity
        fileprivate var isCircumstance: Bool
        fileprivate var start: CaptureInstant

        package static func < (left: Self, right: Self) -> Bool {
            if left.severity != right.severity { return left.severity > right.severity }
            if left.isCircumstance != right.isCircumstance { return right.isCircumstance }
            return left.start < right.start
        }
    }

    package var rank: Rank { Rank(severity: severity, isCircumstance: rule.isCircumstance, start: start) }
}
