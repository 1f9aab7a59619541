internal import VRRPConfiguration
internal import VRRPFacts

/// A sync group that joins nothing.
package enum ConfigSyncGroup: ConfigurationRule {
    package static let rule = Rule(
        "config-sync-group",
        .warning,
        .checkElection,
        summary: "a sync group has fewer than two members",
        meaning: """
            It moves nothing together. The weights that its member tracks count for nothing in a group all the same, unless \
            sync_group_tracking_weight stands there, so that a failed check no longer hands mastership over.
            """,
        example: """
            file r1.conf
            | vrrp_sync_group G {
            |     group {
            |         VI_1
            |     }
            | }
            | vrrp_instance VI_1 {
            |     interface eth0
            |     virtual_router_id 51
            |     priority 100
            |     virtual_ipaddress {
            |         10.0.0.100/24
            |     }
            | }
            """,
        remedy: "Add the other instances to the group, or take the group out.",
        references: ["keepalived, vrrp_sync_set_group in vrrp_sync.c", "keepalived.conf(5), vrrp_sync_group"]
    )

    package static func findings(in set: ConfigurationSet) -> [ConfigurationFinding] {
        set.routers.flatMap { router in
            router.syncGroups.compactMap { group in
                let instances = Set(router.instances.map(\.name))
                let members = Set(group.members).intersection(instances)
                guard members.count < 2 else { return nil }
                let words = members.isEmpty ? "no member" : "one member, \(list(members.sorted()))"
                return ConfigurationFinding(
                    rule,
                    at: group.location,
                    nodes: [router.name],
                    summary: "\(group.name) of \(router.name) has \(words)"
                )
            }
        }
    }
}
