import Testing
import VRRPTestSupport
import VRRPWire

@Suite struct VectorTests {
    @Test("encoding gives the known bytes", arguments: Vector.all)
    func encoding(of vector: Vector) {
        #expect(Array(vector.frame.suffix(vector.known.count)) == vector.known)
    }

    @Test func version2() throws {
        let message = try #require(Reading(Vector.named("version 2").frame).message)
        #expect(message.version == 2)
        #expect(message.type == 1)
        #expect(message.virtualRouterID == 51)
        #expect(message.priority == 150)
        #expect(message.interval == .seconds(1))
        #expect(message.addressCount == 1)
        #expect(message.addresses == ["192.0.2.1"])
        #expect(message.authentication == .none)
        #expect(message.authenticationData == 0)
        #expect(message.checksum == 0x86c8)
        #expect(message.checksumKind == .valid)
        #expect(message.trailingByteCount == 0)
        #expect(message.stop == nil)
    }

    @Test func version2IPHeader() throws {
        let reading = Reading(Vector.named("version 2").frame)
        let header = try #require(reading.ip)
        #expect(reading.sourceMAC?.description == "00:00:5e:00:01:33")
        #expect(reading.destinationMAC?.description == "01:00:5e:00:00:12")
        #expect(header.source == "192.0.2.11")
        #expect(header.destination == "224.0.0.18")
        #expect(header.ttl == 255)
        #expect(header.payloadProtocol == .vrrp)
        #expect(header.payloadLength == 20)
        #expect(header.authenticationHeader == nil)
        #expect(reading.isRelevant)
    }

    @Test func password() throws {
        let message = try #require(Reading(Vector.named("version 2, password 1111").frame).message)
        #expect(message.authentication == .simpleText)
        #expect(message.authenticationType == 1)
        #expect(message.authenticationData == 0x3131_3131_0000_0000)
        #expect(message.checksumKind == .valid)
    }

    @Test("the checksum conventions of version 3 over IPv4 are told apart")
    func version3() throws {
        let pseudo = try #require(Reading(Vector.named("version 3, pseudo-header").frame).message)
        #expect(pseudo.version == 3)
        #expect(pseudo.interval == .centiseconds(100))
        #expect(pseudo.checksumKind == .pseudoHeader)
        #expect(pseudo.authentication == .none)
        #expect(pseudo.authenticationData == nil)
        let plain = try #require(Reading(Vector.named("version 3, message only").frame).message)
        #expect(plain.checksumKind == .messageOnly)
    }

    @Test func version3IPv6() throws {
        let reading = Reading(Vector.named("version 3 over IPv6").frame)
        let message = try #require(reading.message)
        #expect(message.addresses == ["fe80::1", "2001:db8::1"])
        #expect(message.checksumKind == .valid)
        #expect(reading.ip?.source == "fe80::b")
        #expect(reading.ip?.destination == "ff02::12")
        #expect(reading.ip?.identification == nil)
        #expect(reading.sourceMAC?.description == "00:00:5e:00:02:33")
    }

    @Test(arguments: ["AH, multicast", "AH, unicast"])
    func authenticationHeader(_ name: String) throws {
        let reading = Reading(Vector.named(name).frame)
        let header = try #require(reading.ip?.authenticationHeader)
        #expect(header.spi == 0xc000_020b)
        #expect(header.sequence == 7)
        #expect(reading.ip?.payloadProtocol == .vrrp)
        #expect(reading.ip?.payloadLength == 20)
        #expect(reading.ip?.identification == 1)
        #expect(reading.message?.authentication == .ah)
        #expect(reading.message?.checksumKind == .valid)
        #expect(reading.message?.trailingByteCount == 0)
    }

    @Test(arguments: ["HMAC, version 3 over IPv4", "HMAC, version 3 over IPv6", "HMAC, version 2"])
    func hmac(_ name: String) throws {
        let message = try #require(Reading(Vector.named(name).frame).message)
        #expect(message.authentication == .hmac)
        #expect(message.trailingByteCount == 28)
        #expect(message.checksumKind == (name.contains("3 over IPv4") ? .messageOnly : .valid))
        #expect(message.stop == nil)
    }

    @Test func carp() {
        let reading = Reading(Vector.named("CARP").frame)
        guard case .carp(let packet) = reading.payload else {
            Issue.record("\(reading)")
            return
        }
        #expect(packet.version == 2)
        #expect(packet.vhid == 51)
        #expect(packet.advbase == 1)
        #expect(packet.advskew == 0)
        #expect(reading.stop == nil)
    }

    @Test func gratuitousARP() {
        let reading = Reading(Vector.named("gratuitous ARP").frame)
        guard case .arp(let packet, let isGratuitous) = reading.payload else {
            Issue.record("\(reading)")
            return
        }
        #expect(isGratuitous)
        #expect(packet.operation == 1)
        #expect(packet.senderMAC == .virtualRouter(51, .ipv4))
        #expect(packet.senderIP == "192.0.2.1")
        #expect(packet.targetMAC == .broadcast)
        #expect(packet.targetIP == "192.0.2.1")
    }

    @Test func neighborAdvertisement() {
        let reading = Reading(Vector.named("neighbor advertisement").frame)
        guard case .neighborAdvertisement(let packet) = reading.payload else {
            Issue.record("\(reading)")
            return
        }
        #expect(packet.target == "2001:db8::1")
        #expect(packet.isOverride)
        #expect(!packet.isRouter)
        #expect(!packet.isSolicited)
        #expect(packet.linkLayerAddress == .virtualRouter(51, .ipv6))
    }
}

extension Vector {
    /// The vector of a name, or one without bytes.
    static func named(_ name: String) -> Vector {
        all.first { $0.name == name } ?? Vector(name: name, known: [], frame: [])
    }
}
