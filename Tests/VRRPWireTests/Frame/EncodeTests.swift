import Testing
import VRRPTestSupport
import VRRPWire

@Suite struct EncodeTests {
    @Test("encoding and decoding again is identity", arguments: 0..<40)
    func identity(seed: Int) throws {
        var generator = SplitMix64(seed: UInt64(seed))
        for _ in 0..<50 {
            let frame = Self.randomFrame(&generator)
            let reading = Reading(frame.bytes)
            let message = try #require(reading.message, "\(frame)")
            let header = try #require(reading.ip)
            #expect(reading.stop == nil, "\(frame)")
            #expect(reading.sourceMAC == frame.sourceMAC)
            #expect(reading.destinationMAC == frame.destinationMAC)
            #expect(reading.vlans == frame.vlans)
            #expect(header.source == frame.source)
            #expect(header.destination == frame.destination)
            #expect(header.ttl == frame.ttl)
            #expect(header.identification == (frame.source.family == .ipv4 ? frame.identification : nil))
            #expect(message.version == frame.version)
            #expect(message.virtualRouterID == frame.virtualRouterID)
            #expect(message.priority == frame.priority)
            #expect(message.interval == frame.interval)
            #expect(message.addresses == frame.addresses)
            #expect(message.trailingByteCount == frame.trailer.count)
            #expect(Self.fits(message.checksumKind, frame), "\(message.checksumKind) \(frame)")
            expectAuthentication(message, header, frame)
        }
    }

    private func expectAuthentication(
        _ message: Reading.Message,
        _ header: IPHeader,
        _ frame: AdvertisementFrame
    ) {
        switch frame.authentication {
        case .none: #expect(message.authenticationType == 0)
        case .simpleText(let password):
            guard frame.version == 2 else { break }
            #expect(message.authentication == .simpleText)
            #expect(message.authenticationData == (frame.source.family == .ipv4 ? password : nil))
        case .ah(let spi, let sequence, _):
            #expect(header.authenticationHeader?.spi == spi)
            #expect(header.authenticationHeader?.sequence == sequence)
            #expect(message.authenticationType == (frame.version == 2 ? 2 : 0))
        case .type(let type):
            #expect(message.authenticationType == (frame.version == 2 ? type : 0))
        }
    }

    /// Whether a decoded convention is the encoded one, or another one that happens to give the same sum.
    private static func fits(_ kind: ChecksumKind, _ frame: AdvertisementFrame) -> Bool {
        guard frame.checksumKind != .invalid else { return kind == .invalid }
        guard frame.version == 3, frame.source.family == .ipv4 else { return kind == .valid }
        switch frame.checksumKind {
        case .messageOnly: return kind == .messageOnly || kind == .valid
        case .multicastPseudoHeader:
            return frame.destination == .vrrpMulticastIPv4 ? kind == .pseudoHeader : kind == .multicastPseudoHeader
        case .valid, .pseudoHeader, .unknown, .invalid: return kind == .pseudoHeader || kind == .valid
        }
    }

    private static func randomFrame(_ generator: inout SplitMix64) -> AdvertisementFrame {
        let isIPv4 = Bool.random(using: &generator)
        func address() -> IPAddress {
            isIPv4
                ? IPAddress(ipv4: .random(in: 1...0xdfff_ffff, using: &generator))
                : IPAddress(ipv6High: .random(in: 1...0xfeff << 48, using: &generator), low: generator.next())
        }
        let version: UInt8 = Bool.random(using: &generator) ? 2 : 3
        let interval: TimeSpan =
            version == 2
            ? .seconds(.random(in: 0...255, using: &generator))
            : .centiseconds(.random(in: 0...4095, using: &generator))
        var frame = AdvertisementFrame(
            from: address(),
            version: version,
            virtualRouterID: .random(in: 1...255, using: &generator),
            priority: .random(in: 0...255, using: &generator),
            interval: interval,
            addresses: (0..<Int.random(in: 0...40, using: &generator)).map { _ in address() }
        )
        if Bool.random(using: &generator) {
            frame.destination = address()
            frame.destinationMAC = MACAddress(bits: generator.next())
        }
        frame.sourceMAC = MACAddress(bits: generator.next())
        frame.vlans = (0..<Int.random(in: 0...8, using: &generator)).map { _ in .random(in: 0...4095, using: &generator)
        }
        frame.ttl = .random(in: 0...255, using: &generator)
        frame.identification = .random(in: 0...0xffff, using: &generator)
        let authentications: [AdvertisementFrame.Authentication] = [
            .none, .simpleText(generator.next()), .type(.random(in: 0...255, using: &generator)),
            .ah(
                spi: .random(in: 0...UInt32.max, using: &generator),
                sequence: .random(in: 0...UInt32.max, using: &generator),
                integrityValue: Array(repeating: 7, count: 12)
            ),
        ]
        frame.authentication = authentications.randomElement(using: &generator) ?? .none
        let kinds: [ChecksumKind] = [.valid, .messageOnly, .pseudoHeader, .multicastPseudoHeader, .invalid]
        frame.checksumKind = kinds.randomElement(using: &generator) ?? .valid
        frame.isPadded = Bool.random(using: &generator)
        // A message of 36 bytes that looks like CARP is CARP.
        if frame.addresses.count == 7 { frame.addresses.removeLast() }
        return frame
    }

    @Test func neighborsAndAnswersComeBack() {
        let mac = MACAddress(bits: 0x0200_0000_0001)
        let asker = MACAddress(bits: 0x0200_0000_0002)
        let reply = Reading(ARPFrame.reply("10.0.0.100", at: mac, to: "10.0.0.9", at: asker).bytes)
        guard case .arp(let arp, let isGratuitous) = reply.payload else {
            Issue.record("\(reply)")
            return
        }
        #expect(!isGratuitous)
        #expect(arp.operation == 2)
        #expect((arp.senderMAC, arp.senderIP) == (mac, "10.0.0.100"))
        #expect((arp.targetMAC, arp.targetIP) == (asker, "10.0.0.9"))
        let solicited = Reading(NeighborAdvertisementFrame.reply("fe80::100", at: mac, to: "fe80::9", at: asker).bytes)
        guard case .neighborAdvertisement(let advertisement) = solicited.payload else {
            Issue.record("\(solicited)")
            return
        }
        #expect(advertisement.isSolicited && advertisement.isOverride && !advertisement.isRouter)
        #expect(advertisement.target == "fe80::100")
        #expect(solicited.destinationMAC == asker)
    }

    @Test("a neighbor advertisement without its option leaves the frame's source")
    func withoutOption() {
        var frame = NeighborAdvertisementFrame.announcement(of: "fe80::100", at: MACAddress(bits: 7))
        frame.linkLayerAddress = nil
        frame.isRouter = true
        guard case .neighborAdvertisement(let advertisement) = Reading(frame.bytes).payload else {
            Issue.record("not read")
            return
        }
        #expect(advertisement.linkLayerAddress == nil)
        #expect(advertisement.isRouter)
    }

    @Test("padding fills a frame to sixty bytes and changes nothing else")
    func padding() {
        let plain = Vector.template(2)
        let padded = with(plain) { $0.isPadded = true }
        #expect(plain.bytes.count == 54)
        #expect(padded.bytes.count == 60)
        #expect(Reading(plain.bytes) == Reading(padded.bytes))
        let long = with(padded) { $0.addresses = Array(repeating: "10.0.0.1", count: 20) }
        #expect(long.bytes.count == 14 + 20 + 8 + 80 + 8)
    }

    @Test func carpOverIPv6() {
        var frame = CARPFrame(from: "fe80::1", vhid: 9)
        frame.advskew = 100
        frame.advbase = 3
        let reading = Reading(frame.bytes)
        #expect(reading.sourceMAC == .virtualRouter(9, .ipv4))
        guard case .carp(let packet) = reading.payload else {
            Issue.record("\(reading)")
            return
        }
        #expect((packet.vhid, packet.advskew, packet.advbase, packet.version) == (9, 100, 3, 2))
    }
}
