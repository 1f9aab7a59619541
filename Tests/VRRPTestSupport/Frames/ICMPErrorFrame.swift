package import VRRPWire

/// An ICMP error about a frame, back to its sender.
package struct ICMPErrorFrame: Hashable, Sendable {
    package var source: IPAddress
    package var sourceMAC: MACAddress
    package var type: UInt8
    package var code: UInt8
    /// The Ethernet frame that the error is about, without VLAN tags.
    package var refused: [UInt8]

    /// The error of a host on which nothing takes packets of the protocol: RFC 1122 section 3.2.2.1, RFC 4443 section 3.4.
    package init(about refused: [UInt8], from source: IPAddress, at mac: MACAddress) {
        self.refused = refused
        self.source = source
        sourceMAC = mac
        (type, code) = source.family == .ipv4 ? (3, 2) : (4, 1)
    }

    /// The VLANs of the refused frame, outermost first.
    private var vlans: [UInt16] {
        var vlans: [UInt16] = []
        while refused.span.uint16(at: 12 + 4 * vlans.count) == 0x8100 {
            vlans.append(refused.span.uint16(at: 14 + 4 * vlans.count) & 0xfff)
        }
        return vlans
    }

    /// The frame, from its Ethernet header on.
    package var bytes: [UInt8] {
        let isIPv4 = source.family == .ipv4
        // RFC 1122 section 3.2.2 asks for the header and eight bytes; RFC 4443 section 2.4 for as much as fits.
        let quote = Array(refused.dropFirst(14 + 4 * vlans.count).prefix(isIPv4 ? 28 : 1024))
        // The checksum is nobody's concern here.
        let message: [UInt8] = [type, code, 0, 0, 0, 0, 0, 0] + quote
        let target = IPAddress(source.family, refused.span, at: 4 * vlans.count + (isIPv4 ? 26 : 22))
        let packet = ip(
            from: source,
            to: target,
            isIPv4 ? .icmp : .icmpv6,
            ttl: 64,
            trafficClass: 0xc0,
            identification: 1,
            message
        )
        return ethernet(
            from: sourceMAC,
            to: MACAddress(refused.span, at: 6),
            vlans,
            source.etherType,
            packet,
            isPadded: true
        )
    }
}
