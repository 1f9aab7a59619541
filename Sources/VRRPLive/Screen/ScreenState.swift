package import VRRPFindings
package import VRRPTracker
package import VRRPWire

/// The contents of the full-screen view as plain values: ``Screen/draw(_:_:style:)`` makes lines of them.
package struct ScreenState: Sendable {
    package enum MasterState: Sendable {
        case master, split
        case none
        /// Nobody was heard for longer than a takeover may take.
        case lost
        /// Nothing can be seen on its interface.
        case blind
        /// Nothing shows whether a silent master is still alive.
        case uncertain
    }

    /// A virtual router in the list.
    package struct Row: Sendable {
        /// The virtual addresses, by which people know it.
        package var addresses: [IPAddress]
        package var segment: String
        package var vrid: UInt8
        package var family: AddressFamily
        package var state: MasterState
        /// The masters, or the last one heard where there is none.
        package var masters: [IPAddress]
        package var priority: UInt8?
        /// For how long that has been so.
        package var since: TimeSpan?
        package var adverts: Int
        /// The time since the latest advertisement.
        package var gap: TimeSpan
        /// The masters of the last two minutes, a mark for each five seconds, the latest last; marks as in ``Strip/places``.
        package var recent: String
        /// The time until a Backup must have taken over from a master that is overdue, negative behind it; `nil` while the
        /// master is on time.
        package var takeover: TimeSpan?
        package var p99: TimeSpan?
        /// The time by which the longest gap could have been longer before another router took over.
        package var margin: TimeSpan?
        /// The cause of the latest change of the masters, while ``recent`` shows it.
        package var change: Transition.Cause?
        /// The open findings, the gravest first.
        package var findings: [(id: String, severity: Severity)]
    }

    /// The masters of the last minutes.
    package struct Strip: Sendable {
        /// A place for each ``slot``, the latest last: a router's letter, `!` for several masters, `-` for none, `?` for not
        /// observed, a space for before the first advertisement.
        package var places: String
        package var slot: TimeSpan
        package var letters: [(letter: Character, router: IPAddress)]
    }

    package enum View: Sendable {
        case list
        /// The lines about one virtual router.
        case details([String])
        case help
        /// The latest events.
        case log
    }

    /// The program and what it watches.
    package var title: String
    package var clock: String
    package var status: LiveStatus
    package var isPaused: Bool
    /// The text that rows must match; `nil` for all rows.
    package var filter: String?
    /// Whether the text is being typed.
    package var isTyping = false
    package var order = ScreenControl.Order.trouble
    /// Whether the latest events are shown below the list.
    package var showsLog = false
    /// Whether virtual routers are on several segments.
    package var hasSeveralSegments = false
    /// The rows that fit, or a few more.
    package var rows: [Row]
    /// The numbers of virtual routers before the first row and behind the last.
    package var above: Int
    package var below: Int
    /// The row that is selected.
    package var selection: Int?
    /// The strip of the virtual router that is selected.
    package var strip: Strip?
    package var view: View
    /// The number of lines of details that are scrolled out above, or of events that are scrolled out below.
    package var scroll: Int
    /// The latest events, a line each, the latest last.
    package var log: [String] = []

    package init(title: String, clock: String, status: LiveStatus) {
        self.title = title
        self.clock = clock
        self.status = status
        isPaused = false
        rows = []
        above = 0
        below = 0
        view = .list
        scroll = 0
    }
}

/// The size of a terminal in characters.
package struct ScreenSize: Hashable, Sendable {
    package var columns: Int
    package var rows: Int

    package init(columns: Int, rows: Int) {
        self.columns = columns
        self.rows = rows
    }
}
