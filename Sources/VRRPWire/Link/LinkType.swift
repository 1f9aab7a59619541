/// A link-layer header type as capture files number it (the LINKTYPE_ registry of the pcap format), an open set.
public struct LinkType: RawRepresentable, Hashable, Sendable {
    public var rawValue: UInt32

    @inlinable
    public init(rawValue: UInt32) {
        self.rawValue = rawValue
    }

    /// BSD loopback: a 4-byte address family in the capturing host's byte order.
    @inlinable public static var null: Self { Self(rawValue: 0) }
    @inlinable public static var ethernet: Self { Self(rawValue: 1) }
    @inlinable public static var ppp: Self { Self(rawValue: 9) }
    /// PPP in HDLC-like framing, or Cisco's HDLC.
    @inlinable public static var pppHDLC: Self { Self(rawValue: 50) }
    /// A PPPoE header without Ethernet before it.
    @inlinable public static var pppoe: Self { Self(rawValue: 51) }
    @inlinable public static var raw: Self { Self(rawValue: 101) }
    @inlinable public static var ciscoHDLC: Self { Self(rawValue: 104) }
    @inlinable public static var wlan: Self { Self(rawValue: 105) }
    /// OpenBSD loopback: a 4-byte address family in network byte order.
    @inlinable public static var loop: Self { Self(rawValue: 108) }
    @inlinable public static var linuxSLL: Self { Self(rawValue: 113) }
    @inlinable public static var wlanPrism: Self { Self(rawValue: 119) }
    @inlinable public static var wlanRadiotap: Self { Self(rawValue: 127) }
    @inlinable public static var wlanAVS: Self { Self(rawValue: 163) }
    @inlinable public static var ipv4: Self { Self(rawValue: 228) }
    @inlinable public static var ipv6: Self { Self(rawValue: 229) }
    @inlinable public static var linuxSLL2: Self { Self(rawValue: 276) }

    /// The name that tcpdump prints; numbers for those without a name here.
    public var name: String {
        switch self {
        case .null: "NULL"
        case .ethernet: "EN10MB"
        case .raw, Self(rawValue: 12), Self(rawValue: 14): "RAW"
        case .loop: "LOOP"
        case .linuxSLL: "LINUX_SLL"
        case .ipv4: "IPV4"
        case .ipv6: "IPV6"
        case .linuxSLL2: "LINUX_SLL2"
        case .ppp: "PPP"
        case .pppHDLC: "PPP_SERIAL"
        case .pppoe: "PPP_ETHER"
        case .ciscoHDLC: "C_HDLC"
        case .wlan: "IEEE802_11"
        case .wlanPrism: "PRISM_HEADER"
        case .wlanRadiotap: "IEEE802_11_RADIO"
        case .wlanAVS: "IEEE802_11_RADIO_AVS"
        case Self(rawValue: 239): "NFLOG"
        case Self(rawValue: 258): "PKTAP"
        case Self(rawValue: 274): "MPACKET"
        default: "LINKTYPE_\(rawValue)"
        }
    }

    /// Whether ``DecodedFrame`` reads frames of this type; others are counted and reported.
    public var isSupported: Bool {
        switch self {
        case .null, .ethernet, .ppp, .pppHDLC, .pppoe, .raw, .ciscoHDLC, .wlan, .loop, .linuxSLL, .wlanPrism,
            .wlanRadiotap, .wlanAVS, .ipv4, .ipv6, .linuxSLL2, Self(rawValue: 12), Self(rawValue: 14):
            true
        default: false
        }
    }
}
