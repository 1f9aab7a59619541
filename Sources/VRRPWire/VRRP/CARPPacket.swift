/// A CARP advertisement (OpenBSD and FreeBSD, `sys/netinet/ip_carp.h`), which shares IP protocol 112 with VRRP.
package struct CARPPacket: Hashable, Sendable {
    package static let length = 36

    private enum Offset {
        static let versionAndType = 0
        static let vhid = 1
        static let advskew = 2
        static let authenticationLength = 3
        static let advbase = 5
        static let counter = 8
    }

    /// Version 2, type 1: the only CARP there is.
    private static let versionAndType: UInt8 = 0x21
    /// Words of counter and digest.
    private static let authenticationLength: UInt8 = 7

    package var version: UInt8
    package var vhid: UInt8
    package var advskew: UInt8
    /// The interval between advertisements in whole seconds.
    package var advbase: UInt8

    /// Reads a payload if it is CARP: 36 bytes, version 2, type 1, an authentication length of 7 words.
    ///
    /// VRRPv2 with seven addresses is 44 bytes over IPv4 and 120 over IPv6, so nothing well-formed is mistaken.
    package init?(_ payload: Span<UInt8>, payloadLength: Int) {
        guard payloadLength == Self.length, payload.count >= Offset.counter,
            payload[Offset.versionAndType] == Self.versionAndType,
            payload[Offset.authenticationLength] == Self.authenticationLength
        else { return nil }
        version = payload[Offset.versionAndType] >> 4
        vhid = payload[Offset.vhid]
        advskew = payload[Offset.advskew]
        advbase = payload[Offset.advbase]
    }
}
