internal import VRRPWire

/// The parts of an advertisement that a receiver's checks and the election look at.
struct Advertisement: Hashable, Sendable {
    // Small fields stand together to save room: each router holds one advertisement.
    var version: UInt8
    var priority: UInt8
    var addressCount: UInt8
    var ttl: UInt8
    var authentication: AuthenticationKind
    /// The IP Authentication Header is there, whatever the VRRP header says.
    var hasAH: Bool
    var checksum: ChecksumKind
    var interval: TimeSpan
    var credential: Credential
    var destination: IPAddress
    var isMulticast: Bool { destination.isMulticast }
}

extension Advertisement {
    init(_ packet: borrowing VRRPPacket, _ header: IPHeader, _ verification: Verification) {
        version = packet.version
        priority = packet.priority
        interval = packet.advertisementInterval
        addressCount = UInt8(truncatingIfNeeded: packet.addressCount)
        ttl = header.ttl
        authentication = packet.authentication
        hasAH = header.authenticationHeader != nil
        credential = Credential(packet, authentication, hasAH: hasAH, verification)
        checksum = packet.checksumKind
        destination = header.destination
    }

    /// Whether it announces a password over IPv6, where no message of version 2 has one (keepalived, `vrrp_build_vrrp_v2` and
    /// `vrrp_check_packet` in vrrp.c).
    var lacksItsPassword: Bool {
        version == 2 && authentication == .simpleText && destination.family == .ipv6 && credential.password == nil
    }

    /// Whether it is authenticated by a key of which nothing shows.
    var hidesItsKey: Bool {
        if case .integrityValue = credential { true } else { false }
    }
}
