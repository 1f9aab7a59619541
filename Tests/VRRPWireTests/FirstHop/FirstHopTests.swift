import Testing
import VRRPWire

/// HSRP and GLBP, which do as VRRP does; the bytes were held against tshark's reading of them.
@Suite struct FirstHopTests {
    static let version1 = hex("00 00 10 03 0a 6e 01 00 636973636f000000 0a000001")
    static let version2 = hex(
        "01 28 02 00 05 04 012c 020000000003 0000006e 00000bb8 00002710 0a000001000000000000000000000000"
    )
    static let glbp = hex(
        "01 00 0007 0000 020000000004 01 1c 00 20 00 69 0000 00000bb8 00002710 0258 3840 0000 01 04 0a000001"
    )

    private func ipv4(_ group: String, _ payload: [UInt8], ttl: String = "01", udp port: UInt16 = 1985) -> [UInt8] {
        let datagram = udp(port, payload)
        let header = hex("45c0") + bigEndian(UInt16(20 + datagram.count)) + hex("00010000" + ttl + "11 0000 0a000002")
        return link("0800", header + hex(group) + datagram)
    }

    private func hsrp(_ bytes: [UInt8]) -> HSRPPacket? {
        if case .hsrp(let packet) = Reading(bytes).payload { packet } else { nil }
    }

    @Test func hsrpVersion1() throws {
        let bytes = ipv4("e0000002", Self.version1)
        let packet = try #require(hsrp(bytes))
        #expect(packet.version == 1)
        #expect(packet.operation == .hello)
        #expect(packet.stateName == "active")
        #expect(packet.group == 1)
        #expect(packet.priority == 110)
        #expect(packet.virtualAddress == "10.0.0.1")
        let reading = Reading(bytes)
        #expect(reading.ip?.source == "10.0.0.2")
        #expect(reading.isRelevant)
        #expect(reading.stop == nil)
    }

    @Test func hsrpVersion2() throws {
        let packet = try #require(hsrp(ipv4("e0000066", Self.version2)))
        #expect((packet.version, packet.group, packet.priority) == (2, 300, 110))
        #expect(packet.stateName == "standby")
        #expect(packet.virtualAddress == "10.0.0.1")
        // Authentication in front, as type, length and value.
        let behind = try #require(hsrp(ipv4("e0000066", hex("0308 6369 7363 6f00 0000") + Self.version2)))
        #expect(behind == packet)
    }

    @Test func hsrpOverIPv6() throws {
        var values = Self.version2
        values[5] = 6
        values.replaceSubrange(26..<42, with: hex("fe800000000000000000000000000001"))
        let datagram = udp(2029, values)
        let header = hex("60000000") + bigEndian(UInt16(datagram.count)) + hex("11ff")
        let addresses = hex("fe800000000000000000000000000003 ff020000000000000000000000000066")
        let packet = try #require(hsrp(link("86dd", header + addresses + datagram)))
        #expect(packet.virtualAddress == "fe80::1")
        #expect(packet.group == 300)
    }

    @Test func glbp() {
        guard case .glbp(let packet) = Reading(ipv4("e0000066", Self.glbp, ttl: "ff", udp: 3222)).payload else {
            Issue.record("not read")
            return
        }
        #expect((packet.group, packet.priority) == (7, 105))
        #expect(packet.stateName == "active")
    }

    @Test(arguments: [
        (1, 0, "initial"), (1, 8, "standby"), (1, 3, "state 3"), (2, 0, "disabled"), (2, 6, "active"),
        (2, 9, "state 9"),
    ])
    func states(version: Int, state: Int, name: String) throws {
        var bytes = version == 1 ? Self.version1 : Self.version2
        bytes[version == 1 ? 2 : 4] = UInt8(state)
        #expect(hsrp(ipv4(version == 1 ? "e0000002" : "e0000066", bytes))?.stateName == name)
    }

    @Test("what is not said to the group is not HSRP, nor is what says nothing of a group's state")
    func others() {
        #expect(hsrp(ipv4("0a000003", Self.version1)) == nil)
        #expect(hsrp(ipv4("e0000002", hex("00 03") + Self.version1.dropFirst(2))) == nil)
        #expect(hsrp(ipv4("e0000066", hex("0204 00010001") + Array(repeating: 2, count: 60))) == nil)
        var learning = Self.version1
        learning.replaceSubrange(16..., with: hex("00000000"))
        #expect(hsrp(ipv4("e0000002", learning)).map { $0.virtualAddress == nil } == true)
        // A response without a hello.
        let response = Self.glbp.prefix(12) + hex("0204 0000")
        #expect(Reading(ipv4("e0000066", Array(response), udp: 3222)).payload == .none)
    }

    @Test("what speaks of an interface and no group is counted, unless a group's state is in it as well")
    func messagesAboutInterfaces() {
        func sidenote(_ bytes: [UInt8]) -> Sidenote? {
            DecodedFrame(bytes.span, linkType: .ethernet).sidenote
        }
        let interface = hex("0204 00010001")
        #expect(sidenote(ipv4("e0000066", interface)) == .hsrpInterfaceState)
        #expect(sidenote(ipv4("e0000002", hex("00 03 000a 01 00 0001 0000 00000000"))) == .hsrpAdvertise)
        #expect(sidenote(ipv4("e0000002", Self.version1)) == nil)
        #expect(sidenote(ipv4("e0000066", Self.version2)) == nil)
        #expect(hsrp(ipv4("e0000066", interface + Self.version2))?.group == 300)
    }

    @Test(arguments: [1, 2, 3])
    func neitherPrefixNorByteTraps(kind: Int) {
        let frames = [
            ipv4("e0000002", Self.version1), ipv4("e0000066", Self.version2),
            ipv4("e0000066", Self.glbp, udp: 3222),
        ]
        let frame = frames[kind - 1]
        for length in frame.indices {
            let reading = Reading(Array(frame.prefix(length)))
            #expect(reading.stop?.blamesCapture != false)
        }
        for index in frame.indices {
            var bytes = frame
            for value in UInt8.min...UInt8.max {
                bytes[index] = value
                _ = Reading(bytes)
            }
        }
    }
}
