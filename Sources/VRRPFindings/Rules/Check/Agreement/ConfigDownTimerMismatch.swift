internal import VRRPConfiguration

/// Another number of missed advertisements.
package enum ConfigDownTimerMismatch: ConfigurationRule {
    package static let rule = Rule(
        "config-down-timer-mismatch",
        .warning,
        .checkAgreement,
        summary: "routers of one VRID wait for different numbers of missed advertisements",
        meaning: "The router that waits for fewer takes over first, whatever the priorities say.",
        remedy: "Set the same down_timer_adverts on all routers, or leave the default of 3.",
        references: ["keepalived.conf(5), down_timer_adverts"]
    )

    package static func findings(in set: ConfigurationSet) -> [ConfigurationFinding] {
        set.differences(rule, in: .downTimer) { a, b in
            let (left, right) = (a.instance.downTimerAdverts, b.instance.downTimerAdverts)
            return left == right ? nil : words(a, "\(left) advertisements", b, "\(right)")
        }
    }
}
