/// A CARP advertisement (OpenBSD and FreeBSD, `sys/netinet/ip_carp.h`), which shares IP protocol 112 with VRRP.
package struct CARPPacket: Hashable, Sendable {
    package static let length = 36

    package var version: UInt8
    package var vhid: UInt8
    package var advskew: UInt8
    /// Seconds.
    package var advbase: UInt8

    /// Reads a payload if it is CARP: 36 bytes, version 2, type 1, an authentication length of 7 words.
    ///
    /// VRRPv2 with seven addresses is 44 bytes over IPv4 and 120 over IPv6, so nothing well-formed is mistaken.
    package init?(_ payload: Span<UInt8>, payloadLength: Int) {
        guard payloadLength == Self.length, payload.count >= 8, payload[0] == 0x21, payload[3] == 7 else { return nil }
        version = payload[0] >> 4
        vhid = payload[1]
        advskew = payload[2]
        advbase = payload[5]
    }
}
