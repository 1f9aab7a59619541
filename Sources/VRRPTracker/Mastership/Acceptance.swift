internal import VRRPWire

/// The reason for which a receiver discards an advertisement.
package enum Rejection: Hashable, Sendable {
    case authenticationHeader, ttl, version, authenticationType, password, interval, checksum, delivery, addressCount
    /// The integrity value was made with another key than the receiver's own, as the given keys prove.
    case key
    /// The integrity value was made with a key of another number, which the receiver may or may not know.
    case keyID
    /// VRRPv2 over IPv6 announces a password, for which its messages have no room; receivers compare one all the same.
    case absentPassword
    /// The reason is unknown; the rejection shows only in behaviour.
    case unknown
}

/// Whether a router accepts another's advertisement, judged by what the router itself advertises.
///
/// keepalived (`vrrp_check_packet` in vrrp.c) and FRR (`vrrp_pkt_parse_datagram` in vrrp_packet.c) demand that a
/// received advertisement has the properties of their own ones, in this order of checks.
enum Acceptance: Hashable, Sendable {
    case accepts
    /// Some implementations reject the advertisement and others only log it: other evidence decides.
    case dependsOnImplementation(Rejection)
    case rejects(Rejection)
    /// A unicast advertisement to somebody else, which does not arrive.
    case notAddressed

    init(by receiver: Advertisement, at address: IPAddress, of received: Advertisement) {
        let credential =
            received.credential == receiver.credential
            ? .accepts : receiver.credential.acceptance(of: received.credential)
        self =
            if !received.isMulticast, received.destination != address {
                .notAddressed
            } else if received.hasAH != receiver.hasAH {
                .rejects(.authenticationHeader)
            } else if receiver.isMulticast, received.ttl != 255 {
                .rejects(.ttl)
            } else if received.version != receiver.version {
                .rejects(.version)
            } else if received.authentication != receiver.authentication {
                .rejects(.authenticationType)
            } else if received.lacksItsPassword {
                .rejects(.absentPassword)
            } else if case .rejects = credential {
                credential
            } else if received.version == 2, received.interval != receiver.interval {
                .rejects(.interval)
            } else if !Self.agree(received.checksum, receiver.checksum) {
                .rejects(.checksum)
            } else if received.isMulticast != receiver.isMulticast {
                .rejects(.delivery)
            } else if received.checksum == .invalid {
                // Who computes wrong checksums finds those of its own kind right, or minds none.
                .dependsOnImplementation(.checksum)
            } else if received.addressCount != receiver.addressCount {
                .dependsOnImplementation(.addressCount)
            } else {
                credential
            }
    }

    /// Whether a receiver that computes checksums in one way finds another's right.
    private static func agree(_ received: ChecksumKind, _ own: ChecksumKind) -> Bool {
        switch (received, own) {
        case (_, .invalid): true
        case (.invalid, _): false
        case (.unknown, _), (_, .unknown), (.valid, _), (_, .valid): true
        case (.messageOnly, _), (.pseudoHeader, _), (.multicastPseudoHeader, _): received == own
        }
    }
}
