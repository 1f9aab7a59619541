import Testing
import VRRPBundle
import VRRPTestSupport
import VRRPWire

/// Passwords in captured frames.
@Suite struct FrameMaskTests {
    private static let address = IPAddress(ipv4: 0x0a00_0001)

    private static func frame(_ password: UInt64, version: UInt8 = 2) -> AdvertisementFrame {
        var frame = AdvertisementFrame(
            from: address,
            version: version,
            virtualRouterID: 51,
            priority: 100,
            addresses: [IPAddress(ipv4: 0x0a00_0064), IPAddress(ipv4: 0x0a00_0065)]
        )
        frame.authentication = .simpleText(password)
        return frame
    }

    private static func masked(_ bytes: [UInt8]) -> [UInt8]? {
        var mask = SecretMask()
        var frames = FrameMask()
        return frames.masked(bytes, linkType: .ethernet, &mask)
    }

    private static func verdict(_ bytes: [UInt8]) -> (checksum: ChecksumKind, stop: DecodeError?, data: UInt64?)? {
        let span = bytes.span
        let frame = DecodedFrame(span, linkType: .ethernet)
        guard case .vrrp(let packet) = frame.payload else { return nil }
        return (packet.checksumKind, packet.stop, packet.authenticationData)
    }

    @Test("a password is gone, and a checksum is as right or wrong as before", arguments: 0..<30)
    func passwords(seed: Int) throws {
        var generator = SplitMix64(seed: UInt64(seed))
        var frame = Self.frame(UInt64.random(in: 1...UInt64.max, using: &generator))
        if seed % 3 == 0 { frame.checksumKind = .invalid }
        if seed % 5 == 0 { frame.vlans = [10] }
        frame.isPadded = seed % 2 == 0
        let (before, masked) = (frame.bytes, try #require(Self.masked(frame.bytes)))
        let (old, new) = (try #require(Self.verdict(before)), try #require(Self.verdict(masked)))
        #expect(old.checksum == new.checksum)
        #expect(new.stop == nil)
        #expect(old.data != new.data)
        #expect(before.count == masked.count)
        #expect(Self.masked(masked) == masked)
    }

    @Test("equal passwords stay equal, others differ")
    func equality() throws {
        let one = try #require(Self.masked(Self.frame(0x7365_6372_6574_0000).bytes))
        let same = try #require(Self.masked(Self.frame(0x7365_6372_6574_0000).bytes))
        let other = try #require(Self.masked(Self.frame(0x7365_6372_6574_0001).bytes))
        #expect(one == same)
        #expect(one != other)
    }

    @Test("frames without a password are as they were")
    func others() {
        var plain = Self.frame(1)
        plain.authentication = .none
        let version3 = AdvertisementFrame(
            from: Self.address,
            version: 3,
            virtualRouterID: 51,
            priority: 100,
            addresses: [Self.address]
        )
        for bytes in [plain.bytes, version3.bytes] { #expect(Self.masked(bytes) == bytes) }
    }

    @Test("whatever a message is cut to or claims, its password does not stay")
    func broken() {
        let password = Array("opensesa".utf8)
        let number = password.reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        let whole = Self.frame(number).bytes
        for length in 0...whole.count {
            for count: UInt8? in [nil, 0, 1, 3, 255] {
                var frame = Self.frame(number)
                frame.claimedAddressCount = count
                let bytes = Array(frame.bytes.prefix(length))
                let result = Self.masked(bytes) ?? []
                #expect(!Self.contains(result, password), "\(length) bytes, count \(count.map(String.init) ?? "right")")
            }
        }
    }

    @Test("a refusal does not quote the password")
    func refusals() throws {
        let frame = Self.frame(0x6f70_656e_7365_7361)
        var refusal = ICMPErrorFrame(
            about: frame.bytes,
            from: IPAddress(ipv4: 0x0a00_0002),
            at: MACAddress(bits: 0x0200_0000_0002)
        ).bytes
        // Linux quotes more than the eight bytes that RFC 792 asks for.
        refusal += frame.message.dropFirst(8)
        refusal[17] = UInt8(refusal.count - 14)
        let password = Array("opensesa".utf8)
        #expect(Self.contains(refusal, password))
        let masked = try #require(Self.masked(refusal))
        #expect(!Self.contains(masked, password))
    }

    private static func contains(_ bytes: [UInt8], _ part: [UInt8]) -> Bool {
        bytes.indices.contains { bytes[$0...].starts(with: part) }
    }
}
