package import VRRPWire

/// One thing that a router said of itself.
package struct Statement: Hashable, Sendable {
    /// The subject of a statement; the raw values stand in the JSON report.
    package enum Kind: String, Hashable, Sendable, CaseIterable {
        // States.
        case master, backup, fault
        case initialize = "init"
        // The daemon's life.
        case started, stopped, died, reload
        // Reasons.
        /// It sent priority 0.
        case resigned
        /// No advertisement came for as long as it waits.
        case timeout
        /// A better advertisement came.
        case better = "higher-priority"
        /// A lesser advertisement came.
        case lesser = "lower-priority"
        /// An advertisement was refused.
        case rejected
        /// Something that it tracks changed.
        case tracking
        case interface
        /// Its own priority changed.
        case priority
        /// It was not run in time.
        case stalled
        /// It could not do what it wanted.
        case trouble

        /// Whether it says which state the instance is in from now on.
        package var isState: Bool {
            switch self {
            case .master, .backup, .fault, .initialize: true
            default: false
            }
        }

        /// Whether the daemon was not running before, or is not from now on.
        package var breaksOff: Bool { self == .started || self == .stopped || self == .died }
    }

    /// The line in the log, from 1; for a dump the number of the instance in it.
    package var line: Int
    /// The time in the log; `nil` where the line has none.
    package var stamp: Stamp?
    /// The time of the daemon's line before it; `nil` for the first.
    package var previous: Stamp?
    package var kind: Kind
    /// Whether the daemon was only just started when it said so.
    package var isInitial = false
    /// The name of the instance as the daemon's configuration has it.
    package var instance: String?
    package var vrid: UInt8?
    package var family: AddressFamily?
    /// The address that the router sends from, where the statement tells.
    package var address: IPAddress?
    /// The message without time, host and process; bytes that are no UTF-8 are replaced.
    package var text: String

    package init(line: Int, stamp: Stamp?, kind: Kind, text: String) {
        self.line = line
        self.stamp = stamp
        self.kind = kind
        self.text = text
    }
}
