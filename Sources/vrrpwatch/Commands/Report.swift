internal import ArgumentParser
internal import Foundation
internal import VRRPCapture
internal import VRRPReport
internal import VRRPTracker
internal import VRRPWire

/// Writes the report for people who were not there.
struct Report: StatusCommand {
    static let configuration = CommandConfiguration(
        commandName: "report",
        abstract: "Write a post-incident report as HTML, Markdown, JSON or CSV.",
        usage: "vrrpwatch report FILE... -o OUT [options]",
        discussion: """
            Examples:
              vrrpwatch report r1.pcap r2.pcap -o incident.html
              vrrpwatch report switch.pcap --from 03:10 --to 03:20 --timezone Europe/Berlin -o incident.html
              vrrpwatch report switch.pcap --vrid 51 --title 'Outage of the shop' -o ticket.md
              vrrpwatch report switch.pcap -o incident.csv

            The form follows OUT's ending (.html, .md, .json, .csv) or --format. CSV is three files: incident.csv stands \
            for incident-transitions.csv, incident-intervals.csv and incident-gaps.csv, a folder for files of these \
            names in it; on standard output, where only one fits, it is the transitions.

            Everything is read, whatever the report is narrowed to, so that what happened is explained by what went \
            before; advertisements are counted, and the time between them measured, over the whole capture.
            """
    )

    @Argument(help: ArgumentHelp("Capture files or directories; - is standard input.", valueName: "file"))
    var sources: [String] = []

    @Option(
        name: [.customShort("r"), .customLong("read-file")],
        help: ArgumentHelp("A capture file; can be repeated.", valueName: "file")
    )
    var files: [String] = []

    @Option(
        name: [.customShort("o"), .long],
        help: ArgumentHelp(
            "Where to write; gets its name only when it is whole. - is standard output.",
            valueName: "out"
        )
    )
    var output: String?

    @Option(name: .long, help: ArgumentHelp("html, markdown, json or csv.", valueName: "form"))
    var format: String?

    @Option(name: .long, help: ArgumentHelp("The heading of the report.", valueName: "text"))
    var title: String?

    @OptionGroup var limits: NarrowingOptions
    @OptionGroup var zone: ZoneOptions
    @OptionGroup var filter: FilterOptions
    @OptionGroup var salvage: SalvageOptions
    @OptionGroup var keys: KeyOptions
    @OptionGroup var configurations: ConfigurationOptions
    @OptionGroup var verdict: VerdictOptions

    @Flag(name: .long, help: "Show passwords seen on the wire beside their labels in HTML and Markdown.")
    var showSecrets = false

    func validate() throws {
        if sources.isEmpty, files.isEmpty { throw ValidationError("which capture is to be reported? Name a file") }
        if output == nil {
            throw ValidationError("where is the report to go? Name a file with -o; - is standard output")
        }
    }

    func runToStatus() throws -> ExitStatus {
        let form = try chosenForm
        let zone = try zone.zone
        let limits = try limits.parsed()
        let paths = sources + files
        let ring = try keys.ring()

        let given = try configurations.read()
        let destination = try ReportDestination(path: output ?? "-", form)
        var captures = try MergedFiles(
            paths: paths,
            MergedFiles.Options(filter: filter.filter, salvages: salvage.salvage, keys: ring)
        )
        var reader = ReportReader(keepingGaps: form == .csv, givenKeys: ring.labels)
        try captures.read(into: &reader)
        reader.tracker.finish(at: captures.end)
        let observation = (consume reader).tracker.observation
        var document = ReportDocument(
            consume observation,
            captures: captures.descriptions.withHashes,
            expecting: given.expectation,
            version: VRRPWatch.version
        )
        document = try narrowed(document, limits, zone)

        var options = IncidentReport.Options()
        options.title = title
        options.time = zone.style
        options.zone = zone.name
        options.showsSecrets = showSecrets
        options.command = command(paths, form)
        let scope = self.limits.words.joined(separator: " ")
        options.scope = scope.isEmpty ? [] : [scope + "; advertisements are counted over the whole capture."]
        try destination.write(document, options)
        let lost = document.virtualRouters.flatMap(\.routers).reduce(0) { $0 + $1.gapsLeftOut }
        if lost > 0 { Diagnostics.say("\(lost) gaps between advertisements were too many to list") }
        return captures.reportDamage() || given.isDamaged ? .damagedInput : verdict.status(worst: document.worst)
    }

    private var chosenForm: Format {
        get throws {
            if let format {
                switch Format(rawValue: format) {
                case .html: return .html
                case .markdown: return .markdown
                case .json: return .json
                case .csv: return .csv
                case .text, .ndjson, nil:
                    throw Failure.usage("'\(format)' is no form of a report; there are html, markdown, json and csv")
                }
            }
            let output = output ?? "-"
            if ReportDestination.isFolder(output) { return .csv }
            switch URL(filePath: output).pathExtension.lowercased() {
            case "html", "htm": return .html
            case "md", "markdown": return .markdown
            case "json": return .json
            case "csv": return .csv
            default:
                throw Failure.usage("the ending of '\(output)' names no form; say --format html, markdown, json or csv")
            }
        }
    }

    /// Narrows the document; a limit that nothing fits is a mistake worth telling.
    private func narrowed(
        _ document: ReportDocument,
        _ limits: NarrowingOptions.Parsed,
        _ zone: ZoneOptions.Zone
    ) throws -> ReportDocument {
        let narrowing = try limits.narrowing(of: document, zone)
        let result = document.narrowed(to: narrowing)
        guard result.virtualRouters.isEmpty, !document.virtualRouters.isEmpty else { return result }
        let known = document.virtualRouters.prefix(8).map(\.id).joined(separator: ", ")
        let rest = document.virtualRouters.count > 8 ? " and \(document.virtualRouters.count - 8) more" : ""
        let span = document.start.flatMap { start in
            document.end.map { "\(zone.style.text(start)) to \(zone.style.text($0))" }
        }
        throw Failure.usage("nothing is left of \(known)\(rest), \(span ?? "")")
    }

    /// The command line that makes this report again, wherever it is to go.
    private func command(_ paths: [String], _ form: Format) -> String {
        var options: [String] = []
        if let title { options += ["--title", title] }
        options += limits.words + zone.words
        if let expression = filter.filter { options += ["-f", expression] }
        if salvage.salvage { options.append("--salvage") }
        options += keys.words
        for path in configurations.config { options += ["--config", path] }
        if showSecrets { options.append("--show-secrets") }
        return Self.command("report", paths, form, options)
    }

    static func command(_ name: String, _ paths: [String], _ form: Format, _ options: [String]) -> String {
        // What begins like an option is a file all the same.
        let files = paths.map { $0.hasPrefix("-") && $0 != "-" ? "./" + $0 : $0 }
        let ending = form == .markdown ? "md" : form.rawValue
        let words = ["vrrpwatch", name] + files + options + ["-o", "report.\(ending)"]
        return words.map(\.quotedForShell).joined(separator: " ")
    }
}

/// What is narrowed to.
struct NarrowingOptions: ParsableArguments {
    @Option(
        name: .long,
        help: ArgumentHelp(
            "Only what happened from then on: 2026-07-29T03:10:00+02:00, or without an offset or a date.",
            valueName: "time"
        )
    )
    var from: String?

    @Option(name: .long, help: ArgumentHelp("Only what happened until then.", valueName: "time"))
    var to: String?

    @Option(name: .long, help: ArgumentHelp("Only virtual routers of this number; can be repeated.", valueName: "vrid"))
    var vrid: [Int] = []

    @Option(
        name: .long,
        help: ArgumentHelp("Only this network, such as untagged or vlan10; can be repeated.", valueName: "segment")
    )
    var segment: [String] = []

    func validate() throws {
        if let wrong = vrid.first(where: { !(1...255).contains($0) }) {
            throw ValidationError("a VRID is between 1 and 255, not \(wrong)")
        }
    }

    /// The limits before the capture is known.
    struct Parsed {
        var from: TimeArgument?
        var to: TimeArgument?
        var vrids: Set<UInt8>
        var segments: Set<String>

        func narrowing(of document: ReportDocument, _ zone: ZoneOptions.Zone) throws -> ReportDocument.Narrowing {
            var narrowing = ReportDocument.Narrowing()
            narrowing.vrids = vrids
            narrowing.segments = segments
            narrowing.from = from?.instant(after: document.start, zone.secondsFromUTC)
            narrowing.to = to?.instant(after: narrowing.from ?? document.start, zone.secondsFromUTC)
            if let from = narrowing.from, let to = narrowing.to, from > to {
                throw Failure.usage("--from is later than --to")
            }
            return narrowing
        }
    }

    func parsed() throws -> Parsed {
        func time(_ text: String?, _ name: String) throws -> TimeArgument? {
            guard let text else { return nil }
            guard let argument = TimeArgument(text) else {
                throw Failure.usage("\(name) '\(text)' is no time; write 2026-07-29T03:10:00+02:00, or only 03:10")
            }
            return argument
        }
        return Parsed(
            from: try time(from, "--from"),
            to: try time(to, "--to"),
            vrids: Set(vrid.compactMap { UInt8(exactly: $0) }),
            segments: Set(segment)
        )
    }

    /// The options as they are given.
    var words: [String] {
        [("--from", from), ("--to", to)].flatMap { name, value in value.map { [name, $0] } ?? [] }
            + vrid.flatMap { ["--vrid", "\($0)"] } + segment.flatMap { ["--segment", $0] }
    }
}

struct ZoneOptions: ParsableArguments {
    @Option(
        name: .long,
        help: ArgumentHelp("Show times in this zone instead of local time: UTC, Europe/Berlin.", valueName: "zone")
    )
    var timezone: String?

    @Flag(name: .long, help: "Show times in UTC instead of local time. JSON and CSV are in UTC always.")
    var utc = false

    func validate() throws {
        if utc, timezone != nil { throw ValidationError("--utc and --timezone contradict each other") }
    }

    struct Zone {
        var name: String
        var style: TimeStyle
        var secondsFromUTC: @Sendable (CaptureInstant) -> Int
    }

    var zone: Zone {
        get throws { try Self.zone(named: utc ? "UTC" : timezone) }
    }

    /// The zone of a name, local time for `nil`.
    static func zone(named name: String?) throws -> Zone {
        if name == "UTC" || name == "Z" { return Zone(name: "UTC", style: .utc) { _ in 0 } }
        guard let name else { return zone(TimeZone.current) }
        guard let found = TimeZone(identifier: name) else {
            throw Failure.usage("'\(name)' is no time zone; write UTC or a name such as Europe/Berlin")
        }
        return zone(found)
    }

    private static func zone(_ zone: TimeZone) -> Zone {
        let seconds: @Sendable (CaptureInstant) -> Int = { instant in
            zone.secondsFromGMT(for: Date(timeIntervalSince1970: Double(instant.nanoseconds) / 1e9))
        }
        return Zone(name: zone.identifier, style: .local(seconds), secondsFromUTC: seconds)
    }

    var words: [String] { utc ? ["--utc"] : timezone.map { ["--timezone", $0] } ?? [] }
}

/// Feeds frames to a tracker.
private struct ReportReader: MergedFiles.Reader {
    var tracker: Tracker

    init(keepingGaps: Bool, givenKeys: [String]) {
        tracker = Tracker(keepingGaps: keepingGaps, givenKeys: givenKeys)
    }

    mutating func handle(
        _ frame: borrowing Frame,
        _ sighting: Sighting,
        from source: MergedFiles.Source
    ) -> LoopControl {
        _ = tracker.hear(frame.bytes, linkType: frame.linkType, sighting)
        return .continue
    }

    mutating func note(_ blindSpot: BlindSpot) {
        tracker.note(blindSpot)
    }
}

extension String {
    /// The text as one word of a shell's command line.
    fileprivate var quotedForShell: String {
        let plain = "%+,-./:=@_"
        let isPlain =
            !isEmpty
            && unicodeScalars.allSatisfy { scalar in
                scalar.isASCII && (Character(scalar).isLetter || Character(scalar).isNumber)
                    || plain.unicodeScalars.contains(scalar)
            }
        guard !isPlain else { return self }
        return "'" + split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''") + "'"
    }
}
