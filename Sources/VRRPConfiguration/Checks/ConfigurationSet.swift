package import VRRPWire

/// Configurations side by side: which instances of different routers are one virtual router.
package struct ConfigurationSet: Sendable {
    package let routers: [RouterConfiguration]
    /// Virtual routers in order of family and VRID.
    package let groups: [Group]

    /// An instance and the router that it is configured on.
    package struct Member: Sendable {
        /// The router's position.
        package var position: Int
        package var router: String
        package var instance: InstanceConfiguration

        /// What tells an instance from all others: several may stem from one line.
        var identity: [String] { ["\(position)", instance.name, instance.interface ?? ""] }

        func location(of setting: InstanceConfiguration.Setting) -> SourceLocation { instance.location(of: setting) }
    }

    /// The instances of one family and VRID; which of them belong together is for ``Group/pairs`` to say.
    package struct Group: Sendable {
        package var family: AddressFamily
        package var vrid: UInt8
        package var members: [Member]

        /// `VRID 51 (IPv4)`.
        var name: String { "VRID \(vrid) (\(family.words))" }

        /// Pairs of instances on different routers that are meant to be one virtual router.
        var pairs: [(Member, Member)] {
            allPairs.filter { $0.position != $1.position && Self.belongTogether($0.instance, $1.instance) }
        }

        var allPairs: [(Member, Member)] {
            members.indices.flatMap { a in members.indices.filter { $0 > a }.map { (members[a], members[$0]) } }
        }

        /// They share a virtual address or a peer list; without addresses, the interface.
        private static func belongTogether(_ a: InstanceConfiguration, _ b: InstanceConfiguration) -> Bool {
            let (left, right) = (a.addressSet, b.addressSet)
            if left.isEmpty || right.isEmpty { return a.interface == b.interface }
            if !left.isDisjoint(with: right) { return true }
            return a.source.map { b.delivery.peers.contains($0) } == true
                || b.source.map { a.delivery.peers.contains($0) } == true
        }
    }

    package init(_ routers: [RouterConfiguration]) {
        self.routers = routers
        var groups: [Key: [Member]] = [:]
        for (position, router) in routers.enumerated() {
            for instance in router.instances where !instance.isShutDown {
                guard let vrid = instance.vrid else { continue }
                let member = Member(position: position, router: router.name, instance: instance)
                groups[Key(family: instance.family, vrid: vrid), default: []].append(member)
            }
        }
        self.groups = groups.map { Group(family: $0.key.family, vrid: $0.key.vrid, members: $0.value) }.sorted {
            ($0.family == .ipv6 ? 1 : 0, $0.vrid) < ($1.family == .ipv6 ? 1 : 0, $1.vrid)
        }
    }

    private struct Key: Hashable {
        var family: AddressFamily
        var vrid: UInt8
    }

    /// All instances with their routers.
    var members: [Member] {
        routers.enumerated().flatMap { position, router in
            router.instances.map { Member(position: position, router: router.name, instance: $0) }
        }
    }

    /// A finding for each pair that differs, in the words of what they differ in.
    func differences(
        _ rule: ConfigurationRule,
        in setting: InstanceConfiguration.Setting,
        _ difference: (Member, Member) -> String?,
        severity: (InstanceConfiguration) -> ConfigurationRule.Severity? = { _ in nil }
    ) -> [ConfigurationFinding] {
        groups.flatMap { group in
            group.pairs.compactMap { a, b in
                guard !a.instance.undecided.contains(setting), !b.instance.undecided.contains(setting),
                    let words = difference(a, b)
                else { return nil }
                return ConfigurationFinding(
                    rule,
                    severity: severity(a.instance),
                    at: b.location(of: setting),
                    related: [a.location(of: setting)],
                    nodes: [a.router, b.router],
                    summary: "\(group.name) of \(a.router) and \(b.router): \(words)"
                )
            }
        }
    }
}

extension InstanceConfiguration {
    /// The advertised addresses without their order.
    package var addressSet: Set<IPAddress> { Set(addresses.map(\.address)) }
}

extension TimeSpan {
    /// `1 s`, `250 ms`.
    var words: String {
        if nanoseconds % 1_000_000_000 == 0 { return "\(nanoseconds / 1_000_000_000) s" }
        if nanoseconds % 1_000_000 == 0 { return "\(nanoseconds / 1_000_000) ms" }
        return "\(nanoseconds / 1000) µs"
    }
}

/// `a`, `a and b`, `a, b and c`.
func list(_ items: [String]) -> String {
    guard let last = items.last, items.count > 1 else { return items.first ?? "" }
    return items.dropLast().joined(separator: ", ") + " and " + last
}
