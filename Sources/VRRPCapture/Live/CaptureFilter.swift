internal import CPcap
package import VRRPWire

/// Filter expressions in libpcap's language (pcap-filter(7)).
package enum CaptureFilter {
    /// VRRP, CARP (protocol 112), IPsec AH (51), ARP, Neighbor Solicitations and Advertisements, HSRP (UDP ports 1985 and
    /// 2029), GLBP (3222), and ICMP errors that quote protocol 112 or 51; nothing else.
    ///
    /// `ip6 proto` would look behind fragment headers only, so next headers are compared by hand: at once, or behind a
    /// hop-by-hop header of eight bytes, the only size that router alerts need. An ICMP error quotes an IP header from its
    /// ninth byte on.
    private static let untagged = """
        (ip proto 112 or ip proto 51 or arp or \
        (udp and (dst port 1985 or dst port 2029 or dst port 3222)) or \
        (icmp[0] = 3 and (icmp[17] = 112 or icmp[17] = 51)) or (ip6 and (ip6[6] = 112 or ip6[6] = 51 or \
        (ip6[6] = 58 and (ip6[40] = 135 or ip6[40] = 136 or \
        ((ip6[40] = 1 or ip6[40] = 4) and (ip6[54] = 112 or ip6[54] = 51)))) or \
        (ip6[6] = 0 and (ip6[40] = 112 or ip6[40] = 51 or \
        (ip6[40] = 58 and (ip6[48] = 135 or ip6[48] = 136)))))))
        """

    /// Everything that may bear such frames inside: IP in IP, GRE with ERSPAN, VXLAN, Geneve, and on Ethernet PPPoE, MPLS and
    /// 802.1ah.
    private static let tunnels = """
        (ip proto 4 or ip proto 41 or ip proto 47 or ip6 proto 4 or ip6 proto 41 or ip6 proto 47 or \
        (udp and (dst port 4789 or dst port 8472 or dst port 6081)))
        """
    private static let ethernetTunnels = """
        ether proto 0x8864 or ether proto 0x8847 or ether proto 0x8848 or ether proto 0x88e7
        """

    /// The filter that passes the frames about virtual routers, for a link type.
    ///
    /// With tunnels, everything in them passes as well, because a filter cannot look into them. On a busy link that is much.
    ///
    /// Ethernet frames may bear up to two VLAN tags. The untagged term comes first, for the word `vlan` shifts the offsets
    /// of everything after it. Other link types have no such word; on Linux their tags are not in the bytes either.
    package static func relevant(for linkType: LinkType, withTunnels: Bool = false) -> String {
        guard linkType == .ethernet else { return withTunnels ? "(\(untagged) or \(tunnels))" : untagged }
        let each = withTunnels ? "(\(untagged) or \(tunnels) or \(ethernetTunnels))" : untagged
        return "(\(each) or (vlan and (\(each) or (vlan and \(each)))))"
    }

    /// The relevant frames that also pass the user's expression, if there is one.
    ///
    /// The user's expression comes first, lest our own `vlan` shift it; a `vlan` of the user's shifts ours as it should.
    package static func relevant(
        for linkType: LinkType,
        and expression: String?,
        withTunnels: Bool = false
    ) -> String {
        let relevant = relevant(for: linkType, withTunnels: withTunnels)
        guard let expression, expression.contains(where: { !$0.isWhitespace }) else { return relevant }
        return "(\(expression)) and \(relevant)"
    }
}

/// A filter program for frames of one link type, run here and not in the kernel: for expressions applied to files.
@safe
package final class FrameFilter {
    private var program = unsafe bpf_program()

    /// Compiles an expression; throws ``CaptureError`` with `invalidFilter` and libpcap's reason.
    package init(_ expression: String, linkType: LinkType, snapLength: Int = 262_144) throws(CaptureError) {
        let compiled = CInt(clamping: linkType.dataLinkType)
        guard let handle = unsafe pcap_open_dead(compiled, CInt(clamping: snapLength)) else {
            throw CaptureError(.invalidFilter, path: expression, detail: "There is no memory for a filter.")
        }
        defer { unsafe pcap_close(handle) }
        guard unsafe pcap_compile(handle, &program, expression, 1, PCAP_NETMASK_UNKNOWN) == 0 else {
            let reason = unsafe String(cString: pcap_geterr(handle))
            throw CaptureError(.invalidFilter, path: expression, detail: reason)
        }
    }

    deinit {
        unsafe pcap_freecode(&program)
    }

    /// Whether a frame of the link type passes.
    package func matches(_ bytes: Span<UInt8>, originalLength: Int) -> Bool {
        unsafe bytes.withUnsafeBufferPointer { buffer in
            guard let start = buffer.baseAddress else { return false }
            return unsafe bpf_filter(
                program.bf_insns,
                start,
                UInt32(clamping: originalLength),
                UInt32(clamping: buffer.count)
            ) != 0
        }
    }
}

extension FrameFilter {
    /// Whether the filter lets some packet about virtual routers through and drops the same packet in a VLAN.
    ///
    /// A primitive such as `vrrp` looks where an untagged frame has its type; a tag makes it fail without a word. To be
    /// asked of filters for Ethernet.
    package var dropsTagged: Bool {
        let addresses: [UInt8] = [1, 0, 0x5e, 0, 0, 0x12, 0, 0, 0x5e, 0, 1, 51]
        let ipv4: [UInt8] = [8, 0, 0x45, 0, 0, 40, 0, 1, 0, 0, 255, 112, 0, 0, 10, 0, 0, 1, 224, 0, 0, 18]
        let ipv6: [UInt8] =
            [0x86, 0xdd, 0x60, 0, 0, 0, 0, 24, 112, 255] + [0xfe, 0x80] + [UInt8](repeating: 0, count: 13) + [1]
            + [0xff, 0x02] + [UInt8](repeating: 0, count: 13) + [0x12]
        let arp: [UInt8] = [8, 6, 0, 1, 8, 0, 6, 4, 0, 1]
        return [ipv4, ipv6, arp].contains { packet in
            let rest = packet + [UInt8](repeating: 0, count: 40)
            let plain = addresses + rest
            let tagged = addresses + [0x81, 0, 0, 10] + rest
            return matches(plain.span, originalLength: plain.count)
                && !matches(tagged.span, originalLength: tagged.count)
        }
    }
}

extension LinkType {
    /// The number that libpcap on Linux uses within a program, where that differs from the number in files.
    var dataLinkType: UInt32 {
        layer == .raw ? UInt32(DLT_RAW) : rawValue
    }

    init(dataLinkType: CInt) {
        self = dataLinkType == DLT_RAW ? Self(.raw) : Self(rawValue: UInt32(clamping: dataLinkType))
    }
}
