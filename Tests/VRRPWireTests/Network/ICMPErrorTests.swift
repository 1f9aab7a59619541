import Testing
import VRRPTestSupport
import VRRPWire

/// ICMP errors that refuse advertisements, and those that do not.
@Suite struct ICMPErrorTests {
    private static let refused: [UInt8] = {
        var frame = AdvertisementFrame(
            from: "10.0.0.1",
            version: 2,
            virtualRouterID: 51,
            priority: 100,
            interval: .seconds(1),
            addresses: ["10.0.0.100"]
        )
        frame.destination = "10.0.0.2"
        return frame.bytes
    }()

    private static let refusedIPv6: [UInt8] = {
        var frame = AdvertisementFrame(
            from: "fe80::1",
            version: 3,
            virtualRouterID: 51,
            priority: 100,
            interval: .seconds(1),
            addresses: ["fe80::100"]
        )
        frame.destination = "fe80::2"
        return frame.bytes
    }()

    private func error(_ type: UInt8, _ code: UInt8, over family: AddressFamily = .ipv4) -> ICMPError? {
        let isIPv4 = family == .ipv4
        let host: IPAddress = isIPv4 ? "10.0.0.2" : "fe80::2"
        var frame = ICMPErrorFrame(
            about: isIPv4 ? Self.refused : Self.refusedIPv6,
            from: host,
            at: MACAddress(bits: 0x0200_0000_0002)
        )
        (frame.type, frame.code) = (type, code)
        let reading = Reading(frame.bytes)
        guard case .icmpError(let error) = reading.payload else {
            #expect(!reading.isRelevant)
            return nil
        }
        #expect(reading.isRelevant && reading.ip?.source == host)
        return error
    }

    @Test("of all types and codes those refuse that say so of the host, whatever it is")
    func meanings() {
        for type in UInt8.min...UInt8.max {
            for code in UInt8(0)...20 {
                let ipv4: ICMPError.Meaning? =
                    type != 3 ? nil : code == 2 ? .unknownProtocol : [3, 9, 10, 13].contains(code) ? .filtered : nil
                #expect(error(type, code)?.meaning == ipv4, "\(type) \(code)")
                let ipv6: ICMPError.Meaning? =
                    (type, code) == (4, 1)
                    ? .unknownProtocol : type == 1 && [1, 4, 5, 6].contains(code) ? .filtered : nil
                guard type != NeighborAdvertisement.messageType else { continue }
                #expect(error(type, code, over: .ipv6)?.meaning == ipv6, "\(type) \(code) over IPv6")
            }
        }
    }

    @Test func theQuoteTellsWhoseAdvertisementItWas() throws {
        let error = try #require(self.error(3, 2))
        #expect((error.source, error.destination, error.virtualRouterID) == ("10.0.0.1", "10.0.0.2", 51))
        #expect(error.words == "protocol unreachable")
        let other = try #require(self.error(4, 1, over: .ipv6))
        #expect((other.source, other.destination, other.virtualRouterID) == ("fe80::1", "fe80::2", 51))
        #expect(other.words == "unrecognized next header")
    }

    @Test("an error about anything else refuses no advertisement", arguments: [1, 6, 17, 47] as [UInt8])
    func others(next: UInt8) {
        var bytes = Self.refused
        bytes[23] = next
        let frame = ICMPErrorFrame(about: bytes, from: "10.0.0.2", at: MACAddress(bits: 0x0200_0000_0002))
        #expect(Reading(frame.bytes).payload == .none)
    }

    @Test("behind an Authentication Header only VRRP counts, and the VRID is not quoted")
    func authenticationHeader() {
        var bytes = Self.refused
        bytes[23] = IPProtocol.ah.rawValue
        for (next, isRefused) in [(IPProtocol.vrrp.rawValue, true), (6, false)] as [(UInt8, Bool)] {
            (bytes[34], bytes[35]) = (next, 4)
            let frame = ICMPErrorFrame(about: bytes, from: "10.0.0.2", at: MACAddress(bits: 0x0200_0000_0002))
            guard case .icmpError(let error) = Reading(frame.bytes).payload else {
                #expect(!isRefused)
                continue
            }
            #expect(isRefused && error.virtualRouterID == nil)
        }
    }

    @Test func neitherPrefixNorByteTraps() {
        for refused in [Self.refused, Self.refusedIPv6] {
            let isIPv4 = refused.count == Self.refused.count
            let host: IPAddress = isIPv4 ? "10.0.0.2" : "fe80::2"
            let frame = ICMPErrorFrame(about: refused, from: host, at: MACAddress(bits: 0x0200_0000_0002)).bytes
            for length in frame.indices { _ = Reading(Array(frame.prefix(length))) }
            for index in frame.indices {
                var bytes = frame
                for value in UInt8.min...UInt8.max {
                    bytes[index] = value
                    _ = Reading(bytes)
                }
            }
        }
    }
}
