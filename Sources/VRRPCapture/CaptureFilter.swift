internal import CPcap
package import VRRPWire

/// Filter expressions in libpcap's language (pcap-filter(7)).
package enum CaptureFilter {
    /// VRRP, CARP (protocol 112), IPsec AH (51), ARP, Neighbor Solicitations and Advertisements, and nothing else.
    ///
    /// `ip6 proto` would look behind fragment headers only, so next headers are compared by hand: at once, or behind a
    /// hop-by-hop header of eight bytes, the only size that router alerts need.
    private static let untagged = """
        (ip proto 112 or ip proto 51 or arp or (ip6 and (ip6[6] = 112 or ip6[6] = 51 or \
        (ip6[6] = 58 and (ip6[40] = 135 or ip6[40] = 136)) or \
        (ip6[6] = 0 and (ip6[40] = 112 or ip6[40] = 51 or \
        (ip6[40] = 58 and (ip6[48] = 135 or ip6[48] = 136)))))))
        """

    /// What passes the frames that say something about virtual routers, for a link type.
    ///
    /// Ethernet frames may bear up to two VLAN tags. The untagged term comes first, for the word `vlan` shifts the offsets
    /// of everything after it. Other link types have no such word; on Linux their tags are not in the bytes either.
    package static func relevant(for linkType: LinkType) -> String {
        linkType == .ethernet ? "(\(untagged) or (vlan and (\(untagged) or (vlan and \(untagged)))))" : untagged
    }

    /// The relevant frames that also pass the user's expression, if there is one.
    ///
    /// The user's expression comes first, lest our own `vlan` shift it; a `vlan` of the user's shifts ours as it should.
    package static func relevant(for linkType: LinkType, and expression: String?) -> String {
        guard let expression, expression.contains(where: { !$0.isWhitespace }) else { return relevant(for: linkType) }
        return "(\(expression)) and \(relevant(for: linkType))"
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

extension LinkType {
    /// The number that libpcap on Linux uses within a program, where that differs from the number in files.
    var dataLinkType: UInt32 {
        rawValue == LinkType.raw.rawValue ? UInt32(DLT_RAW) : rawValue
    }

    init(dataLinkType: CInt) {
        self.init(rawValue: dataLinkType == DLT_RAW ? LinkType.raw.rawValue : UInt32(clamping: dataLinkType))
    }
}
