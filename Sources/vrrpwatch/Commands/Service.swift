internal import ArgumentParser
internal import VRRPReport

/// Prints a file that running as a service needs.
struct Service: StatusCommand {
    static let configuration = CommandConfiguration(
        commandName: "service",
        abstract: "Print the systemd unit, or what Prometheus, Alertmanager and Grafana need.",
        usage: "vrrpwatch service unit|rules|alertmanager|dashboard",
        discussion: """
            Examples:
              vrrpwatch service unit > /etc/systemd/system/vrrpwatch@.service
              vrrpwatch service rules > /etc/prometheus/vrrpwatch.rules.yml
              vrrpwatch service alertmanager              an example of who is told what
              vrrpwatch service dashboard > vrrpwatch.json  to import in Grafana

            The first lines of each file say how to install it, except the dashboard's, which is JSON.
            """
    )

    @Argument(help: ArgumentHelp("The file to print.", valueName: "what"))
    var what: What

    enum What: String, CaseIterable, ExpressibleByArgument {
        case unit, rules, alertmanager, dashboard
    }

    func runToStatus() throws -> ExitStatus {
        let bytes =
            switch what {
            case .unit: PackageResources.vrrpwatch_service
            case .rules: PackageResources.vrrpwatch_rules_yml
            case .alertmanager: PackageResources.vrrpwatch_alertmanager_yml
            case .dashboard: PackageResources.vrrpwatch_dashboard_json
            }
        let output = try Output(path: nil)
        try output.write(String(decoding: bytes, as: UTF8.self))
        try output.finish()
        return .done
    }
}
