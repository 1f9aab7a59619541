/// The members of a `vrrpwatch.report/1` that these tests read.
struct Report: Decodable, Sendable {
    struct Capture: Decodable, Sendable {
        struct Problem: Decodable, Sendable {
            var kind: String
            var offset: Int?
            var message: String
        }

        var index: Int
        var packets: Int
        var adverts: Int
        var dropped: Int?
        var problems: [Problem]
    }

    struct VirtualRouter: Decodable, Sendable {
        struct Router: Decodable, Sendable {
            var address: String
            var advertIntervalMs: Double?
            /// As its configuration calls it.
            var name: String?
        }

        struct Stretch: Decodable, Sendable {
            var start: Instant
            var end: Instant
            var state: String
            var masters: [String]
        }

        var id: String
        var family: String
        var vrid: Int
        var routers: [Router]
        var timeline: [Stretch]
        var transitions: [Transition]
    }

    struct Transition: Decodable, Sendable {
        var time: Instant
        var from: [String]
        var to: [String]
        var cause: String
        var outageMs: Double?
        var boundMs: Double?
        var summary: String?
    }

    struct Finding: Decodable, Sendable {
        var id: String
        var severity: String
        var virtualRouter: String?
        var summary: String
    }

    var schema: String
    var captures: [Capture]
    var virtualRouters: [VirtualRouter]
    var findings: [Finding]
}
