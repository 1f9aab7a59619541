import VRRPTracker
import VRRPWire

/// Frames as they come off the wire, for tests to feed.
enum Packets {
    /// A VRRPv2 advertisement over Ethernet and IPv4, with its checksum.
    static func advertisement(
        from router: UInt8,
        vrid: UInt8 = 51,
        priority: UInt8 = 100,
        password: String? = nil,
        vlan: UInt16? = nil,
        virtualAddress: [UInt8] = [10, 0, 0, 100]
    ) -> [UInt8] {
        var message: [UInt8] = [0x21, vrid, priority, 1, password == nil ? 0 : 1, 1, 0, 0] + virtualAddress
        var secret = Array((password ?? "").utf8)
        secret += Array(repeating: 0, count: 8 - secret.count)
        message += secret
        let sum = checksum(message)
        message[6] = UInt8(sum >> 8)
        message[7] = UInt8(sum & 0xff)
        let length = UInt8(20 + message.count)
        let header: [UInt8] = [0x45, 0xc0, 0, length, 0, 1, 0, 0, 255, 112, 0, 0, 10, 0, 0, router, 224, 0, 0, 18]
        let link = ethernet(from: router, to: [0x01, 0x00, 0x5e, 0x00, 0x00, 0x12], vlan, 0x0800)
        return [link, header, message].flatMap { $0 }
    }

    static func gratuitousARP(from router: UInt8, for address: [UInt8] = [10, 0, 0, 100]) -> [UInt8] {
        let mac: [UInt8] = [2, 0, 0, 0, 0, router]
        let broadcast = [UInt8](repeating: 0xff, count: 6)
        let fixed: [UInt8] = [0, 1, 8, 0, 6, 4, 0, 1]
        return [ethernet(from: router, to: broadcast, nil, 0x0806), fixed, mac, address, broadcast, address].flatMap {
            $0
        }
    }

    private static func ethernet(from router: UInt8, to target: [UInt8], _ vlan: UInt16?, _ type: UInt16) -> [UInt8] {
        let tag: [UInt8] = vlan.map { [0x81, 0x00, UInt8($0 >> 8), UInt8($0 & 0xff)] } ?? []
        let source: [UInt8] = [2, 0, 0, 0, 0, router]
        return [target, source, tag, [UInt8(type >> 8), UInt8(type & 0xff)]].flatMap { $0 }
    }

    private static func checksum(_ bytes: [UInt8]) -> UInt16 {
        var sum: UInt32 = 0
        for index in stride(from: 0, to: bytes.count - 1, by: 2) {
            sum += UInt32(bytes[index]) << 8 | UInt32(bytes[index + 1])
        }
        while sum > 0xffff { sum = sum >> 16 + sum & 0xffff }
        return ~UInt16(sum)
    }
}

/// A tracker fed by packets at given times, in milliseconds from 2026-01-01T00:00:00Z.
struct Feed {
    static let epoch = CaptureInstant(nanoseconds: 1_767_225_600_000_000_000)

    var tracker = Tracker()
    private var number = 0

    static func instant(_ milliseconds: Int64) -> CaptureInstant { epoch + .milliseconds(milliseconds) }

    mutating func handle(_ packet: [UInt8], at milliseconds: Int64, interface: Int = 0) {
        number += 1
        let reference = FrameReference(capture: 0, frame: number)
        let sighting = Sighting(reference, at: Self.instant(milliseconds), interface: interface)
        tracker.take(DecodedFrame(packet.span, linkType: .ethernet), sighting)
    }

    /// One router advertises, falls silent, and another takes over and says so.
    static var takeover: Self {
        var feed = Self()
        for second in 0...3 {
            feed.handle(Packets.advertisement(from: 1, password: "secret"), at: Int64(1000 * second))
        }
        for second in 0...3 {
            let start = Int64(6609 + 1000 * second)
            feed.handle(Packets.advertisement(from: 2, priority: 90, password: "secret"), at: start)
            if second == 0 { feed.handle(Packets.gratuitousARP(from: 2), at: start + 5) }
        }
        feed.tracker.advance(to: Self.instant(10_000))
        feed.tracker.finish()
        return feed
    }
}
