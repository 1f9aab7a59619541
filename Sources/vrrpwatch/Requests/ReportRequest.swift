internal import VRRPCapture
internal import VRRPReport
internal import VRRPTracker
internal import VRRPWire

/// A post-incident report on capture files.
struct ReportRequest {
    var paths: [String]
    var points: PointOptions
    var segments: SegmentOptions
    var logs: LogOptions
    var form: ReportForm
    /// The argument of `-o`.
    var output: String
    var title: String?
    var showsSecrets: Bool
    var limits: NarrowingOptions
    var zone: ZoneOptions
    var traffic: TrafficOptions
    var salvage: SalvageOptions
    var configurations: ConfigurationOptions
    var verdict: VerdictOptions

    /// Reads the files to their end and writes the report.
    ///
    /// - Throws: ``Failure`` where a file cannot be read, a limit fits nothing, or the output fails.
    func run() throws -> ExitStatus {
        let zone = try zone.zone
        let parsed = try limits.parsed()
        var reading = try MergedFiles.Options(traffic, salvage)
        reading.findsPoints = true
        reading.points = points.places
        reading.segments = try segments.read()
        var given = try configurations.read()
        let destination = try ReportDestination(path: output, form)
        var captures = try MergedFiles(paths: paths, reading)
        given.add(captures.bundles)
        let said = try logs.read(with: captures.bundles)
        var reader = ObservationReader(
            keepingGaps: form == .csv,
            keys: captures.keys,
            from: captures.vantage,
            on: captures.segments
        )
        try captures.read(into: &reader)
        reader.take(captures.terms)
        reader.finish(at: captures.end)
        let observation = (consume reader).observation
        var document = ReportDocument(
            consume observation,
            captures: captures.descriptions.withHashes,
            expecting: given.expectation,
            hearing: said,
            version: VRRPWatch.version
        )
        document = try parsed.narrow(document, zone)
        try destination.write(document, page(zone))
        let lost = document.virtualRouters.flatMap(\.routers).reduce(0) { $0 + $1.gapsLeftOut }
        if lost > 0 { Diagnostics.say("\(lost) gaps between advertisements are not listed: there are too many") }
        return captures.reportDamage() || given.isDamaged ? .damagedInput : verdict.status(worst: document.gravest)
    }

    private func page(_ zone: ZoneOptions.Zone) -> IncidentReport.Options {
        var options = IncidentReport.Options()
        options.title = title
        options.time = zone.style
        options.zone = zone.name
        options.showsSecrets = showsSecrets
        let words: [String] = points.words + segments.words + logs.words + (title.map { ["--title", $0] } ?? [])
        options.command = CommandLineText.command(
            "report",
            paths,
            words + limits.words + self.zone.words + traffic.filter.words
                + salvage.words + traffic.keys.words + configurations.words
                + (showsSecrets ? ["--show-secrets"] : []),
            ending: form == .markdown ? "md" : form.rawValue
        )
        let scope = limits.words.joined(separator: " ")
        options.scope = scope.isEmpty ? [] : [scope + "; advertisements are counted over the whole capture."]
        return options
    }
}
