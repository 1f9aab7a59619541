internal import VRRPWire

/// The fields of an IP header that a daemon always sets alike, and each daemon in its own way.
package struct HeaderStyle: Hashable, Sendable {
    /// The IPv4 Type of Service, or the IPv6 Traffic Class.
    package let trafficClass: UInt8
    /// Whether the IPv4 header has Don't Fragment, which Linux sets in headers of its own making; false over IPv6.
    package let forbidsFragments: Bool

    init(_ header: IPHeader) {
        trafficClass = header.trafficClass
        forbidsFragments = header.forbidsFragments
    }
}
