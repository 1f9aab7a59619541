package import VRRPWire

/// A process that captures, as the packets that it writes name it.
package struct Sensor: Hashable, Sendable {
    /// The most characters of a name, those of the longest name of a host (RFC 1123, section 2.1).
    package static let longestName = 255

    /// Letters, digits, `.`, `_` and `-`.
    package let name: String
    /// A number in hexadecimal that each start of the process draws anew: packets are numbered from 0 for each.
    package let boot: String

    /// A sensor that was read of; `nil` where the name or the number is none.
    init?(name: some StringProtocol, boot: some StringProtocol) {
        let digits = boot.utf8.allSatisfy { 48...57 ~= $0 || 97...102 ~= $0 }
        guard Self.isName(name), digits, (1...32).contains(boot.utf8.count) else { return nil }
        self.name = String(name)
        self.boot = String(boot)
    }

    /// This process as the sensor of a name; `nil` where that is none.
    package init?(startingAs name: String) {
        guard Self.isName(name) else { return nil }
        self.name = name
        let half = UInt64.random(in: 0...UInt64.max)
        let text = String(half, radix: 16)
        boot = String(repeating: "0", count: 16 - text.count) + text
    }

    /// Whether a text can be the name of a sensor.
    package static func isName(_ text: some StringProtocol) -> Bool {
        (1...longestName).contains(text.utf8.count)
            && text.utf8.allSatisfy { byte in
                switch byte {
                case 45, 46, 48...57, 65...90, 95, 97...122: true
                default: false
                }
            }
    }

    /// The name of this host, with `-` for what no sensor's name has in it.
    package static var hostName: String {
        let name = String(Host.name.map { isName(String($0)) ? $0 : "-" })
        return isName(name) ? name : "sensor"
    }
}

/// The place of a section in the stream of a sensor, as the comment of its header states it:
/// `vrrpwatch: sensor berlin-1, boot 9f86d081884c7d65, from packet 118`.
package struct SensorPosition: Hashable, Sendable {
    package var sensor: Sensor
    /// The packets that the sensor took before the first of the section.
    package var packet: UInt64

    /// More packets than any sensor takes, and so few that sums do not overflow.
    static let most: UInt64 = 1 << 62

    package init(_ sensor: Sensor, packet: UInt64 = 0) {
        self.sensor = sensor
        self.packet = packet
    }

    /// The position that a comment states; `nil` for comments of any other kind.
    init?(comment: String) {
        let words = comment.split(separator: " ", omittingEmptySubsequences: false)
        guard words.count == 8, words[0] == "vrrpwatch:", words[1] == "sensor", words[3] == "boot",
            words[5] == "from", words[6] == "packet", words[2].last == ",", words[4].last == ",",
            let sensor = Sensor(name: words[2].dropLast(), boot: words[4].dropLast()), let packet = UInt64(words[7]),
            packet <= Self.most
        else { return nil }
        self.init(sensor, packet: packet)
    }

    /// The comment that ``init(comment:)`` reads.
    var comment: String { "vrrpwatch: sensor \(sensor.name), boot \(sensor.boot), from packet \(packet)" }
}

/// A sensor's word that it is alive, and up to when it has told everything.
package struct Heartbeat: Hashable, Sendable {
    /// The counters of an interface since the sensor's start.
    package struct Interface: Hashable, Sendable {
        package var properties: PcapNGWriter.InterfaceProperties
        package var linkType: LinkType
        /// The frames that passed the filter, those that were lost among them.
        package var received: UInt64
        /// The frames that kernel and interface lost.
        package var dropped: UInt64

        package init(
            _ linkType: LinkType,
            _ properties: PcapNGWriter.InterfaceProperties,
            received: UInt64,
            dropped: UInt64
        ) {
            self.linkType = linkType
            self.properties = properties
            self.received = received
            self.dropped = dropped
        }
    }

    /// Every frame before this instant was written, or is counted as lost.
    package var instant: CaptureInstant
    package var interfaces: [Interface]

    package init(at instant: CaptureInstant, _ interfaces: [Interface]) {
        self.instant = instant
        self.interfaces = interfaces
    }
}

/// The place of a heartbeat in the stream of a sensor, as the comment of its statistics states it:
/// `vrrpwatch: heartbeat 42 after 118 packets`.
struct HeartbeatPosition: Hashable {
    /// From 1 for each start of a sensor.
    var number: UInt64
    /// The packets that the sensor took until then.
    var packets: UInt64

    init(number: UInt64, packets: UInt64) {
        self.number = number
        self.packets = packets
    }

    /// The position that a comment states; `nil` for comments of any other kind.
    init?(comment: String) {
        let words = comment.split(separator: " ", omittingEmptySubsequences: false)
        guard words.count == 6, words[0] == "vrrpwatch:", words[1] == "heartbeat", words[3] == "after",
            words[5] == "packets", let number = UInt64(words[2]), let packets = UInt64(words[4]),
            packets <= SensorPosition.most
        else { return nil }
        self.init(number: number, packets: packets)
    }

    /// The comment that ``init(comment:)`` reads.
    var comment: String { "vrrpwatch: heartbeat \(number) after \(packets) packets" }
}

/// The packets that a sensor took and its heartbeats, as its stream numbers them.
struct SensorCount {
    let sensor: Sensor
    private var packets: UInt64 = 0
    private var heartbeats: UInt64 = 0

    init(_ sensor: Sensor) {
        self.sensor = sensor
    }

    /// The position of the next section.
    var position: SensorPosition { SensorPosition(sensor, packet: packets) }

    /// Counts a packet, whether it could be written or not.
    mutating func take() { packets += 1 }

    /// Counts a heartbeat, and returns its position.
    mutating func beat() -> HeartbeatPosition {
        heartbeats += 1
        return HeartbeatPosition(number: heartbeats, packets: packets)
    }
}
