package import VRRPWire

/// An advertisement on its way: everything that a receiver may look at.
package struct SimulatedAdvert: Hashable, Sendable {
    /// The sender's position among the routers.
    package var sender: Int
    package var source: IPAddress
    package var sourceMAC: MACAddress
    package var priority: UInt8
    package var identification: UInt16
    /// The settings behind the other fields; their priority is the configured one, not the one sent.
    package var settings: RouterSettings

    /// Returns the frame from its Ethernet header on, to a peer at these addresses, or to the group where there is none.
    package func bytes(to peer: (address: IPAddress, mac: MACAddress)?) -> [UInt8] {
        var frame = AdvertisementFrame(
            from: source,
            version: settings.version,
            virtualRouterID: settings.virtualRouterID,
            priority: priority,
            interval: settings.interval,
            addresses: settings.addresses
        )
        frame.sourceMAC = sourceMAC
        frame.ttl = settings.ttl
        frame.identification = source.family == .ipv4 ? identification : 0
        frame.checksumKind = settings.checksum
        frame.isPadded = true
        if settings.version == 2, let field = settings.passwordField { frame.authentication = .simpleText(field) }
        if let peer {
            frame.destination = peer.address
            frame.destinationMAC = peer.mac
        }
        return frame.bytes
    }
}
