internal import ArgumentParser
internal import VRRPReport

/// Prints a file that running as a service needs.
struct Service: StatusCommand {
    static let configuration = CommandConfiguration(
        commandName: "service",
        abstract: "Print the systemd unit, or the alert rules for Prometheus.",
        usage: "vrrpwatch service unit|rules",
        discussion: """
            Examples:
              vrrpwatch service unit > /etc/systemd/system/vrrpwatch@.service
              vrrpwatch service rules > /etc/prometheus/vrrpwatch.rules.yml

            The first lines of each file say how to install it.
            """
    )

    @Argument(help: ArgumentHelp("The file to print.", valueName: "what"))
    var what: What

    enum What: String, CaseIterable, ExpressibleByArgument {
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
