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
    @OptionGroup var filter: FilterOptions
    @OptionGroup var salvage: SalvageOptions
    @OptionGroup var keys: KeyOptions
    @OptionGroup var limit: LimitOptions
    @OptionGroup var configurations: ConfigurationOptions
    @OptionGroup var verdict: VerdictOptions
    @OptionGroup var live: LiveOptions
    @OptionGroup var patience: PatienceOptions
    @OptionGroup var screen: ScreenOptions
    @OptionGroup var service: ServiceOptions

    func runToStatus() throws -> ExitStatus {
        switch try source.resolved(waits: patience.wait) {
        case .files(let paths):
            try live.refuseForFiles()
            try patience.refuseForFiles()
            try screen.refuseForFiles()
            try service.refuseForFiles()
            let format = try form.form(format, machine: .json, pages: true)
            let reading = try form.reading(filter, salvage, keys)
            return try Analyze.analyze(paths, format: format, form, reading, keys, limit, configurations, verdict)
        case .interfaces(let names):
            try salvage.refuseForInterfaces()
            let format = try form.form(format, machine: .ndjson)
            let input = try LiveRun.Input(names, live, patience, filter, keys)
            return try Watch.watch(input, format: format, form, limit, configurations, verdict, screen, service)
        }
    }
}
