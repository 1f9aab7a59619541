import Testing
import VRRPWire

/// One way to carry a frame, or the packet inside of it, and what reading it must tell.
struct Encapsulation: Sendable, CustomTestStringConvertible {
    /// The carried frame.
    struct Inner: Sendable {
        /// From the Ethernet header on.
        var frame: [UInt8]

        var type: [UInt8] { Array(frame[12..<14]) }
        /// From behind the Ethernet header on.
        var packet: [UInt8] { Array(frame[14...]) }
        var isARP: Bool { type == [0x08, 0x06] }
        var isIPv6: Bool { type == [0x86, 0xdd] }
        /// The PPP protocol of the packet.
        var pppType: [UInt8] { isIPv6 ? [0x00, 0x57] : [0x00, 0x21] }
    }

    var name: String
    var linkType: LinkType = .ethernet
    var tunnel: Tunnel?
    /// The VLAN tags in front of the carried frame's own.
    var vlans: [UInt16] = []
    var outerVLANs: [UInt16] = []
    /// Whether the outer path has addresses, and of which family.
    var outerFamily: AddressFamily?
    /// Whether there is no Ethernet header inside: no MAC addresses are known and no ARP is carried.
    var isBareIP = false
    /// Whether there is an EtherType and no MAC addresses, as on a serial line.
    var isWithoutAddresses = false
    var wrap: @Sendable (Inner) -> [UInt8]

    var testDescription: String { name }

    var outer: OuterPath? {
        guard tunnel != nil else { return nil }
        switch outerFamily {
        case .ipv4: return OuterPath(source: "192.0.2.1", destination: "192.0.2.2", vlans: VLANStack(outerVLANs))
        case .ipv6: return OuterPath(source: "2001:db8::1", destination: "2001:db8::2", vlans: VLANStack(outerVLANs))
        case nil: return OuterPath(source: nil, destination: nil, vlans: VLANStack(outerVLANs))
        }
    }

    static let inners = [
        Inner(frame: Vector.named("version 2").frame), Inner(frame: Vector.named("version 3 over IPv6").frame),
        Inner(frame: Vector.named("gratuitous ARP").frame),
    ]
}

// MARK: Headers

/// Ethernet with tags, `type` being the EtherType of what follows.
func link(_ type: String, vlans: [UInt16] = [], _ payload: [UInt8]) -> [UInt8] {
    let tags = vlans.flatMap { [0x81, 0x00, UInt8($0 >> 8), UInt8($0 & 0xff)] }
    return hex("020000000002 020000000001") + tags + hex(type) + payload
}

/// IPv4 from 192.0.2.1 to 192.0.2.2 in Ethernet.
func overIPv4(_ next: UInt8, vlans: [UInt16] = [], fragment: String = "0000", _ payload: [UInt8]) -> [UInt8] {
    let length = UInt16(20 + payload.count)
    let header =
        hex("4500") + bigEndian(length) + hex("0001" + fragment + "40") + [next] + hex("0000 c0000201 c0000202")
    return link("0800", vlans: vlans, header + payload)
}

/// IPv6 from 2001:db8::1 to 2001:db8::2 in Ethernet.
func overIPv6(_ next: UInt8, _ payload: [UInt8]) -> [UInt8] {
    let addresses = hex("20010db8000000000000000000000001 20010db8000000000000000000000002")
    return link("86dd", hex("60000000") + bigEndian(UInt16(payload.count)) + [next, 64] + addresses + payload)
}

func udp(_ port: UInt16, _ payload: [UInt8]) -> [UInt8] {
    hex("c000") + bigEndian(port) + bigEndian(UInt16(8 + payload.count)) + hex("0000") + payload
}

func vxlan(_ vni: UInt32, _ frame: [UInt8]) -> [UInt8] { hex("08000000") + bigEndian(vni << 8) + frame }

func bigEndian(_ number: some FixedWidthInteger & UnsignedInteger) -> [UInt8] {
    stride(from: number.bitWidth - 8, through: 0, by: -8).map { UInt8(truncatingIfNeeded: number >> $0) }
}

// MARK: All of them

extension Encapsulation {
    static let all = link + serial + mpls + gre + mirrors + overlays + wireless

    private static let link = [
        Encapsulation(name: "802.1ad", vlans: [100, 10]) {
            Array($0.frame[..<12]) + hex("88a80064 8100600a") + $0.type + $0.packet
        },
        Encapsulation(name: "priority tag", vlans: [0]) {
            Array($0.frame[..<12]) + hex("8100e000") + $0.type + $0.packet
        },
        Encapsulation(name: "SNAP") {
            Array($0.frame[..<12]) + bigEndian(UInt16($0.packet.count + 8)) + hex("aaaa03 000000") + $0.type + $0.packet
        },
        Encapsulation(name: "SNAP, ARP of IEEE 802") {
            let packet = $0.isARP ? [0x00, 0x06] + $0.packet[2...] : $0.packet
            let header = bigEndian(UInt16(packet.count + 8)) + hex("aaaa03 000000")
            return Array($0.frame[..<12]) + header + $0.type + packet
        },
        Encapsulation(name: "802.1ah", tunnel: Tunnel(.backbone, id: 2_014_011), outerVLANs: [4051]) {
            VRRPWireTests.link("88e7", vlans: [4051], hex("001ebb3b") + $0.frame)
        },
        Encapsulation(name: "802.1ah without B-TAG, all flags", tunnel: Tunnel(.backbone, id: 0xff_ffff)) {
            VRRPWireTests.link("88e7", hex("ffffffff") + $0.frame)
        },
        Encapsulation(name: "802.1ah, tagged", tunnel: Tunnel(.backbone, id: 7), vlans: [10]) {
            VRRPWireTests.link("88e7", hex("00000007") + tagged($0))
        },
        Encapsulation(
            name: "PPPoE",
            tunnel: Tunnel(.pppoe, id: 0x1234),
            outerVLANs: [35],
            isBareIP: true
        ) {
            VRRPWireTests.link("8864", vlans: [35], pppoe($0))
        },
        Encapsulation(
            name: "PPPoE as link type",
            linkType: LinkType(.pppoe),
            tunnel: Tunnel(.pppoe, id: 0x1234),
            isBareIP: true
        ) { pppoe($0) },
    ]

    private static func pppoe(_ inner: Inner) -> [UInt8] {
        hex("1100 1234") + bigEndian(UInt16(inner.packet.count + 2)) + inner.pppType + inner.packet
    }

    private static let serial = [
        Encapsulation(name: "PPP", linkType: LinkType(.ppp), isBareIP: true) { $0.pppType + $0.packet },
        Encapsulation(name: "PPP with address", linkType: LinkType(.ppp), isBareIP: true) {
            hex("ff03") + $0.pppType + $0.packet
        },
        Encapsulation(name: "PPP, compressed", linkType: LinkType(.ppp), isBareIP: true) {
            [$0.pppType[1]] + $0.packet
        },
        Encapsulation(name: "PPP over MPLS", linkType: LinkType(.ppp), tunnel: Tunnel(.mpls, id: 18), isBareIP: true) {
            hex("0281 00012140") + $0.packet
        },
        Encapsulation(name: "PPP in HDLC", linkType: LinkType(.pppHDLC), isBareIP: true) {
            hex("ff03") + $0.pppType + $0.packet
        },
        Encapsulation(name: "Cisco HDLC", linkType: LinkType(.ciscoHDLC), isWithoutAddresses: true) {
            hex("0f00") + $0.type + $0.packet
        },
        Encapsulation(name: "Cisco HDLC as PPP", linkType: LinkType(.pppHDLC), isWithoutAddresses: true) {
            hex("8f00") + $0.type + $0.packet
        },
    ]

    private static let mpls = [
        Encapsulation(name: "MPLS", tunnel: Tunnel(.mpls, id: 17_000), outerVLANs: [5], isBareIP: true) {
            VRRPWireTests.link("8847", vlans: [5], hex("00010040 04268140") + $0.packet)
        },
        Encapsulation(name: "pseudowire", tunnel: Tunnel(.mpls, id: 17_000)) {
            VRRPWireTests.link("8847", hex("00010040 04268140 00000000") + $0.frame)
        },
        Encapsulation(name: "pseudowire with sequence", tunnel: Tunnel(.mpls, id: 17_000)) {
            VRRPWireTests.link("8848", hex("04268140 0000002a") + $0.frame)
        },
        Encapsulation(name: "pseudowire without control word", tunnel: Tunnel(.mpls, id: 17_000)) {
            VRRPWireTests.link("8847", hex("04268140") + $0.frame)
        },
        Encapsulation(name: "tagged pseudowire", tunnel: Tunnel(.mpls, id: 17_000), vlans: [10]) {
            VRRPWireTests.link("8847", hex("04268140 00000000") + tagged($0))
        },
        Encapsulation(name: "tagged pseudowire without control word", tunnel: Tunnel(.mpls, id: 17_000), vlans: [10]) {
            VRRPWireTests.link("8847", hex("04268140") + tagged($0))
        },
    ]

    private static func tagged(_ inner: Inner) -> [UInt8] {
        Array(inner.frame[..<12]) + hex("8100000a") + inner.type + inner.packet
    }

    private static let gre = [
        Encapsulation(name: "GRE", tunnel: Tunnel(.gre), outerVLANs: [5], outerFamily: .ipv4, isBareIP: true) {
            overIPv4(47, vlans: [5], hex("0000") + $0.type + $0.packet)
        },
        Encapsulation(name: "GRE over IPv6", tunnel: Tunnel(.gre), outerFamily: .ipv6, isBareIP: true) {
            overIPv6(47, hex("0000") + $0.type + $0.packet)
        },
        Encapsulation(name: "GRE, all options", tunnel: Tunnel(.gre, id: 77), outerFamily: .ipv4, isBareIP: true) {
            let routes = hex("0800 00 04 c0000203 0800 00 04 c0000204 0000 00 00")
            return overIPv4(47, hex("f000") + $0.type + hex("12340000 0000004d 00000007") + routes + $0.packet)
        },
        Encapsulation(name: "GRE, bridged", tunnel: Tunnel(.gre, id: 9), outerFamily: .ipv4) {
            overIPv4(47, hex("2000 6558 00000009") + $0.frame)
        },
        Encapsulation(name: "GRE, MPLS", tunnel: Tunnel(.mpls, id: 18), outerFamily: .ipv4) {
            overIPv4(47, hex("0000 8847 00012140 00000000") + $0.frame)
        },
        Encapsulation(name: "PPTP", tunnel: Tunnel(.pptp), outerFamily: .ipv4, isBareIP: true) {
            let length = bigEndian(UInt16($0.packet.count + 4))
            return overIPv4(47, hex("3081 880b") + length + hex("0005 00000001 00000000 ff03") + $0.pppType + $0.packet)
        },
        Encapsulation(name: "IP in IPv4", tunnel: Tunnel(.ipInIP), outerVLANs: [5], outerFamily: .ipv4, isBareIP: true)
        {
            overIPv4($0.isIPv6 ? 41 : 4, vlans: [5], $0.packet)
        },
        Encapsulation(name: "IP in IPv6", tunnel: Tunnel(.ipInIP), outerFamily: .ipv6, isBareIP: true) {
            overIPv6($0.isIPv6 ? 41 : 4, $0.packet)
        },
        Encapsulation(
            name: "IP in IPv6 with extension headers",
            tunnel: Tunnel(.ipInIP),
            outerFamily: .ipv6,
            isBareIP: true
        ) {
            // Destination options: the Tunnel Encapsulation Limit (RFC 2473 section 4.1.1).
            overIPv6(60, [$0.isIPv6 ? 41 : 4] + hex("00 040104 010100") + $0.packet)
        },
    ]

    private static let mirrors = [
        Encapsulation(name: "ERSPAN I", tunnel: Tunnel(.erspan), outerFamily: .ipv4) {
            overIPv4(47, hex("0000 88be") + $0.frame)
        },
        Encapsulation(name: "ERSPAN II", tunnel: Tunnel(.erspan, id: 100), vlans: [10], outerFamily: .ipv4) {
            overIPv4(47, hex("1000 88be 00000001 100a 0064 00000000") + $0.frame)
        },
        Encapsulation(name: "ERSPAN II, VLAN 0", tunnel: Tunnel(.erspan, id: 100), outerFamily: .ipv4) {
            overIPv4(47, hex("1000 88be 00000001 1000 0064 00000000") + $0.frame)
        },
        Encapsulation(name: "ERSPAN II, trunk", tunnel: Tunnel(.erspan, id: 100), vlans: [10], outerFamily: .ipv4) {
            overIPv4(47, hex("1000 88be 00000001 1014 1864 00000000") + tagged($0))
        },
        Encapsulation(
            name: "ERSPAN II, priority tag",
            tunnel: Tunnel(.erspan, id: 100),
            vlans: [20],
            outerFamily: .ipv4
        ) {
            let frame = Array($0.frame[..<12]) + hex("8100e000") + $0.type + $0.packet
            return overIPv4(47, hex("1000 88be 00000001 1014 1864 00000000") + frame)
        },
        Encapsulation(name: "ERSPAN III", tunnel: Tunnel(.erspan, id: 100), vlans: [10], outerFamily: .ipv4) {
            overIPv4(47, hex("1000 22eb 00000001 200a 0064 00000001 0000 0000") + $0.frame)
        },
        Encapsulation(name: "ERSPAN III, subheader", tunnel: Tunnel(.erspan, id: 100), vlans: [10], outerFamily: .ipv4)
        {
            overIPv4(47, hex("1000 22eb 00000001 200a 0064 00000001 0000 0001 0000000000000000") + $0.frame)
        },
        Encapsulation(
            name: "ERSPAN III, IP",
            tunnel: Tunnel(.erspan, id: 100),
            vlans: [10],
            outerFamily: .ipv4,
            isBareIP: true
        ) {
            overIPv4(47, hex("1000 22eb 00000001 200a 0064 00000001 0000 0800") + $0.packet)
        },
    ]

    private static let overlays = [
        Encapsulation(name: "VXLAN", tunnel: Tunnel(.vxlan, id: 5001), outerVLANs: [7], outerFamily: .ipv4) {
            overIPv4(17, vlans: [7], udp(4789, vxlan(5001, $0.frame)))
        },
        Encapsulation(name: "VXLAN, tagged", tunnel: Tunnel(.vxlan, id: 5001), vlans: [10], outerFamily: .ipv4) {
            overIPv4(17, udp(4789, vxlan(5001, tagged($0))))
        },
        Encapsulation(name: "VXLAN, Linux's port", tunnel: Tunnel(.vxlan, id: 5001), outerFamily: .ipv4) {
            overIPv4(17, udp(8472, vxlan(5001, $0.frame)))
        },
        Encapsulation(name: "VXLAN over IPv6", tunnel: Tunnel(.vxlan, id: 0xff_ffff), outerFamily: .ipv6) {
            overIPv6(17, udp(4789, vxlan(0xff_ffff, $0.frame)))
        },
        Encapsulation(name: "VXLAN, first fragment", tunnel: Tunnel(.vxlan, id: 1), outerFamily: .ipv4) {
            overIPv4(17, fragment: "2000", udp(4789, vxlan(1, $0.frame)))
        },
        Encapsulation(name: "VXLAN-GPE, Ethernet", tunnel: Tunnel(.vxlanGPE, id: 5001), outerFamily: .ipv4) {
            overIPv4(17, udp(4790, hex("0c000003 00138900") + $0.frame))
        },
        Encapsulation(name: "VXLAN-GPE, nothing said", tunnel: Tunnel(.vxlanGPE), outerFamily: .ipv4) {
            overIPv4(17, udp(4790, hex("00000000 00138900") + $0.frame))
        },
        Encapsulation(name: "VXLAN-GPE, IP", tunnel: Tunnel(.vxlanGPE, id: 5001), outerFamily: .ipv4, isBareIP: true) {
            overIPv4(17, udp(4790, hex("0c0000") + [$0.isIPv6 ? 2 : 1] + hex("00138900") + $0.packet))
        },
        Encapsulation(name: "VXLAN-GPE, MPLS", tunnel: Tunnel(.mpls, id: 18), outerFamily: .ipv4, isBareIP: true) {
            overIPv4(17, udp(4790, hex("0c000005 00138900 00012140") + $0.packet))
        },
        Encapsulation(name: "GENEVE", tunnel: Tunnel(.geneve, id: 5001), outerFamily: .ipv4) {
            overIPv4(17, udp(6081, hex("0000 6558 00138900") + $0.frame))
        },
        Encapsulation(name: "GENEVE, options", tunnel: Tunnel(.geneve, id: 5001), outerFamily: .ipv6) {
            overIPv6(17, udp(6081, hex("0200 6558 00138900 0001020100000000") + $0.frame))
        },
        Encapsulation(name: "GENEVE, IP", tunnel: Tunnel(.geneve, id: 5001), outerFamily: .ipv4, isBareIP: true) {
            overIPv4(17, udp(6081, hex("0000") + $0.type + hex("00138900") + $0.packet))
        },
        Encapsulation(
            name: "ERSPAN in VXLAN",
            tunnel: Tunnel(.erspan, id: 100),
            vlans: [10],
            outerVLANs: [8],
            outerFamily: .ipv4
        ) {
            let mirror = overIPv4(47, vlans: [8], hex("1000 88be 00000001 100a 0064 00000000") + $0.frame)
            return overIPv6(17, udp(4789, vxlan(1, mirror)))
        },
        Encapsulation(name: "four tunnels", tunnel: Tunnel(.vxlan, id: 1), outerFamily: .ipv4) {
            (1...4).reduce($0.frame) { overIPv4(17, udp(4789, vxlan(UInt32($1), $0))) }
        },
    ]

    private static let wireless = [
        Encapsulation(name: "802.11 from an access point", linkType: LinkType(.wlan)) {
            wlan("0802", $0, [.to, .base, .from])
        },
        Encapsulation(name: "802.11 to an access point", linkType: LinkType(.wlan)) {
            wlan("0801", $0, [.base, .from, .to])
        },
        Encapsulation(name: "802.11 ad hoc", linkType: LinkType(.wlan)) { wlan("0800", $0, [.to, .from, .base]) },
        Encapsulation(name: "802.11 between access points", linkType: LinkType(.wlan)) {
            wlan("0803", $0, [.base, .base, .to], last: .from)
        },
        Encapsulation(name: "802.11 QoS", linkType: LinkType(.wlan)) {
            wlan("8802", $0, [.to, .base, .from], hex("0600"))
        },
        Encapsulation(name: "802.11 QoS with HT control", linkType: LinkType(.wlan)) {
            wlan("8882", $0, [.to, .base, .from], hex("0600 00000000"))
        },
        Encapsulation(name: "802.11s", linkType: LinkType(.wlan)) {
            wlan("8803", $0, [.base, .base, .to], hex("0001 00 1f 01000000"), last: .from)
        },
        Encapsulation(name: "802.11s, group addressed", linkType: LinkType(.wlan)) {
            wlan("8802", $0, [.to, .base, .base], hex("0001 01 1f 01000000") + $0.frame[6..<12])
        },
        Encapsulation(name: "802.11s, for hosts behind two nodes", linkType: LinkType(.wlan)) {
            wlan("8803", $0, [.base, .base, .base], hex("0001 02 1f 01000000") + $0.frame[..<12], last: .base)
        },
        Encapsulation(name: "radiotap", linkType: LinkType(.wlanRadiotap)) {
            hex("0000 0a00 06000000 0002") + wlan("8802", $0, [.to, .base, .from], hex("0600"))
        },
        Encapsulation(name: "radiotap, padded", linkType: LinkType(.wlanRadiotap)) {
            // Two words of what is present, then a timestamp at the next multiple of eight, then the flags.
            hex("0000 1900 030000a0 00000020 00000000 0000000001000000 20")
                + wlan("8802", $0, [.to, .base, .from], hex("0600 0000"))
        },
        Encapsulation(name: "Prism", linkType: LinkType(.wlanPrism)) {
            hex("44000000 90000000") + Array(repeating: 0, count: 136) + wlan("0802", $0, [.to, .base, .from])
        },
        Encapsulation(name: "AVS", linkType: LinkType(.wlanAVS)) {
            hex("80211001 00000040") + Array(repeating: 0, count: 56) + wlan("0802", $0, [.to, .base, .from])
        },
    ]

    private enum Station {
        case to, from, base
    }

    /// A data frame: frame control, the addresses in their order, a sequence number, what more the header has, and SNAP.
    private static func wlan(
        _ control: String,
        _ inner: Inner,
        _ stations: [Station],
        _ rest: [UInt8] = [],
        last: Station? = nil
    ) -> [UInt8] {
        func address(_ station: Station) -> [UInt8] {
            switch station {
            case .to: Array(inner.frame[..<6])
            case .from: Array(inner.frame[6..<12])
            case .base: hex("02000000000b")
            }
        }
        let header = hex(control + "0000") + stations.flatMap(address) + hex("1000") + (last.map(address) ?? []) + rest
        return header + hex("aaaa03 000000") + inner.type + inner.packet
    }
}
