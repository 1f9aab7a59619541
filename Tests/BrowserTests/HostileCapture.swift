import VRRPTestSupport
import VRRPWire

/// A pcapng file whose texts try to be more than text.
enum HostileCapture {
    static let interfaceNames = [
        "javascript:alert(1)\"><svg onload=pwned=1>", "=cmd|'/C calc'!A0\u{1b}[2J\u{202e}\r\n",
    ]
    static let comment = "<script>window.pwned = 1</script>"
    /// A password has at most eight bytes.
    static let passwords = ["<script>", "</style>"]
    static let fileName = "<img src=x onerror=pwned=1>\u{202e}`|@all.pcapng"
    static let title = "</title></style><script>window.pwned = 1</script>\u{1b}[31m"

    static var bytes: [UInt8] {
        var file = block(
            0x0a0d_0d0a,
            word(0x1a2b_3c4d) + half(1) + half(0) + word(.max) + word(.max) + option(1, comment) + end
        )
        for name in interfaceNames {
            file += block(1, half(1) + half(0) + word(65_535) + option(2, name) + option(3, comment) + end)
        }
        for second in 0..<8 {
            for router in 0..<2 {
                for interface in 0..<2 {
                    // Two segments: what both interfaces showed alike would be one.
                    let packet = advertisement(from: router, on: interface)
                    let time = UInt64(1_767_225_600_000_000 + second * 1_000_000 + router * 400_000)
                    file += block(
                        6,
                        word(UInt32(interface)) + word(UInt32(time >> 32)) + word(UInt32(time & 0xffff_ffff))
                            + word(UInt32(packet.count)) + word(UInt32(packet.count)) + padded(packet)
                            + option(1, comment) + end
                    )
                }
            }
        }
        return file
    }

    private static func advertisement(from router: Int, on interface: Int) -> [UInt8] {
        var frame = AdvertisementFrame(
            from: IPAddress(ipv4: 0x0a00_0001 + UInt32(router)),
            version: 2,
            virtualRouterID: 51,
            priority: (router == 0 ? 100 : 90) - UInt8(interface),
            addresses: [IPAddress(ipv4: 0x0a00_0064)]
        )
        frame.authentication = .simpleText(passwords[router].utf8.reduce(0) { $0 << 8 | UInt64($1) })
        return frame.bytes
    }

    // MARK: The format, little-endian

    private static func half(_ value: UInt16) -> [UInt8] { [UInt8(value & 0xff), UInt8(value >> 8)] }

    private static func word(_ value: UInt32) -> [UInt8] {
        half(UInt16(value & 0xffff)) + half(UInt16(value >> 16))
    }

    private static func padded(_ bytes: [UInt8]) -> [UInt8] {
        bytes + Array(repeating: 0, count: (4 - bytes.count % 4) % 4)
    }

    private static func option(_ code: UInt16, _ text: String) -> [UInt8] {
        half(code) + half(UInt16(text.utf8.count)) + padded(Array(text.utf8))
    }

    private static let end = half(0) + half(0)

    private static func block(_ type: UInt32, _ body: [UInt8]) -> [UInt8] {
        let length = word(UInt32(body.count + 12))
        return word(type) + length + body + length
    }
}
