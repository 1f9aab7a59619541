internal import ArgumentParser
internal import VRRPCapture
internal import VRRPReport
internal import VRRPTracker
internal import VRRPWire

/// Reports what captures show.
struct Analyze: StatusCommand {
    static let configuration = CommandConfiguration(
        commandName: "analyze",
        abstract: "Report what captures show: masters, changes and their causes, findings.",
        usage: "vrrpwatch analyze FILE... [options]",
        discussion: """
            Examples:
              vrrpwatch analyze switch.pcap
              vrrpwatch analyze r1.pcap r2.pcap r3.pcap --json -o incident.json
              vrrpwatch analyze --fail-on warning nightly.pcapng
              vrrpwatch analyze switch.pcap --config r1.conf --config r2.conf
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
    @OptionGroup var keys: KeyOptions
    @OptionGroup var limit: LimitOptions
    @OptionGroup var configurations: ConfigurationOptions
    @OptionGroup var verdict: VerdictOptions

    func validate() throws {
        if sources.isEmpty, files.isEmpty { throw ValidationError("which capture is to be analysed? Name a file") }
    }

    func runToStatus() throws -> ExitStatus {
        try Self.analyze(
            sources + files,
            format: form.form(format, machine: .json, pages: true),
            form,
            try form.reading(filter, salvage, keys),
            keys,
            limit,
            configurations,
            verdict
        )
    }

    static func analyze(
        _ paths: [String],
        format: Format,
        _ form: FormOptions,
        _ reading: MergedFiles.Options,
        _ keys: KeyOptions,
        _ limit: LimitOptions,
        _ configuration: ConfigurationOptions,
        _ verdict: VerdictOptions
    ) throws -> ExitStatus {
        let given = try configuration.read()
        var captures = try MergedFiles(paths: paths, reading)
        let output = try Output(path: form.output)
        var reader = ObservationReader(limit: limit.count, givenKeys: reading.keys.labels)
        try captures.read(into: &reader)
        let descriptions = captures.descriptions
        reader.tracker.finish(at: reader.isCutShort ? nil : captures.end)

        let observation = (consume reader).tracker.observation
        let words = format == .text ? form.text : nil
        let document = ReportDocument(
            consume observation,
            captures: format == .html || format == .markdown ? descriptions.withHashes : descriptions,
            expecting: given.expectation,
            selecting: words.map(TextReport.selection) ?? .all,
            version: VRRPWatch.version
        )
        switch format {
        case .json: try document.writeJSON(output.write)
        case .html, .markdown:
            let page = try form.page(paths, format, reading, keys, limit, configuration)
            let text = format == .html ? IncidentReport.html(document, page) : IncidentReport.markdown(document, page)
            try output.write(text)
        case .text, .ndjson, .csv: try output.write(TextReport.render(document, words ?? form.text))
        }
        try output.finish()
        return captures.reportDamage() || given.isDamaged ? .damagedInput : verdict.status(worst: document.worst)
    }
}

extension FormOptions {
    /// How a page is made; `vrrpwatch report` offers more.
    fileprivate func page(
        _ paths: [String],
        _ format: Format,
        _ reading: MergedFiles.Options,
        _ keys: KeyOptions,
        _ limit: LimitOptions,
        _ configuration: ConfigurationOptions
    ) throws -> IncidentReport.Options {
        let zone = try ZoneOptions.zone(named: utc ? "UTC" : nil)
        var words = ["--format", format.rawValue]
        if utc { words.append("--utc") }
        if let filter = reading.filter { words += ["-f", filter] }
        if reading.salvages { words.append("--salvage") }
        words += keys.words
        if let count = limit.count { words += ["-c", "\(count)"] }
        for path in configuration.config { words += ["--config", path] }
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
    var tracker: Tracker
    /// How many relevant packets are still wanted; `nil` for all.
    private var rest: Int?

    init(limit: Int?, givenKeys: [String]) {
        tracker = Tracker(givenKeys: givenKeys)
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
