package import VRRPTestimony
package import VRRPTracker
package import VRRPWire

/// A router's own log, laid beside the wire.
package struct Witness: Sendable {
    /// The evidence for whose log it is; the raw values stand in the JSON report.
    package enum Identification: String, Hashable, Sendable {
        case address = "named by its address"
        case point = "named as a capture"
        case configuration = "named as a configuration"
        case own = "it states its address"
        case changes = "its changes agree with the wire"
    }

    /// The evidence for the offset of a log's clock; the raw values stand in the JSON report.
    package enum Clock: String, Hashable, Sendable {
        case adverts = "adverts that follow its statements"
        case capture = "the clock of the capture at the router"
    }

    /// A statement with its place on the axis of the report.
    package struct Placed: Sendable {
        package var statement: Statement
        /// By the report's clock where the log's clock could be compared, else by the log's; `nil` without a time.
        package var instant: CaptureInstant?
        /// The virtual router that it is about; `nil` where it is about all, or where that is open.
        package var virtualRouter: VirtualRouterKey?
    }

    /// The course of one virtual router by a log.
    package struct Course: Sendable {
        package var virtualRouter: VirtualRouterKey
        /// The router's position in it.
        package var router: Int
        /// In order of time.
        package var words: [Word]
    }

    /// A stretch in which the log stands by a state.
    package struct Word: Hashable, Sendable {
        package var start: CaptureInstant
        package var end: CaptureInstant
        /// One of the states.
        package var state: Statement.Kind
        /// Whether the log is silent, so that nobody knows whether the daemon still runs.
        package var isStale: Bool
    }

    package var source: String
    package var name: String?
    package var form: Testimony.Form
    package var lines: Int
    package var leftOut: Int
    /// The address of the router; `nil` where that is open.
    package var at: IPAddress?
    package var how: Identification?
    /// The time by which the log's clock is ahead of the report's; `nil` where nothing allows to compare them.
    package var clockOffset: TimeSpan?
    /// The time by which the offset may be wrong.
    package var clockOffsetError: TimeSpan?
    /// The part of the offset that is a time zone which the log does not state.
    package var zone: TimeSpan
    package var clock: Clock?
    /// The number of statements that adverts follow.
    package var matches: Int
    /// The step in which the log tells time.
    package var resolution: TimeSpan
    package var problems: [String]
    package var statements: [Placed]
    package var courses: [Course]
}
