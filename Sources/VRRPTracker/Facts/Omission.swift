internal import VRRPWire

/// A table of the observation that can be full.
package enum Omission: Hashable, Sendable, CaseIterable {
    case virtualRouters, routers, senders, strangers, addresses, claimants, claims
    case malformed, carp, otherGroups, contested, refusals, sidenotes, blindSpots

    /// Whether what is left out is a packet as a whole.
    var isOfPackets: Bool {
        switch self {
        case .virtualRouters, .routers, .senders: true
        case .malformed, .carp, .otherGroups, .contested, .refusals, .sidenotes: true
        case .strangers, .addresses, .claimants, .claims, .blindSpots: false
        }
    }
}

extension [Omission: Occurrences] {
    /// Notes that something was left out, and returns whether that is the first of its kind.
    mutating func note(_ omission: Omission, _ sighting: Sighting) -> News {
        guard self[omission]?.add(sighting) == nil else { return .none }
        self[omission] = Occurrences(sighting)
        return .some
    }
}
