package import VRRPWire

/// The state of a router's host as its own tools told it while packets were captured there.
package struct HostState: Hashable, Sendable {
    /// A counter of packets that a local filter dropped.
    package struct Drop: Hashable, Sendable {
        /// The program whose filter it is, such as `nftables`.
        package var program: String
        /// The place of the rule, such as `chain input of table inet filter`.
        package var place: String
        /// Whether it drops what the host itself sends.
        package var isOutgoing: Bool
        /// The packets dropped so far; `nil` where the rule counts none.
        package var packets: UInt64?
        /// The packets dropped while packets were captured; `nil` where that was not counted.
        package var meanwhile: UInt64?

        package init(program: String, place: String, isOutgoing: Bool, packets: UInt64?, meanwhile: UInt64? = nil) {
            self.program = program
            self.place = place
            self.isOutgoing = isOutgoing
            self.packets = packets
            self.meanwhile = meanwhile
        }
    }

    /// A network that an interface is in.
    package struct Network: Hashable, Sendable {
        package var address: IPAddress
        /// The number of bits at the front that all addresses of the network share.
        package var prefixLength: Int

        package init(_ address: IPAddress, prefixLength: Int) {
            self.address = address
            self.prefixLength = prefixLength
        }

        /// Whether an address is of the network.
        package func contains(_ other: IPAddress) -> Bool {
            guard other.family == address.family else { return false }
            let ofHigh = address.family == .ipv4 ? 0 : min(max(prefixLength, 0), 64)
            let ofLow = max(0, prefixLength - (address.family == .ipv4 ? -32 : 64))
            return (address.high ^ other.high) & Self.mask(ofHigh) == 0
                && (address.low ^ other.low) & Self.mask(ofLow) == 0
        }

        /// A word of which as many bits at the front are set; shifts by more than its width leave nothing.
        private static func mask(_ bits: Int) -> UInt64 { ~UInt64(0) << (64 - min(max(bits, 0), 64)) }
    }

    /// The number of counters that are kept.
    package static let mostDrops = 16

    /// The interfaces that packets were captured on.
    package var interfaces: [String]
    /// The addresses of these interfaces, in the order in which the system lists them.
    package var addresses: [IPAddress] = []
    package var macs: [MACAddress] = []
    /// The multicast groups that were joined there; `nil` where that is not known.
    package var groups: Set<IPAddress>?
    /// The interfaces on which VRRP's multicast groups were joined; `nil` where that is not known.
    package var joined: [String]?
    /// The counters of rules that drop advertisements, those that dropped most first.
    package var drops: [Drop] = []

    /// The networks of these interfaces.
    package var networks: [Network] = []
    /// The interfaces on which the kernel takes an IPv4 packet only where its source is reached by the same one (`rp_filter`
    /// 1).
    package var strictInterfaces: [String] = []

    package init(interfaces: [String]) {
        self.interfaces = interfaces
    }
}
