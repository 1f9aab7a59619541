internal import VRRPConfiguration
internal import VRRPFacts
package import VRRPTracker
internal import VRRPWire

/// The assignment of the speakers of a virtual router to the configured routers.
///
/// keepalived.conf seldom states the address from which a router speaks. Speakers are identified by declared sources and by the
/// addresses of the hosts that configurations were collected on, then by their advertisements, best agreement first. Where two
/// members fit equally well, the speaker gets no name. A host never speaks from an address that it does not have.
package struct Roster: Sendable {
    /// The instances that are this virtual router; empty where no configuration knows it.
    package private(set) var members: [ExpectedInstance]
    /// The member that a speaker is, by the speaker's position.
    package private(set) var identified: [Int: Int] = [:]
    /// For each other speaker the members that it may be; empty for one that is none of them.
    package private(set) var candidates: [Int: [Int]] = [:]
    /// The other speakers whose configurations are those of routers that were not given.
    private var peers: Set<Int> = []

    /// A speaker that says so many things otherwise than configured is somebody else.
    private static let mostDifferences = 3

    init(of virtualRouter: VirtualRouter, _ instances: [ExpectedInstance], isOnly: Bool) {
        members = Self.members(of: virtualRouter, instances, isOnly: isOnly)
        for (index, member) in members.enumerated() {
            let source = Self.source(of: member, among: members)
            let own = member.hostAddresses?.subtracting(member.instance.addressSet) ?? []
            let speaker = virtualRouter.routers.indices.first { position in
                let address = virtualRouter.routers[position].address
                return identified[position] == nil && (source.map { $0 == address } ?? own.contains(address))
            }
            if let speaker { identified[speaker] = index }
        }
        identifyByAgreement(of: virtualRouter, onlySure: true)
    }

    /// The name of a speaker's router, where it is known.
    package func name(of speaker: Int) -> String? { member(of: speaker)?.router }

    package func member(of speaker: Int) -> ExpectedInstance? { identified[speaker].map { members[$0] } }

    /// The speaker that a member is, where it spoke and is known.
    func speaker(of member: Int) -> Int? { identified.first { $0.value == member }?.key }

    /// The speakers that are none of the configured routers.
    var strangers: [Int] {
        members.isEmpty ? [] : candidates.filter { $0.value.isEmpty && !peers.contains($0.key) }.keys.sorted()
    }

    /// Returns the reason for which the predecessor's priority dropped before a transition, by the weights that its
    /// router tracks; `nil` where the configuration does not explain the drop.
    ///
    /// `whose priority fell from 100 to 80 by track_script chk_http (weight -20)`.
    package func priorityDrop(before transition: Transition, in virtualRouter: VirtualRouter) -> String? {
        guard transition.cause == .demoted, let speaker = transition.from.first, let member = member(of: speaker) else {
            return nil
        }
        let priorities = virtualRouter.routers[speaker].priorities.filter { $0.value > 0 }
        let instance = member.instance
        guard let now = priorities.last(where: { $0.since <= transition.instant })?.value else { return nil }
        let before = priorities.last { $0.since <= transition.instant && $0.value > now }?.value
        for old in [instance.healthyPriority, before].compactMap({ $0 }) where old > now {
            let explanations = instance.explanations(ofChangeFrom: old, to: now)
            guard !explanations.isEmpty else { continue }
            let words = explanations.map { list($0.map(\.words)) }
            return "whose priority fell from \(old) to \(now) by " + words.joined(separator: ", or ")
                + " at \(explanations[0][0].location)"
        }
        return nil
    }

    // MARK: Members

    /// Of the instances of this family and VRID those that are meant: they share an address with what is advertised, or
    /// there is no other virtual router that could be meant.
    private static func members(
        of virtualRouter: VirtualRouter,
        _ instances: [ExpectedInstance],
        isOnly: Bool
    ) -> [ExpectedInstance] {
        let advertised = Set(virtualRouter.addresses)
        let sources = Set(virtualRouter.routers.map(\.address))
        let meant = instances.filter { expected in
            !expected.instance.addressSet.isDisjoint(with: advertised)
                || expected.instance.source.map { sources.contains($0) } == true
        }
        if !meant.isEmpty {
            // An instance that shares an address with one of these is one of them, too.
            let addresses = meant.reduce(into: Set<IPAddress>()) { $0.formUnion($1.instance.addressSet) }
            return instances.filter { !$0.instance.addressSet.isDisjoint(with: addresses) }
        }
        let perRouter = Dictionary(grouping: instances, by: \.position)
        return isOnly && perRouter.values.allSatisfy { $0.count == 1 } ? instances : []
    }

    /// The address that a router speaks from: as it says, or as the peers of the others leave no other.
    private static func source(of member: ExpectedInstance, among members: [ExpectedInstance]) -> IPAddress? {
        if let source = member.instance.source { return source }
        guard !member.instance.delivery.isMulticast else { return nil }
        let others = members.filter { $0.position != member.position }
        let peers = others.reduce(into: Set<IPAddress>()) { $0.formUnion($1.instance.delivery.peers) }
        let left = peers.subtracting(member.instance.delivery.peers).subtracting(others.compactMap(\.instance.source))
        return left.count == 1 ? left.first : nil
    }

    // MARK: Identification

    /// Names the speakers that are known elsewhere, then those that only agreement tells; what is left has candidates.
    mutating func identifyRest(of virtualRouter: VirtualRouter, known: (IPAddress) -> Int?) {
        for speaker in virtualRouter.routers.indices where identified[speaker] == nil {
            guard let position = known(virtualRouter.routers[speaker].address) else { continue }
            let member = members.firstIndex { $0.position == position }
            if let member, self.speaker(of: member) == nil { identified[speaker] = member }
        }
        identifyByAgreement(of: virtualRouter, onlySure: false)
        let taken = Set(identified.values)
        for speaker in virtualRouter.routers.indices where identified[speaker] == nil {
            candidates[speaker] = members.indices.filter { member in
                !taken.contains(member) && agreement(of: virtualRouter.routers[speaker], with: member) != nil
            }
            if isPeer(virtualRouter.routers[speaker]) { peers.insert(speaker) }
        }
    }

    /// Whether a speaker is another host than the members, and one that fits beside them.
    ///
    /// A virtual router has two routers or more. Where one host alone was looked at, the others are those that were not. Addresses
    /// that are of one link may come and go with a virtual interface, and prove nothing about a host.
    private func isPeer(_ router: Router) -> Bool {
        (members.count == 1 || router.address.isLinkLocalIPv6)
            && members.contains { !$0.mayBe(router) && agreement(of: router, with: $0) != nil }
    }

    /// Pairs speakers and members, the best agreement first, as long as the best is the only one of its kind.
    private mutating func identifyByAgreement(of virtualRouter: VirtualRouter, onlySure: Bool) {
        while true {
            let taken = Set(identified.values)
            var pairs: [(speaker: Int, member: Int, agreement: Agreement)] = []
            for speaker in virtualRouter.routers.indices where identified[speaker] == nil {
                for member in members.indices where !taken.contains(member) {
                    guard let agreement = agreement(of: virtualRouter.routers[speaker], with: member),
                        !onlySure || agreement.isSure
                    else { continue }
                    pairs.append((speaker, member, agreement))
                }
            }
            guard let best = pairs.map(\.agreement).max() else { return }
            let leading = pairs.filter { $0.agreement == best }
            let unique = leading.first { pair in
                leading.count { $0.speaker == pair.speaker || $0.member == pair.member } == 1
            }
            guard let unique else { return }
            identified[unique.speaker] = unique.member
        }
    }

    /// The degree to which a speaker's advertisements fit a member's configuration.
    private struct Agreement: Comparable {
        /// It advertised the very priority that the member has while all is well.
        var hasItsPriority: Bool
        /// It advertised a priority that the member may have.
        var mayHaveItsPriority: Bool
        var differences: Int

        var isSure: Bool { hasItsPriority && differences == 0 }

        static func < (left: Self, right: Self) -> Bool {
            if left.hasItsPriority != right.hasItsPriority { return right.hasItsPriority }
            if left.mayHaveItsPriority != right.mayHaveItsPriority { return right.mayHaveItsPriority }
            return left.differences > right.differences
        }
    }

    /// `nil` where the speaker is somebody else.
    private func agreement(of router: Router, with member: Int) -> Agreement? {
        members[member].mayBe(router) ? agreement(of: router, with: members[member]) : nil
    }

    /// The same by what is said alone, whatever host says it.
    private func agreement(of router: Router, with member: ExpectedInstance) -> Agreement? {
        let instance = member.instance
        let differences = Drift.between(router, instance)
        let settings = Set(differences.map(\.setting))
        let isDisjoint =
            settings.contains(.addresses) && instance.addressSet.isDisjoint(with: router.addresses)
        guard settings.count <= (isDisjoint ? 1 : Self.mostDifferences) else { return nil }
        let priorities = Set(router.priorities.map(\.value).filter { $0 > 0 })
        return Agreement(
            hasItsPriority: priorities.contains(instance.healthyPriority),
            mayHaveItsPriority: !priorities.isDisjoint(with: instance.possiblePriorities),
            differences: differences.count
        )
    }
}

extension ExpectedInstance {
    /// Whether the member's host may be the one that speaks, as far as its addresses are known.
    fileprivate func mayBe(_ router: Router) -> Bool { hostAddresses?.contains(router.address) ?? true }
}

extension [Roster] {
    /// Returns the roster of the virtual router at a position; `nil` where nothing is expected, or where the virtual
    /// router was not yet known.
    package func roster(of position: Int) -> Roster? { indices.contains(position) ? self[position] : nil }
}
