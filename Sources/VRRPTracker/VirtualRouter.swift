package import VRRPWire

/// One virtual router: its speakers, and who of them was master when.
package struct VirtualRouter: Sendable {
    /// Reigns kept; the oldest are dropped, and counted, beyond it.
    package static let mostReigns = 20_000
    package static let mostConflicts = 16

    package let key: VirtualRouterKey
    /// VRRP versions in order of first appearance.
    package internal(set) var versions: [UInt8] = []
    /// In order of first appearance; a ``Reign`` names a router by its position here.
    package internal(set) var routers: [Router] = []
    /// In order of their start.
    package internal(set) var reigns: [Reign] = []
    /// How many reigns were dropped because the list was full.
    package internal(set) var droppedReigns = 0
    package internal(set) var firstAdvert: CaptureInstant
    /// Who last announced each virtual address.
    package internal(set) var announcements: [IPAddress: AddressClaim] = [:]
    /// Hosts that claimed a virtual address and are none of the routers, by MAC address.
    package internal(set) var conflicts: [MACAddress: AddressConflict] = [:]

    init(key: VirtualRouterKey, firstAdvert: CaptureInstant) {
        self.key = key
        self.firstAdvert = firstAdvert
    }

    /// Every virtual address that a speaker advertised, in order of first appearance.
    package var addresses: [IPAddress] {
        var all: [IPAddress] = []
        for router in routers {
            for address in router.addresses where !all.contains(address) { all.append(address) }
        }
        return all
    }

    /// The longest interval that a speaker advertises, which bounds what takes an interval.
    package var advertisementInterval: TimeSpan {
        routers.map(\.advertisementInterval).max() ?? .seconds(1)
    }

    package var virtualMAC: MACAddress { .virtualRouter(key.vrid, key.family) }
}

/// Who last announced an address, by gratuitous ARP or unsolicited Neighbor Advertisement.
package struct AddressClaim: Hashable, Sendable {
    package var mac: MACAddress
    package var instant: CaptureInstant
    package var evidence: FrameReference
}

/// Claims of virtual addresses by a host that is none of their routers.
package struct AddressConflict: Hashable, Sendable {
    package internal(set) var addresses: [IPAddress]
    package internal(set) var occurrences: Occurrences
}
