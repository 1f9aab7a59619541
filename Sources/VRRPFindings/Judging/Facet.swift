internal import VRRPFacts
package import VRRPTracker
internal import VRRPWire

/// A part of an observation that rules about the whole of it read.
package enum Facet: Hashable, Sendable, CaseIterable {
    case blindSpots, carp, malformed, virtualRouters
    /// Full tables, with what was left out of each.
    case omissions
    /// Addresses that are no virtual router's and claimed by several hosts in turn.
    case contested
    /// Segments that were captured in two guises.
    case guises
    /// ICMP errors that refuse advertisements.
    case refusals
    /// Whether there are advertisements, and what there is besides.
    case traffic
    /// The routers that speak, and what they say: nearly every advertisement may change it.
    case speakers

    /// Returns numbers that differ after the part has changed; `nil` for a part without such numbers, which is looked
    /// at regularly.
    package func mark(in observation: Observation) -> [Int64]? {
        switch self {
        case .blindSpots:
            [Int64(observation.blindSpots.count), observation.blindSpots.last?.end.nanoseconds ?? 0]
        case .carp:
            [
                Int64(observation.carp.count),
                Int64(observation.carp.reduce(0) { $0 + $1.speakers.count + $1.contests.count }),
            ]
        case .contested: [Int64(observation.contested.count { $0.isEstablished })]
        case .guises: [Int64(observation.guises.reduce(0) { $0 + $1.virtualRouters.count })]
        case .refusals: [Int64(observation.refusals.count)]
        case .traffic:
            [
                observation.hasAdvertisements ? 1 : 0, Int64(observation.malformed.count),
                Int64(observation.otherProtocols.count), Int64(observation.carp.count),
            ]
        case .malformed: [Int64(observation.malformed.count)]
        case .virtualRouters: [Int64(observation.virtualRouters.count)]
        // While something is left out, a look in ten seconds is enough.
        case .omissions:
            [
                Int64(observation.omissions.count),
                observation.omissions.values.reduce(0) { max($0, $1.end.nanoseconds / 10_000_000_000) },
            ]
        case .speakers: nil
        }
    }
}
