/// Everything that one router said of itself in one log.
package struct Testimony: Hashable, Sendable {
    /// The forms of a log; the raw values stand in messages.
    package enum Form: String, Hashable, Sendable {
        case lines
        case journal = "journal export"
        case keepalivedDump = "keepalived.json"
        case frrDump = "show vrrp json"
    }

    /// The number of statements about states, and of others, that are kept.
    package static let mostStatements = 20_000

    /// The number of hosts whose lines of one text are told apart.
    package static let mostHosts = 64

    package var form = Form.lines
    /// The host that its lines name, without its domain; `nil` where they name none.
    package internal(set) var host: String?
    /// The number of lines, of entries of a journal, or of instances of a dump.
    package var lines = 0
    /// The lines of the daemon that bear a time.
    package var timedLines = 0
    /// In the order of the log.
    package internal(set) var statements: [Statement] = []
    /// The number of statements that were left out because there are too many.
    package internal(set) var leftOut = 0
    /// The times of the daemon's first and last line.
    package var first: Stamp?
    package var last: Stamp?
    /// The faults of the log, in clauses.
    package internal(set) var problems: [String] = []

    private var states = 0

    package init() {}

    /// Notes something that is wrong with the log, as a sentence.
    package mutating func note(problem: String) { problems.append(problem) }

    /// Adds a statement, unless there are too many of its sort.
    mutating func add(_ statement: Statement) {
        let others = statements.count - states
        guard (statement.kind.isState || statement.kind.breaksOff ? states : others) < Self.mostStatements else {
            leftOut += 1
            return
        }
        if statement.kind.isState || statement.kind.breaksOff { states += 1 }
        statements.append(statement)
    }
}
