import Testing
import VRRPTestSupport
import VRRPWire

/// The layers in front of IP: the same packet must be found behind each.
@Suite struct LinkLayerTests {
    static let packet = Vector.template(2).packet
    static let packet6 = AdvertisementFrame(
        from: "fe80::b",
        version: 3,
        virtualRouterID: 51,
        priority: 150,
        addresses: ["fe80::1"]
    ).packet
    static let macs = hex("01005e000012 020000000001")

    @Test(arguments: [[], [10], [10, 20], [0], [1, 2, 3, 4, 5, 6, 7, 4094]] as [[UInt16]])
    func vlanStacks(_ vlans: [UInt16]) {
        let frame = with(Vector.template(2)) { $0.vlans = vlans }
        let reading = Reading(frame.bytes)
        #expect(reading.vlans == vlans)
        #expect(reading.message?.virtualRouterID == 51)
    }

    @Test func moreTagsThanAStackHolds() {
        let frame = with(Vector.template(2)) { $0.vlans = Array(1...9) }
        let reading = Reading(frame.bytes)
        #expect(reading.stop == DecodeError(.vlan, offset: 0, .tooDeep))
        #expect(reading.stop?.blamesCapture == true)
        #expect(reading.vlans == Array(1...8))
    }

    @Test("every EtherType that means a VLAN", arguments: ["8100", "88a8", "9100", "9200", "9300"])
    func tagProtocols(_ type: String) {
        let reading = Reading(Self.macs + hex(type + "600a" + "0800") + Self.packet)
        // Priority and drop eligibility are not part of the identifier.
        #expect(reading.vlans == [10])
        #expect(reading.message != nil)
    }

    @Test func vlanStackWithoutPriorityTags() {
        #expect(VLANStack([0, 10, 0, 20]).withoutPriorityTags == VLANStack([10, 20]))
        #expect(VLANStack([10]).withoutPriorityTags == VLANStack([10]))
        #expect(VLANStack([0]).withoutPriorityTags.isEmpty)
        #expect(VLANStack().isEmpty)
        #expect(VLANStack([10, 20]) != VLANStack([20, 10]))
    }

    @Test("LLC with SNAP, as 802.3 frames carry IP")
    func snap() {
        let length = hex("0024")
        let plain = Reading(Self.macs + length + hex("aaaa03 000000 0800") + Self.packet)
        #expect(plain.message?.virtualRouterID == 51)
        let bridged = Reading(Self.macs + length + hex("aaaa03 0000f8 0800") + Self.packet)
        #expect(bridged.message?.virtualRouterID == 51)
        let tagged = Reading(Self.macs + length + hex("aaaa03 000000 8100 000a 0800") + Self.packet)
        #expect(tagged.vlans == [10])
        #expect(tagged.message?.virtualRouterID == 51)
        let spanningTree = Reading(Self.macs + length + hex("424203") + Self.packet)
        #expect(!spanningTree.isRelevant && spanningTree.stop == nil)
        let nested = Reading(Self.macs + length + hex("aaaa03 000000 0024 aaaa03 000000 0800") + Self.packet)
        #expect(!nested.isRelevant && nested.stop == nil)
    }

    @Test func linuxCooked() {
        let header = hex("0001 0001 0006 020000000001 0000 0800")
        let reading = Reading(header + Self.packet, linkType: LinkType(.linuxSLL))
        #expect(reading.message?.virtualRouterID == 51)
        #expect(reading.sourceMAC?.description == "02:00:00:00:00:01")
        #expect(reading.destinationMAC == nil)
        // A tunnel's address is no MAC address.
        let tunnel = Reading(hex("0000 0300 0004 0a00000100000000 0800") + Self.packet, linkType: LinkType(.linuxSLL))
        #expect(tunnel.message != nil)
        #expect(tunnel.sourceMAC == nil)
    }

    @Test func linuxCooked2() {
        let header = hex("86dd 0000 00000002 0001 01 06 020000000001 0000")
        let reading = Reading(header + Self.packet6, linkType: LinkType(.linuxSLL2))
        #expect(reading.message?.virtualRouterID == 51)
        #expect(reading.sourceMAC?.description == "02:00:00:00:00:01")
        let tagged = Reading(
            hex("8100 0000 00000002 0001 01 06 020000000001 0000 000a 0800") + Self.packet,
            linkType: LinkType(.linuxSLL2)
        )
        #expect(tagged.vlans == [10])
        #expect(tagged.message?.virtualRouterID == 51)
    }

    @Test("loopback headers in either byte order", arguments: ["02000000", "00000002", "1e000000", "0000001c"])
    func loopback(_ family: String) {
        for type in [LinkType(.null), LinkType(.loop)] {
            #expect(Reading(hex(family) + Self.packet, linkType: type).message?.virtualRouterID == 51)
            #expect(Reading(hex(family) + Self.packet6, linkType: type).message?.virtualRouterID == 51)
        }
    }

    @Test(arguments: [.raw, .rawOfBSD, .rawOfOpenBSD, .ipv4, .ipv6] as [LinkLayer])
    func rawIP(_ layer: LinkLayer) {
        let type = LinkType(layer)
        #expect(Reading(Self.packet, linkType: type).message?.virtualRouterID == 51)
        #expect(Reading(Self.packet6, linkType: type).message?.virtualRouterID == 51)
        #expect(Reading([0x50], linkType: type).stop == DecodeError(.ipv4, offset: 0, .unsupportedVersion(5)))
    }

    @Test func unsupportedLinkType() {
        let type = LinkType(rawValue: 195)
        let reading = Reading(Self.packet, linkType: type)
        #expect(reading.stop == DecodeError(.link, offset: 0, .unsupportedLinkType(type)))
        #expect(reading.stop?.blamesCapture == true)
        #expect(!type.isSupported)
        #expect(type.name == "LINKTYPE_195")
    }

    @Test("what is supported is read, and has a name", arguments: (0..<300).map { LinkType(rawValue: $0) })
    func support(_ type: LinkType) {
        let reading = Reading([], linkType: type)
        if case .unsupportedLinkType? = reading.stop?.reason {
            #expect(!type.isSupported)
        } else {
            #expect(type.isSupported)
            #expect(!type.name.hasPrefix("LINKTYPE"))
        }
    }

    @Test("the numbers of link layers are those of the registry")
    func numbers() {
        #expect(LinkType(rawValue: 12).layer == .rawOfBSD && LinkType(rawValue: 14).layer == .rawOfOpenBSD)
        #expect(LinkType.ethernet.layer == .ethernet)
        for layer in LinkLayer.allCases { #expect(LinkType(layer).layer == layer) }
    }

    @Test func otherTrafficIsLeftAlone() {
        let http = Self.macs + hex("0800 45000028000000004006 0000 0a000001 0a000002") + Array(repeating: 0, count: 20)
        let reading = Reading(http)
        #expect(!reading.isRelevant)
        #expect(reading.stop == nil)
        #expect(reading.ip == nil)
        #expect(!Reading(Self.macs + hex("88cc 0207")).isRelevant)
    }
}
