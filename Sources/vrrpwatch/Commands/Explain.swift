internal import ArgumentParser
internal import VRRPFindings
internal import VRRPReport

/// Prints the page of a finding, or lists them all.
struct Explain: StatusCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain",
        abstract: "Explain a finding, or list them all.",
        usage: "vrrpwatch explain [FINDING]",
        discussion: """
            Examples:
              vrrpwatch explain
              vrrpwatch explain split-brain
              vrrpwatch explain config-priority-tie       what `vrrpwatch check` finds
            """
    )

    @Argument(
        help: ArgumentHelp("A finding's name, such as split-brain.", valueName: "finding"),
        completion: .list(Catalogue.rules.map(\.id))
    )
    var finding: String?

    func runToStatus() throws -> ExitStatus {
        let output = try Output(path: nil)
        try output.write(try text)
        try output.finish()
        return .done
    }

    private var text: String {
        get throws {
            guard let finding else { return FindingPage.list(style: .plain) }
            guard let rule = Catalogue[finding] else {
                throw Failure.usage("no finding is called '\(finding)'; `vrrpwatch explain` lists them")
            }
            return FindingPage.render(rule, style: .plain)
        }
    }
}
