internal import ArgumentParser
internal import VRRPFindings
internal import VRRPReport

/// Prints the page of a finding, or lists them all.
struct Explain: StatusCommand {
    static let configuration = CommandConfiguration(
        abstract: "Explain a finding, or list them all.",
        usage: "vrrpwatch explain [FINDING]",
        discussion: """
            Examples:
              vrrpwatch explain
              vrrpwatch explain split-brain
            """
    )

    @Argument(
        help: ArgumentHelp("A finding's name, such as split-brain.", valueName: "finding"),
        completion: .list(Catalogue.rules.map(\.id))
    )
    var finding: String?

    func runToStatus() throws -> ExitStatus {
        var text = FindingPage.list(Catalogue.rules, style: .plain)
        if let finding {
            guard let rule = Catalogue[finding] else {
                throw Failure.usage("no finding is called '\(finding)'; `vrrpwatch explain` lists them")
            }
            text = FindingPage.render(rule, style: .plain)
        }
        let output = try Output(path: nil)
        try output.write(text)
        try output.finish()
        return .done
    }
}
