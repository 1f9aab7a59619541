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

    package init(interface: Int, vlans: VLANStack) {
        self.interface = interface
        self.vlans = vlans
    }

    /// `untagged`, or `vlan10.20` with the outermost tag first.
    package var name: String {
        vlans.isEmpty ? "untagged" : "vlan" + vlans.identifiers.map { "\($0)" }.joined(separator: ".")
    }
}

/// What tells virtual routers apart: RFC 9568 section 1.2 keeps the address families apart.
package struct VirtualRouterKey: Hashable, Sendable {
    package var segment: Segment
    package var family: AddressFamily
    package var vrid: UInt8

    package init(segment: Segment, family: AddressFamily, vrid: UInt8) {
        self.segment = segment
        self.family = family
        self.vrid = vrid
    }

    /// `untagged/ipv4/51`.
    package var name: String { "\(segment.name)/\(family.rawValue)/\(vrid)" }
}
