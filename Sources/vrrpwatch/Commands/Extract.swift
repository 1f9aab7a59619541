internal import ArgumentParser
internal import Glibc
internal import VRRPAuthentication
internal import VRRPCapture
internal import VRRPFacts
internal import VRRPFindings
internal import VRRPReport
internal import VRRPTracker
internal import VRRPWire

/// Keeps the relevant packets of large captures.
struct Extract: SourcesCommand {
    static let configuration = CommandConfiguration(
        commandName: "extract",
        abstract: "Keep only the relevant packets of captures, with findings as comments.",
        usage: "vrrpwatch extract FILE... -w OUT [options]",
        discussion: """
            Examples:
              vrrpwatch extract switch.pcap -w vrrp.pcapng
              vrrpwatch extract ring/ -w incident.pcapng
              vrrpwatch extract r1.pcap r2.pcap -w - | wireshark -k -i -
              vrrpwatch extract --at r1=one.pcap --at r2=two.pcap -w incident.pcapng
              zcat big.pcap.gz | vrrpwatch extract - --origin big.pcap.gz --sensor berlin-1 > vrrp.pcapng

            The extract is pcapng: VRRP, CARP, ARP and neighbor discovery with their times, interfaces and VLANs. \
            Packets that show a finding bear it as a comment, which Wireshark displays. Another comment names the file and \
            the number there of each packet. The first and the last packet of a file that are none of ours are kept \
            without their bytes, so that the extract says when the capture began and ended. `vrrpwatch analyze` of the \
            extract finds what it finds in the captures.
            """
    )

    @OptionGroup var files: FileArguments

    var sources: [String] {
        get { files.sources }
        set { files.sources = newValue }
    }

    @Option(
        name: [.customShort("w"), .customLong("write-file")],
        help: ArgumentHelp(
            "Write the extract to this file, which gets its name only when it is complete; - is standard output.",
            valueName: "out"
        ),
        completion: .file()
    )
    var output: String = "-"

    @Option(
        help: ArgumentHelp(
            "The name of the sensor of packets whose file names none.",
            valueName: "name"
        )
    )
    var sensor: String?

    @Option(
        help: ArgumentHelp(
            "The name of the file that comes by standard input, by which the extract names the origin of packets.",
            valueName: "name"
        )
    )
    var origin: String?

    @Option(
        help: ArgumentHelp(
            "Write what was read to this file as JSON when the extract is complete: files, bytes, packets, problems; - is "
                + "standard output.",
            valueName: "file"
        ),
        completion: .file()
    )
    var summary: String?

    @OptionGroup var segments: SegmentOptions
    @OptionGroup var traffic: TrafficOptions
    @OptionGroup var salvage: SalvageOptions

    @Flag(name: .shortAndLong, help: "Print messages about damage only.")
    var quiet = false

    @Flag(name: .shortAndLong, help: "Also name the files that are skipped, and say how much was read.")
    var verbose = false

    func validate() throws {
        if quiet, verbose { throw ValidationError("--quiet and --verbose contradict each other; leave one out") }
        if let sensor, !Sensor.isName(sensor) {
            throw ValidationError(
                "--sensor \(sensor) is no name: take up to \(Sensor.longestName) letters, digits, dots, hyphens and underscores"
            )
        }
        if origin != nil, !files.paths.contains("-") {
            throw ValidationError("--origin names the file that comes by standard input; add - to the files")
        }
        if summary == "-", output == "-" {
            throw ValidationError("--summary - and the extract both go to standard output; name a file for one of them")
        }
    }

    func runToStatus() throws -> ExitStatus {
        if output == "-", isatty(STDOUT_FILENO) == 1 {
            throw Failure.usage(
                "an extract is binary, and standard output is a terminal; name a file with -w, or redirect the output"
            )
        }
        var options = try MergedFiles.Options(traffic, salvage, isVerbose: verbose, isQuiet: quiet)
        options.points = files.points.places
        options.segments = try segments.read()
        var captures = try MergedFiles(paths: files.paths, options)
        let output = try Output(path: output)
        let summary = try summary.map { try Output(path: $0) }
        var reader = ExtractReader(spool: try FrameSpool(), keys: captures.keys, on: captures.segments)
        try captures.read(into: &reader)
        reader.analysis.take(captures.terms)
        reader.analysis.finish(at: captures.end)
        let document = ReportDocument(
            reader.analysis.observation,
            captures: captures.descriptions,
            version: VRRPWatch.version
        )
        let names = ExtractNames(captures, sensor: sensor, origin: origin)
        try ExtractWriter(captures, document, reader, names).write(to: output)
        try output.finish()
        if !quiet, let finding = document.findings.first(where: { $0.id == NoAdverts.rule.id }) {
            Diagnostics.say("\(finding.summary). \(finding.explanation) \(finding.remedy)")
        }
        let isDamaged = captures.reportDamage()
        let account = names.account(of: document, reader.kept, marks: reader.marks, isDamaged: isDamaged)
        if verbose { Diagnostics.say(account.sentence) }
        try summary?.write(account.json.prettyText)
        try summary?.finish()
        return isDamaged ? .damagedInput : .done
    }
}
