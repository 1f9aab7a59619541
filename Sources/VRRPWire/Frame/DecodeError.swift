/// The reason why decoding stopped, and the place.
///
/// It describes the packet, not the program: decoding goes on as far as it can, and this is the fact that remains.
package struct DecodeError: Error, Hashable, Sendable {
    package enum Layer: String, Hashable, Sendable {
        case link, wlan, vlan, llc, ppp, pppoe, mpls, ipv4, ipv6, ah, udp, gre, erspan, vxlan, geneve
        case vrrp, carp, arp, nd, hsrp, glbp
    }

    /// The origin of the limit that was hit.
    package enum LengthLimit: Hashable, Sendable {
        /// The capture cut the frame: the sender may be innocent.
        case capture
        /// A length field of the named layer's header.
        case headerField(Layer)
    }

    package enum Reason: Hashable, Sendable {
        case truncated(needed: Int, available: Int, limit: LengthLimit)
        case unsupportedLinkType(LinkType)
        case unsupportedVersion(UInt8)
        case unsupportedType(UInt8)
        case invalidHeaderLength(Int)
        case fragment
        case encrypted
        case tooDeep
        case invalidVirtualRouterID
        case notEthernetIPv4
    }

    package var layer: Layer
    /// Bytes from the start of ``layer`` to the field at fault.
    package var offset: Int
    package var reason: Reason

    package init(_ layer: Layer, offset: Int, _ reason: Reason) {
        self.layer = layer
        self.offset = offset
        self.reason = reason
    }

    /// Whether the capture, not the sender, is why reading stopped.
    package var blamesCapture: Bool {
        switch reason {
        case .truncated(_, _, .capture), .unsupportedLinkType, .fragment, .encrypted, .tooDeep: true
        case .truncated(_, _, .headerField), .unsupportedVersion, .unsupportedType, .invalidHeaderLength,
            .invalidVirtualRouterID, .notEthernetIPv4:
            false
        }
    }
}

extension DecodeError: CustomStringConvertible {
    /// The reason in words, without the layer and offset.
    package var description: String {
        switch reason {
        case .truncated(let needed, let available, .capture):
            "\(needed) bytes are needed and the capture holds \(available)"
        case .truncated(let needed, let available, .headerField(let layer)):
            "\(needed) bytes are needed and the \(layer.rawValue) header leaves \(available)"
        case .unsupportedLinkType(let type): "link type \(type.name) is not decoded"
        case .unsupportedVersion(let version): "version \(version) is neither 2 nor 3"
        case .unsupportedType(let type): "type \(type) is not ADVERTISEMENT (1)"
        case .invalidHeaderLength(let length): "a header length of \(length) bytes is impossible"
        case .fragment: "an IP fragment, which no VRRP router sends"
        case .encrypted: "an encrypted payload"
        case .tooDeep: "too many headers are nested"
        case .invalidVirtualRouterID: "VRID 0 does not exist"
        case .notEthernetIPv4: "not ARP for IPv4 over Ethernet"
        }
    }
}
