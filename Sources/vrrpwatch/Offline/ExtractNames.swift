internal import VRRPCapture
internal import VRRPFacts
internal import VRRPReport
internal import VRRPTracker
internal import VRRPWire

/// The names by which an extract tells where its frames are from.
struct ExtractNames {
    private let captures: MergedFiles
    /// The sensor of packets whose file names none; `nil` for none.
    private let sensor: String?
    /// The name of the file that comes by standard input.
    private let standardInput: String?

    init(_ captures: MergedFiles, sensor: String?, origin: String?) {
        self.captures = captures
        self.sensor = sensor
        standardInput = origin
    }

    /// The comments of the section header, and the number of each file, from 0.
    func header(
        naming files: [ExtractFile],
        _ descriptions: [CaptureDescription]
    ) -> (files: [ExtractFile: Int], comments: [String]) {
        var (numbers, comments): ([ExtractFile: Int], [String]) = ([:], [])
        var size = 0
        for file in files {
            guard let source = captures.source(ofCapture: file.capture), numbers.count < OriginFile.most else { break }
            let known = file.file.flatMap { source.originFiles.indices.contains($0) ? source.originFiles[$0] : nil }
            let named = OriginFile(number: numbers.count + 1, name: known ?? name(of: source).escapedForTerminal)
            size += named.name.utf8.count
            guard size <= OriginFile.mostBytes else { break }
            numbers[file] = numbers.count
            comments.append(named.comment)
            if let extent = descriptions[file.capture].sensor {
                comments.append(OriginStream(number: named.number, extent: extent).comment)
            }
        }
        if let segments = captures.options.segments {
            comments += ([""] + segments.lines).map(SegmentRemark.comment)
        }
        return (numbers, comments)
    }

    private func name(of source: MergedFiles.Source) -> String {
        source.path == "-" ? standardInput ?? source.path : source.path
    }

    /// The name of the place or file that a capture is from.
    func origin(ofCapture index: Int, _ descriptions: [CaptureDescription]) -> String {
        let description = descriptions[index]
        if let place = captures.options.points[description.source] { return place }
        return description.sensor?.name ?? sensor ?? (description.source == "-" ? standardInput : nil)
            ?? description.source
    }

    /// The sensor of an interface of a capture; `nil` where nothing names it.
    func sensor(ofInterface interface: Int, in capture: Int) -> String? {
        guard let source = captures.source(ofCapture: capture) else { return sensor }
        if let place = captures.name(of: source), Sensor.isName(place) { return place }
        return source.sensor(ofInterface: interface, in: capture) ?? sensor
    }

    /// The longest time between two frames of a capture's file; `nil` where the file alone does not tell.
    func longestSilence(ofCapture capture: Int, isOnly: Bool) -> TimeSpan? {
        isOnly ? captures.source(ofCapture: capture)?.statedSilence : nil
    }

    /// The account of all that was read.
    func account(
        of document: ReportDocument,
        _ kept: [Int: Int],
        marks: Int,
        isDamaged: Bool
    ) -> ExtractSummary {
        let inputs = document.captures.map { capture in
            var description = capture.description
            if description.source == "-", let standardInput { description.source = standardInput }
            let sensor = description.sensor?.name ?? sensor(ofInterface: 0, in: capture.index)
            return ExtractSummary.Input(description, sensor: sensor, kept: kept[capture.index] ?? 0)
        }
        return ExtractSummary(
            version: document.version,
            files: captures.fileCount,
            bytes: captures.readBytes,
            marks: marks,
            isDamaged: isDamaged,
            inputs: inputs
        )
    }
}
