package import VRRPConfiguration
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

        /// The identity of an instance among all others.
        ///
        /// Several may stem from one line.
        var identity: [String] { ["\(position)", instance.name, instance.interface ?? ""] }

        func location(of setting: InstanceConfiguration.Setting) -> SourceLocation { instance.location(of: setting) }
    }

    /// The instances of one family and VRID.
    package struct Group: Sendable {
        package let family: AddressFamily
        package let vrid: UInt8
        package let members: [Member]
        /// Pairs of instances on different routers that are meant to be one virtual router: they share a virtual address
        /// or one sends to the other; of those without addresses, the interface.
        let pairs: [(Member, Member)]

        /// `VRID 51 (IPv4)`.
        var name: String { "VRID \(vrid) (\(family.words))" }

        init(family: AddressFamily, vrid: UInt8, members: [Member]) {
            self.family = family
            self.vrid = vrid
            self.members = members
            var places: [Place: [Int]] = [:]
            for (index, member) in members.enumerated() {
                for place in Place.all(of: member.instance) { places[place, default: []].append(index) }
            }
            // By what they share, since there may be hundreds of instances on as many interfaces.
            var found: Set<[Int]> = []
            for indices in places.values {
                for (offset, a) in indices.enumerated() {
                    for b in indices[(offset + 1)...] where members[a].position != members[b].position {
                        found.insert([min(a, b), max(a, b)])
                    }
                }
            }
            pairs = found.sorted { ($0[0], $0[1]) < ($1[0], $1[1]) }.map { (members[$0[0]], members[$0[1]]) }
        }

        /// Something that instances of one virtual router have in common.
        private enum Place: Hashable {
            case virtualAddress(IPAddress)
            case link(IPAddress)
            case interface(String?)

            static func all(of instance: InstanceConfiguration) -> [Place] {
                if instance.addresses.isEmpty { return [.interface(instance.interface)] }
                var places = instance.addressSet.map { Place.virtualAddress($0) }
                places += instance.delivery.peers.map { .link($0) }
                if let source = instance.source, !instance.delivery.isMulticast { places.append(.link(source)) }
                return places
            }
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

    /// Returns a finding for each pair that differs, in words for the difference.
    func differences(
        _ rule: Rule,
        in setting: InstanceConfiguration.Setting,
        _ difference: (Member, Member) -> String?,
        severity: (InstanceConfiguration) -> Severity? = { _ in nil }
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

extension ConfigurationSet {
    /// A finding for each problem of one kind that reading came upon.
    func problems(_ kind: ConfigurationProblem.Kind, _ rule: Rule) -> [ConfigurationFinding] {
        routers.flatMap { router in
            router.problems.filter { $0.kind == kind }.map {
                ConfigurationFinding(rule, at: $0.location, nodes: [router.name], summary: $0.message)
            }
        }
    }
}

/// `1 s on r1, 3 s on r2`.
func words(
    _ a: ConfigurationSet.Member,
    _ left: String,
    _ b: ConfigurationSet.Member,
    _ right: String
) -> String {
    "\(left) on \(a.router), \(right) on \(b.router)"
}

extension AddressFamily {
    fileprivate var words: String { self == .ipv4 ? "IPv4" : "IPv6" }
}
