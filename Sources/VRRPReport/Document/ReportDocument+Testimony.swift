internal import VRRPFacts
internal import VRRPFindings
internal import VRRPTestimony
internal import VRRPTracker
package import VRRPWire

extension ReportDocument {
    /// The routers' own logs, and their statements.
    package struct Testimony: Sendable {
        /// In the order in which they were given.
        package var logs: [Log] = []
        /// Log by log, in the order of each.
        package var statements: [Saying] = []

        package init() {}

        package var isEmpty: Bool { logs.isEmpty }
    }

    /// A log, a journal or a dump of states.
    package struct Log: Sendable {
        package var source: String
        package var name: String?
        package var form: String
        package var at: IPAddress?
        package var how: String?
        /// The time by which its clock is ahead of the report's, its time zone aside.
        package var clockOffset: TimeSpan?
        package var clockOffsetError: TimeSpan?
        /// The time by which its zone is ahead of the one that was assumed.
        package var zone: TimeSpan
        package var clock: String?
        /// The number of statements that adverts follow.
        package var matches: Int
        package var lines: Int
        package var statements: Int
        package var problems: [String]

        /// The name by which people know its router.
        package var label: String {
            guard let name else { return at?.description ?? source }
            return at.map { $0.description == name ? name : "\(name) (\($0))" } ?? name
        }
    }

    /// A statement of a log.
    package struct Saying: Sendable {
        /// The position of its log.
        package var log: Int
        package var router: String
        package var line: Int
        package var instant: CaptureInstant?
        package var virtualRouter: String?
        package var instance: String?
        /// The kind as its raw value.
        package var kind: String
        /// Whether it tells a state and not a reason.
        package var isState: Bool
        package var text: String
    }

    /// The course of a router of a virtual router by a log; in pictures only.
    package struct Lane: Sendable {
        package var router: IPAddress
        package var label: String
        package var words: [Word]

        /// A stretch in which the log stands by a state.
        package struct Word: Sendable {
            package enum State: String, Sendable { case master, backup, fault, stopped }

            package var start: CaptureInstant
            package var end: CaptureInstant
            package var state: State
            /// Whether the log is silent, so that nobody knows whether it still holds.
            package var isStale: Bool
        }
    }
}

extension ReportDocument.Testimony {
    /// Statements up to so long before and after the observation are told.
    private static let margin = TimeSpan.seconds(60)

    init(_ witnesses: Witnesses, _ names: ReportNames, from start: CaptureInstant?, to end: CaptureInstant?) {
        for (position, witness) in witnesses.all.enumerated() {
            let log = ReportDocument.Log(witness)
            logs.append(log)
            for placed in witness.statements {
                if let instant = placed.instant, let start, let end {
                    guard instant >= start - Self.margin, instant <= end + Self.margin else { continue }
                }
                let statement = placed.statement
                statements.append(
                    ReportDocument.Saying(
                        log: position,
                        router: witness.name ?? witness.at?.description ?? witness.source,
                        line: statement.line,
                        instant: placed.instant,
                        virtualRouter: placed.virtualRouter.map { names.id($0) },
                        instance: statement.instance,
                        kind: statement.kind.rawValue,
                        isState: statement.kind.isState,
                        text: statement.text
                    )
                )
            }
        }
    }
}

extension ReportDocument.Log {
    fileprivate init(_ witness: Witness) {
        source = witness.source
        name = witness.name
        form = witness.form.rawValue
        at = witness.at
        how = witness.how?.rawValue
        clockOffset = witness.clockOffset.map { $0 - witness.zone }
        clockOffsetError = witness.clockOffsetError
        zone = witness.zone
        clock = witness.clock?.rawValue
        matches = witness.matches
        lines = witness.lines
        statements = witness.statements.count + witness.leftOut
        problems = witness.problems
    }
}

extension ReportDocument.Lane {
    /// The lanes of a virtual router.
    static func all(of subject: Subject) -> [Self] {
        subject.testimony.map { witness, course in
            ReportDocument.Lane(
                router: subject.virtualRouter.routers[course.router].address,
                label: witness.name ?? witness.source,
                words: course.words.map { word in
                    Word(start: word.start, end: word.end, state: State(word.state), isStale: word.isStale)
                }
            )
        }
    }
}

extension ReportDocument.Lane {
    typealias State = Word.State
}

extension ReportDocument.Lane.Word.State {
    fileprivate init(_ kind: Statement.Kind) {
        switch kind {
        case .master: self = .master
        case .fault: self = .fault
        case .backup: self = .backup
        default: self = .stopped
        }
    }
}

extension ReportDocument.Transition {
    /// The time before a change in which a reason for it is looked for.
    private static let before = TimeSpan.seconds(5)
    /// The time after a change in which a router still tells of it.
    private static let after = TimeSpan.seconds(1)

    /// The reasons for a change by the logs of the routers concerned, a clause each: the last one of each around the change.
    static func reasons(for transition: VRRPTracker.Transition, in subject: Subject) -> [String] {
        subject.testimony.compactMap { witness, course in
            guard witness.clockOffset != nil,
                transition.from.contains(course.router) || transition.to.contains(course.router)
            else { return nil }
            let said = witness.statements.last { placed in
                guard let instant = placed.instant, isReason(placed.statement.kind),
                    placed.virtualRouter.map({ $0 == course.virtualRouter }) ?? true
                else { return false }
                return instant >= transition.instant - before && instant <= transition.instant + after
            }
            guard let said else { return nil }
            let router = witness.name ?? subject.virtualRouter.routers[course.router].address.description
            return "the log of \(router) says: \(said.statement.text)"
        }
    }

    private static func isReason(_ kind: Statement.Kind) -> Bool {
        switch kind {
        case .master, .backup, .fault, .initialize, .started, .reload, .rejected, .trouble, .lesser: false
        case .stopped, .died, .resigned, .timeout, .better, .tracking, .interface, .priority, .stalled: true
        }
    }
}
