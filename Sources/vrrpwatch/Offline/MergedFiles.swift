internal import VRRPAuthentication
internal import VRRPBundle
internal import VRRPCapture
internal import VRRPFacts
internal import VRRPReport
internal import VRRPTracker
internal import VRRPVantage
internal import VRRPWire

/// Several capture files as one observation, merged in order of time.
///
/// A file that is damaged from the first byte is one without packets, and so is one that cannot be opened while others can.
/// Where none can be opened, that is a ``Failure``.
/// A directory stands for the captures in it, the earliest first. Files are inspected when they are named and read when
/// it is their turn, so that a ring buffer of thousands needs few descriptors and little memory.
///
/// Where several places may have captured, all files are looked through first (``Survey``): only all of them together tell
/// which files are of one place, and how far the clocks are apart.
struct MergedFiles {
    /// The options of reading files.
    struct Options {
        /// An expression of pcap-filter(7) that frames must pass.
        var filter: String?
        var salvages = false
        /// Whether to report the files that are passed over.
        var isVerbose = false
        /// Whether to report nothing but damage.
        var isQuiet = false
        /// The keys that the listener checks advertisements against; `nil` for none.
        var keys: KeyRing?
        /// Whether standard error may show the progress of reading.
        var showsProgress = true
        /// Whether to find out from which points the files are, and to tell all times by one clock.
        var findsPoints = false
        /// The point that each file was said to be of, by its path.
        var points: [String: String] = [:]
        /// Whether the names of interfaces begin with that of the place.
        var showsPlaces = false
        /// The names of segments by the sensors that see them; `nil` where sensors are not told apart.
        var segments: GivenSegments?
    }

    /// The number of stretches that nobody saw that are told before the first frame.
    private static let mostToldAhead = 64
    /// The number of files that stay open between their inspection and their turn to be read.
    private static let mostOpen = 32
    /// The bytes of small files that are kept in memory until their turn, so that each need be opened only once.
    private static let mostKept = 16 << 20

    var sources: [Source] = []
    private(set) var options: Options
    /// The advertisements that the filter kept out.
    private var keptOut: CaptureTerms
    /// The filter compiled for each link type that came up.
    private var programs: [LinkType: FrameFilter] = [:]
    /// The latest instant of any frame delivered, and the file that it was in.
    private(set) var latest: CaptureInstant?
    private var latestSource: Int?
    /// The number of files that have begun and not ended.
    private var running = 0
    /// The points that the files are from; `nil` where nobody looked.
    var vantage: Vantage?
    /// The stretches in which no point captured anything, in order; those at the front are not told yet.
    var unseen: ArraySlice<BlindSpot> = []
    /// The segments that sensors see; `nil` where sensors are not told apart.
    var segments: SegmentMap?
    /// The numbers of sensors' interfaces.
    var placeNumbers: [SegmentMap.Place: Int] = [:]
    /// The numbers of those that the reader knows.
    var toldPlaces: Set<Int> = []
    /// The bundles among the files.
    private(set) var bundles: [BundleFile] = []
    /// The number of bytes of files that are kept.
    private var kept = 0
    /// Whether files are looked through as soon as they are opened.
    private var looksAtOnce: Bool
    /// The frames of the latest instant of points whose files overlap.
    private var repetitions = RepeatedFrames()

    /// Looks into the files, waiting for the first frame of pipes.
    init(paths: [String], _ options: Options) throws {
        self.options = options
        keptOut = CaptureTerms(filter: options.filter)
        if paths.count(where: { $0 == "-" }) > 1 { throw Failure.usage("standard input can be read only once") }
        var survey = Survey()
        // All of a single file is known from reading it, but for a directory.
        looksAtOnce = options.findsPoints && !paths.contains("-")
        survey.reserveFiles(paths.count)
        for path in paths {
            let source = try Source(path: path, salvages: options.salvages, isOneOfSeveral: paths.count > 1)
            if let damage = source.damage, damage.code == .isDirectory {
                if let files = CaptureFolder.files(in: path) {
                    try append(folder: path, files, &survey)
                    continue
                }
                guard paths.count > 1 else { throw Failure(.couldNotStart, damage.message) }
            }
            if paths.count > 1 { inspect(source, &survey) }
            append(source)
        }
        if let failure = sources.first?.damage, sources.allSatisfy(\.isUnreadable) {
            throw Failure(.couldNotStart, failure.message)
        }
        bundles = BundleFile.named(
            sources.compactMap { source in source.bundle.map { (source.path, $0) } },
            options.points
        )
        if isMasked {
            for source in sources where source.bundle?.contents.isMasked != true { source.masking = FrameMasking() }
        }
        if options.showsPlaces { for source in sources { source.placeName = name(of: source) } }
        if !options.isQuiet { tellRemarks() }
        if options.segments == nil { self.options.segments = try statedSegments() }
        if options.findsPoints { findPoints(survey) }
        findPlaces()
    }

    /// Whether stand-ins are in the place of passwords, because some bundle has them.
    var isMasked: Bool { bundles.contains { $0.bundle.contents.isMasked } }

    /// The keys to hold frames against: where passwords are masked, stand-ins for the keys as well.
    var keys: KeyRing? {
        guard isMasked, let ring = options.keys else { return options.keys }
        var mask = SecretMask()
        // Only keys without a number are passwords as well.
        let further = ring.keys.filter { $0.keyID == nil && !$0.bytes.isEmpty }.map { key in
            var key = key
            key.bytes = Array(mask.standIn(for: key.bytes).utf8)
            return key
        }
        return KeyRing(ring.keys + further)
    }

    /// The name of the place that a file is of: as it was said, or as its bundle has it; `nil` where nothing names it.
    func name(of source: Source) -> String? {
        options.points[source.path] ?? bundles.first { $0.path == source.path }?.name
    }

    private func tellRemarks() {
        for file in bundles { for remark in file.bundle.remarks { Diagnostics.say("\(file.path): \(remark)") } }
    }

    private mutating func append(_ source: Source) {
        source.firstCapture = sources.last.map { $0.firstCapture + $0.captureCount } ?? 0
        if sources.count >= Self.mostOpen { source.closeUntilNeeded() }
        sources.append(source)
    }

    /// Looks through one of several files while it is open, and keeps its bytes where there is room for them.
    private mutating func inspect(_ source: Source, _ survey: inout Survey) {
        let size = source.contents?.count ?? 0
        if kept + size > Self.mostKept { source.forgetContents() } else { kept += size }
        guard looksAtOnce else { return }
        // Where one cannot be read twice, nobody looks for points. A file that is gone by now is told of when it is read.
        looksAtOnce = source.isRereadable && (try? source.look(into: &survey)) != nil
    }

    /// Adds the captures of a directory in order of time, and passes over whatever else is in it.
    private mutating func append(folder: String, _ files: [String], _ survey: inout Survey) throws {
        var found: [Source] = []
        survey.reserveFiles(files.count)
        for path in files {
            do {
                let source = try Source(path: path, salvages: options.salvages, isRegular: true)
                if let damage = source.damage {
                    if options.isVerbose { Diagnostics.say("passed over \(damage.message)") }
                    continue
                }
                if files.count > 1 { inspect(source, &survey) }
                if found.count >= Self.mostOpen { source.closeUntilNeeded() }
                found.append(source)
            } catch let failure as Failure {
                if options.isVerbose { Diagnostics.say("passed over \(failure.message ?? path)") }
            }
        }
        guard !found.isEmpty else {
            throw Failure(.couldNotStart, "\(folder): there is no capture in this directory")
        }
        // Files without frames have no time; they come last, in order of their names.
        let sorted = found.sorted { ($0.first ?? .distantFuture, $0.path) < ($1.first ?? .distantFuture, $1.path) }
        for source in sorted { append(source) }
    }

    /// Reads everything, the earliest frame first; frames of one instant come in the order of the files.
    mutating func read(into reader: inout some FrameListener) throws {
        var progress = options.showsProgress && !options.isQuiet ? ProgressBar() : nil
        defer { progress?.clear() }
        var shown: UInt64 = 0
        // One file may show several points and their common blindness, and is read in one go.
        if unseen.count <= Self.mostToldAhead {
            while let spot = unseen.popFirst() { try reader.take(spot) }
        }
        var queue = SourceQueue(sources)
        while let current = queue.removeFirst() {
            let source = sources[current]
            try open(current, &reader)
            try start(current, &reader)
            let limit = queue.limit(of: current)
            repeat {
                guard try deliver(source, until: limit, to: &reader) == .continue else { return }
                if progress != nil, source.progress.read != shown {
                    shown = source.progress.read
                    progress?.show(position)
                }
            } while !source.hasEnded && source.instant ?? .distantFuture <= limit
            if let instant = source.latest, instant >= latest ?? instant { (latest, latestSource) = (instant, current) }
            if !source.hasEnded { queue.insert(current, source.instant) } else if source.hasStarted { running -= 1 }
        }
        // What files without frames have to say.
        for source in sources where !source.hasStarted { try tellBlindSpots(of: source, to: &reader) }
    }

    /// The number of bytes read of all files, and their size together.
    private var position: (read: UInt64, size: UInt64?) {
        var (read, size): (UInt64, UInt64?) = (0, 0)
        for source in sources {
            read += source.progress.read
            size = size.flatMap { sum in source.progress.size.map { sum + $0 } }
        }
        return (read, size)
    }

    private mutating func open(_ index: Int, _ reader: inout some FrameListener) throws {
        try sources[index].open()
        if !sources[index].hasStarted { try tellBlindSpots(of: sources[index], to: &reader) }
    }

    private func tellBlindSpots(of source: Source, to reader: inout some FrameListener) throws {
        while let blindSpot = source.takeBlindSpot() { try reader.take(blindSpot) }
    }

    /// Reports the time between the end of all earlier files and the first frame of the next, unless they follow
    /// closely.
    private mutating func start(_ index: Int, _ reader: inout some FrameListener) throws {
        guard !unseen.isEmpty || !sources[index].hasStarted, let instant = sources[index].instant else { return }
        if vantage != nil {
            while let spot = unseen.first, spot.end <= instant { try reader.take(unseen.removeFirst()) }
        }
        guard !sources[index].hasStarted else { return }
        if vantage == nil {
            if let latest, let latestSource, running == 0, latest <= instant {
                if sources[latestSource].isContinued(by: sources[index], after: instant - latest) {
                    sources[index].firstObserver = sources[latestSource].firstObserver
                } else if latest < instant {
                    try reader.take(BlindSpot(from: latest, to: instant, .betweenFiles))
                }
            }
        }
        sources[index].hasStarted = true
        running += 1
        if options.filter == nil { sources[index].passOverOrdinary() }
    }

    /// Reads frames of a file up to an instant; returns earlier now and then, so that the progress can be shown.
    private mutating func deliver(
        _ source: Source,
        until limit: CaptureInstant,
        to reader: inout some FrameListener
    ) throws -> LoopControl {
        // Most files are from one point and stamped by the clock of the report: their frames are asked nothing more.
        let control =
            source.hasViews || source.hasClock
            ? try deliverFromPoints(source, until: limit, to: &reader)
            : try deliverFrames(of: source, until: limit, to: &reader)
        guard control == .continue else { return .stop }
        try tellBlindSpots(of: source, to: &reader)
        if source.hasEnded {
            try tellEnd(of: source, to: &reader)
            source.close()
            source.forgetContents()
        }
        return .continue
    }

    private func tellEnd(of source: Source, to reader: inout some FrameListener) throws {
        guard !source.hasViews, !source.hasClock else { return }
        var failure: (any Error)?
        var place = source.place
        source.lendLast { frame in
            let sighting = place.sighting(of: frame) ?? source.sighting(of: frame, &place)
            let interface = frame.interface
            do {
                try reader.takeEnd(
                    frame,
                    sighting,
                    interface: source.interfaceName(interface),
                    origin: source.frameOrigin
                )
            } catch {
                failure = error
            }
        }
        if let failure { throw failure }
    }

    /// Reads frames of a file from one point; returns whether the reader wants more.
    private mutating func deliverFrames(
        of source: Source,
        until limit: CaptureInstant,
        to reader: inout some FrameListener
    ) throws -> LoopControl {
        var control = LoopControl.continue
        var failure: (any Error)?
        let (isFiltered, tellsPlaces) = (options.filter != nil, segments != nil)
        var place = source.place
        source.lendFrames(until: limit) { frame in
            do {
                guard try !isFiltered || passes(frame) else { return .continue }
                let sighting = place.sighting(of: frame) ?? source.sighting(of: frame, &place)
                let interface = frame.interface
                control = try reader.take(
                    frame,
                    tellsPlaces ? self.sighting(sighting, at: interface, in: source, &reader) : sighting,
                    interface: source.interfaceName(interface),
                    origin: source.frameOrigin
                )
            } catch {
                failure = error
                control = .stop
            }
            return control
        }
        if let failure { throw failure }
        return control
    }

    /// Reads frames of a file from points that were found, by the clock of the report; returns whether the reader wants more.
    private mutating func deliverFromPoints(
        _ source: Source,
        until limit: CaptureInstant,
        to reader: inout some FrameListener
    ) throws -> LoopControl {
        var control = LoopControl.continue
        var failure: (any Error)?
        var place = source.place
        var isFirst = true
        let (hasViews, hasClock, tellsPlaces) = (source.hasViews, source.hasClock, segments != nil)
        source.lendFrames(until: hasClock ? .distantFuture : limit) { frame in
            do {
                if hasClock {
                    // Its clock is another one, so that only the frame itself tells when its time has come.
                    guard source.note(frame) <= limit || isFirst else { return .stop }
                    isFirst = false
                }
                guard try passes(frame) else { return .continue }
                let sighting: Sighting
                if hasViews {
                    guard let seen = source.viewed(frame, &place) else { return .continue }
                    if source.mayRepeat, repetitions.contains(frame, seen) { return .continue }
                    sighting = seen
                } else {
                    sighting = place.sighting(of: frame) ?? source.sighting(of: frame, &place)
                }
                let interface = frame.interface
                control = try reader.take(
                    frame,
                    tellsPlaces ? self.sighting(sighting, at: interface, in: source, &reader) : sighting,
                    interface: source.interfaceName(interface),
                    origin: source.frameOrigin
                )
            } catch {
                failure = error
                control = .stop
            }
            return control
        }
        if let failure { throw failure }
        return control
    }

    /// Whether the filter lets a frame through; ``Failure`` where it makes no sense for the frame's link type.
    private mutating func passes(_ frame: borrowing Frame) throws -> Bool {
        guard let filter = options.filter else { return true }
        guard try !program(filter, for: frame).matches(frame.bytes, originalLength: frame.originalLength) else {
            return true
        }
        noteKeptOut(frame)
        return false
    }

    /// The number of advertisements kept out by the filter up to which they are counted.
    private static let mostKeptOut = 1000

    /// Counts a frame that the filter kept out, if it is an advertisement: where none passes, that is the reason.
    private mutating func noteKeptOut(_ frame: borrowing Frame) {
        guard keptOut.keptOut < Self.mostKeptOut else { return }
        let decoded = DecodedFrame(frame.bytes, linkType: frame.linkType)
        guard case .vrrp = decoded.payload else { return }
        keptOut.keepOut(on: Segment(of: decoded, interface: frame.interface).name)
    }

    /// Returns the filter for the link type of a frame; throws ``Failure`` where it makes no sense for that.
    private mutating func program(_ filter: String, for frame: borrowing Frame) throws -> FrameFilter {
        if let program = programs[frame.linkType] { return program }
        do throws(CaptureError) {
            let program = try FrameFilter(filter, linkType: frame.linkType)
            programs[frame.linkType] = program
            if frame.linkType == .ethernet, !options.isQuiet, program.dropsTagged {
                Diagnostics.say(
                    "filter '\(filter)' drops packets in VLANs that it lets through untagged; "
                        + "'\(filter) or (vlan and (\(filter)))' lets both through"
                )
            }
            return program
        } catch {
            throw Failure.usage("filter '\(filter)': \(error.detail)")
        }
    }

    // MARK: What is known of the files

    /// The terms under which frames were read, and what the filter kept out.
    var terms: CaptureTerms {
        var terms = keptOut
        terms.start = sources.lazy.filter(\.describes).compactMap { $0.summary?.firstPacket }.min()
        return terms
    }

    /// The captures for a report, in the order of their indices.
    var descriptions: [CaptureDescription] {
        var descriptions: [CaptureDescription] = []
        descriptions.reserveCapacity(sources.count)
        for source in sources where source.describes { source.describe(in: &descriptions) }
        return descriptions
    }

    /// The file of a capture; `nil` for a capture that is not there.
    func source(ofCapture index: Int) -> Source? { sources.last { $0.describes && $0.firstCapture <= index } }

    /// The number of files.
    var fileCount: Int { sources.count(where: \.describes) }

    /// The bytes that were read of all files, after decompression.
    var readBytes: UInt64 {
        sources.reduce(0) { sum, source in
            guard source.describes, let bytes = source.summary?.bytes else { return sum }
            let (next, isTooMuch) = sum.addingReportingOverflow(bytes)
            return isTooMuch ? .max : next
        }
    }

    /// The smallest limit on captured bytes a frame in the file of a capture; `nil` for none.
    func snapLength(ofCapture index: Int) -> Int? {
        sources.last { $0.firstCapture <= index }?.summary?.snapLength
    }

    /// The end of the capture that ended last: its last frame, or a later instant where the file states one.
    var end: CaptureInstant? {
        let ended = sources.filter { $0.end != nil }
        guard let end = ended.compactMap(\.end).max() else { return nil }
        let sensors = ended.compactMap { $0.summary?.sensor }
        // Files of a ring without frames say that the sensor went on, and that there was nothing to see.
        let quiet = sources.lazy.compactMap(\.quietEnd).filter { file in
            sensors.contains { $0.missing(before: file.sensor) == 0 }
        }
        return max(end, quiet.map(\.instant).max() ?? end)
    }

    /// Reports the damage in one line for each file, and returns whether there is any.
    func reportDamage() -> Bool {
        var isDamaged = false
        for source in sources where source.describes {
            if let damage = source.damage {
                Diagnostics.say(damage.message)
                isDamaged = true
            } else if let damage = source.bundle?.damage {
                Diagnostics.say("\(source.path): \(damage.reason)")
                isDamaged = true
            } else if let problem = source.summary?.problems.first(where: \.isDamage) {
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

extension CaptureDescription {
    /// A file without a single packet to read.
    init(_ path: String, _ damage: CaptureError?) {
        self.init(source: path, format: .pcap)
        guard let damage else { return }
        let kind: CaptureProblem.Kind =
            !damage.isDamage ? .unsupported : damage.code == .emptyFile ? .truncated : .corrupt
        problems = [
            CaptureProblem(kind: kind, offset: damage.offset, frame: nil, message: damage.detail, isDamage: true)
        ]
    }
}
