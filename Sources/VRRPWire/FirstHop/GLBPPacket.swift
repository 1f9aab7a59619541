/// A hello of Cisco's Gateway Load Balancing Protocol, whose presence is reported and nothing else.
///
/// Cisco keeps the format to itself; it is read as Wireshark's `packet-glbp.c` reads it.
package struct GLBPPacket: Hashable, Sendable {
    package static let port: UInt16 = 3222

    private enum Offset {
        static let version = 0
        static let group = 2
        static let values = 12
        // From here on from the start of a TLV: its type and length, then the fields of a hello.
        static let type = 0
        static let length = 1
        static let value = 2
        static let state = 3
        static let priority = 5
        static let endOfPriority = 6
    }

    private static let hello: UInt8 = 1
    /// The most TLVs that are looked at for a hello; requests, responses and authentication may stand before it.
    private static let mostValues = 8

    package var group: UInt16
    /// The state of the gateway, as sent.
    package var state: UInt8
    package var priority: UInt8

    /// Reads a UDP payload; `nil` when it holds no hello.
    package init?(_ payload: Span<UInt8>, to destination: IPAddress) throws(DecodeError) {
        guard destination == .hsrpMulticastIPv4 || destination == .hsrpMulticastIPv6 else { return nil }
        try Self.require(Offset.values, of: payload)
        guard payload[Offset.version] == 1 else { return nil }
        var value = payload.extracting(droppingFirst: Offset.values)
        for _ in 0..<Self.mostValues {
            guard value.count >= Offset.value else { return nil }
            if value[Offset.type] == Self.hello {
                try Self.require(Offset.endOfPriority, of: value)
                group = payload.uint16(at: Offset.group)
                state = value[Offset.state]
                priority = value[Offset.priority]
                return
            }
            // The length counts the two bytes of type and length.
            let length = Int(value[Offset.length])
            guard length >= Offset.value, length <= value.count else { return nil }
            value = value.extracting(droppingFirst: length)
        }
        return nil
    }

    private static func require(_ needed: Int, of bytes: Span<UInt8>) throws(DecodeError) {
        guard bytes.count >= needed else {
            throw DecodeError(.glbp, offset: 0, .truncated(needed: needed, available: bytes.count, limit: .capture))
        }
    }

    /// The gateway's state as Cisco names it, or its number.
    package var stateName: String {
        switch state {
        case 4: "listen"
        case 8: "speak"
        case 16: "standby"
        case 32: "active"
        default: "state \(state)"
        }
    }
}
