import Foundation

/// The fields that Wireshark's dissector reads of a VRRP packet, and that must be the same in our reading.
struct VRRPFields: Hashable, CustomStringConvertible {
    struct Advertisement: Hashable {
        var version: Int
        var vrid: Int
        var priority: Int
        var addresses: [String]
        var intervalMs: Double
        var authentication: String
    }

    var frame: Int
    var time: Instant
    var vlans: [Int]
    var source: String
    var destination: String
    var ttl: Int
    /// `nil` where the packet is malformed, or CARP.
    var advertisement: Advertisement?

    var description: String {
        """
        #\(frame) \(time) vlans \(vlans) \(source) > \(destination) ttl \(ttl) \
        \(advertisement.map { "\($0)" } ?? "no advertisement")
        """
    }
}

enum Tshark {
    struct Packet {
        var fields: VRRPFields
        var protocols: [Substring]
        /// The dissector stopped early, so what it read of the advertisement cannot be compared.
        var isMalformed: Bool
    }

    struct UnexpectedField: Error {
        var name: String
        var value: String
    }

    private static let names = [
        "frame.number", "frame.time_epoch", "frame.protocols", "vlan.id", "ip.src", "ip.dst", "ip.ttl", "ipv6.src",
        "ipv6.dst", "ipv6.hlim", "vrrp.version", "vrrp.virt_rtr_id", "vrrp.prio", "vrrp.ip_addr", "vrrp.ipv6_addr",
        "vrrp.auth_type", "vrrp.adver_int", "vrrp.short_adver_int", "_ws.malformed",
    ]

    /// The VRRP packets of a capture file, as tshark reads them.
    ///
    /// An ICMP error that quotes a VRRP packet is not one: its addresses would be the router's that refused it.
    static func packets(in file: String) async throws -> [Packet] {
        let arguments =
            [
                "-n", "-r", file, "-Y", "vrrp && !icmp && !icmpv6", "-T", "fields", "-E", "occurrence=a", "-E",
                "aggregator=;",
            ]
            + names.flatMap { ["-e", $0] }
        let rows = try await Turnstile.shared.pass { try await Tool.run("tshark", arguments) }
        return
            try rows
            .split(separator: "\n")
            .map { try Packet(row: $0.split(separator: "\t", omittingEmptySubsequences: false)) }
    }

    /// One row: the values of each of `names`.
    struct Row {
        var values: [String: [Substring]]

        init(_ columns: [Substring]) throws {
            guard columns.count == names.count else {
                throw UnexpectedField(name: "row", value: columns.joined(separator: "|"))
            }
            let lists = columns.map { $0.split(separator: ";") }
            values = Dictionary(uniqueKeysWithValues: zip(names, lists))
        }

        subscript(name: String) -> [Substring] { values[name] ?? [] }

        /// The innermost value of a field that must be there.
        func text(_ name: String) throws -> String {
            guard let last = self[name].last else { throw UnexpectedField(name: name, value: "") }
            return String(last)
        }

        func number(_ name: String) throws -> Int {
            guard let number = try Int(text(name)) else { throw UnexpectedField(name: name, value: try text(name)) }
            return number
        }
    }
}

extension Tshark.Packet {
    init(row columns: [Substring]) throws {
        let row = try Tshark.Row(columns)
        protocols = try row.text("frame.protocols").split(separator: ":")
        isMalformed = !row["_ws.malformed"].isEmpty
        guard let time = Instant(epoch: try row.text("frame.time_epoch")) else {
            throw Tshark.UnexpectedField(name: "frame.time_epoch", value: try row.text("frame.time_epoch"))
        }
        let isIPv6 = protocols.last { $0 == "ip" || $0 == "ipv6" } == "ipv6"
        fields = VRRPFields(
            frame: try row.number("frame.number"),
            time: time,
            vlans: row["vlan.id"].compactMap { Int($0) },
            source: try row.text(isIPv6 ? "ipv6.src" : "ip.src"),
            destination: try row.text(isIPv6 ? "ipv6.dst" : "ip.dst"),
            ttl: try row.number(isIPv6 ? "ipv6.hlim" : "ip.ttl"),
            advertisement: isMalformed ? nil : try VRRPFields.Advertisement(row: row)
        )
    }
}

extension VRRPFields.Advertisement {
    init(row: Tshark.Row) throws {
        version = try row.number("vrrp.version")
        vrid = try row.number("vrrp.virt_rtr_id")
        priority = try row.number("vrrp.prio")
        addresses = (row["vrrp.ip_addr"] + row["vrrp.ipv6_addr"]).map(String.init)
        // Whole seconds in VRRPv2, hundredths in VRRPv3.
        if version == 3 {
            intervalMs = Double(try row.number("vrrp.short_adver_int")) * 10
            authentication = "none"
        } else {
            intervalMs = Double(try row.number("vrrp.adver_int")) * 1000
            let type = try row.number("vrrp.auth_type")
            authentication = [0: "none", 1: "simple-text", 2: "ah", 254: "cisco-md5"][type] ?? "unknown"
        }
    }

    init(_ record: PacketRecord.Advertisement) {
        version = record.version
        vrid = record.vrid
        priority = record.priority
        addresses = record.addresses
        intervalMs = record.advertIntervalMs
        authentication = record.authentication.type
    }
}
