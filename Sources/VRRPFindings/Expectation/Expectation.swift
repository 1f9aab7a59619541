package import VRRPConfiguration
package import VRRPTracker
package import VRRPWire

/// The advertisements to be expected on the wire by the configurations of the routers.
package struct Expectation: Sendable {
    /// Nothing is expected: no configuration was given.
    package static let none = Expectation([])

    package let routers: [RouterConfiguration]
    /// The instances that are to run, by the identity of their virtual routers on any segment.
    private let instances: [Key: [ExpectedInstance]]
    /// The VRIDs that a virtual address is configured for.
    private let vrids: [IPAddress: Set<UInt8>]

    private struct Key: Hashable {
        var family: AddressFamily
        var vrid: UInt8
    }

    package init(_ routers: [RouterConfiguration]) {
        self.routers = routers
        var instances: [Key: [ExpectedInstance]] = [:]
        var vrids: [IPAddress: Set<UInt8>] = [:]
        for (position, router) in routers.enumerated() {
            for instance in router.instances where !instance.isShutDown {
                guard let vrid = instance.vrid else { continue }
                let expected = ExpectedInstance(
                    position: position,
                    router: router.name,
                    dialect: router.dialect,
                    hostAddresses: router.hostAddresses,
                    instance: instance
                )
                instances[Key(family: instance.family, vrid: vrid), default: []].append(expected)
                for address in instance.addressSet { vrids[address, default: []].insert(vrid) }
            }
        }
        self.instances = instances
        self.vrids = vrids
    }

    package var isEmpty: Bool { routers.isEmpty }

    /// The instances that are to run, each virtual router's together.
    var groups: [[ExpectedInstance]] {
        instances.sorted { left, right in
            (left.key.family == .ipv6 ? 1 : 0, left.key.vrid) < (right.key.family == .ipv6 ? 1 : 0, right.key.vrid)
        }.map(\.value)
    }

    func instances(_ family: AddressFamily, _ vrid: UInt8) -> [ExpectedInstance] {
        instances[Key(family: family, vrid: vrid)] ?? []
    }

    /// The VRIDs that some of these addresses are configured for.
    func vrids(of addresses: [IPAddress]) -> Set<UInt8> {
        addresses.reduce(into: []) { $0.formUnion(vrids[$1] ?? []) }
    }

    /// Returns the roster of each virtual router, in their order; empty where nothing is expected.
    package func rosters(in observation: Observation) -> [Roster] {
        guard !isEmpty else { return [] }
        let virtualRouters = observation.virtualRouters
        let numbers = Dictionary(grouping: virtualRouters) { Key(family: $0.key.family, vrid: $0.key.vrid) }
            .mapValues(\.count)
        var rosters = virtualRouters.map { virtualRouter in
            let key = Key(family: virtualRouter.key.family, vrid: virtualRouter.key.vrid)
            return Roster(of: virtualRouter, instances[key] ?? [], isOnly: numbers[key] == 1)
        }
        // Who is known by its own words in one virtual router is known by its address in the others of the segment.
        var known: [Speaker: Int] = [:]
        for (roster, virtualRouter) in zip(rosters, virtualRouters) {
            for (speaker, member) in roster.identified {
                let address = virtualRouter.routers[speaker].address
                known[Speaker(segment: virtualRouter.key.segment, address: address)] = roster.members[member].position
            }
        }
        for index in rosters.indices {
            let virtualRouter = virtualRouters[index]
            rosters[index].identifyRest(of: virtualRouter) { address in
                known[Speaker(segment: virtualRouter.key.segment, address: address)]
            }
        }
        return rosters
    }

    private struct Speaker: Hashable {
        var segment: Segment
        var address: IPAddress
    }
}

/// An instance and the router that is to run it.
package struct ExpectedInstance: Sendable {
    /// The router's position among the configurations.
    package var position: Int
    /// The router's name.
    package var router: String
    /// The language of its configuration, which tells the daemon.
    package var dialect: RouterConfiguration.Dialect
    /// The addresses of the router; `nil` where they are not known.
    package var hostAddresses: Set<IPAddress>?
    package var instance: InstanceConfiguration
}
