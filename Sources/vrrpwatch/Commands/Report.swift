internal import ArgumentParser
internal import SystemPackage
internal import VRRPFacts
internal import VRRPReport

/// Writes the report for people who were not there.
struct Report: SourcesCommand {
    static let configuration = CommandConfiguration(
        commandName: "report",
        abstract: "Write a post-incident report as HTML, Markdown, JSON or CSV.",
        usage: "vrrpwatch report FILE... -o OUT [options]",
        discussion: """
            Examples:
              vrrpwatch report r1.pcap r2.pcap -o incident.html
              vrrpwatch report switch.pcap --from 03:10 --to 03:20 --timezone Europe/Berlin -o incident.html
              vrrpwatch report switch.pcap --vrid 51 --title 'Outage of the shop' -o ticket.md
              vrrpwatch report r1.pcap --log r1=r1.log --log r2=r2.log -o incident.html
              vrrpwatch report switch.pcap -o incident.csv

            The form follows OUT's ending (.html, .md, .json, .csv) or --format. CSV is four files: -o incident.csv \
            writes incident-transitions.csv, incident-intervals.csv, incident-gaps.csv and incident-incidents.csv. If OUT \
            is a folder, the four files are in it. Standard output gets the transitions only.

            --from, --to, --vrid and --segment narrow what the report shows. The command still reads everything, because \
            what happened before explains what happened then. Advertisements are counted, and the time between them is \
            measured, over the whole capture.
            """
    )

    @OptionGroup var files: FileArguments
    @OptionGroup var segments: SegmentOptions
    @OptionGroup var logs: LogOptions

    var sources: [String] {
        get { files.sources }
        set { files.sources = newValue }
    }

    @Option(
        name: [.customShort("o"), .long],
        help: ArgumentHelp(
            "Write to this file, which gets its name only when it is complete; - is standard output.",
            valueName: "out"
        ),
        completion: .file(extensions: ReportForm.endings)
    )
    var output: String?

    @Option(name: .long, help: ArgumentHelp(ReportForm.help, valueName: "form"))
    var format: ReportForm?

    @Option(name: .long, help: ArgumentHelp("The heading of the report.", valueName: "text"))
    var title: String?

    @OptionGroup var limits: NarrowingOptions
    @OptionGroup var zone: ZoneOptions
    @OptionGroup var traffic: TrafficOptions
    @OptionGroup var salvage: SalvageOptions
    @OptionGroup var configurations: ConfigurationOptions
    @OptionGroup var verdict: VerdictOptions

    @Flag(name: .long, help: "Show passwords seen on the wire beside their labels in HTML and Markdown.")
    var showSecrets = false

    func validate() throws {
        if output == nil {
            throw ValidationError("no destination given: name a file with -o, or - for standard output")
        }
    }

    func runToStatus() throws -> ExitStatus {
        let output = output ?? "-"
        return try ReportRequest(
            paths: files.paths,
            points: files.points,
            segments: segments,
            logs: logs,
            form: format ?? Self.form(of: output),
            output: output,
            title: title,
            showsSecrets: showSecrets,
            limits: limits,
            zone: zone,
            traffic: traffic,
            salvage: salvage,
            configurations: configurations,
            verdict: verdict
        ).run()
    }

    /// The form that a destination names by its ending; CSV for a folder.
    private static func form(of output: String) throws -> ReportForm {
        if ReportDestination.isFolder(output) { return .csv }
        guard let form = ReportForm(ending: FilePath(output).extension ?? "") else {
            throw Failure.usage(
                "-o \(output): the name does not say which form to write; add --format html, markdown, json or csv"
            )
        }
        return form
    }
}
