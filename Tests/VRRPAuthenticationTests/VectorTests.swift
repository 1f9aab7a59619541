import Testing
import VRRPAuthentication
import VRRPTracker
import VRRPWire

/// Packets that others made: keepalived's own test vectors, and an independent generator's.
@Suite struct VectorTests {
    private static let multicastAH = """
        45c0004000010000ff3318acc000020be000001270040000c000020b000000070a603c25c9739d635a7401e5\
        21339601020184c8c00002010000000000000000
        """
    private static let unicastAH = """
        45c0004000010000ff3336b2c000020bc000020c70040000c000020b00000007d34e1b3e34ce49c3a8c60257\
        21339601020184c8c00002010000000000000000
        """
    private static let hmacKey = (0..<32).map(UInt8.init)

    private static func verification(
        of packet: [UInt8],
        _ keys: [GivenKey],
        linkType: LinkType = LinkType(.raw)
    ) -> Verification {
        KeyRing(keys).verification(of: DecodedFrame(packet.span, linkType: linkType), from: packet.span, interface: 0)
    }

    private static func key(_ text: String) -> GivenKey { GivenKey(Array(text.utf8), label: "key") }

    // MARK: AH

    @Test func multicastKeepsTTL() {
        let packet = bytes(Self.multicastAH)
        #expect(Self.verification(of: packet, [Self.key("secret12")]) == .valid(KeyProof(key: 0)))
        #expect(Self.verification(of: packet, [Self.key("secret13")]) == .invalid)
        #expect(Self.verification(of: packet, [Self.key("x"), Self.key("secret12")]) == .valid(KeyProof(key: 1)))
        #expect(Self.verification(of: packet, []) == .unchecked)
    }

    @Test func unicastZeroesTTL() {
        let proof = KeyProof(key: 0, method: .zeroedTTL)
        #expect(Self.verification(of: bytes(Self.unicastAH), [Self.key("secret12")]) == .valid(proof))
    }

    @Test func multicastAsTheRFCHasIt() {
        var packet = bytes(Self.multicastAH)
        packet.replaceSubrange(32..<44, with: bytes("b3670c0ef1f8924bfa16441e"))
        let proof = KeyProof(key: 0, method: .zeroedTTL)
        #expect(Self.verification(of: packet, [Self.key("secret12")]) == .valid(proof))
    }

    @Test func keepalivedUsesEightBytesOfAKey() {
        #expect(
            Self.verification(of: bytes(Self.multicastAH), [Self.key("secret12 and more")])
                == .valid(KeyProof(key: 0))
        )
    }

    @Test("what changes on the way does not matter", arguments: [1, 6, 7, 10, 11])
    func mutableFields(offset: Int) {
        var packet = bytes(Self.multicastAH)
        // The bit for Don't Fragment, since fragments are not read.
        packet[offset] ^= 0x40
        #expect(Self.verification(of: packet, [Self.key("secret12")]).proof != nil || offset == 7)
    }

    // MARK: auth_hmac

    private static func ipv4(_ message: String, from source: String, to destination: String = "e0000012") -> [UInt8] {
        let payload = bytes(message)
        let length = 20 + payload.count
        return [0x45, 0xc0, 0, UInt8(length), 0, 1, 0, 0, 255, 112, 0, 0] + bytes(source) + bytes(destination) + payload
    }

    private static func ipv6(_ message: String) -> [UInt8] {
        let payload = bytes(message)
        let source = "fe800000000000000000000000000010"
        let destination = "fe800000000000000000000000000020"
        return [0x60, 0, 0, 0, 0, UInt8(payload.count), 112, 255] + bytes(source) + bytes(destination) + payload
    }

    private static let prefix = "010100006800000080000000"
    static let hmacPackets: [[UInt8]] = [
        ipv4("3133c80100644402c0000264" + prefix + "1b84bc4e8e43892dc6d98448f8ee2265", from: "c633640a"),
        ipv6("3133c8010064a2e9fe800000000000000000000000000100" + prefix + "c8c56146ebfd66ee10ec4d8186461b78"),
        ipv4(
            "2133c80100015465c00002640000000000000000" + prefix + "d0b9391b8d008f779ef2e8cf66238947",
            from: "c633640a"
        ),
    ]

    @Test(arguments: hmacPackets) func trailers(packet: [UInt8]) {
        func verification(_ key: GivenKey) -> Verification { Self.verification(of: packet, [key]) }
        #expect(verification(GivenKey(Self.hmacKey, label: "")) == .valid(KeyProof(key: 0)))
        #expect(verification(GivenKey(Self.hmacKey, label: "", keyID: 1)) == .valid(KeyProof(key: 0)))
        #expect(verification(GivenKey(Self.hmacKey, label: "", vrid: 51)) == .valid(KeyProof(key: 0)))
        #expect(verification(GivenKey(Self.hmacKey, label: "", segment: "untagged")) == .valid(KeyProof(key: 0)))
        #expect(verification(GivenKey(Self.hmacKey.reversed(), label: "")) == .invalid)
        // A key for something else is no evidence.
        #expect(verification(GivenKey(Self.hmacKey, label: "", keyID: 2)) == .unchecked)
        #expect(verification(GivenKey(Self.hmacKey, label: "", vrid: 52)) == .unchecked)
        #expect(verification(GivenKey(Self.hmacKey, label: "", segment: "vlan10")) == .unchecked)
    }

    @Test func trailersTellTheSendersClock() throws {
        let bytes = Self.hmacPackets[0]
        let frame = DecodedFrame(bytes.span, linkType: LinkType(.raw))
        guard case .vrrp(let packet) = frame.payload else {
            Issue.record("no advertisement")
            return
        }
        let found = packet.hmacTrailer
        let trailer = try #require(found)
        #expect(trailer.keyID == 1)
        #expect(trailer.hasFraction)
        #expect(trailer.counter == 0)
        // 0x68000000 seconds and a half.
        let instant = CaptureInstant(nanoseconds: 1_744_830_465_000_000_000)
        #expect(trailer.clockLag(behind: instant) == .milliseconds(500))
        #expect(trailer.clockLag(behind: CaptureInstant(nanoseconds: -1)) < .zero)
    }

    // MARK: Hostile packets

    static let all: [(packet: [UInt8], key: [UInt8])] =
        [(bytes(multicastAH), Array("secret12".utf8)), (bytes(unicastAH), Array("secret12".utf8))]
        + hmacPackets.map { ($0, hmacKey) }

    @Test("no prefix is genuine", arguments: all.indices)
    func prefixes(index: Int) {
        let (packet, key) = Self.all[index]
        for length in packet.indices {
            let cut = Array(packet.prefix(length))
            #expect(Self.verification(of: cut, [GivenKey(key, label: "")]) == .unchecked, "\(length) bytes")
        }
        #expect(Self.verification(of: packet, [GivenKey(key, label: "")]).proof != nil)
    }

    @Test("no change of a byte that is covered goes unnoticed", arguments: all.indices)
    func changes(index: Int) {
        let (packet, key) = Self.all[index]
        let ring = [GivenKey(key, label: "")]
        for offset in packet.indices {
            for value in UInt8.min...UInt8.max where value != packet[offset] {
                var changed = packet
                changed[offset] = value
                let isGenuine = Self.verification(of: changed, ring).proof != nil
                #expect(!isGenuine || Self.isFree(offset, in: packet), "byte \(offset) as \(value)")
            }
        }
    }

    /// Whether a byte may change on the way, or is not covered.
    private static func isFree(_ offset: Int, in packet: [UInt8]) -> Bool {
        switch (packet[0] >> 4, packet[9]) {
        case (4, 51):
            // Type of service, flags, header checksum, and for unicast TTL.
            [1, 6, 7, 10, 11].contains(offset) || (offset == 8 && packet[16] < 0xe0)
        case (4, _):
            // Of the IPv4 header nothing but the source, and the checksum of the message.
            offset < 12 || (16..<20).contains(offset) || offset == 26 || offset == 27
        default:
            // Likewise over IPv6.
            offset < 8 || (24..<40).contains(offset) || offset == 46 || offset == 47
        }
    }

    @Test(
        "options are hashed as keepalived does, or as the RFC has it",
        arguments: [KeyProof.Method(), .zeroedOptions]
    )
    func options(method: KeyProof.Method) throws {
        // Record Route, which changes on the way, Router Alert, which does not, and a No Operation.
        let options = bytes("07070400000000" + "94040000" + "01")
        var packet = bytes(Self.multicastAH)
        packet.insert(contentsOf: options, at: 20)
        packet[0] = 0x48
        packet[3] += UInt8(options.count)
        let key = Array("secret12".utf8)
        let frame = DecodedFrame(packet.span, linkType: LinkType(.raw))
        guard case .vrrp(let message) = frame.payload, let header = frame.ip?.authenticationHeader else {
            Issue.record("no advertisement")
            return
        }
        let found = AHIntegrityValue(header, message, in: packet.span)
        let value = try #require(found)
        var signed = packet
        signed.replaceSubrange(44..<56, with: value.value(with: key[...], method))
        #expect(Self.verification(of: signed, [GivenKey(key, label: "")]) == .valid(KeyProof(key: 0, method: method)))
        // What a router on the way wrote there.
        signed[23] = 0xff
        let isGenuine = Self.verification(of: signed, [GivenKey(key, label: "")]).proof != nil
        #expect(isGenuine == (method == .zeroedOptions))
    }

    @Test func aWholeKeyIsTriedAfterItsFirstEightBytes() throws {
        let packet = bytes(Self.multicastAH)
        let key = Array("a key of sixteen".utf8)
        let frame = DecodedFrame(packet.span, linkType: LinkType(.raw))
        guard case .vrrp(let message) = frame.payload, let header = frame.ip?.authenticationHeader else {
            Issue.record("no advertisement")
            return
        }
        let value = AHIntegrityValue(header, message, in: packet.span)
        var signed = packet
        signed.replaceSubrange(32..<44, with: try #require(value).value(with: key[...], .zeroedTTL))
        let proof = KeyProof(key: 0, method: [.wholeKey, .zeroedTTL])
        #expect(Self.verification(of: signed, [GivenKey(key, label: "")]) == .valid(proof))
    }
}

extension VectorTests {
    @Test("AH is checked where it lies: behind a VLAN tag, with padding, in a tunnel")
    func places() {
        let packet = bytes(
            """
            45c0004000010000ff3318acc000020be000001270040000c000020b000000070a603c25c9739d635a7401e5\
            21339601020184c8c00002010000000000000000
            """
        )
        let link = bytes("01005e000012" + "020000000001")
        // VXLAN 5001 in UDP in IPv4.
        let frame = link + bytes("0800") + packet
        let length = UInt8(20 + 8 + 8 + frame.count)
        let outer =
            bytes("450000") + [length] + bytes("000100004011000001010101" + "02020202" + "c00012b500")
            + [length - 20] + bytes("0000" + "0800000000138900")
        let places = [
            frame, link + bytes("8100000a" + "0800") + packet + [0, 0, 0, 0], link + bytes("0800") + outer + frame,
        ]
        let ring = KeyRing([GivenKey(Array("secret12".utf8), label: "key")])
        for place in places {
            let decoded = DecodedFrame(place.span, linkType: .ethernet)
            #expect(ring.verification(of: decoded, from: place.span, interface: 0) == .valid(KeyProof(key: 0)))
        }
        // A key for one segment is for that one alone.
        let bound = KeyRing([GivenKey(Array("secret12".utf8), label: "key", segment: "vlan10")])
        let verdicts = places.map { place in
            let decoded = DecodedFrame(place.span, linkType: .ethernet)
            return bound.verification(of: decoded, from: place.span, interface: 0)
        }
        #expect(verdicts == [.unchecked, .valid(KeyProof(key: 0)), .unchecked])
    }
}
