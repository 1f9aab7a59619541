internal import ArgumentParser

/// Watches interfaces and analyses files: the command of `vrrpwatch SOURCE...`.
struct Open: SourcesCommand {
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

    @OptionGroup var source: SourceArguments

    var sources: [String] {
        get { source.sources }
        set { source.sources = newValue }
    }
    @OptionGroup var segments: SegmentOptions
    @OptionGroup var logs: LogOptions
    @OptionGroup var format: FormatOptions<SourceForm>
    @OptionGroup var observation: ObservationOptions
    @OptionGroup var salvage: SalvageOptions
    @OptionGroup var watch: WatchOptions

    func runToStatus() throws -> ExitStatus {
        switch try source.resolved(waits: watch.patience.wait) {
        case .files(let paths):
            try watch.refuseForFiles()
            let form = try format.chosen(AnalysisForm.self, for: "capture files")
            return try AnalysisRequest(
                paths: paths,
                points: source.points,
                segments: segments,
                logs: logs,
                form: form,
                observation: observation,
                salvage: salvage
            ).run()
        case .interfaces(let names):
            try salvage.refuseForInterfaces()
            try segments.refuseForInterfaces()
            try logs.refuseForInterfaces()
            let form = try format.chosen(EventForm.self, for: "interfaces")
            return try WatchRequest(interfaces: names, form: form, observation: observation, watch: watch).run()
        }
    }
}
