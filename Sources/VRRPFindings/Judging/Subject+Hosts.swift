internal import VRRPConfiguration
internal import VRRPFacts
internal import VRRPTracker
internal import VRRPWire

// What the hosts of routers told of themselves, where somebody collected that beside the packets.

extension Subject {
    /// The sentence about why a router's host may not let advertisements in; `nil` where its state shows nothing.
    func hostObstacle(to sender: Int, at receiver: Int) -> String? {
        guard let state = state(of: receiver) else { return nil }
        let address = routers[receiver].address
        if let drop = state.drops.first(where: { !$0.isOutgoing && $0.packets != 0 }) {
            return "On \(address), \(drop.words)."
        }
        return state.missingMembership(of: group(of: sender), "\(address)")
            ?? state.sourceCheck(of: routers[sender].address, "\(address)")
    }

    /// The sentence about why the advertisements of a configured router may not leave its host; `nil` where nothing shows that.
    ///
    /// - Parameter expected: the instance; its router is called as its bundle is.
    /// - Returns: the sentence.
    func hostObstacle(of expected: ExpectedInstance) -> String? {
        let points = observation.vantage.points
        guard let state = points.first(where: { $0.name == expected.router })?.state else { return nil }
        let name = expected.router
        if let drop = state.drops.first(where: { $0.isOutgoing && $0.packets != 0 }) {
            return "On \(name), \(drop.words)."
        }
        if let interface = expected.instance.interface, !state.interfaces.isEmpty, !state.interfaces.contains(interface)
        {
            let captured = Words.list(state.interfaces)
            return "On \(name) the instance is configured on \(interface), and packets were captured on \(captured)."
        }
        let group: IPAddress = expected.instance.family == .ipv4 ? .vrrpMulticastIPv4 : .vrrpMulticastIPv6
        guard expected.instance.delivery.isMulticast else { return nil }
        return state.missingMembership(of: group, name)
    }

    /// The sentence about the host of a router that advertisements do not arrive at: what is wrong there, or that nothing is.
    func hostWords(of receiver: Int, from sender: Int) -> String? {
        guard let state = state(of: receiver) else { return nil }
        // What a filter of the host drops has arrived before.
        return state.missingMembership(of: group(of: sender), "\(routers[receiver].address)")
            ?? hostAlibi(of: receiver, from: sender)
    }

    /// The sentence that clears the host of a router of suspicion; `nil` where its state is not known, or casts some.
    private func hostAlibi(of receiver: Int, from sender: Int) -> String? {
        guard let state = state(of: receiver), let groups = state.groups, let group = group(of: sender),
            groups.contains(group), let interface = state.interfaces.first
        else { return nil }
        return
            "\(routers[receiver].address) has joined the group \(group) on \(interface), so the advertisements are lost on the "
            + "way there."
    }

    private func state(of router: Int) -> HostState? {
        virtualRouter.point(of: router).flatMap { virtualRouter.vantage.points[$0].state }
    }

    /// The multicast group that a router sends to; `nil` for unicast.
    private func group(of sender: Int) -> IPAddress? {
        guard routers[sender].deliveries.contains(where: \.isMulticast) else { return nil }
        return virtualRouter.key.family == .ipv4 ? .vrrpMulticastIPv4 : .vrrpMulticastIPv6
    }
}

extension HostState {
    /// The sentence about a group that no captured interface has joined; `nil` where one has, or nobody knows.
    fileprivate func missingMembership(of group: IPAddress?, _ name: String) -> String? {
        guard let group, let groups, !groups.contains(group), let interface = interfaces.first else { return nil }
        let others = (joined ?? []).filter { !interfaces.contains($0) }
        let elsewhere = others.isEmpty ? "" : ", but \(Words.list(others)) \(others.count == 1 ? "has" : "have")"
        return "On \(name), \(interface) has not joined the group \(group)\(elsewhere)."
    }
}

extension HostState {
    /// The sentence about a check of sources that a router's advertisements do not pass; `nil` where none is known of.
    ///
    /// The kernel drops behind the place where tcpdump listens what it would not answer by the same interface. A source of a
    /// network of the interface is answered there.
    fileprivate func sourceCheck(of source: IPAddress, _ name: String) -> String? {
        guard source.family == .ipv4, let interface = strictInterfaces.first, !networks.isEmpty,
            !networks.contains(where: { $0.contains(source) })
        else { return nil }
        return
            "On \(name), rp_filter is 1 for \(interface), and \(source) is in none of the networks there: the kernel drops what "
            + "it would not answer by the same interface, unless a route to \(source) leads there."
    }
}

extension HostState.Drop {
    /// `nftables counts 31 dropped packets of protocol 112 in chain input of table inet filter, 20 of them during the capture`.
    fileprivate var words: String {
        guard let packets else { return "\(program) drops packets of protocol 112, uncounted, in \(place)" }
        let count = Words.count(Int(clamping: packets), "dropped packet")
        let now =
            meanwhile.map { $0 == packets ? ", all during the capture" : ", \($0) of them during the capture" } ?? ""
        return "\(program) counts \(count) of protocol 112 in \(place)\(now)"
    }
}
