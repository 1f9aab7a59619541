/// A link-layer header type as capture files number it (the LINKTYPE_ registry of the pcap format), an open set.
package struct LinkType: RawRepresentable, Hashable, Sendable {
    package var rawValue: UInt32

    package init(rawValue: UInt32) {
        self.rawValue = rawValue
    }

    /// BSD loopback: a 4-byte address family in the capturing host's byte order.
    package static let null = Self(rawValue: 0)
    package static let ethernet = Self(rawValue: 1)
    package static let raw = Self(rawValue: 101)
    /// OpenBSD loopback: a 4-byte address family in network byte order.
    package static let loop = Self(rawValue: 108)
    package static let linuxSLL = Self(rawValue: 113)
    package static let ipv4 = Self(rawValue: 228)
    package static let ipv6 = Self(rawValue: 229)
    package static let linuxSLL2 = Self(rawValue: 276)

    /// The registry's name, as tcpdump prints it; numbers for those without a name here.
    package var name: String {
        switch self {
        case .null: "NULL"
        case .ethernet: "EN10MB"
        case .raw, Self(rawValue: 12), Self(rawValue: 14): "RAW"
        case .loop: "LOOP"
        case .linuxSLL: "LINUX_SLL"
        case .ipv4: "IPV4"
        case .ipv6: "IPV6"
        case .linuxSLL2: "LINUX_SLL2"
        default: "LINKTYPE_\(rawValue)"
        }
    }

    /// Whether ``DecodedFrame`` reads frames of this type; others are counted and reported.
    package var isSupported: Bool {
        switch self {
        case .null, .ethernet, .raw, .loop, .linuxSLL, .ipv4, .ipv6, .linuxSLL2, Self(rawValue: 12), Self(rawValue: 14):
            true
        default: false
        }
    }
}
