package import VRRPWire

/// The network that a virtual router lives on, as far as a capture tells networks apart.
///
/// Interfaces are told apart within a capture and not between captures: several captures of one network are one
/// observation of it.
package struct Segment: Hashable, Sendable {
    /// The interface's position within its capture.
    package var interface: Int
    /// VLANs outermost first, without priority tags.
    package var vlans: VLANStack
    /// The innermost tunnel, whose number tells networks apart as a VLAN does; ``vlans`` are those inside of it.
    ///
    /// The session of a mirror (ERSPAN) belongs to it as well. Two sessions may mirror one VLAN, which then is told twice;
    /// but they may as well mirror two networks that use one VLAN number, and joining those would invent a split brain.
    package var tunnel: Tunnel?

    package init(interface: Int, vlans: VLANStack, tunnel: Tunnel? = nil) {
        self.interface = interface
        self.vlans = vlans
        self.tunnel = tunnel
    }

    /// Feeds one word for what nearly always tells segments apart.
    package func hash(into hasher: inout Hasher) {
        hasher.combine(vlans.hashWord ^ UInt64(truncatingIfNeeded: interface))
        if let tunnel { hasher.combine(tunnel) }
    }

    /// The segment that a frame was on.
    package init(of frame: borrowing DecodedFrame, interface: Int) {
        self.init(interface: interface, vlans: frame.vlans.withoutPriorityTags, tunnel: frame.tunnel)
    }

    /// Whether one segment, captured at two places, may look like this one and like another.
    ///
    /// A tag, or a tunnel's header, is put in front of a frame or taken off; nothing turns one VLAN's number into another's.
    func mayBeGuise(of other: Self) -> Bool {
        guard tunnel == other.tunnel || tunnel == nil || other.tunnel == nil else { return false }
        guard vlans != other.vlans else { return tunnel != other.tunnel }
        return vlans.count > other.vlans.count ? vlans.ends(in: other.vlans) : other.vlans.ends(in: vlans)
    }

    /// `untagged`, or `vlan10.20` with the outermost tag first; in a tunnel `vxlan:5001/vlan10`.
    package var name: String {
        let tags = vlans.identifiers
        var inside = tags.isEmpty ? "untagged" : "vlan"
        for (index, tag) in tags.enumerated() { inside += (index > 0 ? "." : "") + String(tag) }
        return tunnel.map { "\($0)/\(inside)" } ?? inside
    }
}

/// The identity of a virtual router.
///
/// RFC 9568 section 1.2 keeps the address families apart.
package struct VirtualRouterKey: Hashable, Sendable {
    package var segment: Segment
    package var family: AddressFamily
    package var vrid: UInt8

    package init(segment: Segment, family: AddressFamily, vrid: UInt8) {
        self.segment = segment
        self.family = family
        self.vrid = vrid
    }

    /// Feeds one word for what nearly always tells keys apart: this runs for each advertisement.
    package func hash(into hasher: inout Hasher) {
        let interface = UInt64(truncatingIfNeeded: segment.interface)
        let numbers = UInt64(vrid) | (family == .ipv6 ? 1 : 0) << 8 | interface << 9
        hasher.combine(segment.vlans.hashWord ^ numbers)
        if let tunnel = segment.tunnel { hasher.combine(tunnel) }
    }

    /// `untagged/ipv4/51`.
    package var name: String { "\(segment.name)/\(family.rawValue)/\(vrid)" }
}
