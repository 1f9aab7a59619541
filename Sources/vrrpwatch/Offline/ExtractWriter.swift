internal import Glibc
internal import VRRPCapture
internal import VRRPFacts
internal import VRRPFindings
internal import VRRPReport
internal import VRRPTracker
internal import VRRPWire

/// Writes what was kept, with the findings that frames are evidence of.
struct ExtractWriter {
    private let captures: MergedFiles
    private let reader: ExtractReader
    /// The position in the extract and the name of the capture, for each observer.
    private let origins: [Int: (position: Int, name: String)]
    private let comments: [FrameReference: [String]]
    private let dropped: UInt64?
    private let names: ExtractNames
    /// The numbers of the files in the extract, from 0.
    private let files: [ExtractFile: Int]
    private let header: [String]
    /// By observer: the number of captures that its frames are from.
    private let captureCounts: [Int: Int]

    init(_ captures: MergedFiles, _ document: ReportDocument, _ reader: ExtractReader, _ names: ExtractNames) {
        self.captures = captures
        self.reader = reader
        self.names = names
        captureCounts = reader.captures.mapValues(\.count)
        let descriptions = document.captures.map(\.description)
        (files, header) = names.header(naming: reader.files, descriptions)
        var origins: [Int: (position: Int, name: String)] = [:]
        for (position, observer) in reader.observers.sorted(by: { $0.key < $1.key }).enumerated() {
            origins[observer.key] = (position, names.origin(ofCapture: observer.value, descriptions))
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
                application: "vrrpwatch \(VRRPWatch.version)",
                comments: header
            )
            // Interfaces stand in the order of the captures, by which points are numbered, whichever frame comes first.
            let firsts = reader.firsts.values.sorted { ($0.observer, $0.interface) < ($1.observer, $1.interface) }
            for entry in firsts { try writer.declareInterface(entry.linkType, properties(entry)) }
            try reader.spool.forEach { record in
                switch record {
                // Statistics belong to an interface.
                case .blindSpot where !writer.hasInterfaces: break
                case .blindSpot(let blindSpot): try writer.note(blindSpot, droppedFrames: nil)
                case .frame(let entry):
                    let frame = Frame(
                        bytes: entry.bytes.span,
                        originalLength: entry.originalLength,
                        number: entry.reference.frame,
                        instant: entry.instant,
                        interface: entry.interface,
                        linkType: entry.linkType
                    )
                    try writer.write(frame, properties(entry), comments: comments(of: entry))
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

    /// The origin of a frame, and the findings that it is evidence of.
    private func comments(of entry: FrameSpool.Entry) -> [String] {
        let findings = entry.bytes.isEmpty ? nil : comments[entry.reference]
        guard let file = files[ExtractFile(entry)] else { return findings ?? [] }
        let origin = FrameOrigin(file: file, frame: entry.origin?.frame ?? entry.reference.frame)
        return [FrameRemark.comment(origin)] + (findings ?? [])
    }

    /// Whether one capture alone is the origin of an observer's frames.
    private func isOnly(_ entry: FrameSpool.Entry) -> Bool { captureCounts[entry.observer] == 1 }

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
            ),
            sensor: names.sensor(ofInterface: entry.interface, in: entry.reference.capture),
            longestSilence: names.longestSilence(ofCapture: entry.reference.capture, isOnly: isOnly(entry))
        )
    }
}
