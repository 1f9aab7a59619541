internal import VRRPConfiguration
internal import VRRPWire

/// A virtual address outside the network of its interface, where the configuration tells that.
package enum ConfigSubnet: ConfigurationRule {
    package static let rule = Rule(
        "config-subnet",
        .notice,
        .checkInstance,
        summary: "a virtual address lies in no network of its interface",
        meaning:
            "Hosts of the network do not reach it without a route. Only networks that the file tells are looked at.",
        remedy: "Check the address and its prefix length.",
        references: ["RFC 9568 section 4"]
    )

    package static func findings(in set: ConfigurationSet) -> [ConfigurationFinding] {
        set.members.flatMap { member in
            let networks = networks(of: member.instance)
            guard !networks.isEmpty else { return [] as [ConfigurationFinding] }
            return member.instance.addresses.filter { address in
                address.device == nil && !address.address.isLinkLocalIPv6
                    && !networks.contains { $0.contains(address.address) }
            }.map { address in
                ConfigurationFinding(
                    rule,
                    at: member.location(of: .addresses),
                    nodes: [member.router],
                    summary: "\(member.instance.name) of \(member.router): \(address.address) lies in no network of "
                        + (member.instance.interface ?? "its interface")
                )
            }
        }
    }

    /// FRR names the interface's addresses; with keepalived a source and the prefix of a virtual address tell the network.
    private static func networks(of instance: InstanceConfiguration) -> [ConfiguredAddress] {
        if !instance.interfaceAddresses.isEmpty { return instance.interfaceAddresses }
        guard let source = instance.source,
            let prefix = instance.addresses.compactMap(\.prefixLength).filter({ $0 > 0 && $0 < 32 }).min(),
            instance.family == .ipv4
        else { return [] }
        return [ConfiguredAddress(source, prefixLength: prefix)]
    }
}

extension ConfiguredAddress {
    /// Whether an address lies in this one's network.
    fileprivate func contains(_ other: IPAddress) -> Bool {
        guard other.family == address.family, let length = prefixLength.map(Int.init) else { return false }
        let width = address.family == .ipv4 ? 32 : 128
        func same(_ left: UInt64, _ right: UInt64, _ bits: Int, of width: Int) -> Bool {
            bits <= 0 || (left ^ right) >> UInt64(width - min(bits, width)) == 0
        }
        guard width == 128 else { return same(address.low, other.low, length, of: 32) }
        return same(address.high, other.high, min(length, 64), of: 64)
            && same(address.low, other.low, length - 64, of: 64)
    }
}
