internal import VRRPAuthentication
internal import VRRPCapture
internal import VRRPFacts
internal import VRRPTracker
internal import VRRPWire

/// Analyses all frames and keeps those that the result rests on.
struct ExtractReader: FrameListener {
    let spool: FrameSpool
    var analysis: Analysis
    /// The names of interfaces by capture and interface.
    private(set) var interfaceNames: [FrameSource: String] = [:]
    /// For each observer of a kept frame, its first capture.
    private(set) var observers: [Int: Int] = [:]
    /// For each observer of a kept frame, its captures.
    private(set) var captures: [Int: Set<Int>] = [:]
    /// The first frame of each interface, without its bytes.
    private(set) var firsts: [FrameSource: FrameSpool.Entry] = [:]
    /// By capture: the frames that were kept whole.
    private(set) var kept: [Int: Int] = [:]
    /// The frames that were kept without their bytes.
    private(set) var marks = 0
    /// The files that kept frames are from, in order of appearance.
    private(set) var files: [ExtractFile] = []
    private var knownFiles: Set<ExtractFile> = []
    /// The interfaces of captures of which a frame was kept.
    private var begun: Set<FrameSource> = []
    /// By capture: the number of the frame that was kept last.
    private var latest: [Int: Int] = [:]

    init(spool: FrameSpool, keys: KeyRing?, on segments: SegmentMap?) {
        self.spool = spool
        analysis = Analysis(verifier: keys, on: segments)
    }

    mutating func take(
        _ frame: borrowing Frame,
        _ sighting: Sighting,
        interface: @autoclosure () -> String?,
        origin: @autoclosure () -> FrameOrigin?
    ) throws -> LoopControl {
        let kind = analysis.take(frame.bytes, linkType: frame.linkType, sighting)
        let place = FrameSource(observer: sighting.reference.capture, interface: sighting.interface)
        if kind == .irrelevant {
            guard !begun.contains(place) else { return .continue }
            try keepMark(FrameSpool.Entry(frame, sighting, from: origin()), interface())
        } else {
            kept[sighting.reference.capture, default: 0] += 1
            try keep(FrameSpool.Entry(frame, sighting, from: origin()), interface())
        }
        begun.insert(place)
        return .continue
    }

    mutating func takeEnd(
        _ frame: borrowing Frame,
        _ sighting: Sighting,
        interface: @autoclosure () -> String?,
        origin: @autoclosure () -> FrameOrigin?
    ) throws {
        guard latest[sighting.reference.capture] ?? 0 < sighting.reference.frame else { return }
        try keepMark(FrameSpool.Entry(frame, sighting, from: origin()), interface())
    }

    /// Keeps a frame without its bytes: the time and the place of the first and the last frame of a file.
    private mutating func keepMark(_ entry: FrameSpool.Entry, _ interface: String?) throws {
        var mark = entry
        mark.bytes = []
        marks += 1
        try keep(mark, interface)
    }

    private mutating func keep(_ entry: FrameSpool.Entry, _ interface: String?) throws {
        let capture = entry.reference.capture
        latest[capture] = entry.reference.frame
        let file = ExtractFile(entry)
        if files.last != file, knownFiles.insert(file).inserted { files.append(file) }
        if let interface {
            let source = FrameSource(entry)
            if interfaceNames[source] == nil { interfaceNames[source] = interface }
        }
        observers[entry.observer] = min(observers[entry.observer] ?? .max, capture)
        captures[entry.observer, default: []].insert(capture)
        let place = FrameSource(entry)
        if firsts[place] == nil {
            var first = entry
            first.bytes = []
            firsts[place] = first
        }
        try spool.append(entry)
    }

    mutating func take(_ place: NumberedPlace) { analysis.take(place.place, as: place.number) }

    mutating func take(_ blindSpot: BlindSpot) throws {
        analysis.take(blindSpot)
        try spool.append(blindSpot)
    }
}

/// A file that frames of an extract are from.
struct ExtractFile: Hashable {
    /// The position of the capture.
    var capture: Int
    /// The position of the file among those that the capture, which is an extract, names; `nil` for the capture's own file.
    var file: Int?

    init(_ entry: FrameSpool.Entry) {
        (capture, file) = (entry.reference.capture, entry.origin?.file)
    }
}

/// An interface of an observer.
struct FrameSource: Hashable {
    var observer: Int
    var interface: Int
}

extension FrameSource {
    init(_ entry: FrameSpool.Entry) {
        self.init(observer: entry.observer, interface: entry.interface)
    }
}
