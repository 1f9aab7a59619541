/// A link layer that ``DecodedFrame`` reads, by its number in capture files (the LINKTYPE_ registry of the pcap format).
///
/// A case here makes the compiler ask for its name below and for its reader in `DecodedFrame+Link.swift`. Nothing else
/// lists link layers.
public enum LinkLayer: UInt32, Hashable, Sendable, CaseIterable {
    /// BSD loopback: a 4-byte address family in the capturing host's byte order.
    case null = 0
    case ethernet = 1
    case ppp = 9
    /// Raw IP by the number that most BSD systems and old versions of libpcap wrote (`DLT_RAW` in libpcap's `dlt.h`).
    case rawOfBSD = 12
    /// Raw IP by the number of OpenBSD and BSD/OS (`DLT_RAW` in libpcap's `dlt.h`).
    case rawOfOpenBSD = 14
    /// PPP in HDLC-like framing, or Cisco's HDLC.
    case pppHDLC = 50
    /// A PPPoE header without Ethernet before it.
    case pppoe = 51
    /// IPv4 or IPv6 without a link layer.
    case raw = 101
    case ciscoHDLC = 104
    /// IEEE 802.11.
    case wlan = 105
    /// OpenBSD loopback: a 4-byte address family in network byte order.
    case loop = 108
    /// Linux cooked capture v1.
    case linuxSLL = 113
    case wlanPrism = 119
    case wlanRadiotap = 127
    case wlanAVS = 163
    case ipv4 = 228
    case ipv6 = 229
    /// Linux cooked capture v2.
    case linuxSLL2 = 276

    /// The name that tcpdump prints.
    var name: String {
        switch self {
        case .null: "NULL"
        case .ethernet: "EN10MB"
        case .ppp: "PPP"
        case .raw, .rawOfBSD, .rawOfOpenBSD: "RAW"
        case .pppHDLC: "PPP_SERIAL"
        case .pppoe: "PPP_ETHER"
        case .ciscoHDLC: "C_HDLC"
        case .wlan: "IEEE802_11"
        case .loop: "LOOP"
        case .linuxSLL: "LINUX_SLL"
        case .wlanPrism: "PRISM_HEADER"
        case .wlanRadiotap: "IEEE802_11_RADIO"
        case .wlanAVS: "IEEE802_11_RADIO_AVS"
        case .ipv4: "IPV4"
        case .ipv6: "IPV6"
        case .linuxSLL2: "LINUX_SLL2"
        }
    }
}

/// A link-layer header type as a capture states it, of which ``LinkLayer`` has those that are decoded.
public struct LinkType: RawRepresentable, Hashable, Sendable {
    public var rawValue: UInt32

    @inlinable
    public init(rawValue: UInt32) {
        self.rawValue = rawValue
    }

    /// The type of a link layer that is decoded.
    public init(_ layer: LinkLayer) {
        rawValue = layer.rawValue
    }

    /// Ethernet, as a plain number, so that comparing with it in the loop over frames is one instruction in every module.
    @inlinable public static var ethernet: Self { Self(rawValue: 1) }

    /// The link layer that frames of this type are decoded as; `nil` for types whose frames are only counted.
    public var layer: LinkLayer? { LinkLayer(rawValue: rawValue) }

    /// Whether ``DecodedFrame`` reads frames of this type; other frames are counted and reported.
    public var isSupported: Bool { layer != nil }

    /// The name that tcpdump prints; `LINKTYPE_` and the number where no name is known here.
    public var name: String {
        if let layer { return layer.name }
        switch rawValue {
        case 239: return "NFLOG"
        case 258: return "PKTAP"
        case 274: return "MPACKET"
        default: return "LINKTYPE_\(rawValue)"
        }
    }
}
