import Testing
import VRRPTestSupport
import VRRPWire

/// IPv4 options, IPv6 extension headers, fragments and AH between the link layer and the message.
@Suite struct IPTests {
    static let message = Vector.template(2).message
    static let frame6 = AdvertisementFrame(
        from: "fe80::b",
        version: 3,
        virtualRouterID: 51,
        priority: 150,
        addresses: ["fe80::1"]
    )

    /// An IPv6 packet with extension headers in front of the message; `next` is the type of the first.
    private func ipv6(_ next: UInt8, _ extensions: String, _ payload: [UInt8] = frame6.message) -> [UInt8] {
        let rest = hex(extensions) + payload
        var bytes = Array(Self.frame6.packet.prefix(40))
        bytes[4] = UInt8(rest.count >> 8)
        bytes[5] = UInt8(rest.count & 0xff)
        bytes[6] = next
        return bytes + rest
    }

    @Test func ipv4Options() throws {
        // Router Alert (RFC 2113) makes the header 24 bytes long.
        var packet = Vector.template(2).packet
        packet[0] = 0x46
        packet[3] += 4
        packet.insert(contentsOf: hex("94040000"), at: 20)
        let reading = Reading(packet, linkType: LinkType(.raw))
        #expect(reading.ip?.payloadLength == 20)
        #expect(reading.message?.checksumKind == .valid)
    }

    @Test func ipv4HeaderLengths() {
        var packet = Vector.template(2).packet
        packet[0] = 0x44
        #expect(
            Reading(packet, linkType: LinkType(.raw)).stop == DecodeError(.ipv4, offset: 0, .invalidHeaderLength(16))
        )
        packet[0] = 0x45
        packet[2] = 0
        packet[3] = 10
        let stop = DecodeError(.ipv4, offset: 2, .truncated(needed: 20, available: 10, limit: .headerField(.ipv4)))
        #expect(Reading(packet, linkType: LinkType(.raw)).stop == stop)
        #expect(!stop.blamesCapture)
    }

    @Test("fragments are what no router sends, and no reason to accuse it", arguments: ["2000", "0001", "3fff"])
    func ipv4Fragments(_ field: String) {
        var packet = Vector.template(2).packet
        packet.replaceSubrange(6..<8, with: hex(field))
        let reading = Reading(packet, linkType: LinkType(.raw))
        #expect(reading.stop == DecodeError(.ipv4, offset: 6, .fragment))
        #expect(reading.ip?.source == "192.0.2.11")
    }

    @Test("Don't Fragment is no fragment")
    func dontFragment() {
        var packet = Vector.template(2).packet
        packet[6] = 0x40
        #expect(Reading(packet, linkType: LinkType(.raw)).message != nil)
    }

    @Test func ipv6ExtensionHeaders() {
        let chains: [(UInt8, String)] = [
            (0, "7000 0502 0000 0100"),
            (60, "7000 0104 00000000"),
            (43, "7000 0000 00000000"),
            (0, "3c00 0502 0000 0100" + "7000 0104 00000000"),
            (0, "3c00 0502 0000 0100" + "2b00 0104 00000000" + "7000 0000 00000000"),
            (60, "7001 010c 0000000000000000 00000000"),
        ]
        for (next, chain) in chains {
            let reading = Reading(ipv6(next, chain), linkType: LinkType(.raw))
            #expect(reading.ip?.payloadProtocol == .vrrp, "\(chain)")
            #expect(reading.ip?.payloadLength == 24, "\(chain)")
            #expect(reading.message?.checksumKind == .valid, "\(chain)")
            #expect(reading.message?.trailingByteCount == 0, "\(chain)")
        }
    }

    @Test("an atomic fragment is whole (RFC 6946), any other is a part")
    func ipv6Fragments() {
        let atomic = Reading(ipv6(44, "7000 0000 00000001"), linkType: LinkType(.raw))
        #expect(atomic.message?.checksumKind == .valid)
        for field in ["0001", "0008", "fff8"] {
            let part = Reading(ipv6(44, "7000 \(field) 00000001"), linkType: LinkType(.raw))
            #expect(part.stop == DecodeError(.ipv6, offset: 0, .fragment))
            #expect(part.stop?.blamesCapture == true)
            #expect(part.ip?.source == "fe80::b")
        }
        // A part of something else is none of ours.
        let other = Reading(ipv6(44, "1100 0008 00000001"), linkType: LinkType(.raw))
        #expect(other.stop == nil && !other.isRelevant)
    }

    @Test func authenticationHeaderOverIPv6() {
        let reading = Reading(
            ipv6(51, "7004 0000 00000007 00000009 000000000000000000000000"),
            linkType: LinkType(.raw)
        )
        let header = AuthenticationHeader(spi: 7, sequence: 9, integrityValueLength: 12, distanceFromIPv4: 0)
        #expect(reading.ip?.authenticationHeader == header)
        #expect(reading.ip?.payloadLength == 24)
        #expect(reading.message?.checksumKind == .valid)
    }

    @Test("an AH longer than what carries it")
    func longAuthenticationHeader() {
        var packet = Vector.named("AH, multicast").known
        packet[21] = 200
        let stop = DecodeError(.ah, offset: 1, .truncated(needed: 808, available: 44, limit: .headerField(.ipv4)))
        #expect(Reading(packet, linkType: LinkType(.raw)).stop == stop)
        packet[21] = 0
        #expect(Reading(packet, linkType: LinkType(.raw)).stop == DecodeError(.ah, offset: 1, .invalidHeaderLength(8)))
    }

    @Test("AH in front of something else is none of ours")
    func otherAuthenticationHeader() {
        var packet = Vector.named("AH, multicast").known
        packet[20] = 6
        let reading = Reading(packet, linkType: LinkType(.raw))
        #expect(!reading.isRelevant)
        #expect(reading.stop == nil)
    }

    @Test("an endless chain of extension headers ends")
    func depth() {
        let chain = String(repeating: "3c00 0104 00000000", count: 20) + "7000 0104 00000000"
        let reading = Reading(ipv6(60, chain), linkType: LinkType(.raw))
        #expect(reading.stop == DecodeError(.ipv6, offset: 0, .tooDeep))
    }

    @Test("an extension header longer than the packet")
    func longExtension() {
        let reading = Reading(ipv6(0, "70ff 0104 00000000"), linkType: LinkType(.raw))
        let stop = DecodeError(.ipv6, offset: 4, .truncated(needed: 2048, available: 32, limit: .headerField(.ipv6)))
        #expect(reading.stop == stop)
    }

    @Test func otherICMPv6IsLeftAlone() {
        // Neighbor Solicitation.
        let reading = Reading(
            ipv6(58, "8700 0000 00000000 fe800000000000000000000000000001", []),
            linkType: LinkType(.raw)
        )
        #expect(!reading.isRelevant)
        #expect(reading.stop == nil)
    }

    @Test("a Neighbor Advertisement too short for its target accuses its sender")
    func shortNeighborAdvertisement() {
        let reading = Reading(ipv6(58, "8800 0000 20000000 fe80", []), linkType: LinkType(.raw))
        let stop = DecodeError(.nd, offset: 0, .truncated(needed: 24, available: 10, limit: .headerField(.ipv6)))
        #expect(reading.stop == stop)
    }

    @Test("options in front of the link-layer address, and one of length zero")
    func neighborAdvertisementOptions() {
        let start = "8800 0000 20000000 fe800000000000000000000000000001"
        let behind = Reading(ipv6(58, start + "0e01 000000000000 0201 020000000001", []), linkType: LinkType(.raw))
        guard case .neighborAdvertisement(let first) = behind.payload else {
            Issue.record("\(behind)")
            return
        }
        #expect(first.linkLayerAddress?.description == "02:00:00:00:00:01")
        let endless = Reading(ipv6(58, start + "0e00 000000000000 0201 020000000001", []), linkType: LinkType(.raw))
        guard case .neighborAdvertisement(let second) = endless.payload else {
            Issue.record("\(endless)")
            return
        }
        #expect(second.linkLayerAddress == nil)
    }

    @Test func arpOfOtherKinds() {
        var frame = ARPFrame.announcement(of: "10.0.0.1", at: MACAddress(bits: 1)).bytes
        frame[18] = 8
        #expect(Reading(frame).stop == DecodeError(.arp, offset: 0, .notEthernetIPv4))
        // A probe (RFC 5227) asks from 0.0.0.0: it claims nothing.
        var probe = ARPFrame.announcement(of: "0.0.0.0", at: MACAddress(bits: 1))
        probe.targetIP = "0.0.0.0"
        guard case .arp(_, let isGratuitous) = Reading(probe.bytes).payload else {
            Issue.record("not read")
            return
        }
        #expect(!isGratuitous)
    }
}
