package import VRRPWire

/// One virtual router: its speakers, and who of them was master when.
package struct VirtualRouter: Sendable {
    package let key: VirtualRouterKey
    /// VRRP versions in order of first appearance.
    package internal(set) var versions: [UInt8] = []
    /// In order of first appearance; a ``Reign`` names a router by its position here.
    package internal(set) var routers: [Router] = []
    /// In order of their start.
    package internal(set) var reigns: [Reign] = []
    package internal(set) var firstAdvert: CaptureInstant
    /// Who last announced or answered each virtual address.
    package internal(set) var claims: [IPAddress: AddressClaim] = [:]

    /// Every virtual address that a speaker advertised, in order of first appearance.
    package var addresses: [IPAddress] {
        var all: [IPAddress] = []
        for router in routers {
            for address in router.addresses where !all.contains(address) { all.append(address) }
        }
        return all
    }

    /// The interval in force: the longest that a speaker advertises.
    package var advertisementInterval: TimeSpan {
        routers.map(\.advertisementInterval).max() ?? .seconds(1)
    }
}

/// Who last claimed an address, by gratuitous ARP, ARP reply or Neighbor Advertisement.
package struct AddressClaim: Hashable, Sendable {
    package var mac: MACAddress
    package var instant: CaptureInstant
    package var evidence: FrameReference
}

/// What happened to a virtual router, ready to be told: who was master when, and what changed it.
package struct History: Sendable {
    /// Without gaps, from the first advertisement to the end of the observation.
    package internal(set) var timeline: [TimelineInterval] = []
    package internal(set) var transitions: [Transition] = []
    /// By router.
    package internal(set) var masterTime: [TimeSpan] = []
}
