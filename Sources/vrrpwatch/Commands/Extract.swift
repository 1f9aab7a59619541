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

            The extract is pcapng: VRRP, CARP, ARP and neighbor discovery with their times, interfaces and VLANs. \
            Packets that show a finding bear it as a comment, which Wireshark displays. `vrrpwatch analyze` of the \
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

    @OptionGroup var segments: SegmentOptions
    @OptionGroup var traffic: TrafficOptions
    @OptionGroup var salvage: SalvageOptions

    @Flag(name: .shortAndLong, help: "Print messages about damage only.")
    var quiet = false

    @Flag(name: .shortAndLong, help: "Also name the files that are skipped.")
    var verbose = false

    func validate() throws {
        if quiet, verbose { throw ValidationError("--quiet and --verbose contradict each other; leave one out") }
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
        var reader = ExtractReader(spool: try FrameSpool(), keys: captures.keys, on: captures.segments)
        try captures.read(into: &reader)
        reader.analysis.take(captures.terms)
        reader.analysis.finish(at: captures.end)
        let document = ReportDocument(
            reader.analysis.observation,
            captures: captures.descriptions,
            version: VRRPWatch.version
        )
        try ExtractWriter(captures, document, reader).write(to: output)
        try output.finish()
        if !quiet, let finding = document.findings.first(where: { $0.id == NoAdverts.rule.id }) {
            Diagnostics.say("\(finding.summary). \(finding.explanation) \(finding.remedy)")
        }
        return captures.reportDamage() ? .damagedInput : .done
    }
}

/// Analyses all frames and keeps those that the result rests on.
private struct ExtractReader: FrameListener {
    let spool: FrameSpool
    var analysis: Analysis
    /// The names of interfaces by capture and interface.
    private(set) var interfaceNames: [FrameSource: String] = [:]
    /// For each observer of a kept frame, its first capture.
    private(set) var observers: [Int: Int] = [:]

    init(spool: FrameSpool, keys: KeyRing?, on segments: SegmentMap?) {
        self.spool = spool
        analysis = Analysis(verifier: keys, on: segments)
    }

    mutating func take(
        _ frame: borrowing Frame,
        _ sighting: Sighting,
        interface: @autoclosure () -> String?
    ) throws -> LoopControl {
        guard analysis.take(frame.bytes, linkType: frame.linkType, sighting) != .irrelevant else { return .continue }
        if let name = interface() {
            let source = FrameSource(observer: sighting.observer, interface: sighting.interface)
            if interfaceNames[source] == nil { interfaceNames[source] = name }
        }
        observers[sighting.observer] = min(observers[sighting.observer] ?? .max, sighting.reference.capture)
        try spool.append(FrameSpool.Entry(frame, sighting))
        return .continue
    }

    mutating func take(_ place: NumberedPlace) { analysis.take(place.place, as: place.number) }

    mutating func take(_ blindSpot: BlindSpot) throws {
        analysis.take(blindSpot)
        try spool.append(blindSpot)
    }
}

/// An interface of an observer.
private struct FrameSource: Hashable {
    var observer: Int
    var interface: Int
}

extension FrameSource {
    init(_ entry: FrameSpool.Entry) {
        self.init(observer: entry.observer, interface: entry.interface)
    }
}

/// Writes what was kept, with the findings that frames are evidence of.
private struct ExtractWriter {
    private let captures: MergedFiles
    private let reader: ExtractReader
    /// The position in the extract and the name of the capture, for each observer.
    private let origins: [Int: (position: Int, name: String)]
    private let comments: [FrameReference: [String]]
    private let dropped: UInt64?

    init(_ captures: MergedFiles, _ document: ReportDocument, _ reader: ExtractReader) {
        self.captures = captures
        self.reader = reader
        let descriptions = document.captures.map(\.description)
        var origins: [Int: (position: Int, name: String)] = [:]
        for (position, observer) in reader.observers.sorted(by: { $0.key < $1.key }).enumerated() {
            let (source, sensor) = (descriptions[observer.value].source, descriptions[observer.value].sensor)
            origins[observer.key] = (position, captures.options.points[source] ?? sensor?.name ?? source)
        }
        self.origins = origins
        let counters = descriptions.compactMap(\.dropped)
        // Counters come from files and may be absurd.
        dropped = counters.isEmpty ? nil : counters.reduce(0) { $0 + min($1, 1 << 48) }
        var comments: [FrameReference: [String]] = [:]
        for finding in document.findings {
            for reference in finding.evidence {
                let comment = "vrrpwatch: \(finding.id): \(finding.summary)"
                if comments[reference]?.contains(comment) != true { comments[reference, default: []].append(comment) }
            }
        }
        self.comments = comments
    }

    func write(to output: Output) throws {
        do {
            var writer = try PcapNGWriter(
                descriptor: output.descriptor,
                path: output.name,
                application: "vrrpwatch \(VRRPWatch.version)"
            )
            // Statistics belong to an interface, and the first frame brings the first.
            var early: [BlindSpot] = []
            try reader.spool.forEach { record in
                switch record {
                case .blindSpot(let blindSpot) where !writer.hasInterfaces: early.append(blindSpot)
                case .blindSpot(let blindSpot): try writer.note(blindSpot, droppedFrames: nil)
                case .frame(let entry):
                    if !early.isEmpty {
                        try writer.declareInterface(entry.linkType, properties(entry))
                        for blindSpot in early { try writer.note(blindSpot, droppedFrames: nil) }
                        early = []
                    }
                    let frame = Frame(
                        bytes: entry.bytes.span,
                        originalLength: entry.originalLength,
                        number: entry.reference.frame,
                        instant: entry.instant,
                        interface: entry.interface,
                        linkType: entry.linkType
                    )
                    try writer.write(frame, properties(entry), comments: comments[entry.reference] ?? [])
                }
            }
            if let end = captures.end {
                try writer.finish(extractUntil: end, droppedFrames: dropped)
            } else {
                try writer.finish(droppedFrames: nil)
            }
        } catch let error as CaptureError {
            if error.systemError == EPIPE { throw Failure.readerGone }
            throw Failure(.outputFailed, error.message)
        }
    }

    private func properties(_ entry: FrameSpool.Entry) -> PcapNGWriter.InterfaceProperties {
        let origin = origins[entry.observer] ?? (0, "")
        return PcapNGWriter.InterfaceProperties(
            name: reader.interfaceNames[FrameSource(entry)],
            snapLength: captures.snapLength(ofCapture: entry.reference.capture),
            origin: InterfaceOrigin(
                interface: entry.interface,
                capture: min(origin.position, InterfaceOrigin.mostCaptures - 1),
                captureCount: min(max(1, origins.count), InterfaceOrigin.mostCaptures),
                source: origin.name
            )
        )
    }
}
