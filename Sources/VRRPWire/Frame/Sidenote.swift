/// A property of a frame without anything that is tracked, for the sake of which it is counted.
///
/// A report says how many there were, so that nothing passes in silence.
package enum Sidenote: Hashable, Sendable {
    /// An Authentication Header with something else behind it than VRRP.
    case otherBehindAH
    /// A tunnel with something else inside than what is tracked.
    case tunnel(Tunnel.Kind)
    /// ARP for hardware that has no MAC addresses of six bytes, by its number in the ARP parameters of IANA.
    case otherARP(hardware: UInt16)
    /// HSRP version 2 about an interface and no group.
    case hsrpInterfaceState
    /// HSRP version 1 about an interface and no group: the operation "advertise".
    case hsrpAdvertise

    /// Whether the frame is about addresses or virtual routers and is not understood.
    package var isUnread: Bool {
        switch self {
        case .otherBehindAH, .tunnel: false
        case .otherARP, .hsrpInterfaceState, .hsrpAdvertise: true
        }
    }
}
