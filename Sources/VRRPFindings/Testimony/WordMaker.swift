internal import VRRPTestimony
internal import VRRPWire

/// Makes stretches of the states that a log names one after the other.
///
/// A state holds until the log names another one. Where the daemon was started anew in between, or where the log ends, it
/// holds up to the last line before, and is stale from there on: a daemon that died does not say so.
struct WordMaker {
    /// The time of the log's last line.
    private let end: CaptureInstant
    /// The end of the observation.
    private let until: CaptureInstant
    private var words: [Witness.Word] = []
    private var current: (state: Statement.Kind, since: CaptureInstant)?

    init(end: CaptureInstant, until: CaptureInstant) {
        self.end = end
        self.until = until
    }

    mutating func take(_ statement: Statement, at instant: CaptureInstant, after previous: CaptureInstant?) {
        switch statement.kind {
        case .started: breakOff(at: instant, after: previous, to: nil)
        case .died: breakOff(at: instant, after: previous, to: .initialize)
        case .stopped: breakOff(at: instant, after: instant, to: .initialize)
        case .master, .backup, .fault, .initialize:
            if statement.isInitial {
                breakOff(at: instant, after: previous, to: statement.kind)
            } else if current?.state != statement.kind {
                breakOff(at: instant, after: instant, to: statement.kind)
            }
        // It is a Backup or gone from there on, and says which next.
        case .resigned where current?.state == .master: breakOff(at: instant, after: instant, to: .backup)
        default: break
        }
    }

    /// Ends the current state, which is known up to the line before.
    private mutating func breakOff(at instant: CaptureInstant, after known: CaptureInstant?, to next: Statement.Kind?) {
        if let current {
            add(current.state, from: current.since, known: known ?? current.since, to: instant)
        }
        current = next.map { ($0, instant) }
    }

    private mutating func add(
        _ state: Statement.Kind,
        from start: CaptureInstant,
        known: CaptureInstant,
        to end: CaptureInstant
    ) {
        let known = min(max(known, start), end)
        if known > start { words.append(Witness.Word(start: start, end: known, state: state, isStale: false)) }
        if end > known { words.append(Witness.Word(start: known, end: end, state: state, isStale: true)) }
    }

    mutating func finish() -> [Witness.Word] {
        if let current { add(current.state, from: current.since, known: end, to: max(until, end)) }
        return words
    }
}
