internal import VRRPFacts
package import VRRPTracker
internal import VRRPWire

/// A part of an observation that rules about the whole of it read.
package enum Facet: Hashable, Sendable, CaseIterable {
    case blindSpots, carp, malformed, virtualRouters
    /// The routers that speak, and what they say: nearly every advertisement may change it.
    case speakers

    /// Returns numbers that differ after the part has changed; `nil` for a part without such numbers, which is looked
    /// at regularly.
    package func mark(in observation: Observation) -> [Int64]? {
        switch self {
        case .blindSpots:
            [Int64(observation.blindSpots.count), observation.blindSpots.last?.end.nanoseconds ?? 0]
        case .carp: [Int64(observation.carp.count)]
        case .malformed: [Int64(observation.malformed.count)]
        case .virtualRouters: [Int64(observation.virtualRouters.count)]
        case .speakers: nil
        }
    }
}
