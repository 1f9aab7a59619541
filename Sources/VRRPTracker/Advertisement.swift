internal import VRRPWire

/// What an advertisement says to those who hear it: all that a receiver's checks and the election look at.
struct Advertisement: Hashable, Sendable {
    var version: UInt8
    var priority: UInt8
    var interval: TimeSpan
    var addressCount: UInt8
    var ttl: UInt8
    var authentication: AuthenticationKind
    /// The IP Authentication Header is there, whatever the VRRP header says.
    var hasAH: Bool
    var key: UInt64?
    var checksum: ChecksumKind
    var destination: IPAddress
    var isMulticast: Bool { destination.isMulticast }
}

extension Advertisement {
    init(_ packet: borrowing VRRPPacket, _ header: IPHeader) {
        version = packet.version
        priority = packet.priority
        interval = packet.advertisementInterval
        addressCount = UInt8(truncatingIfNeeded: packet.addressCount)
        ttl = header.ttl
        authentication = packet.authentication
        hasAH = header.authenticationHeader != nil
        key = packet.authentication == .simpleText ? packet.authenticationData : nil
        checksum = packet.checksumKind
        destination = header.destination
    }

    /// Whether it is authenticated by a key of which nothing shows.
    var hidesItsKey: Bool { hasAH || authentication == .hmac || authentication == .ciscoMD5 }

    /// The time a Backup adds to three intervals before it takes over, by its own priority: a fraction of a second in
    /// version 2 (RFC 3768 section 6.1), of the interval in version 3 (RFC 9568 section 6.1).
    static func skewTime(priority: UInt8, interval: TimeSpan, version: UInt8) -> TimeSpan {
        (version == 2 ? .seconds(1) : interval) * Int64(256 - Int(priority)) / 256
    }

    /// How long a Backup of a priority waits for the master's next advertisement before it takes over.
    static func masterDownInterval(priority: UInt8, interval: TimeSpan, version: UInt8) -> TimeSpan {
        interval * 3 + skewTime(priority: priority, interval: interval, version: version)
    }
}
