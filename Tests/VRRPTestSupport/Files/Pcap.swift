/// Small captures in the pcap format.
package enum Pcap {
    /// Advertisements of one router at given times in milliseconds.
    package static func capture(router: UInt8, priority: UInt8 = 100, at times: [Int]) -> [UInt8] {
        let header: [UInt8] = [
            0xd4, 0xc3, 0xb2, 0xa1, 2, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 0, 0, 1, 0, 0, 0,
        ]
        let frame = advertisement(from: router, priority: priority)
        let records = times.map { time in
            [
                little(1_767_225_600 + UInt32(time / 1000)), little(UInt32(time % 1000) * 1000),
                little(UInt32(frame.count)), little(UInt32(frame.count)), frame,
            ]
        }
        return header + records.flatMap { $0 }.flatMap { $0 }
    }

    /// A VRRPv2 advertisement over Ethernet and IPv4 of VRID 51.
    package static func advertisement(from router: UInt8, priority: UInt8) -> [UInt8] {
        let link: [UInt8] = [1, 0, 0x5e, 0, 0, 0x12, 2, 0, 0, 0, 0, router, 8, 0]
        let ip: [UInt8] = [0x45, 0, 0, 40, 0, 1, 0, 0, 255, 112, 0, 0, 10, 0, 0, router, 224, 0, 0, 18]
        var message: [UInt8] = [0x21, 51, priority, 1, 0, 1, 0, 0, 10, 0, 0, 100] + Array(repeating: 0, count: 8)
        var sum: UInt32 = 0
        for index in stride(from: 0, to: message.count, by: 2) {
            sum += UInt32(message[index]) << 8 | UInt32(message[index + 1])
        }
        let checksum = ~UInt16(sum >> 16 + sum & 0xffff)
        message[6] = UInt8(checksum >> 8)
        message[7] = UInt8(checksum & 0xff)
        return [link, ip, message].flatMap { $0 }
    }

    private static func little(_ value: UInt32) -> [UInt8] {
        (0..<4).map { UInt8(truncatingIfNeeded: value >> UInt32(8 * $0)) }
    }
}
