/// A link-layer header type as capture files number it (the LINKTYPE_ registry of the pcap format), an open set.
package struct LinkType: RawRepresentable, Hashable, Sendable {
    package var rawValue: UInt32

    package init(rawValue: UInt32) {
        self.rawValue = rawValue
    }

    /// BSD loopback: a 4-byte address family in the capturing host's byte order.
    package static let null = Self(rawValue: 0)
    package static let ethernet = Self(rawValue: 1)
    package static let ppp = Self(rawValue: 9)
    /// PPP in HDLC-like framing, or Cisco's HDLC.
    package static let pppHDLC = Self(rawValue: 50)
    /// A PPPoE header without Ethernet before it.
    package static let pppoe = Self(rawValue: 51)
    package static let raw = Self(rawValue: 101)
    package static let ciscoHDLC = Self(rawValue: 104)
    package static let wlan = Self(rawValue: 105)
    /// OpenBSD loopback: a 4-byte address family in network byte order.
    package static let loop = Self(rawValue: 108)
    package static let linuxSLL = Self(rawValue: 113)
    package static let wlanPrism = Self(rawValue: 119)
    package static let wlanRadiotap = Self(rawValue: 127)
    package static let wlanAVS = Self(rawValue: 163)
    package static let ipv4 = Self(rawValue: 228)
    package static let ipv6 = Self(rawValue: 229)
    package static let linuxSLL2 = Self(rawValue: 276)

    /// The name that tcpdump prints; numbers for those without a name here.
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
    package var isSupported: Bool {
        switch self {
        case .null, .ethernet, .ppp, .pppHDLC, .pppoe, .raw, .ciscoHDLC, .wlan, .loop, .linuxSLL, .wlanPrism,
            .wlanRadiotap, .wlanAVS, .ipv4, .ipv6, .linuxSLL2, Self(rawValue: 12), Self(rawValue: 14):
            true
        default: false
        }
    }
}
