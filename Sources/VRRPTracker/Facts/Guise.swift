internal import VRRPWire

/// A segment that was captured in two guises: tagged and untagged, or inside and outside of a tunnel.
package struct Guise: Hashable, Sendable {
    /// The guise in which its virtual routers are told of.
    package let segment: Segment
    /// The other one.
    package let other: Segment
    /// The virtual routers that were seen in both, in order of first appearance, at most ``mostVirtualRouters``.
    package internal(set) var virtualRouters: [VirtualRouterKey]
    /// Advertisements in the other guise.
    package internal(set) var occurrences: Occurrences

    package static let mostVirtualRouters = 256
}

extension Observation {
    mutating func countGuise(_ other: Segment, of key: VirtualRouterKey, _ sighting: Sighting) {
        let known = guises.firstIndex { $0.segment == key.segment && $0.other == other }
        if let known {
            guises[known].occurrences.add(sighting)
            let isListed = guises[known].virtualRouters.contains(key)
            guard !isListed, guises[known].virtualRouters.count < Guise.mostVirtualRouters else { return }
            guises[known].virtualRouters.append(key)
        } else if guises.count < Self.mostGuises {
            let occurrences = Occurrences(sighting)
            guises.append(Guise(segment: key.segment, other: other, virtualRouters: [key], occurrences: occurrences))
        }
    }
}

extension VirtualRouter {
    /// Whether an advertisement, seen in another guise of the segment, is the latest one of a router of this group, or its
    /// next one.
    ///
    /// Everything in it must be the same. Two VLANs may have one group of link-local addresses, with the same MAC address
    /// and at the same instant; they do not have one group of other addresses.
    func hasJustSent(_ received: borrowing ReceivedAdvertisement) -> Bool {
        guard let position = position(of: received.source) else { return false }
        // Nearly always this decides it, and no router is copied.
        guard routers[position].belief.checksum == received.checksum else { return false }
        let router = routers[position]
        guard router.belief.advertisement == received.content, received.hasAddresses(router.addresses),
            router.addresses.contains(where: { !$0.isLinkLocalIPv6 })
        else { return false }
        if let mac = received.sourceMAC, let known = router.lastMAC, mac != known { return false }
        let distance = received.sighting.instant - router.belief.spoke
        let isTwin = distance <= ElectionTimes.copying
        let isNext = ElectionTimes.isOnTime(distance, router.belief.interval)
        guard let identification = received.identification, let latest = router.belief.identification else {
            return isTwin
        }
        guard identification != latest else {
            if router.identifications.isConstant || identification == 0 { return isTwin }
            return distance <= ElectionTimes.disorder(router.belief.interval)
        }
        return identification == latest &+ 1 && isNext
    }
}
