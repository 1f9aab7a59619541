internal import ArgumentParser
internal import VRRPReport

/// Prints what running as a service needs.
struct Service: StatusCommand {
    static let configuration = CommandConfiguration(
        commandName: "service",
        abstract: "Print the systemd unit, or the alert rules for Prometheus.",
        usage: "vrrpwatch service unit|rules",
        discussion: """
            Examples:
              vrrpwatch service unit > /etc/systemd/system/vrrpwatch@.service
              vrrpwatch service rules > /etc/prometheus/vrrpwatch.rules.yml

            Each says at its beginning how it is installed.
            """
    )

    @Argument(
        help: ArgumentHelp("unit or rules.", valueName: "what"),
        transform: { text in
            guard let what = What(rawValue: text) else {
                throw ValidationError("there are unit and rules, not '\(text)'")
            }
            return what
        }
    )
    var what: What

    enum What: String {
        case unit, rules
    }

    func runToStatus() throws -> ExitStatus {
        let bytes =
            switch what {
            case .unit: PackageResources.vrrpwatch_service
            case .rules: PackageResources.vrrpwatch_rules_yml
            }
        let output = try Output(path: nil)
        try output.write(String(decoding: bytes, as: UTF8.self))
        try output.finish()
        return .done
    }
}
