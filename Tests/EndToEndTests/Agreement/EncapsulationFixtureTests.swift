import Foundation
import Testing

/// `vrrpwatch` on captures that scapy made, one for each encapsulation, and Wireshark's reading of them.
@Suite struct EncapsulationFixtureTests {
    /// The members of a `vrrpwatch.packet/1` that these tests read.
    struct Packet: Decodable, Hashable {
        struct Outer: Decodable, Hashable {
            var source: String?
            var destination: String?
            var vlans: [Int]
        }

        struct Advertisement: Decodable, Hashable {
            var version: Int
            var vrid: Int
            var priority: Int
            var addresses: [String]
            var checksumKind: String
        }

        struct ARP: Decodable, Hashable {
            var senderMAC: String
            var senderIP: String
        }

        struct Stop: Decodable, Hashable {
            var reason: String
        }

        var frame: Int
        var vlans: [Int]
        var tunnel: String?
        var outer: Outer?
        var source: String?
        var `protocol`: String
        var vrrp: Advertisement?
        var arp: ARP?
        var stop: Stop?

        /// The line of fields that Wireshark must read as well.
        var line: String {
            if let arp { return "\(frame) arp \(arp.senderMAC) \(arp.senderIP)" }
            guard let vrrp else { return "\(frame) \(self.protocol)" }
            let addresses = vrrp.addresses.joined(separator: " ")
            return "\(frame) vrrp \(vrrp.version) \(vrrp.vrid) \(vrrp.priority) \(source ?? "-") \(addresses)"
        }
    }

    struct Expectation: Sendable {
        var tunnel: String?
        var vlans: [Int]
        var outerVLANs: [Int]
        /// The frames that Wireshark 4.0.17 does not read, or not to the end.
        var unreadElsewhere: Set<Int>

        init(
            _ tunnel: String? = nil,
            vlans: [Int] = [],
            outerVLANs: [Int] = [],
            unreadElsewhere: Set<Int> = []
        ) {
            self.tunnel = tunnel
            self.vlans = vlans
            self.outerVLANs = outerVLANs
            self.unreadElsewhere = unreadElsewhere
        }
    }

    static let folder = Fixture.package.appending(path: "Fixtures/Encapsulations")

    /// By the capture's name; `first-hop` is looked at by itself.
    static let expectations: [String: Expectation] = [
        "avs": Expectation(),
        "cisco-hdlc": Expectation(),
        "cisco-hdlc-as-ppp": Expectation(),
        "dot1ad": Expectation(vlans: [100, 10]),
        "erspan-1": Expectation("erspan", vlans: [10]),
        "erspan-2": Expectation("erspan:100", vlans: [10]),
        "erspan-2-trunk": Expectation("erspan:100", vlans: [20]),
        "erspan-3": Expectation("erspan:100", vlans: [10]),
        // It knows Ethernet alone inside of ERSPAN.
        "erspan-3-ip": Expectation("erspan:100", vlans: [10], unreadElsewhere: [1, 2, 3]),
        "erspan-3-subheader": Expectation("erspan:100", vlans: [10]),
        "geneve": Expectation("geneve:5001", vlans: [10]),
        "geneve-ip": Expectation("geneve:5001"),
        "geneve-options": Expectation("geneve:5001"),
        "gre": Expectation("gre", outerVLANs: [5]),
        "gre-bridged": Expectation("gre:9", vlans: [10]),
        "gre-ipv6": Expectation("gre"),
        // It looks for known vendors in MAC addresses, and 33:33 is none.
        "gre-mpls": Expectation("mpls:18", vlans: [10], unreadElsewhere: [2]),
        "gre-options": Expectation("gre:77"),
        "gre-routing": Expectation("gre:77"),
        "ip-in-ip": Expectation("ipip", outerVLANs: [5]),
        "ip-in-ipv6": Expectation("ipip"),
        "mpls-ip": Expectation("mpls:17000"),
        "mpls-pseudowire": Expectation("mpls:17000", vlans: [10], unreadElsewhere: [2]),
        // It takes the start of a multicast address for a control word.
        "mpls-pseudowire-bare": Expectation("mpls:17000", vlans: [10], unreadElsewhere: [2, 3]),
        "mpls-pseudowire-sequence": Expectation("mpls:17000", unreadElsewhere: [2]),
        "nested": Expectation("erspan:100", vlans: [10], outerVLANs: [8]),
        "ppp": Expectation(),
        "ppp-compressed": Expectation(),
        "ppp-hdlc": Expectation(),
        "pppoe": Expectation("pppoe:4660", outerVLANs: [35]),
        "pppoe-bare": Expectation("pppoe:4660"),
        "pptp": Expectation("pptp"),
        "priority-tag": Expectation(vlans: [0]),
        "prism": Expectation(),
        "qinq-deep": Expectation(vlans: Array(1...8)),
        // Of the older numbers for tags it knows 0x9100 alone.
        "qinq-old": Expectation(vlans: [300, 200, 10], unreadElsewhere: [1, 2, 3]),
        "radiotap": Expectation(),
        "radiotap-padded": Expectation(),
        "snap": Expectation(),
        "snap-bridge-tunnel": Expectation(),
        "vxlan": Expectation("vxlan:5001", vlans: [10], outerVLANs: [7]),
        "vxlan-gpe": Expectation("vxlan-gpe:5001"),
        "vxlan-gpe-ip": Expectation("vxlan-gpe:5001"),
        "vxlan-ipv6": Expectation("vxlan:5001"),
        "vxlan-linux": Expectation("vxlan:5001"),
        "vxlan-untagged": Expectation("vxlan:5001"),
        "wlan": Expectation(),
        "wlan-ad-hoc": Expectation(),
        "wlan-bridge": Expectation(),
        "wlan-qos": Expectation(),
        "wlan-to-system": Expectation(),
    ]

    @Test func everyCaptureIsExpected() {
        let names = captureFiles(below: Self.folder).map { URL(filePath: $0).deletingPathExtension().lastPathComponent }
        #expect(Set(names) == Set(Self.expectations.keys).union(["first-hop"]))
    }

    @Test(arguments: expectations.keys.sorted())
    func readsWhatIsInside(of name: String) async throws {
        let expected = try #require(Self.expectations[name])
        let packets = try await Self.packets(in: name)
        #expect(packets.count == (name == "snap-bridge-tunnel" ? 2 : 3))
        for packet in packets {
            #expect(packet.tunnel == expected.tunnel)
            #expect(packet.vlans == expected.vlans)
            #expect(packet.outer?.vlans ?? [] == expected.outerVLANs)
            #expect((packet.outer == nil) == (expected.tunnel == nil))
            #expect(packet.stop == nil)
            if let vrrp = packet.vrrp {
                #expect(["valid", "pseudo-header"].contains(vrrp.checksumKind))
            }
        }
        #expect(packets.first?.line == "1 vrrp 2 51 100 10.51.0.1 10.51.0.100")
        #expect(packets.dropFirst().first?.line == "2 vrrp 3 51 150 fe80::5:1 fe80::5:100")
        let last = ["3 arp 00:00:5e:00:01:33 10.51.0.100", "3 vrrp 3 51 120 10.51.0.2 10.51.0.100"]
        #expect(packets.dropFirst(2).allSatisfy { last.contains($0.line) })
    }

    @Test(
        .enabled(if: Tool.isInstalled("tshark"), "tshark is not installed; `.ci/setup test` installs it"),
        arguments: expectations.keys.sorted()
    )
    func readsWhatWiresharkReads(in name: String) async throws {
        let expected = try #require(Self.expectations[name])
        let ours = try await Self.packets(in: name)
        let rows = try await Self.rows(in: name)
        #expect(rows.count == ours.count)
        for (packet, row) in zip(ours, rows) {
            guard let line = row.line else {
                #expect(
                    expected.unreadElsewhere.contains(packet.frame),
                    "Wireshark reads nothing in frame \(packet.frame)"
                )
                continue
            }
            #expect(packet.line == line)
            let parts = packet.tunnel?.split(separator: ":") ?? []
            guard parts.count == 2, let kind = parts.first, let id = parts.last else { continue }
            #expect(row.tunnelID(of: String(kind)) == Int(id), "\(row.values)")
        }
    }

    @Test("the tunnel's number is part of the segment, the outer path is not")
    func segments() async throws {
        let outcome = try await Vrrpwatch.run(["analyze", "--format", "json"] + ["vxlan", "nested"].map(Self.path))
        let report = try JSONDecoder().decode(Report.self, from: Data(outcome.output))
        #expect(
            Set(report.virtualRouters.map(\.id)) == [
                "vxlan:5001/vlan10/ipv4/51", "vxlan:5001/vlan10/ipv6/51", "erspan:100/vlan10/ipv4/51",
                "erspan:100/vlan10/ipv6/51",
            ]
        )
        let object = try #require(JSONSerialization.jsonObject(with: Data(outcome.output)) as? [String: Any])
        let routers = try #require(object["virtualRouters"] as? [[String: Any]])
        let segment = try #require(routers.first?["segment"] as? [String: Any])
        #expect(segment["tunnel"] as? String == "vxlan:5001")
        #expect(segment["vlans"] as? [Int] == [10])
    }

    @Test("a line of text tells the way that a frame came")
    func text() async throws {
        let outcome = try await Vrrpwatch.run(["decode", "--utc", Self.path("vxlan")])
        #expect(
            outcome.text.contains(" [vlan 7 vxlan:5001 192.0.2.1 > 192.0.2.2] vlan 10 10.51.0.1 > 224.0.0.18: VRRPv2")
        )
    }

    @Test func otherProtocolsAreNamed() async throws {
        let packets = try await Self.packets(in: "first-hop")
        #expect(packets.map(\.protocol) == ["hsrp", "hsrp", "hsrp", "hsrp", "glbp"])
        #expect(packets.allSatisfy { $0.vrrp == nil && $0.arp == nil && $0.stop == nil })
        let report = try await Vrrpwatch.run(["analyze", Self.path("first-hop")]).text
            .split(separator: "\n").joined(separator: " ")
        #expect(report.contains("Other first-hop protocols here: HSRP group 1 (10.0.0.2), 2 hellos; HSRP group 300"))
        #expect(report.contains("GLBP group 7 (10.0.0.4), 1 hello"))
        let json = try await Vrrpwatch.run(["analyze", "--format", "json", Self.path("first-hop")])
        let object = try #require(JSONSerialization.jsonObject(with: Data(json.output)) as? [String: Any])
        let others = try #require(object["otherProtocols"] as? [[String: Any]])
        #expect(others.map { $0["protocol"] as? String } == ["hsrp", "hsrp", "glbp"])
        #expect(others.map { $0["count"] as? Int } == [2, 2, 1])
        #expect(others.map { $0["sources"] as? [String] } == [["10.0.0.2"], ["10.0.0.3", "fe80::3"], ["10.0.0.4"]])
    }

    // MARK: -

    static func path(_ name: String) -> String { folder.appending(path: name + ".pcap").path }

    private static func packets(in name: String) async throws -> [Packet] {
        let outcome = try await Vrrpwatch.run(["decode", "--format", "ndjson", path(name)])
        #expect(outcome.status == 0, "\(outcome.errors)")
        return try outcome.text.split(separator: "\n").map {
            try JSONDecoder().decode(Packet.self, from: Data($0.utf8))
        }
    }

    // MARK: Wireshark's view

    private static let fields = [
        "frame.number", "vrrp.version", "vrrp.virt_rtr_id", "vrrp.prio", "vrrp.ip_addr", "vrrp.ipv6_addr", "ip.src",
        "ipv6.src", "arp.src.hw_mac", "arp.src.proto_ipv4", "vxlan.vni", "geneve.vni", "gre.key", "erspan.spanid",
        "pppoe.session_id", "mpls.label",
    ]

    struct Row {
        var values: [String: [String]]

        /// The innermost value of a field.
        subscript(name: String) -> String? { values[name]?.last }

        var line: String? {
            guard let frame = self["frame.number"] else { return nil }
            if let mac = self["arp.src.hw_mac"], let address = self["arp.src.proto_ipv4"] {
                return "\(frame) arp \(mac) \(address)"
            }
            guard let version = self["vrrp.version"], let vrid = self["vrrp.virt_rtr_id"],
                let priority = self["vrrp.prio"]
            else { return nil }
            let addresses = (values["vrrp.ip_addr"] ?? []) + (values["vrrp.ipv6_addr"] ?? [])
            let source = self[self["vrrp.ipv6_addr"] == nil ? "ip.src" : "ipv6.src"] ?? "-"
            return "\(frame) vrrp \(version) \(vrid) \(priority) \(source) \(addresses.joined(separator: " "))"
        }

        func tunnelID(of kind: String) -> Int? {
            let fields = [
                "vxlan": "vxlan.vni", "vxlan-gpe": "vxlan.vni", "geneve": "geneve.vni", "gre": "gre.key",
                "erspan": "erspan.spanid", "pppoe": "pppoe.session_id", "mpls": "mpls.label",
            ]
            guard let text = fields[kind].flatMap({ self[$0] }) else { return nil }
            return text.hasPrefix("0x") ? Int(text.dropFirst(2), radix: 16) : Int(text)
        }
    }

    private static func rows(in name: String) async throws -> [Row] {
        // Port 8472 belongs to another protocol by its number, and to VXLAN by its use.
        let arguments =
            ["-n", "-r", path(name), "-d", "udp.port==8472,vxlan", "-T", "fields", "-E", "aggregator=;"]
            + fields.flatMap { ["-e", $0] }
        let text = try await Turnstile.shared.pass { try await Tool.run("tshark", arguments) }
        return text.split(separator: "\n").map { line in
            let columns = line.split(separator: "\t", omittingEmptySubsequences: false)
            let values = zip(fields, columns).map { ($0, $1.split(separator: ";").map(String.init)) }
            return Row(values: Dictionary(uniqueKeysWithValues: values))
        }
    }
}
