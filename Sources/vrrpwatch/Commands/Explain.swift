internal import ArgumentParser
internal import VRRPFacts
internal import VRRPFindings
internal import VRRPReport

/// Prints the page of a finding, a cause, a column or a term, or lists them all.
struct Explain: StatusCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain",
        abstract: "Explain a finding, a cause, a column or a term, or list them all.",
        usage: "vrrpwatch explain [WORD]",
        discussion: """
            Examples:
              vrrpwatch explain
              vrrpwatch explain split-brain
              vrrpwatch explain timeout                   a cause, a column, a term
              vrrpwatch explain capture                   commands for the owners of routers
              vrrpwatch explain config-priority-tie       what `vrrpwatch check` finds
            """
    )

    @Argument(
        help: ArgumentHelp("A word of a report, such as split-brain, timeout or margin.", valueName: "word"),
        completion: .list(Term.allNames)
    )
    var words: [String] = []

    func runToStatus() throws -> ExitStatus {
        let output = try Output(path: nil)
        try output.write(try text)
        try output.finish()
        return .done
    }

    private var text: String {
        get throws {
            let width = LineWidth.ofStandardOutput
            let word = Term.lookup(words.joined(separator: " "))
            guard !word.isEmpty else {
                return FindingPage.list(width: width, style: .plain) + "\n" + Term.list(width: width, style: .plain)
                    + "\n"
                    + wrapped("vrrpwatch explain \(CapturePage.name) says how to capture.", width: width, indent: 0)
            }
            if let rule = Catalogue[word] { return FindingPage.render(rule, width: width, style: .plain) }
            if let term = Term[word] { return term.page(width: width, style: .plain) }
            if word == CapturePage.name { return CapturePage.render(width: width, style: .plain) }
            let hint =
                NearMiss.of(word, among: Term.allNames).map { "did you mean '\($0)'? " } ?? ""
            throw Failure.usage("nothing is called '\(word)'; \(hint)`vrrpwatch explain` lists all that is explained")
        }
    }
}
