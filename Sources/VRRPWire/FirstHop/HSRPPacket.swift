/// A message of Cisco's Hot Standby Router Protocol, whose presence is reported and nothing else.
///
/// Version 1 is RFC 2281 section 5.1. Version 2, which Cisco keeps to itself, is a list of type, length and value, read as
/// Wireshark's `packet-hsrp.c` reads it.
package struct HSRPPacket: Hashable, Sendable {
    package static let port: UInt16 = 1985
    package static let portIPv6: UInt16 = 2029

    private enum Version1 {
        static let version = 0
        static let operation = 1
        static let advertise: UInt8 = 3
        static let state = 2
        static let priority = 5
        static let group = 6
        static let virtualAddress = 16
        static let end = 20
    }

    /// The group state TLV, from its type on.
    private enum Version2 {
        static let groupState: UInt8 = 1
        static let interfaceState: UInt8 = 2
        static let type = 0
        static let length = 1
        static let value = 2
        static let operation = 3
        static let state = 4
        static let ipVersion = 5
        static let group = 6
        static let priority = 14
        static let virtualAddress = 26
        static let end = 42
        /// Interface state and authentication may stand before the group state.
        static let mostValues = 4
    }

    package enum Operation: UInt8, Hashable, Sendable {
        case hello, coup, resign
    }

    /// 1 or 2.
    package var version: UInt8
    package var operation: Operation
    /// The state as sent; the two versions number their states differently.
    package var state: UInt8
    package var group: UInt16
    package var priority: UInt32
    /// `nil` where the sender has not learnt it.
    package var virtualAddress: IPAddress?

    /// Reads a UDP payload; `nil` when it is no message about a group's state.
    package init?(_ payload: Span<UInt8>, to destination: IPAddress) throws(DecodeError) {
        switch destination {
        case .allRoutersIPv4: try self.init(version1: payload)
        case .hsrpMulticastIPv4, .hsrpMulticastIPv6: try self.init(version2: payload)
        default: return nil
        }
    }

    private init?(version1 bytes: Span<UInt8>) throws(DecodeError) {
        try Self.require(Version1.end, of: bytes)
        guard bytes[Version1.version] == 0, let operation = Operation(rawValue: bytes[Version1.operation]) else {
            return nil
        }
        version = 1
        self.operation = operation
        state = bytes[Version1.state]
        group = UInt16(bytes[Version1.group])
        priority = UInt32(bytes[Version1.priority])
        let address = IPAddress(.ipv4, bytes, at: Version1.virtualAddress)
        virtualAddress = address == .unspecifiedIPv4 ? nil : address
    }

    private init?(version2 values: Span<UInt8>) throws(DecodeError) {
        var bytes = values
        for _ in 0..<Version2.mostValues {
            try Self.require(Version2.value, of: bytes)
            guard bytes[Version2.type] != Version2.groupState else { break }
            let length = Version2.value + Int(bytes[Version2.length])
            try Self.require(length, of: bytes)
            bytes = bytes.extracting(droppingFirst: length)
        }
        try Self.require(Version2.end, of: bytes)
        guard bytes[Version2.type] == Version2.groupState,
            let operation = Operation(rawValue: bytes[Version2.operation])
        else { return nil }
        version = 2
        self.operation = operation
        state = bytes[Version2.state]
        group = bytes.uint16(at: Version2.group)
        priority = bytes.uint32(at: Version2.priority)
        let family: AddressFamily = bytes[Version2.ipVersion] == 6 ? .ipv6 : .ipv4
        let address = IPAddress(family, bytes, at: Version2.virtualAddress)
        virtualAddress = address.high == 0 && address.low == 0 ? nil : address
    }

    /// Returns the kind of a message that is about an interface and no group; `nil` for any other.
    static func sidenote(_ payload: Span<UInt8>, to destination: IPAddress) -> Sidenote? {
        switch destination {
        case .allRoutersIPv4:
            let isAdvertise =
                payload.count > Version1.operation && payload[Version1.version] == 0
                && payload[Version1.operation] == Version1.advertise
            return isAdvertise ? .hsrpAdvertise : nil
        case .hsrpMulticastIPv4, .hsrpMulticastIPv6:
            return payload.count > Version2.type && payload[Version2.type] == Version2.interfaceState
                ? .hsrpInterfaceState : nil
        default: return nil
        }
    }

    /// Whether the sender says that it answers for the virtual address.
    package var isActive: Bool { state == (version == 1 ? 16 : 6) }

    private static func require(_ needed: Int, of bytes: Span<UInt8>) throws(DecodeError) {
        guard bytes.count >= needed else {
            throw DecodeError(.hsrp, offset: 0, .truncated(needed: needed, available: bytes.count, limit: .capture))
        }
    }

    /// The state as Cisco names it, or its number.
    package var stateName: String {
        let names: KeyValuePairs<UInt8, String> =
            version == 1
            ? [0: "initial", 1: "learn", 2: "listen", 4: "speak", 8: "standby", 16: "active"]
            : [0: "disabled", 1: "init", 2: "learn", 3: "listen", 4: "speak", 5: "standby", 6: "active"]
        return names.first { $0.key == state }?.value ?? "state \(state)"
    }
}

extension IPAddress {
    package static let allRoutersIPv4 = Self(ipv4: 0xe000_0002)
    /// The group of HSRP version 2 and of GLBP.
    package static let hsrpMulticastIPv4 = Self(ipv4: 0xe000_0066)
    package static let hsrpMulticastIPv6 = Self(ipv6High: 0xff02_0000_0000_0000, low: 0x66)
}
