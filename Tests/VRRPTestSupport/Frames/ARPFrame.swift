package import VRRPWire

/// An ARP packet for IPv4 in an Ethernet frame.
package struct ARPFrame: Hashable, Sendable {
    package var sourceMAC: MACAddress
    package var destinationMAC: MACAddress
    package var vlans: [UInt16] = []
    /// 1 request, 2 reply.
    package var operation: UInt16
    package var senderMAC: MACAddress
    package var senderIP: IPAddress
    package var targetMAC: MACAddress
    package var targetIP: IPAddress
    package var isPadded = false

    /// The gratuitous request by which keepalived announces an address.
    package static func announcement(of address: IPAddress, at mac: MACAddress) -> Self {
        Self(
            sourceMAC: mac,
            destinationMAC: .broadcast,
            operation: 1,
            senderMAC: mac,
            senderIP: address,
            targetMAC: .broadcast,
            targetIP: address
        )
    }

    /// The answer to a host that asked for an address.
    package static func reply(
        _ address: IPAddress,
        at mac: MACAddress,
        to host: IPAddress,
        at hostMAC: MACAddress
    ) -> Self {
        Self(
            sourceMAC: mac,
            destinationMAC: hostMAC,
            operation: 2,
            senderMAC: mac,
            senderIP: address,
            targetMAC: hostMAC,
            targetIP: host
        )
    }

    /// The frame, from its Ethernet header on.
    package var bytes: [UInt8] {
        // Ethernet, IPv4, and the lengths of their addresses (RFC 826).
        var packet: [UInt8] = [0, 1, 8, 0, 6, 4]
        packet.append(bigEndian: operation)
        packet.append(senderMAC)
        packet.append(senderIP)
        packet.append(targetMAC)
        packet.append(targetIP)
        return ethernet(from: sourceMAC, to: destinationMAC, vlans, 0x0806, packet, isPadded: isPadded)
    }
}
