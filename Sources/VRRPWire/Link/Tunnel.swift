/// A header that carried a frame inside another frame, and the number that tells its networks apart.
///
/// Of tunnels in tunnels it is the innermost one: the frame was sent on the network inside that one.
package struct Tunnel: Hashable, Sendable {
    /// The raw values are the names in segments and reports.
    package enum Kind: String, Hashable, Sendable {
        case vxlan
        case vxlanGPE = "vxlan-gpe"
        case geneve
        /// GRE version 0, with IP, Ethernet or MPLS inside.
        case gre
        /// GRE version 1, with PPP inside. Its call identifiers differ by direction, so they name no network.
        case pptp
        /// A mirror of another network, not a network: ``DecodedFrame/vlans`` are those of the mirrored port.
        case erspan
        case mpls
        /// A provider backbone bridge (IEEE 802.1ah), whose number is the I-SID.
        case backbone = "pbb"
        case pppoe
        /// IPv4 or IPv6 directly in IPv4 or IPv6.
        case ipInIP = "ipip"
    }

    package var kind: Kind
    /// VNI, GRE key, ERSPAN session, bottom MPLS label, I-SID or PPPoE session; `nil` where the kind has none, or the header.
    package var id: UInt32?

    package init(_ kind: Kind, id: UInt32? = nil) {
        self.kind = kind
        self.id = id
    }
}

extension Tunnel: CustomStringConvertible {
    /// `vxlan:5001`, or `gre` without a key.
    package var description: String { id.map { "\(kind.rawValue):\($0)" } ?? kind.rawValue }
}

/// The way a tunnelled frame came: evidence, which tells no networks apart.
package struct OuterPath: Hashable, Sendable {
    /// The end points by the nearest IP header outside of the tunnel; `nil` where there is none, as with PPPoE.
    package var source: IPAddress?
    package var destination: IPAddress?
    /// The VLANs of the frame that carried the tunnel, outermost first.
    package var vlans: VLANStack

    package init(source: IPAddress?, destination: IPAddress?, vlans: VLANStack) {
        self.source = source
        self.destination = destination
        self.vlans = vlans
    }
}
