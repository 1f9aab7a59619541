import Testing
import VRRPTestSupport
import VRRPWire

/// A frame whose bytes are known from elsewhere: VRRP's and CARP's checked with tshark and tcpdump, the HMAC trailers
/// keepalived's own test vectors.
struct Vector: Sendable, CustomTestStringConvertible {
    var name: String
    /// The known part of the frame: it ends with these.
    var known: [UInt8]
    /// The frame that encoding makes.
    var frame: [UInt8]

    var testDescription: String { name }

    static let all: [Vector] = [
        Vector(
            name: "version 2",
            known: hex("21339601000186c8c00002010000000000000000"),
            frame: template(2).bytes
        ),
        Vector(
            name: "version 2, password 1111",
            known: hex("2133960101012366c00002013131313100000000"),
            frame: with(template(2)) { $0.authentication = .simpleText(0x3131_3131_0000_0000) }.bytes
        ),
        Vector(
            name: "version 3, pseudo-header",
            known: hex("313396010064d3cac0000201"),
            frame: with(template(3)) { $0.checksumKind = .pseudoHeader }.bytes
        ),
        Vector(
            name: "version 3, message only",
            known: hex("3133960100647665c0000201"),
            frame: with(template(3)) { $0.checksumKind = .messageOnly }.bytes
        ),
        Vector(
            name: "version 3 over IPv6",
            known: hex(
                """
                3133960200640df1fe800000000000000000000000000001
                20010db8000000000000000000000001
                """
            ),
            frame: AdvertisementFrame(
                from: "fe80::b",
                version: 3,
                virtualRouterID: 51,
                priority: 150,
                addresses: ["fe80::1", "2001:db8::1"]
            ).bytes
        ),
        Vector(
            name: "AH, multicast",
            known: hex(
                """
                45c0004000010000ff3318acc000020be000001270040000c000020b000000070a603c25c9739d635a7401e5
                21339601020184c8c00002010000000000000000
                """
            ),
            frame: with(template(2)) {
                $0.identification = 1
                $0.authentication = .ah(
                    spi: 0xc000_020b,
                    sequence: 7,
                    integrityValue: hex("0a603c25c9739d635a7401e5")
                )
            }.bytes
        ),
        Vector(
            name: "AH, unicast",
            known: hex(
                """
                45c0004000010000ff3336b2c000020bc000020c70040000c000020b00000007d34e1b3e34ce49c3a8c60257
                21339601020184c8c00002010000000000000000
                """
            ),
            frame: with(template(2)) {
                $0.identification = 1
                $0.destination = "192.0.2.12"
                $0.authentication = .ah(
                    spi: 0xc000_020b,
                    sequence: 7,
                    integrityValue: hex("d34e1b3e34ce49c3a8c60257")
                )
            }.bytes
        ),
        Vector(
            name: "HMAC, version 3 over IPv4",
            known: hex(
                "3133c80100644402c0000264 010100006800000080000000 1b84bc4e8e43892dc6d98448f8ee2265"
            ),
            frame: with(hmacTemplate(3, from: "198.51.100.10", "192.0.2.100")) {
                $0.checksumKind = .messageOnly
                $0.trailer = hex("010100006800000080000000 1b84bc4e8e43892dc6d98448f8ee2265")
            }.bytes
        ),
        Vector(
            name: "HMAC, version 3 over IPv6",
            known: hex(
                """
                3133c8010064a2e9fe800000000000000000000000000100
                010100006800000080000000 c8c56146ebfd66ee10ec4d8186461b78
                """
            ),
            frame: with(hmacTemplate(3, from: "fe80::10", "fe80::100")) {
                $0.destination = "fe80::20"
                $0.trailer = hex("010100006800000080000000 c8c56146ebfd66ee10ec4d8186461b78")
            }.bytes
        ),
        Vector(
            name: "HMAC, version 2",
            known: hex(
                """
                2133c80100015465c00002640000000000000000
                010100006800000080000000 d0b9391b8d008f779ef2e8cf66238947
                """
            ),
            frame: with(hmacTemplate(2, from: "198.51.100.10", "192.0.2.100")) {
                $0.trailer = hex("010100006800000080000000 d0b9391b8d008f779ef2e8cf66238947")
            }.bytes
        ),
        Vector(
            name: "CARP",
            known: hex("213300070001730b1122334455667788000102030405060708090a0b0c0d0e0f10111213"),
            frame: with(CARPFrame(from: "192.0.2.11", vhid: 51)) {
                $0.counter = 0x1122_3344_5566_7788
                $0.digest = Array(0...19)
            }.bytes
        ),
        Vector(
            name: "gratuitous ARP",
            known: hex(
                """
                ffffffffffff00005e0001330806000108000604000100005e000133c0000201ffffffffffffc0000201
                """
            ),
            frame: ARPFrame.announcement(of: "192.0.2.1", at: MACAddress(bits: 0x0000_5e00_0133)).bytes
        ),
        Vector(
            name: "neighbor advertisement",
            known: hex(
                """
                33330000000100005e00023386dd6000000000203aff20010db8000000000000000000000001
                ff02000000000000000000000000000188009af82000000020010db8000000000000000000000001020100005e000233
                """
            ),
            frame: NeighborAdvertisementFrame.announcement(of: "2001:db8::1", at: MACAddress(bits: 0x0000_5e00_0233))
                .bytes
        ),
    ]

    /// 192.0.2.11, VRID 51, priority 150, one second, 192.0.2.1.
    static func template(_ version: UInt8) -> AdvertisementFrame {
        AdvertisementFrame(
            from: "192.0.2.11",
            version: version,
            virtualRouterID: 51,
            priority: 150,
            addresses: ["192.0.2.1"]
        )
    }

    private static func hmacTemplate(
        _ version: UInt8,
        from source: IPAddress,
        _ address: IPAddress
    ) -> AdvertisementFrame {
        AdvertisementFrame(from: source, version: version, virtualRouterID: 51, priority: 200, addresses: [address])
    }
}

/// A value with something changed.
func with<Value>(_ value: Value, _ change: (inout Value) -> Void) -> Value {
    var value = value
    change(&value)
    return value
}
