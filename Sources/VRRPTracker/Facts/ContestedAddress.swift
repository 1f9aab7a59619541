package import VRRPWire

/// An address that several MAC addresses claim in turn.
package struct ContestedAddress: Hashable, Sendable {
    package static let mostMACs = 8

    package let segment: Segment
    package let address: IPAddress
    /// The MAC addresses that came back to the address after another one had claimed it, in order of their first return.
    package internal(set) var macs: [MACAddress]
    /// The returns.
    package internal(set) var occurrences: Occurrences

    /// Whether two took turns, again and again: both came back, and three returns make more than a move there and back.
    package var isEstablished: Bool { macs.count > 1 && occurrences.count >= 3 }
}
