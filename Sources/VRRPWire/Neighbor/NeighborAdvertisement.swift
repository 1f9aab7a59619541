/// An IPv6 Neighbor Advertisement (RFC 4861 section 4.4).
package struct NeighborAdvertisement: Hashable, Sendable {
    private enum Offset {
        static let type = 0
        static let flags = 4
        static let target = 8
        static let options = 24
    }

    /// The ICMPv6 type of a Neighbor Advertisement.
    package static let messageType: UInt8 = 136
    private static let targetLinkLayerAddress: UInt8 = 2

    package var target: IPAddress
    package var isRouter: Bool
    package var isSolicited: Bool
    package var isOverride: Bool
    /// The Target Link-Layer Address option, where there is one.
    package var linkLayerAddress: MACAddress?

    /// Reads an ICMPv6 message; `nil` when it is of another type.
    package init?(_ payload: Span<UInt8>, payloadLength: Int) throws(DecodeError) {
        let bytes = payload.extracting(first: min(payload.count, payloadLength))
        guard bytes.count > Offset.type, bytes[Offset.type] == Self.messageType else { return nil }
        guard bytes.count >= Offset.options else {
            throw DecodeError(
                .nd,
                offset: 0,
                .truncated(
                    needed: Offset.options,
                    available: bytes.count,
                    limit: payloadLength < Offset.options ? .headerField(.ipv6) : .capture
                )
            )
        }
        target = IPAddress(.ipv6, bytes, at: Offset.target)
        isRouter = bytes[Offset.flags] & 0x80 != 0
        isSolicited = bytes[Offset.flags] & 0x40 != 0
        isOverride = bytes[Offset.flags] & 0x20 != 0
        var offset = Offset.options
        while offset + 8 <= bytes.count, bytes[offset + 1] > 0 {
            if bytes[offset] == Self.targetLinkLayerAddress {
                linkLayerAddress = MACAddress(bytes, at: offset + 2)
                break
            }
            offset += 8 * Int(bytes[offset + 1])
        }
    }
}
