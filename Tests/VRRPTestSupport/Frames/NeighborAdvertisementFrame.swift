package import VRRPWire

/// An IPv6 Neighbor Advertisement in an Ethernet frame.
package struct NeighborAdvertisementFrame: Hashable, Sendable {
    package var sourceMAC: MACAddress
    package var destinationMAC: MACAddress
    package var vlans: [UInt16] = []
    package var source: IPAddress
    package var destination: IPAddress
    package var target: IPAddress
    package var isRouter = false
    package var isSolicited = false
    package var isOverride = true
    /// The Target Link-Layer Address option; left out where `nil`.
    package var linkLayerAddress: MACAddress?

    /// The unsolicited advertisement by which keepalived announces an address to all nodes.
    package static func announcement(of address: IPAddress, at mac: MACAddress) -> Self {
        Self(
            sourceMAC: mac,
            destinationMAC: .multicast(for: .allNodes),
            source: address,
            destination: .allNodes,
            target: address,
            linkLayerAddress: mac
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
            source: address,
            destination: host,
            target: address,
            isSolicited: true,
            linkLayerAddress: mac
        )
    }

    /// The frame, from its Ethernet header on.
    package var bytes: [UInt8] {
        // RFC 4861 section 4.4.
        let flags: UInt8 = (isRouter ? 0x80 : 0) | (isSolicited ? 0x40 : 0) | (isOverride ? 0x20 : 0)
        var message: [UInt8] = [NeighborAdvertisement.messageType, 0, 0, 0, flags, 0, 0, 0]
        message.append(target)
        if let linkLayerAddress {
            message += [2, 1]
            message.append(linkLayerAddress)
        }
        var sum = InternetChecksum()
        sum.add(message.span)
        sum.add(source)
        sum.add(destination)
        sum.add(Int(IPProtocol.icmpv6.rawValue))
        sum.add(message.count)
        message[2] = UInt8(~sum.folded >> 8)
        message[3] = UInt8(~sum.folded & 0xff)
        let packet = ip(
            from: source,
            to: destination,
            .icmpv6,
            ttl: 255,
            trafficClass: 0,
            identification: 0,
            message
        )
        return ethernet(from: sourceMAC, to: destinationMAC, vlans, source.etherType, packet, isPadded: false)
    }
}
