/// An ARP packet for IPv4 (RFC 826) over Ethernet, or over another network of IEEE 802 with addresses of the same form.
package struct ARPPacket: Hashable, Sendable {
    private enum Offset {
        static let hardwareType = 0
        static let protocolType = 2
        static let hardwareLength = 4
        static let protocolLength = 5
        static let operation = 6
        static let senderMAC = 8
        static let senderIP = 14
        static let targetMAC = 18
        static let targetIP = 24
        static let end = 28
    }

    /// 1 request, 2 reply; others are kept as they are.
    package var operation: UInt16
    package var senderMAC: MACAddress
    package var senderIP: IPAddress
    package var targetMAC: MACAddress
    package var targetIP: IPAddress

    package init(_ bytes: Span<UInt8>) throws(DecodeError) {
        guard bytes.count >= Offset.senderMAC else {
            throw DecodeError(
                .arp,
                offset: 0,
                .truncated(needed: Offset.end, available: bytes.count, limit: .capture)
            )
        }
        guard Self.hasMACAddresses(bytes.uint16(at: Offset.hardwareType)),
            bytes.uint16(at: Offset.protocolType) == 0x0800,
            bytes[Offset.hardwareLength] == 6, bytes[Offset.protocolLength] == 4
        else { throw DecodeError(.arp, offset: 0, .notEthernetIPv4) }
        guard bytes.count >= Offset.end else {
            throw DecodeError(
                .arp,
                offset: Offset.senderMAC,
                .truncated(needed: Offset.end, available: bytes.count, limit: .capture)
            )
        }
        operation = bytes.uint16(at: Offset.operation)
        senderMAC = MACAddress(bytes, at: Offset.senderMAC)
        senderIP = IPAddress(.ipv4, bytes, at: Offset.senderIP)
        targetMAC = MACAddress(bytes, at: Offset.targetMAC)
        targetIP = IPAddress(.ipv4, bytes, at: Offset.targetIP)
    }

    /// Whether a number of the ARP parameters stands for hardware with MAC addresses.
    ///
    /// It is that of Ethernet, or of IEEE 802 networks, which goes with SNAP (RFC 1042).
    private static func hasMACAddresses(_ hardwareType: UInt16) -> Bool { hardwareType == 1 || hardwareType == 6 }

    /// Whether sender and target name one address, in a request or a reply (RFC 5227 section 3).
    package var isGratuitous: Bool { senderIP == targetIP && senderIP != .unspecifiedIPv4 }
}
