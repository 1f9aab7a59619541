/// The members of a `vrrpwatch.packet/1` that these tests read.
struct PacketRecord: Decodable, Sendable {
    struct Advertisement: Decodable, Sendable {
        struct Authentication: Decodable, Sendable {
            var type: String
        }

        var version: Int
        var vrid: Int
        var priority: Int
        var advertIntervalMs: Double
        var addresses: [String]
        var authentication: Authentication
    }

    struct Stop: Decodable, Sendable {
        var layer: String
        var reason: String
    }

    var schema: String
    var frame: Int
    var time: Instant
    var vlans: [Int]
    var source: String?
    var destination: String?
    var ttl: Int?
    var `protocol`: String?
    var vrrp: Advertisement?
    var stop: Stop?
}
