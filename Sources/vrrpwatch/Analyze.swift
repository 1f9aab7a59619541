internal import ArgumentParser
internal import VRRPCapture
internal import VRRPFindings
internal import VRRPReport
internal import VRRPTracker
internal import VRRPWire

/// Reports what captures show.
struct Analyze: StatusCommand {
    static let configuration = CommandConfiguration(
        abstract: "Report what captures show: masters, changes and their causes, findings.",
        usage: "vrrpwatch analyze FILE... [options]",
        discussion: """
            Examples:
              vrrpwatch analyze switch.pcap
              vrrpwatch analyze r1.pcap r2.pcap r3.pcap --json -o incident.json
              vrrpwatch analyze --fail-on warning nightly.pcapng
              tcpdump -w - -c 1000 vrrp or arp | vrrpwatch analyze -

            Several files are one observation, merged in order of time; a directory stands for the captures in it, - for \
            standard input. Files are pcap, pcapng or snoop, also compressed with gzip or zstd, whatever their names.
            """
    )

    @Argument(help: ArgumentHelp("Capture files or directories; - is standard input.", valueName: "file"))
    var sources: [String] = []

    @Option(
        name: [.customShort("r"), .customLong("read-file")],
        help: ArgumentHelp("A capture file; can be repeated.", valueName: "file")
    )
    var files: [String] = []

    @Option(name: .long, help: ArgumentHelp("The form of the report: text, json, html or markdown.", valueName: "form"))
    var format: String?

    @OptionGroup var form: FormOptions
    @OptionGroup var filter: FilterOptions
    @OptionGroup var salvage: SalvageOptions
    @OptionGroup var limit: LimitOptions
    @OptionGroup var verdict: VerdictOptions

    func validate() throws {
        if sources.isEmpty, files.isEmpty { throw ValidationError("which capture is to be analysed? Name a file") }
    }

    func runToStatus() throws -> ExitStatus {
        try Self.analyze(
            sources + files,
            format: form.form(format, machine: .json, pages: true),
            form,
            form.reading(filter, salvage),
            limit,
            verdict
        )
    }

    static func analyze(
        _ paths: [String],
        format: Format,
        _ form: FormOptions,
        _ reading: MergedFiles.Options,
        _ limit: LimitOptions,
        _ verdict: VerdictOptions
    ) throws -> ExitStatus {
        var captures = try MergedFiles(paths: paths, reading)
        let output = try Output(path: form.output)
        var reader = ObservationReader(limit: limit.count)
        try captures.read(into: &reader)
        let descriptions = captures.descriptions
        if !reader.isCutShort, let end = captures.end { reader.tracker.advance(to: end) }
        reader.tracker.finish()

        let observation = reader.tracker.observation
        let document = ReportDocument(
            observation,
            findings: Catalogue.findings(in: observation),
            captures: format == .html || format == .markdown ? descriptions.withHashes : descriptions,
            version: VRRPWatch.version
        )
        switch format {
        case .json: try document.writeJSON(output.write)
        case .html: try output.write(IncidentReport.html(document, try form.page(paths, format, reading, limit)))
        case .markdown:
            try output.write(IncidentReport.markdown(document, try form.page(paths, format, reading, limit)))
        case .text, .ndjson, .csv: try output.write(TextReport.render(document, form.text))
        }
        try output.finish()
        return captures.reportDamage() ? .damagedInput : verdict.status(worst: document.worst)
    }
}

extension FormOptions {
    /// How a page is made; `vrrpwatch report` offers more.
    fileprivate func page(
        _ paths: [String],
        _ format: Format,
        _ reading: MergedFiles.Options,
        _ limit: LimitOptions
    ) throws -> IncidentReport.Options {
        let zone = try ZoneOptions.zone(named: utc ? "UTC" : nil)
        var words = ["--format", format.rawValue]
        if utc { words.append("--utc") }
        if let filter = reading.filter { words += ["-f", filter] }
        if reading.salvages { words.append("--salvage") }
        if let count = limit.count { words += ["-c", "\(count)"] }
        if showSecrets { words.append("--show-secrets") }
        var options = IncidentReport.Options()
        options.time = zone.style
        options.zone = zone.name
        options.showsSecrets = showSecrets
        options.command = Report.command("analyze", paths, format, words)
        return options
    }
}

/// Feeds frames to a tracker.
private struct ObservationReader: MergedFiles.Reader {
    var tracker = Tracker()
    /// How many relevant packets are still wanted; `nil` for all.
    private var rest: Int?

    init(limit: Int?) {
        rest = limit
    }

    var isCutShort: Bool { rest == 0 }

    mutating func handle(
        _ frame: borrowing Frame,
        _ sighting: Sighting,
        from source: MergedFiles.Source
    ) -> LoopControl {
        let isRelevant = tracker.hear(frame.bytes, linkType: frame.linkType, sighting)
        guard let wanted = rest, isRelevant else { return .continue }
        rest = wanted - 1
        return wanted > 1 ? .continue : .stop
    }

    mutating func note(_ blindSpot: BlindSpot) {
        tracker.note(blindSpot)
    }
}
