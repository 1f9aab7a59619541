internal import ArgumentParser
internal import VRRPFindings
internal import VRRPReport

/// Checks configurations against each other and against the protocol.
struct Check: StatusCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Check keepalived and FRR configurations against each other and the protocol.",
        usage: "vrrpwatch check CONF... [options]",
        discussion: """
            Examples:
              vrrpwatch check node1.conf node2.conf
              vrrpwatch check keepalived.conf@main keepalived.conf@backup
              vrrpwatch check --fail-on critical --json *.conf

            Each CONF is one router: keepalived.conf with the files that it includes, or what FRR's vtysh writes. \
            FILE@ID reads FILE as the router whose config-id is ID, for conditional lines. Exit status: 0 nothing found, \
            1 a finding at or above --fail-on, which is warning here, 2 a file is damaged, 3 a file cannot be read.
            """
    )

    @Argument(help: ArgumentHelp("Configurations, one for each router.", valueName: "conf"), completion: .file())
    var configurations: [String] = []

    @OptionGroup var format: FormatOptions<CheckForm>
    @OptionGroup var output: OutputOptions
    @OptionGroup var verdict: VerdictOptions

    func validate() throws {
        if configurations.isEmpty { throw ValidationError("no configuration given: name a file") }
    }

    func runToStatus() throws -> ExitStatus {
        let form = try format.form
        let report = ConfigurationReport(try ConfigurationFolder.routers(configurations), version: VRRPWatch.version)
        let output = try Output(path: self.output.output)
        try output.write(form == .json ? report.json.prettyText : report.text(self.output.text))
        try output.finish()
        guard !report.isDamaged else {
            for finding in report.findings where finding.rule.id == ConfigSyntax.rule.id {
                Diagnostics.say("\(finding.location): \(finding.summary)")
            }
            return .damagedInput
        }
        var verdict = verdict
        verdict.failOn = verdict.failOn ?? .warning
        return verdict.status(worst: report.worst)
    }
}
