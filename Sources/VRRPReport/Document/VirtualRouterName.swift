package import VRRPWire

/// A virtual router by the name that programs know and by the address that people know.
package struct VirtualRouterName: Hashable, Sendable {
    /// The name in JSON, `untagged/ipv4/51`.
    package var id: String
    package var vrid: UInt8
    package var addresses: [IPAddress]
    /// The segment, where the observation has several.
    package var place: String?

    package init(id: String, vrid: UInt8, addresses: [IPAddress], place: String? = nil) {
        self.id = id
        self.vrid = vrid
        self.addresses = addresses
        self.place = place
    }

    /// `10.51.0.100 (VRID 51)`, `10.51.0.100 and 2 more (VRID 51, vlan10)`; the name in JSON where no address is known.
    package var title: String {
        guard let first = addresses.first else { return id }
        let more = addresses.count > 1 ? " and \(addresses.count - 1) more" : ""
        return "\(first)\(more) (VRID \(vrid)\(place.map { ", \($0)" } ?? ""))"
    }
}
