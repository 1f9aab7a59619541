internal import VRRPCapture
internal import VRRPReport
internal import VRRPTracker
internal import VRRPWire

/// Several capture files as one observation, merged in order of time.
///
/// A file that is damaged from the first byte is one without packets; any other that cannot be opened is a ``Failure``.
struct MergedFiles {
    private struct Source {
        var path: String
        /// `nil` where the file is damaged from the start, which `damage` then describes.
        var file: CaptureFile?
        var damage: CaptureError?
        /// The names of the interfaces seen so far.
        var interfaceNames: [String?] = []
        var hasStarted = false
        var hasEnded = false
    }

    /// What reading tells; whoever hears it says whether to go on.
    protocol Reader {
        mutating func handle(
            _ frame: borrowing DecodedFrame,
            _ sighting: Sighting,
            interface: String?
        ) throws -> LoopControl
        mutating func note(_ blindSpot: BlindSpot)
    }

    private var sources: [Source] = []
    private let filter: String?
    /// The filter compiled for each link type that came up.
    private var programs: [LinkType: FrameFilter] = [:]
    /// The latest instant of any frame delivered.
    private(set) var latest: CaptureInstant?

    /// Opens the files, of which only frames are read that an expression of pcap-filter(7) lets through.
    init(paths: [String], filter: String?) throws {
        self.filter = filter
        if paths.count(where: { $0 == "-" }) > 1 { throw Failure.usage("standard input can be read only once") }
        for path in paths {
            do throws(CaptureError) {
                sources.append(Source(path: path, file: try CaptureFile(path: path)))
            } catch  where error.isDamage {
                sources.append(Source(path: path, damage: error, hasEnded: true))
            } catch {
                throw Failure(.couldNotStart, error.message)
            }
        }
    }

    /// Reads everything, the earliest frame first; frames of one instant come in the order of the files.
    mutating func read(into reader: inout some Reader) throws {
        for index in sources.indices { advance(index, &reader) }
        while let current = earliest(besides: nil) {
            let rival = earliest(besides: current)
            repeat {
                start(current, &reader)
                guard try deliver(current, to: &reader) == .continue else { return }
                advance(current, &reader)
            } while !sources[current].hasEnded && precedes(current, rival)
        }
    }

    private mutating func advance(_ index: Int, _ reader: inout some Reader) {
        guard let file = sources[index].file else { return }
        sources[index].hasEnded = !file.advance()
        while let gap = file.takeObservationGap() { reader.note(BlindSpot(gap)) }
    }

    private func earliest(besides excluded: Int?) -> Int? {
        var earliest: Int?
        for index in sources.indices where index != excluded && !sources[index].hasEnded {
            if earliest == nil || !precedes(earliest ?? index, index) { earliest = index }
        }
        return earliest
    }

    private func precedes(_ left: Int, _ right: Int?) -> Bool {
        guard let right, let first = sources[left].file?.instant, let second = sources[right].file?.instant else {
            return true
        }
        return first == second ? left < right : first < second
    }

    /// Notes the time between the end of all files before and the first frame of the next.
    private mutating func start(_ index: Int, _ reader: inout some Reader) {
        guard !sources[index].hasStarted, let instant = sources[index].file?.instant else { return }
        let isCovered = sources.contains { $0.hasStarted && !$0.hasEnded }
        if let latest, !isCovered, latest < instant { reader.note(BlindSpot(from: latest, to: instant, .betweenFiles)) }
        sources[index].hasStarted = true
    }

    private mutating func deliver(_ index: Int, to reader: inout some Reader) throws -> LoopControl {
        guard let file = sources[index].file else { return .continue }
        latest = max(latest ?? file.instant, file.instant)
        var result = Result<LoopControl, any Error>.success(.continue)
        file.withFrame { frame in
            do {
                guard try passes(frame) else { return }
                let decoded = DecodedFrame(frame.bytes, linkType: frame.linkType)
                let reference = FrameReference(capture: index, frame: frame.number)
                let sighting = Sighting(reference, at: frame.instant, interface: frame.interface)
                let name = name(ofInterface: frame.interface, in: index)
                result = .success(try reader.handle(decoded, sighting, interface: name))
            } catch {
                result = .failure(error)
            }
        }
        return try result.get()
    }

    /// Whether the filter lets a frame through; ``Failure`` where it makes no sense for the frame's link type.
    private mutating func passes(_ frame: borrowing Frame) throws -> Bool {
        guard let filter else { return true }
        if let program = programs[frame.linkType] {
            return program.matches(frame.bytes, originalLength: frame.originalLength)
        }
        do throws(CaptureError) {
            let program = try FrameFilter(filter, linkType: frame.linkType)
            programs[frame.linkType] = program
            return program.matches(frame.bytes, originalLength: frame.originalLength)
        } catch {
            throw Failure.usage("filter '\(filter)': \(error.detail)")
        }
    }

    private mutating func name(ofInterface number: Int, in index: Int) -> String? {
        if number >= sources[index].interfaceNames.count, let file = sources[index].file {
            var names = file.summary.interfaceNames
            while names.count <= number { names.append(nil) }
            sources[index].interfaceNames = names
        }
        return sources[index].interfaceNames[number]
    }

    // MARK: What is known of the files

    /// The captures for a report, in the order of their indices.
    var descriptions: [CaptureDescription] {
        sources.map { source in
            guard let file = source.file else { return CaptureDescription(source.path, source.damage) }
            return CaptureDescription(file.summary)
        }
    }

    /// Says what is damaged, one line a file, and whether anything is.
    func reportDamage() -> Bool {
        var isDamaged = false
        for source in sources {
            if let damage = source.damage {
                Diagnostics.say(damage.message)
                isDamaged = true
            } else if let problem = source.file?.summary.problems.first(where: \.isDamage) {
                let place = problem.offset.map { "offset \($0): " } ?? ""
                Diagnostics.say("\(source.path): \(place)\(problem.message)")
                isDamaged = true
            }
        }
        return isDamaged
    }
}

extension CaptureError {
    /// The failure in one line.
    var message: String {
        let place = offset.map { "offset \($0): " } ?? ""
        return "\(path): \(place)\(detail)" + (hint.map { " Try: \($0)" } ?? "")
    }
}

extension BlindSpot {
    init(_ gap: ObservationGap) {
        let reason: Reason =
            switch gap.cause {
            case .dropped, .damage: .dropped(Int(clamping: gap.droppedFrames))
            case .linkDown: .linkDown
            }
        self.init(from: gap.start, to: gap.end, reason)
    }
}

extension CaptureDescription {
    init(_ summary: CaptureSummary) {
        self.init(source: summary.source, format: summary.format.rawValue)
        compression = summary.compression?.rawValue
        linkTypes = summary.linkTypes.map(\.name)
        interfaceNames = summary.interfaceNames
        bytes = summary.bytes
        packets = summary.packets
        firstPacket = summary.firstPacket
        lastPacket = summary.lastPacket
        dropped = summary.dropped
        problems = summary.problems.map {
            Problem(kind: $0.kind.rawValue, offset: $0.offset, frame: $0.frame, message: $0.message)
        }
        if summary.omittedProblems > 0 {
            let message = "There were \(summary.omittedProblems) more problems."
            problems.append(Problem(kind: "corrupt", offset: nil, frame: nil, message: message))
        }
    }

    /// A file without a single packet to read.
    init(_ path: String, _ damage: CaptureError?) {
        self.init(source: path, format: "pcap")
        guard let damage else { return }
        let kind: CaptureProblem.Kind = damage.code == .emptyFile ? .truncated : .corrupt
        problems = [Problem(kind: kind.rawValue, offset: damage.offset, frame: nil, message: damage.detail)]
    }
}
