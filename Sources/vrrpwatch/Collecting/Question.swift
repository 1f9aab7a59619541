internal import VRRPBundle

/// A question to a program of the system, and the member of the bundle that its answer becomes.
struct Question: Sendable {
    /// The kind of text that an answer is, which says where secrets may stand in it.
    enum Kind: Sendable {
        case plain, configuration, log, rules
    }

    var member: String
    var program: String
    var arguments: [String]
    var kind = Kind.plain
    /// Whether the answer comes by standard error as well.
    var takesErrors = false

    /// The counters of local filters, which are asked for before and after packets are captured.
    static func counters(_ isBefore: Bool) -> [Question] {
        typealias Name = RouterBundle.Name
        return [
            Question(
                member: isBefore ? Name.earlierRules : Name.rules,
                program: "nft",
                arguments: ["-j", "list", "ruleset"],
                kind: .rules
            ),
            Question(
                member: isBefore ? Name.earlierIPTables : Name.iptables,
                program: "iptables-save",
                arguments: ["-c"],
                kind: .log
            ),
            Question(
                member: isBefore ? Name.earlierIP6Tables : Name.ip6tables,
                program: "ip6tables-save",
                arguments: ["-c"],
                kind: .log
            ),
        ]
    }

    /// The questions that one answer each is enough for.
    ///
    /// - Parameters:
    ///   - interfaces: the interfaces whose settings matter.
    ///   - since: the beginning of the journal, as journalctl(1) takes it.
    /// - Returns: the questions, in the order of the members.
    static func all(_ interfaces: [String], since: String) -> [Question] {
        typealias Name = RouterBundle.Name
        return [
            Question(member: Name.addresses, program: "ip", arguments: ["-j", "addr", "show"]),
            Question(member: Name.links, program: "ip", arguments: ["-j", "-s", "-d", "link", "show"]),
            Question(member: Name.neighbors, program: "ip", arguments: ["-j", "neigh", "show"]),
            Question(member: Name.groups, program: "ip", arguments: ["-j", "maddr", "show"]),
            Question(
                member: Name.frrConfiguration,
                program: "vtysh",
                arguments: ["-c", "show running-config"],
                kind: .configuration
            ),
            Question(member: Name.frrState, program: "vtysh", arguments: ["-c", "show vrrp json"]),
            Question(member: Name.settings, program: "sysctl", arguments: ["-e"] + settings(interfaces)),
            Question(member: Name.journal, program: "journalctl", arguments: journal(since: since), kind: .log),
            Question(
                member: "versions/keepalived",
                program: "keepalived",
                arguments: ["--version"],
                takesErrors: true
            ),
            Question(member: "versions/frr", program: "vtysh", arguments: ["-c", "show version"]),
            Question(member: "versions/kernel", program: "uname", arguments: ["-srm"]),
            Question(member: "clock/chrony", program: "chronyc", arguments: ["-n", "tracking"]),
            Question(member: "clock/timedatectl", program: "timedatectl", arguments: ["show"]),
        ]
    }

    /// The settings of the kernel that decide which packets it takes and which addresses it answers for.
    private static func settings(_ interfaces: [String]) -> [String] {
        let names = ["rp_filter", "arp_ignore", "arp_announce", "arp_filter", "accept_local", "promote_secondaries"]
        // A dot in the name of an interface would be taken for the end of a part.
        let owners = ["all", "default"] + interfaces.map { $0.replacing(".", with: "/") }
        return owners.flatMap { owner in names.map { "net.ipv4.conf.\(owner).\($0)" } }
            + ["net.ipv4.ip_nonlocal_bind", "net.ipv6.ip_nonlocal_bind", "net.ipv4.ip_forward"]
    }

    /// The entries of keepalived and FRR, whatever unit they run in.
    private static func journal(since: String) -> [String] {
        let identifiers = [
            "Keepalived", "Keepalived_vrrp", "Keepalived_healthcheckers", "keepalived", "vrrpd", "zebra", "watchfrr",
            "staticd",
        ]
        return ["-o", "export", "-n", "5000", "--no-pager", "--since=\(since)"]
            + identifiers.map { "SYSLOG_IDENTIFIER=\($0)" }
            + ["+", "_SYSTEMD_UNIT=keepalived.service", "+", "_SYSTEMD_UNIT=frr.service"]
    }

    /// The command line, for people.
    var words: String { ([program] + arguments.map { $0.contains(" ") ? "'\($0)'" : $0 }).joined(separator: " ") }
}
