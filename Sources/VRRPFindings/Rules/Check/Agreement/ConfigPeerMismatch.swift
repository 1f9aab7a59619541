internal import VRRPConfiguration

/// Unicast lists that do not meet.
package enum ConfigPeerMismatch: ConfigurationRule {
    package static let rule = Rule(
        "config-peer-mismatch",
        .critical,
        .checkAgreement,
        summary: "a router is missing from another's list of unicast peers",
        meaning: "Advertisements do not reach the router that is missing, which then becomes master as well.",
        remedy: "List in unicast_peer of each router the unicast_src_ip of all others.",
        references: ["keepalived.conf(5), unicast_peer"]
    )

    package static func findings(in set: ConfigurationSet) -> [ConfigurationFinding] {
        set.groups.flatMap { group in
            group.pairs.flatMap { a, b in
                [missing(a, b, group), missing(b, a, group), samePeers(a, b, group)].compactMap { $0 }
            } + group.members.compactMap { member in itself(member, group) }
        }
    }

    /// The sender does not list the receiver's address.
    private static func missing(
        _ sender: ConfigurationSet.Member,
        _ receiver: ConfigurationSet.Member,
        _ group: ConfigurationSet.Group
    ) -> ConfigurationFinding? {
        guard case .unicast(let peers) = sender.instance.delivery, !receiver.instance.delivery.isMulticast,
            !sender.instance.undecided.contains(.delivery), let address = receiver.instance.source,
            !peers.contains(address)
        else { return nil }
        return ConfigurationFinding(
            rule,
            at: sender.location(of: .delivery),
            related: [receiver.location(of: .source)],
            nodes: [sender.router, receiver.router],
            summary: "\(group.name): \(sender.router) does not send to \(address), which is \(receiver.router)"
        )
    }

    /// Two routers that send to one and the same address cannot both be sending to each other.
    private static func samePeers(
        _ a: ConfigurationSet.Member,
        _ b: ConfigurationSet.Member,
        _ group: ConfigurationSet.Group
    ) -> ConfigurationFinding? {
        let (left, right) = (a.instance.delivery.peers, b.instance.delivery.peers)
        guard a.instance.source == nil, b.instance.source == nil, left.count == 1, left == right,
            group.members.count == 2
        else { return nil }
        return ConfigurationFinding(
            rule,
            at: b.location(of: .delivery),
            related: [a.location(of: .delivery)],
            nodes: [a.router, b.router],
            summary: "\(group.name): \(a.router) and \(b.router) both send to \(left[0]) and to nobody else"
        )
    }

    private static func itself(
        _ member: ConfigurationSet.Member,
        _ group: ConfigurationSet.Group
    ) -> ConfigurationFinding? {
        guard let source = member.instance.source, member.instance.delivery.peers.contains(source) else { return nil }
        return ConfigurationFinding(
            rule,
            severity: .warning,
            at: member.location(of: .delivery),
            related: [member.location(of: .source)],
            nodes: [member.router],
            summary: "\(group.name): \(member.router) lists its own address \(source) among its peers"
        )
    }
}
