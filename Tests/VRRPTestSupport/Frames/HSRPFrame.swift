package import VRRPWire

/// An HSRP version 1 hello in an Ethernet frame (RFC 2281 section 5.1).
package struct HSRPFrame: Hashable, Sendable {
    package var source: IPAddress
    package var sourceMAC: MACAddress
    package var vlans: [UInt16] = []
    package var group: UInt8
    package var priority: UInt8 = 100
    /// Whether the router answers for the virtual address; standby otherwise.
    package var isActive = true
    package var virtualAddress: IPAddress

    package init(from source: IPAddress, at mac: MACAddress, group: UInt8, virtualAddress: IPAddress) {
        self.source = source
        sourceMAC = mac
        self.group = group
        self.virtualAddress = virtualAddress
    }

    /// The frame, from its Ethernet header on.
    package var bytes: [UInt8] {
        // Version 0, a hello, the state, hello and hold time in seconds.
        var message: [UInt8] = [0, 0, isActive ? 16 : 8, 3, 10, priority, group, 0]
        message += Array("cisco".utf8) + [0, 0, 0]
        message.append(virtualAddress)
        var datagram: [UInt8] = []
        for field in [HSRPPacket.port, HSRPPacket.port, UInt16(8 + message.count), 0] {
            datagram.append(bigEndian: field)
        }
        let destination = IPAddress.allRoutersIPv4
        let packet = ip(
            from: source,
            to: destination,
            .udp,
            ttl: 1,
            trafficClass: 0xc0,
            identification: 0,
            datagram + message
        )
        return ethernet(
            from: sourceMAC,
            to: .multicast(for: destination),
            vlans,
            0x0800,
            packet,
            isPadded: true
        )
    }
}
