import Foundation

/// The members of a `vrrpwatch.event/1` that these tests read.
struct Event: Decodable, Sendable {
    struct Totals: Decodable, Sendable {
        var critical: Int
    }

    var schema: String
    var type: String
    var time: Instant
    var virtualRouter: String?
    var transition: Report.Transition?
    var finding: Report.Finding?
    var silentMs: Double?
    var boundMs: Double?
    /// The new state of an interface, in `link`.
    var state: String?
    var newName: String?
    /// The totals of the session, in `statistics`.
    var summary: Totals?
    var captures: [Report.Capture]?

    /// The event in a line of live output; other members than these are not looked at.
    init?(line: String, type: String) throws {
        let event = try JSONDecoder().decode(Event.self, from: Data(line.utf8))
        guard event.type == type else { return nil }
        self = event
    }
}
