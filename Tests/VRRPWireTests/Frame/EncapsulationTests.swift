import Testing
import VRRPWire

/// Tunnels, serial lines and radio: what is inside is read as if it had come alone.
@Suite struct EncapsulationTests {
    @Test("the innermost frame is what counts", arguments: Encapsulation.all)
    func reading(through encapsulation: Encapsulation) {
        for inner in Encapsulation.inners where !(inner.isARP && encapsulation.isBareIP) {
            let plain = Reading(inner.frame)
            let reading = Reading(encapsulation.wrap(inner), linkType: encapsulation.linkType)
            #expect(reading.payload == plain.payload)
            #expect(reading.ip == plain.ip)
            #expect(reading.stop == nil)
            #expect(reading.isRelevant)
            #expect(reading.vlans == encapsulation.vlans)
            #expect(reading.tunnel == encapsulation.tunnel)
            #expect(reading.outer == encapsulation.outer)
            let hasAddresses = !encapsulation.isBareIP && !encapsulation.isWithoutAddresses
            #expect(reading.sourceMAC == (hasAddresses ? plain.sourceMAC : nil))
            #expect(reading.destinationMAC == (hasAddresses ? plain.destinationMAC : nil))
        }
    }

    @Test("a tunnelled frame that the capture cut short accuses nobody", arguments: Encapsulation.all)
    func prefixes(of encapsulation: Encapsulation) {
        for inner in Encapsulation.inners where !(inner.isARP && encapsulation.isBareIP) {
            let bytes = encapsulation.wrap(inner)
            for length in bytes.indices {
                let reading = Reading(Array(bytes.prefix(length)), linkType: encapsulation.linkType)
                #expect(reading.stop?.blamesCapture != false, "\(length) bytes: \(String(describing: reading.stop))")
                #expect(reading.message?.checksumKind != .invalid, "\(length) bytes")
            }
        }
    }

    @Test("no single byte, whatever its value, makes anything trap", arguments: Encapsulation.all)
    func mutations(of encapsulation: Encapsulation) {
        for inner in Encapsulation.inners.prefix(2) {
            var bytes = encapsulation.wrap(inner)
            for index in bytes.indices {
                let original = bytes[index]
                for value in UInt8.min...UInt8.max {
                    bytes[index] = value
                    let frame = DecodedFrame(bytes.span, linkType: encapsulation.linkType)
                    #expect(frame.vlans.count <= VLANStack.capacity)
                }
                bytes[index] = original
            }
        }
    }

    @Test(arguments: [
        (Tunnel(.vxlan, id: 5001), "vxlan:5001"), (Tunnel(.vxlanGPE, id: 1), "vxlan-gpe:1"), (Tunnel(.gre), "gre"),
        (Tunnel(.gre, id: .max), "gre:4294967295"), (Tunnel(.ipInIP), "ipip"), (Tunnel(.erspan, id: 0), "erspan:0"),
    ])
    func names(of tunnel: Tunnel, _ name: String) {
        #expect(tunnel.description == name)
    }

    // MARK: Bounds

    static let advertisement = Vector.named("version 2").frame
    static let packet = Array(advertisement[14...])

    @Test("nesting ends", arguments: [5, 10, 32, 200])
    func nesting(depth: Int) {
        let frame = Self.advertisement
        let vxlans = (0..<depth).reduce(frame) { bytes, _ in overIPv4(17, udp(4789, vxlan(1, bytes))) }
        let geneves = (0..<depth).reduce(frame) { bytes, _ in
            overIPv6(17, udp(6081, hex("0000 6558 00000100") + bytes))
        }
        let gres = (0..<depth).reduce(link("0800", Self.packet)) { bytes, _ in
            overIPv4(47, hex("0000 0800") + bytes.dropFirst(14))
        }
        let ips = (0..<depth).reduce(link("0800", Self.packet)) { bytes, _ in overIPv4(4, Array(bytes.dropFirst(14))) }
        let mirrors = (0..<depth).reduce(frame) { bytes, _ in overIPv4(47, hex("0000 88be") + bytes) }
        let wires = (0..<depth).reduce(frame) { bytes, _ in link("8847", hex("00012140 00000000") + bytes) }
        for bytes in [vxlans, geneves, gres, ips, mirrors, wires] {
            let reading = Reading(bytes)
            #expect(reading.stop?.reason == .tooDeep)
            #expect(reading.stop?.blamesCapture == true)
            #expect(reading.payload == .none)
            #expect(reading.ip == nil)
        }
    }

    @Test(arguments: [33, 100, 200])
    func headersEnd(count: Int) {
        let tags = link("0800", vlans: Array(repeating: 1, count: count), Self.packet)
        #expect(Reading(tags).stop == DecodeError(.vlan, offset: 0, .tooDeep))
        let labels = link(
            "8847",
            Array(repeating: hex("00010040"), count: count).joined() + hex("00012140") + Self.packet
        )
        #expect(Reading(labels).stop == DecodeError(.mpls, offset: 0, .tooDeep))
        let routes = Array(repeating: hex("0800 00 00"), count: count).joined()
        let routed = overIPv4(47, hex("4000 0800 00000000") + routes + hex("0000 00 00") + Self.packet)
        #expect(Reading(routed).stop == DecodeError(.gre, offset: 0, .tooDeep))
        let bridges = (0..<count).reduce(Self.advertisement) { bytes, _ in link("6558", bytes) }
        #expect(Reading(overIPv4(47, hex("0000 6558") + bridges)).stop?.reason == .tooDeep)
    }

    // MARK: What is left alone

    @Test("frames of no interest are left without a word, in tunnels as outside")
    func irrelevant() {
        let tcp = overIPv4(6, hex("01bb01bb") + Array(repeating: 0, count: 40))
        let dns = overIPv4(17, udp(53, Self.advertisement))
        let frames = [
            tcp, dns, overIPv4(17, udp(4789, vxlan(1, tcp))), overIPv4(17, udp(4789, vxlan(1, dns))),
            overIPv6(6, hex("01bb01bb")), overIPv6(17, udp(53, [])),
            // The port is the sender's.
            overIPv4(17, hex("12b50035 00420000") + vxlan(1, Self.advertisement)),
            // No valid VNI.
            overIPv4(17, udp(4789, hex("00000000 00000100") + Self.advertisement)),
            // A later fragment, which may look like anything.
            overIPv4(17, fragment: "0001", udp(4789, vxlan(1, Self.advertisement))),
            overIPv4(47, fragment: "2001", hex("0000 0800") + Self.packet),
            // An unknown version of GRE, an unknown payload, PPTP that only acknowledges.
            overIPv4(47, hex("0002 0800") + Self.packet), overIPv4(47, hex("0000 9999") + Self.packet),
            overIPv4(47, hex("2081 880b 00000005 00000001")),
            // ERSPAN's frame types that are neither Ethernet nor IP, and versions that are none.
            overIPv4(47, hex("1000 22eb 00000001 200a 0064 00000001 0000 0400") + Self.packet),
            overIPv4(47, hex("1000 88be 00000001 200a 0064 00000000") + Self.advertisement),
            overIPv4(17, udp(6081, hex("4000 6558 00000100") + Self.advertisement)),
            overIPv4(17, udp(4790, hex("0c000004 00000100") + Self.advertisement)),
            // PPPoE's discovery, and a code that is no session's.
            link("8863", hex("1109 0000 0000")), link("8864", hex("1165 1234 0020 0021") + Self.packet),
            // IPv6 where IPv4 is announced.
            overIPv4(4, hex("60000000") + Self.packet), overIPv6(59, []), overIPv6(50, Self.packet),
            // A label that no IP and no Ethernet follows.
            link("8847", hex("00012140 10000000 00000000")), link("6558", Self.advertisement),
        ]
        for (index, frame) in frames.enumerated() {
            let reading = Reading(frame)
            #expect(reading.payload == .none, "\(index)")
            #expect(reading.stop == nil, "\(index)")
            #expect(!reading.isRelevant, "\(index)")
        }
    }

    @Test("PPP that carries neither IP nor MPLS", arguments: ["c021", "8021", "8057", "ff03c021", "003d"])
    func otherPPP(_ type: String) {
        let reading = Reading(hex(type) + Self.packet, linkType: LinkType(.ppp))
        #expect(reading.payload == .none && reading.stop == nil)
    }

    @Test("a PPPoE length that is too short hides what is behind it")
    func pppoeLength() {
        let reading = Reading(link("8864", hex("1100 1234 0016 0021") + Self.packet))
        #expect(reading.stop?.blamesCapture == true)
        #expect(reading.message == nil)
    }

    @Test("a control word is told from an address that begins with zeros")
    func pseudowires() {
        // To the virtual MAC address, whose first two bytes are those of a control word.
        let unicast = hex("00005e000133 020000000001")
        let tagged = Reading(link("8847", hex("00012140") + unicast + hex("8100000a 0800") + Self.packet))
        #expect(tagged.vlans == [10])
        #expect(tagged.destinationMAC == .virtualRouter(51, .ipv4))
        let plain = Reading(link("8847", hex("00012140") + unicast + hex("0800") + Self.packet))
        #expect(plain.destinationMAC == .virtualRouter(51, .ipv4))
        let controlled = Reading(link("8847", hex("00012140 00000000") + unicast + hex("0800") + Self.packet))
        #expect(controlled.destinationMAC == .virtualRouter(51, .ipv4))
        #expect([tagged, plain, controlled].allSatisfy { $0.message != nil })
    }

    // MARK: 802.11

    private func wlan(_ control: String, sequence: String = "1000", _ rest: [UInt8]) -> Reading {
        let addresses = hex("01005e000012 02000000000b 00005e000133")
        return Reading(hex(control + "0000") + addresses + hex(sequence) + rest, linkType: LinkType(.wlan))
    }

    @Test func wirelessFramesOfOtherKinds() {
        let snap = hex("aaaa03 000000 0800") + Self.packet
        #expect(wlan("0802", snap).message != nil)
        // Beacon, acknowledgment, null data, QoS null data, version 1.
        for control in ["8000", "d400", "4802", "c802", "0902"] {
            let reading = wlan(control, snap)
            #expect(reading.payload == .none && reading.stop == nil, "\(control)")
        }
        // A later fragment has no LLC; the first one has, and may be whole.
        #expect(wlan("0802", sequence: "1100", snap).payload == .none)
        #expect(wlan("0806", snap).message != nil)
    }

    @Test func encryptedFramesSaySo() {
        let reading = wlan("0842", hex("0000002000000000") + Self.packet)
        #expect(reading.stop == DecodeError(.wlan, offset: 1, .encrypted))
        #expect(reading.stop?.blamesCapture == true)
        #expect(!reading.isRelevant)
        #expect(reading.sourceMAC == .virtualRouter(51, .ipv4))
    }

    @Test("of an aggregate the first frame is read")
    func aggregate() {
        let length = bigEndian(UInt16(8 + Self.packet.count))
        let subframe = Array(Self.advertisement[..<12]) + length + hex("aaaa03 000000 0800") + Self.packet
        let reading = wlan("8802", hex("8000") + subframe)
        #expect(reading.message?.virtualRouterID == 51)
        #expect(reading.destinationMAC?.description == "01:00:5e:00:00:12")
    }

    @Test(
        "a header of impossible length is said to be one",
        arguments: [.wlanRadiotap, .wlanPrism, .wlanAVS] as [LinkLayer]
    )
    func radioHeaders(_ layer: LinkLayer) {
        let reading = Reading(Array(repeating: 0, count: 40), linkType: LinkType(layer))
        guard case .invalidHeaderLength(0) = reading.stop?.reason else {
            Issue.record("\(String(describing: reading.stop))")
            return
        }
    }

    // MARK: Link types

    @Test func linkTypesHaveNames() {
        let types = LinkLayer.allCases.map { LinkType($0) }
        for type in types {
            #expect(!type.name.hasPrefix("LINKTYPE_"))
            if case .unsupportedLinkType = Reading([], linkType: type).stop?.reason { Issue.record("\(type)") }
        }
        // Raw IP has three numbers and one name.
        #expect(Set(types.map(\.name)).count == types.count - 2)
        for (number, name) in [(239, "NFLOG"), (258, "PKTAP"), (274, "MPACKET")] {
            let type = LinkType(rawValue: UInt32(number))
            #expect(type.name == name && !type.isSupported)
            #expect(Reading(Self.advertisement, linkType: type).stop?.reason == .unsupportedLinkType(type))
        }
    }
}
