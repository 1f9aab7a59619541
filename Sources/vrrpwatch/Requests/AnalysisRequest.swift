internal import VRRPCapture
internal import VRRPReport
internal import VRRPTracker
internal import VRRPWire

/// An analysis of capture files.
struct AnalysisRequest {
    var paths: [String]
    var points: PointOptions
    var segments: SegmentOptions
    var logs: LogOptions
    var form: AnalysisForm
    var observation: ObservationOptions
    var salvage: SalvageOptions

    /// Reads the files to their end or to the limit, and writes the report.
    ///
    /// - Throws: ``Failure`` where a file cannot be read or the output fails.
    func run() throws -> ExitStatus {
        let options = observation.output
        var reading = try MergedFiles.Options(
            observation.traffic,
            salvage,
            isVerbose: options.verbose,
            isQuiet: options.quiet
        )
        reading.findsPoints = true
        reading.points = points.places
        reading.segments = try segments.read()
        var given = try observation.configurations.read()
        var captures = try MergedFiles(paths: paths, reading)
        given.add(captures.bundles)
        let said = try logs.read(with: captures.bundles)
        let output = try Output(path: options.output)
        var reader = ObservationReader(
            limit: observation.limit.count,
            keys: captures.keys,
            from: captures.vantage,
            on: captures.segments
        )
        try captures.read(into: &reader)
        let descriptions = captures.descriptions
        reader.take(captures.terms)
        reader.finish(at: captures.end)

        let tracked = (consume reader).observation
        let document: ReportDocument
        if form == .json {
            document = try ReportDocument.writeJSON(
                of: consume tracked,
                captures: descriptions,
                expecting: given.expectation,
                hearing: said,
                version: VRRPWatch.version,
                output.write
            )
        } else {
            document = ReportDocument(
                consume tracked,
                captures: form.isPage ? descriptions.withHashes : descriptions,
                expecting: given.expectation,
                hearing: said,
                selecting: form == .text ? TextReport.selection(options.text) : .all,
                version: VRRPWatch.version
            )
        }
        switch form {
        case .text: try output.write(TextReport.render(document, options.text))
        case .json: break
        case .html: try output.write(IncidentReport.html(document, page))
        case .markdown: try output.write(IncidentReport.markdown(document, page))
        }
        try output.finish()
        let isDamaged = captures.reportDamage() || given.isDamaged
        return isDamaged ? .damagedInput : observation.verdict.status(worst: document.gravest)
    }

    /// The look of a page; `vrrpwatch report` offers more.
    private var page: IncidentReport.Options {
        get throws {
            let output = observation.output
            let zone = try ZoneOptions.zone(named: output.utc ? "UTC" : nil)
            var options = IncidentReport.Options()
            options.time = zone.style
            options.zone = zone.name
            options.showsSecrets = output.showSecrets
            let words: [String] = points.words + segments.words + logs.words + ["--format", form.rawValue]
            options.command = CommandLineText.command(
                "analyze",
                paths,
                words + (output.utc ? ["--utc"] : []) + observation.traffic.filter.words
                    + salvage.words + observation.traffic.keys.words + observation.limit.words
                    + observation.configurations.words + (output.showSecrets ? ["--show-secrets"] : []),
                ending: form == .markdown ? "md" : form.rawValue
            )
            return options
        }
    }
}

extension AnalysisForm {
    /// Whether the form is a page for people who were not there, which names the files by their hashes.
    fileprivate var isPage: Bool { self == .html || self == .markdown }
}
