package import VRRPWire

/// A CARP advertisement in an Ethernet frame.
package struct CARPFrame: Hashable, Sendable {
    package var vlans: [UInt16] = []
    package var source: IPAddress
    package var vhid: UInt8
    package var advskew: UInt8 = 0
    /// Seconds.
    package var advbase: UInt8 = 1
    package var counter: UInt64 = 0
    /// The HMAC-SHA1, 20 bytes; zeros where it is shorter.
    package var digest: [UInt8] = []
    package var isPadded = false

    package init(from source: IPAddress, vhid: UInt8) {
        self.source = source
        self.vhid = vhid
    }

    /// The frame, from its Ethernet header on.
    package var bytes: [UInt8] {
        let destination = source.family == .ipv4 ? IPAddress.vrrpMulticastIPv4 : .vrrpMulticastIPv6
        let packet = ip(
            from: source,
            to: destination,
            .vrrp,
            ttl: 255,
            trafficClass: 0x10,
            identification: 0,
            isFragmentable: false,
            message
        )
        return ethernet(
            // CARP uses VRRP's virtual MAC address of IPv4 in both families.
            from: .virtualRouter(vhid, .ipv4),
            to: .multicast(for: destination),
            vlans,
            source.etherType,
            packet,
            isPadded: isPadded
        )
    }

    /// The CARP message with its checksum (`sys/netinet/ip_carp.h`).
    package var message: [UInt8] {
        // Version 2, type 1; 7 words of counter and digest.
        var bytes: [UInt8] = [0x21, vhid, advskew, 7, 0, advbase, 0, 0]
        bytes.append(bigEndian: counter)
        bytes += (digest + Array(repeating: 0, count: 20)).prefix(20)
        var sum = InternetChecksum()
        sum.add(bytes.span)
        bytes[6] = UInt8(~sum.folded >> 8)
        bytes[7] = UInt8(~sum.folded & 0xff)
        return bytes
    }
}
