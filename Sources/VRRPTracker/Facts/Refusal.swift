package import VRRPWire

/// ICMP errors by which one host refuses the advertisements of one router.
package struct Refusal: Hashable, Sendable {
    package let segment: Segment
    /// The host that sent the errors.
    package let host: IPAddress
    /// The first of the errors, which says whose advertisements the host refuses, and why.
    package let error: ICMPError
    package internal(set) var occurrences: Occurrences

    /// The virtual router of the refused advertisements; `nil` where no error quotes it.
    package var virtualRouter: VirtualRouterKey? {
        error.virtualRouterID.map {
            VirtualRouterKey(segment: segment, family: error.source.family, vrid: $0)
        }
    }

    /// Whether an error of a host belongs to these.
    func holds(_ other: ICMPError, from host: IPAddress, on segment: Segment) -> Bool {
        self.host == host && self.segment == segment && error.source == other.source
            && error.virtualRouterID == other.virtualRouterID && error.meaning == other.meaning
    }
}
