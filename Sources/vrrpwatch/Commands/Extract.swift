internal import ArgumentParser
internal import Glibc
internal import VRRPCapture
internal import VRRPFindings
internal import VRRPReport
internal import VRRPTracker
internal import VRRPWire

/// Keeps the relevant packets of large captures.
struct Extract: StatusCommand {
    static let configuration = CommandConfiguration(
        commandName: "extract",
        abstract: "Keep only the relevant packets of captures, with findings as comments.",
        usage: "vrrpwatch extract FILE... -w OUT [options]",
        discussion: """
            Examples:
              vrrpwatch extract switch.pcap -w vrrp.pcapng
              vrrpwatch extract ring/ -w incident.pcapng
              vrrpwatch extract r1.pcap r2.pcap -w - | wireshark -k -i -

            The extract is pcapng: VRRP, CARP, ARP and neighbor discovery with their times, interfaces and VLANs. \
            Packets that show a finding bear it as a comment, which Wireshark displays. `vrrpwatch analyze` of the \
            extract finds what it finds in the captures.
            """
    )

    @OptionGroup var files: FileArguments

    @Option(
        name: [.customShort("w"), .customLong("write-file")],
        help: ArgumentHelp(
            "Write the extract to this file, which gets its name only when it is whole; - is standard output.",
            valueName: "out"
        )
    )
    var output: String = "-"

    @OptionGroup var traffic: TrafficOptions
    @OptionGroup var salvage: SalvageOptions

    @Flag(name: .shortAndLong, help: "Report damage only.")
    var quiet = false

    @Flag(name: .shortAndLong, help: "Report files that are passed over, too.")
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
        let options = try MergedFiles.Options(traffic, salvage, isVerbose: verbose, isQuiet: quiet)
        var captures = try MergedFiles(paths: files.paths, options)
        let output = try Output(path: output)
        var reader = ExtractReader(spool: try FrameSpool(), givenKeys: options.keys.labels)
        try captures.read(into: &reader)
        reader.tracker.finish(at: captures.end)
        let document = ReportDocument(
            reader.tracker.observation,
            captures: captures.descriptions,
            version: VRRPWatch.version
        )
        try ExtractWriter(captures, document, reader).write(to: output)
        try output.finish()
        return captures.reportDamage() ? .damagedInput : .done
    }
}

/// Tracks all frames and keeps those that the result rests on.
private struct ExtractReader: MergedFiles.Reader {
    let spool: FrameSpool
    var tracker: Tracker
    /// The names of interfaces by capture and interface.
    private(set) var interfaceNames: [FrameSource: String] = [:]
    /// For each observer of a kept frame, its first capture.
    private(set) var observers: [Int: Int] = [:]
    private var failure: (any Error)?

    init(spool: FrameSpool, givenKeys: [String]) {
        self.spool = spool
        tracker = Tracker(givenKeys: givenKeys)
    }

    mutating func handle(
        _ frame: borrowing Frame,
        _ sighting: Sighting,
        from source: MergedFiles.Source
    ) throws -> LoopControl {
        if let failure { throw failure }
        guard tracker.hear(frame.bytes, linkType: frame.linkType, sighting) else { return .continue }
        if let name = source.interfaceName(frame.interface) {
            let source = FrameSource(observer: sighting.observer, interface: sighting.interface)
            if interfaceNames[source] == nil { interfaceNames[source] = name }
        }
        observers[sighting.observer] = min(observers[sighting.observer] ?? .max, sighting.reference.capture)
        try spool.append(FrameSpool.Entry(frame, sighting))
        return .continue
    }

    mutating func note(_ blindSpot: BlindSpot) {
        tracker.note(blindSpot)
        guard let gap = ObservationGap(blindSpot) else { return }
        do {
            try spool.append(gap)
        } catch {
            // Said at the next frame; without one there is nothing to extract.
            failure = error
        }
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
            origins[observer.key] = (position, descriptions[observer.value].source)
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
            var early: [ObservationGap] = []
            try reader.spool.forEach { record in
                switch record {
                case .gap(let gap) where !writer.hasInterfaces: early.append(gap)
                case .gap(let gap): try writer.note(gap, droppedFrames: nil)
                case .frame(let entry):
                    if !early.isEmpty {
                        try writer.declareInterface(entry.linkType, properties(entry))
                        for gap in early { try writer.note(gap, droppedFrames: nil) }
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

extension ObservationGap {
    /// What a blind spot is to captures; `nil` for steps of the clock, which the times of the frames show by themselves.
    fileprivate init?(_ blindSpot: BlindSpot) {
        let (cause, count): (Cause, Int)
        switch blindSpot.reason {
        case .dropped(let lost): (cause, count) = (.dropped, lost)
        case .betweenFiles: (cause, count) = (.betweenFiles, 0)
        case .linkDown: (cause, count) = (.linkDown, 0)
        case .damaged: (cause, count) = (.damage, 0)
        case .clockStep: return nil
        }
        self.init(start: blindSpot.start, end: blindSpot.end, droppedFrames: UInt64(clamping: count), cause: cause)
    }
}
