/// A link-layer header type as capture files number it (the LINKTYPE_ registry of the pcap format), an open set.
public struct LinkType: RawRepresentable, Hashable, Sendable {
    public var rawValue: UInt32

    public init(rawValue: UInt32) {
        self.rawValue = rawValue
    }

    /// BSD loopback: a 4-byte address family in the capturing host's byte order.
    public static let null = Self(rawValue: 0)
    public static let ethernet = Self(rawValue: 1)
    public static let ppp = Self(rawValue: 9)
    /// PPP in HDLC-like framing, or Cisco's HDLC.
    public static let pppHDLC = Self(rawValue: 50)
    /// A PPPoE header without Ethernet before it.
    public static let pppoe = Self(rawValue: 51)
    public static let raw = Self(rawValue: 101)
    public static let ciscoHDLC = Self(rawValue: 104)
    public static let wlan = Self(rawValue: 105)
    /// OpenBSD loopback: a 4-byte address family in network byte order.
    public static let loop = Self(rawValue: 108)
    public static let linuxSLL = Self(rawValue: 113)
    public static let wlanPrism = Self(rawValue: 119)
    public static let wlanRadiotap = Self(rawValue: 127)
    public static let wlanAVS = Self(rawValue: 163)
    public static let ipv4 = Self(rawValue: 228)
    public static let ipv6 = Self(rawValue: 229)
    public static let linuxSLL2 = Self(rawValue: 276)

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
