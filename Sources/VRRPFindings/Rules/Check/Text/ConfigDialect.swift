internal import VRRPConfiguration

/// A configuration in a language that is not read.
package enum ConfigDialect: ConfigurationRule {
    package static let rule = Rule(
        "config-dialect",
        .critical,
        .checkText,
        summary: "the file is no configuration of keepalived or FRR",
        meaning: "It is another vendor's, or something else, so that nothing in it was checked.",
        example: """
            file r.txt
            | !
            | interface GigabitEthernet0/1
            |  ip address 10.0.0.2 255.255.255.0
            |  vrrp 10 ip 10.0.0.1
            |  vrrp 10 priority 110
            |  vrrp 10 timers advertise msec 500
            | !
            """,
        remedy: """
            Name keepalived.conf or FRR's configuration. Of routers of other vendors, compare VRID, version, interval, \
            addresses and authentication by hand, or hold a capture against the configurations that can be read.
            """,
        references: ["keepalived.conf(5)", "FRR, vrrp commands"]
    )

    package static func findings(in set: ConfigurationSet) -> [ConfigurationFinding] { set.problems(.dialect, rule) }
}
