import Foundation
import Testing
import VRRPBundle
import VRRPCapture
import VRRPConfiguration
import VRRPFacts
import VRRPTestSupport
import VRRPWire

/// Bundles as they are made, read, damaged and forged.
@Suite struct RouterBundleTests {
    private static let contents = BundleContents(
        name: "node1",
        interfaces: ["eth0"],
        isMasked: true,
        configurations: [
            BundleContents.Configuration(
                daemon: "keepalived",
                path: "/etc/keepalived/keepalived.conf",
                configID: "main"
            )
        ],
        collected: "2026-11-22T11:05:23Z, packets of 20 s"
    )

    private static func member(_ name: String, _ text: String) -> BundleMember {
        BundleMember(name: name, source: "a command", status: "0", content: Array(text.utf8))
    }

    private static let members = [
        member(RouterBundle.Name.packets, "packets"),
        member("keepalived/etc/keepalived/keepalived.conf", "include conf.d/*.conf\n"),
        member(
            "keepalived/etc/keepalived/conf.d/a.conf",
            "vrrp_instance VI {\n interface eth0\n virtual_router_id 51\n virtual_ipaddress {\n  10.0.0.100\n }\n}\n"
        ),
        member(
            RouterBundle.Name.addresses,
            #"[{"ifname":"eth0","address":"02:00:00:00:00:01","addr_info":[{"local":"10.0.0.1","prefixlen":24},{"local":"fe80::1","prefixlen":64}]}]"#
        ),
        member(
            RouterBundle.Name.groups,
            #"[{"ifname":"eth0","maddr":[{"address":"224.0.0.1"}]},{"ifname":"eth1","maddr":[{"address":"224.0.0.18"}]}]"#
        ),
        member(RouterBundle.Name.settings, "net.ipv4.conf.all.rp_filter = 0\nnet.ipv4.conf.eth0.rp_filter = 1\n"),
        member(RouterBundle.Name.earlierRules, rules(counted: 3)),
        member(RouterBundle.Name.rules, rules(counted: 31)),
        member(
            RouterBundle.Name.iptables,
            "*filter\n[0:0] -A INPUT -j VRRP\n[7:280] -A VRRP -p vrrp -j DROP\n[1:40] -A OUTPUT -p 112 -j REJECT\nCOMMIT\n"
        ),
        member(RouterBundle.Name.journal, "MESSAGE=Entering MASTER STATE\n"),
    ]

    private static func rules(counted: Int) -> String {
        #"{"nftables":[{"chain":{"family":"inet","table":"f","name":"in","hook":"input","policy":"accept"}},"#
            + #"{"rule":{"family":"inet","table":"f","chain":"in","handle":4,"expr":[{"match":{"op":"==","left":"#
            + #"{"payload":{"protocol":"ip","field":"protocol"}},"right":112}},{"counter":{"packets":\#(counted),"bytes":1}},"#
            + #"{"drop":null}]}}]}"#
    }

    private static func archive(_ members: [BundleMember] = members) -> [UInt8] {
        RouterBundle.archive(contents, members, missing: [], remarks: [], time: 0)
    }

    private static func read(_ bytes: [UInt8]) throws(BundleError) -> RouterBundle {
        var place = 0
        return try RouterBundle { count in
            let part = Array(bytes[place..<min(bytes.count, place + count)])
            place += part.count
            return part
        }
    }

    @Test("what is collected is read again")
    func roundTrip() throws {
        let bundle = try Self.read(Self.archive())
        #expect(bundle.contents == Self.contents)
        #expect(bundle.packets == Array("packets".utf8))
        #expect(bundle.texts.count == Self.members.count - 1)
        #expect(bundle.damage == nil)
        #expect(bundle.remarks == [])
        #expect(bundle.logs.map(\.text) == ["MESSAGE=Entering MASTER STATE\n"])
    }

    @Test("configurations are read with what they include, under the router's name")
    func configurations() throws {
        let configurations = try Self.read(Self.archive()).configurations(of: "node1")
        #expect(configurations.map(\.name) == ["node1"])
        #expect(
            configurations.first?.files == [
                "node1:/etc/keepalived/keepalived.conf", "node1:/etc/keepalived/conf.d/a.conf",
            ]
        )
        #expect(configurations.first?.instances.first?.vrid == 51)
        #expect(configurations.first?.problems.isEmpty == true)
    }

    @Test("the state of the host is what its tools told")
    func state() throws {
        let state = try Self.read(Self.archive()).state
        #expect(state.addresses.map(\.description) == ["10.0.0.1", "fe80::1"])
        #expect(state.macs.map(\.description) == ["02:00:00:00:00:01"])
        #expect(state.groups?.map(\.description) == ["224.0.0.1"])
        #expect(state.joined == ["eth1"])
        #expect(state.networks.map(\.prefixLength) == [24, 64])
        #expect(state.strictInterfaces == ["eth0"])
        let nftables = HostState.Drop(
            program: "nftables",
            place: "chain in of table inet f",
            isOutgoing: false,
            packets: 31,
            meanwhile: 28
        )
        let input = HostState.Drop(
            program: "iptables",
            place: "chain VRRP of table filter",
            isOutgoing: false,
            packets: 7
        )
        let output = HostState.Drop(
            program: "iptables",
            place: "chain OUTPUT of table filter",
            isOutgoing: true,
            packets: 1
        )
        #expect(state.drops == [nftables, input, output])
    }

    @Test(
        "the kernel checks sources by the larger of the numbers for all and for the interface",
        arguments: [
            ("all.rp_filter = 0", "eth0.rp_filter = 1", true), ("all.rp_filter = 1", "eth0.rp_filter = 0", true),
            ("all.rp_filter = 1", "eth0.rp_filter = 2", false), ("all.rp_filter = 0", "eth0.rp_filter = 0", false),
            ("all.rp_filter = 1", "eth1.rp_filter = 1", false), ("all.arp_filter = 1", "eth0.arp_filter = 1", false),
        ]
    )
    func sourceChecks(all: String, own: String, isStrict: Bool) throws {
        let text = "net.ipv4.conf.\(all)\nnet.ipv4.conf.\(own)\n"
        let state = try Self.read(Self.archive([Self.member(RouterBundle.Name.settings, text)])).state
        #expect(state.strictInterfaces == (isStrict ? ["eth0"] : []))
    }

    @Test(
        "a network holds the addresses that begin as it does",
        arguments: [
            ("10.51.0.1", 24, "10.51.0.200", true), ("10.51.0.1", 24, "10.51.1.1", false),
            ("10.51.0.1", 0, "192.0.2.1", true), ("10.51.0.1", 32, "10.51.0.1", true),
            ("10.51.0.1", 32, "10.51.0.2", false), ("fe80::1", 64, "fe80::ffff", true),
            ("fe80::1", 64, "fe80:0:0:1::1", false), ("fd00::1", 127, "fd00::", true),
            ("fd00::1", 128, "fd00::", false),
            ("fd00::1", 0, "10.0.0.1", false),
        ]
    )
    func networks(address: String, length: Int, other: String, isIn: Bool) throws {
        let network = HostState.Network(try #require(IPAddress(text: address)), prefixLength: length)
        #expect(network.contains(try #require(IPAddress(text: other))) == isIn)
    }

    @Test("a chain that drops what no rule accepts is told of, where no rule accepts advertisements")
    func policies() throws {
        let chain = #"{"chain":{"family":"inet","table":"f","name":"in","hook":"input","policy":"drop"}}"#
        let accept =
            #"{"rule":{"family":"inet","table":"f","chain":"in","handle":4,"expr":[{"match":{"op":"==","left":{},"right":"vrrp"}},"#
            + #"{"accept":null}]}}"#
        func drops(_ items: String...) throws -> [HostState.Drop] {
            let text = "{\"nftables\":[\(items.joined(separator: ","))]}"
            return try Self.read(Self.archive([Self.member(RouterBundle.Name.rules, text)])).state.drops
        }
        #expect(try drops(chain).map(\.packets) == [nil])
        #expect(try drops(chain, accept) == [])
    }

    @Test("members that no bundle has are passed over and said, whatever their names")
    func hostileMembers() throws {
        let bundle = try Self.read(
            Self.archive([
                Self.member("../../etc/passwd", "x"), Self.member("/etc/cron.d/a", "x"), Self.member("a", "x"),
                Self.member("b", "x"), Self.member(RouterBundle.Name.packets, "p"),
            ])
        )
        #expect(bundle.texts == [:])
        #expect(bundle.packets == Array("p".utf8))
        #expect(bundle.remarks == ["passed over 4 members that no bundle has: ../../etc/passwd, /etc/cron.d/a, a, …"])
    }

    @Test(
        "other archives and files are no bundles",
        arguments: [[], Array("plain text".utf8), archive().dropFirst(512) + []]
    )
    func others(bytes: [UInt8]) {
        #expect(throws: BundleError("is no bundle", isDamage: false)) { try Self.read(bytes) }
    }

    @Test("a compressed bundle with any byte changed is read, damaged or none, and never more than was in it")
    func damage() throws {
        let members = Set(Self.members.map(\.content))
        let whole = try ZstandardFrame.compressed(Self.archive(), path: "test")
        let path = FileManager.default.temporaryDirectory.appending(path: "\(UUID().uuidString).vrrpbundle")
        defer { try? FileManager.default.removeItem(at: path) }
        for place in whole.indices {
            var bytes = whole
            bytes[place] ^= 0x41
            try Data(bytes).write(to: path)
            guard let file = try? PlainBytes(path: path.path) else { continue }
            let bundle = try? RouterBundle { count throws(BundleError) in
                do throws(CaptureError) {
                    return try file.read(upTo: count)
                } catch {
                    throw BundleError(error.detail)
                }
            }
            guard let bundle, bundle.damage == nil else { continue }
            // The checksum of the frame is not of what is changed: its header, or the checksum itself.
            for text in bundle.texts.values { #expect(members.contains(Array(text.utf8)), "byte \(place)") }
        }
    }

    @Test("a name may have letters, digits and three signs")
    func names() {
        #expect(BundleContents.name("node-1.example_a") == "node-1.example_a")
        #expect(BundleContents.name("../a b\u{1b}[1m") == ".._a_b__1m")
    }
}
