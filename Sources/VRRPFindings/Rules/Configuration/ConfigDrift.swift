internal import VRRPConfiguration
internal import VRRPFacts
internal import VRRPTracker
internal import VRRPWire

/// A router says something else than its configuration.
package enum ConfigDrift: VirtualRouterRule {
    package static let rule = Rule(
        "config-drift",
        .warning,
        .configuration,
        summary: "a router advertises something else than its configuration says",
        clauses: [Rule.Clause("RFC9568-7.2-1", "where the configuration is given")],
        page: Rule.Page(
            meaning: """
                What a router says on the wire differs from the configuration that was given for it: priority, interval, \
                addresses, authentication, version, delivery or checksum.
                """,
            importance: """
                Either the file is not what the router runs, and the next reload changes more than somebody expects, or \
                somebody else speaks in its name.
                """,
            onTheWire: """
                config r1
                | vrrp_instance VI_1 {
                |     interface eth0
                |     virtual_router_id 51
                |     priority 150
                |     advert_int 1
                |     virtual_ipaddress {
                |         10.0.0.100/24
                |     }
                | }
                router A 10.0.0.1 vrid 51 priority 100 addresses 10.0.0.100
                0..5 every 1 A
                6 end
                """,
            causes: [
                "the file was changed and the daemon was not reloaded, or refused the change",
                "a file of another router or of another time was given",
                "the capture is older than the file",
            ],
            remedy: """
                Compare the file with what the daemon runs (keepalived: `kill -USR1 $(cat /run/keepalived.pid)` writes \
                /tmp/keepalived.data; FRR: `vtysh -c 'show vrrp'`). Then reload the daemon or correct the file.
                """,
            notThis: """
                A priority that tracked weights explain is no drift: all sums of them are allowed. Nor is a Backup's \
                silence. Values that the file leaves to the machine are not compared.
                """,
            thresholds: "one advertisement",
            references: ["keepalived.conf(5)"]
        )
    )

    package static func findings(in subject: Subject, _: inout Pending) -> [Finding] {
        guard let roster = subject.roster, !roster.members.isEmpty else { return [] }
        return subject.routers.indices.compactMap { finding(about: $0, roster, subject) }
    }

    private static func finding(about speaker: Int, _ roster: Roster, _ subject: Subject) -> Finding? {
        let router = subject.routers[speaker]
        let candidates = roster.identified[speaker].map { [$0] } ?? roster.candidates[speaker] ?? []
        let drifts = candidates.map { Drift.between(router, roster.members[$0].instance) }
        // If the speaker may be one of several members, only differences from all of them count.
        let common = (drifts.first ?? []).filter { drift in
            drifts.allSatisfy { $0.contains { $0.setting == drift.setting } }
        }
        guard !common.isEmpty else { return nil }
        let names = list(candidates.map { roster.members[$0].router })
        let name = candidates.count == 1 ? "\(names) (\(router.address))" : "\(router.address)"
        let whose = candidates.count == 1 ? "its configuration" : "the configurations of \(names)"
        return subject.disagreement(
            rule,
            among: [speaker],
            summary: "\(name) advertises something else than \(whose) \(candidates.count == 1 ? "says" : "say"): "
                + list(common.map { candidates.count == 1 ? $0.words : $0.seen }),
            explanation: common.map { drift in
                let lines = drifts.flatMap { $0.filter { $0.setting == drift.setting } }
                    .map { "\($0.configured.map { "\($0) " } ?? "")at \($0.location)" }
                return "\(router.address) advertises \(drift.seen), and its configuration says \(list(lines))."
            }.joined(separator: " "),
            remedy:
                "Compare the file with what \(name) runs: look at \(subject.implementation(of: speaker).logAndState). Then "
                + "reload the program or correct the file.",
            evidence: common.compactMap(\.evidence).isEmpty
                ? router.priorities.map(\.evidence).suffix(1) : common.compactMap(\.evidence)
        )
    }
}
