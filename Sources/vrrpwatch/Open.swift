internal import ArgumentParser

/// What `vrrpwatch SOURCE...` does: interfaces are watched, files are analysed.
struct Open: StatusCommand {
    static let configuration = CommandConfiguration(
        commandName: "open",
        abstract: "Watch interfaces or analyse files, whichever the sources are.",
        usage: "vrrpwatch SOURCE... [options]",
        discussion: """
            Examples:
              vrrpwatch eth0
              vrrpwatch switch.pcap
              vrrpwatch -r eth0                       a file of that name
            """,
        shouldDisplay: false
    )

    @OptionGroup var source: SourceOptions

    @Option(name: .long, help: ArgumentHelp("text; json from files; ndjson live.", valueName: "form"))
    var format: String?

    @OptionGroup var form: FormOptions
    @OptionGroup var limit: LimitOptions
    @OptionGroup var verdict: VerdictOptions
    @OptionGroup var live: LiveOptions

    func runToStatus() throws -> ExitStatus {
        switch try source.resolved() {
        case .files(let paths):
            try live.refuseForFiles()
            return try Analyze.analyze(paths, format: form.form(format, machine: .json), form, limit, verdict)
        case .interfaces(let names):
            return try Watch.watch(names, format: form.form(format, machine: .ndjson), form, limit, verdict, live)
        }
    }
}
