import Testing
import VRRPTestSupport
import VRRPWire

@Suite struct VRRPPacketTests {
    @Test("version 2 over IPv6 has no authentication data, and a pseudo-header")
    func version2OverIPv6() throws {
        let frame = AdvertisementFrame(
            from: "fe80::b",
            version: 2,
            virtualRouterID: 51,
            priority: 150,
            addresses: ["fe80::1"]
        )
        let message = try #require(Reading(frame.bytes).message)
        #expect(message.version == 2)
        #expect(message.interval == .seconds(1))
        #expect(message.authenticationData == nil)
        #expect(message.trailingByteCount == 0)
        #expect(message.checksumKind == .valid)
        #expect(Reading(with(frame) { $0.checksumKind = .invalid }.bytes).message?.checksumKind == .invalid)
    }

    @Test("version 2 without its eight bytes of authentication data is too short")
    func authenticationDataMissing() throws {
        var packet = Vector.template(2).packet
        packet.removeLast(8)
        packet[3] -= 8
        let message = try #require(Reading(packet, linkType: LinkType(.raw)).message)
        let stop = DecodeError(.vrrp, offset: 8, .truncated(needed: 20, available: 12, limit: .headerField(.ipv4)))
        #expect(message.stop == stop)
        #expect(!stop.blamesCapture)
        #expect(message.authenticationData == nil)
        #expect(message.addresses == ["192.0.2.1"])
    }

    @Test("a count of addresses that the length does not allow")
    func oneAddressShort() throws {
        let frame = with(Vector.template(2)) { $0.claimedAddressCount = 2 }
        let message = try #require(Reading(frame.bytes).message)
        let stop = DecodeError(.vrrp, offset: 8, .truncated(needed: 24, available: 20, limit: .headerField(.ipv4)))
        #expect(message.stop == stop)
        #expect(message.addressCount == 2)
        #expect(Reading(with(frame) { $0.isPadded = true }.bytes).message?.stop == stop)
    }

    @Test("no addresses are a fact (keepalived's no_virtual_ipaddress)")
    func noAddresses() throws {
        let message = try #require(Reading(with(Vector.template(3)) { $0.addresses = [] }.bytes).message)
        #expect(message.addressCount == 0)
        #expect(message.addresses.isEmpty)
        #expect(message.stop == nil)
        #expect(message.checksumKind == .pseudoHeader)
    }

    @Test(arguments: [0, 1, 4, 5, 15] as [UInt8])
    func versions(_ version: UInt8) throws {
        let message = try #require(Reading(with(Vector.template(3)) { $0.version = version }.bytes).message)
        #expect(message.stop == DecodeError(.vrrp, offset: 0, .unsupportedVersion(version)))
        #expect(message.version == version)
    }

    @Test(arguments: [0, 2, 15] as [UInt8])
    func types(_ type: UInt8) throws {
        let message = try #require(Reading(with(Vector.template(2)) { $0.type = type }.bytes).message)
        #expect(message.stop == DecodeError(.vrrp, offset: 0, .unsupportedType(type)))
    }

    @Test func virtualRouterIDZero() throws {
        let message = try #require(Reading(with(Vector.template(2)) { $0.virtualRouterID = 0 }.bytes).message)
        #expect(message.stop == DecodeError(.vrrp, offset: 1, .invalidVirtualRouterID))
    }

    @Test("the reserved bits of version 3 are not part of the interval")
    func reservedBits() throws {
        var frame = with(Vector.template(3)) { $0.interval = .centiseconds(4095) }.bytes
        #expect(Reading(frame).message?.interval == .milliseconds(40_950))
        frame[14 + 20 + 4] |= 0xf0
        #expect(Reading(frame).message?.interval == .milliseconds(40_950))
    }

    @Test func authenticationKinds() {
        let kinds: [(UInt8, AuthenticationKind)] = [
            (0, .none), (1, .simpleText), (2, .ah), (3, .unknown), (254, .ciscoMD5), (255, .unknown),
        ]
        for (type, kind) in kinds {
            #expect(
                Reading(with(Vector.template(2)) { $0.authentication = .type(type) }.bytes).message?.authentication
                    == kind
            )
        }
        #expect(
            Reading(with(Vector.template(3)) { $0.authentication = .type(1) }.bytes).message?.authentication
                == .some(.none)
        )
    }

    @Test("Cisco's MD5 digest follows the message")
    func ciscoMD5() throws {
        let frame = with(Vector.template(2)) {
            $0.authentication = .type(254)
            $0.trailer = Array(1...16)
        }
        let message = try #require(Reading(frame.bytes).message)
        #expect(message.authentication == .ciscoMD5)
        #expect(message.trailingByteCount == 16)
        #expect(message.stop == nil)
        #expect(message.checksumKind == .valid)
    }

    @Test("28 bytes behind a message are an HMAC only in its shape")
    func hmacShape() throws {
        let trailer = hex("01 07 0000 00000000 0000 0000") + Array(repeating: 9, count: 16)
        let frame = with(Vector.template(2)) { $0.trailer = trailer }
        #expect(Reading(frame.bytes).message?.authentication == .hmac)
        for (index, value) in [(0, 2), (2, 1), (3, 1)] as [(Int, UInt8)] {
            let other = with(frame) { $0.trailer[index] = value }
            #expect(Reading(other.bytes).message?.authentication == .some(.none))
            #expect(Reading(other.bytes).message?.trailingByteCount == 28)
        }
        #expect(Reading(with(frame) { $0.trailer.removeLast() }.bytes).message?.authentication == .some(.none))
    }

    @Test("an HMAC that the capture cut is one as long as its first four bytes are there", arguments: 0...28)
    func hmacCut(cut: Int) throws {
        let frame = Vector.named("HMAC, version 3 over IPv4").frame
        let message = try #require(Reading(Array(frame.dropLast(cut))).message)
        #expect(message.authentication == (cut <= 24 ? .hmac : .some(.none)))
        #expect(message.trailingByteCount == 28)
        #expect(message.checksumKind == .messageOnly)
        let frame6 = Vector.named("HMAC, version 3 over IPv6").frame
        let message6 = try #require(Reading(Array(frame6.dropLast(cut))).message)
        #expect(message6.checksumKind == (cut == 0 ? .valid : .unknown))
    }

    @Test("padding behind the IP length is no trailer")
    func padding() throws {
        let frame = with(Vector.template(3)) { $0.isPadded = true }
        let message = try #require(Reading(frame.bytes).message)
        #expect(message.trailingByteCount == 0)
        #expect(message.checksumKind == .pseudoHeader)
    }

    @Test func checksumConventions() {
        func kind(
            _ version: UInt8,
            _ kind: ChecksumKind,
            to destination: IPAddress = .vrrpMulticastIPv4
        ) -> ChecksumKind? {
            let frame = with(Vector.template(version)) {
                $0.checksumKind = kind
                $0.destination = destination
            }
            return Reading(frame.bytes).message?.checksumKind
        }
        #expect(kind(2, .valid) == .valid)
        #expect(kind(2, .invalid) == .invalid)
        #expect(kind(3, .messageOnly) == .messageOnly)
        #expect(kind(3, .pseudoHeader) == .pseudoHeader)
        #expect(kind(3, .invalid) == .invalid)
        #expect(kind(3, .pseudoHeader, to: "192.0.2.12") == .pseudoHeader)
        #expect(kind(3, .messageOnly, to: "192.0.2.12") == .messageOnly)
        #expect(kind(3, .multicastPseudoHeader, to: "192.0.2.12") == .multicastPseudoHeader)
        // With the group address as destination it is the ordinary one.
        #expect(kind(3, .multicastPseudoHeader) == .pseudoHeader)
        #expect(kind(3, .invalid, to: "192.0.2.12") == .invalid)
    }

    @Test("a message of CARP's length that is no CARP is VRRP")
    func notCARP() {
        let five = with(Vector.template(2)) { $0.addresses = Array(repeating: "10.0.0.1", count: 5) }
        #expect(Reading(five.bytes).message?.addressCount == 5)
        let seven = with(Vector.template(2)) { $0.addresses = Array(repeating: "10.0.0.1", count: 7) }
        #expect(Reading(seven.bytes).message?.addressCount == 7)
    }

    @Test("an address beyond those that could be read is a mistake of the program")
    func indexingPastTheCountTraps() async {
        await #expect(processExitsWith: .failure) {
            let bytes = Vector.template(2).bytes
            let frame = DecodedFrame(bytes.span, linkType: .ethernet)
            if case .vrrp(let packet) = frame.payload { _ = packet.address(at: 1) }
        }
    }

    @Test("reasons are told in words")
    func descriptions() {
        let reasons: [DecodeError.Reason] = [
            .truncated(needed: 20, available: 12, limit: .capture),
            .truncated(needed: 20, available: 12, limit: .headerField(.ipv4)), .unsupportedLinkType(.ethernet),
            .unsupportedVersion(4), .unsupportedType(2), .invalidHeaderLength(16), .fragment, .tooDeep,
            .invalidVirtualRouterID, .notEthernetIPv4,
        ]
        let texts = reasons.map { DecodeError(.vrrp, offset: 0, $0).description }
        #expect(Set(texts).count == texts.count)
        #expect(texts[0] == "20 bytes are needed and the capture holds 12")
        #expect(texts[1] == "20 bytes are needed and the ipv4 header leaves 12")
    }
}
