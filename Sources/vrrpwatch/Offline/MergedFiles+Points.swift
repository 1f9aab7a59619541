internal import VRRPBundle
internal import VRRPCapture
internal import VRRPFacts
internal import VRRPTracker
internal import VRRPVantage
internal import VRRPWire

extension MergedFiles {
    /// Finds out from which points the files are, where there may be several.
    ///
    /// A pipe cannot be read twice; with one among the files, each file is a place of its own and clocks stay as they are.
    ///
    /// - Parameter survey: the look at those files that were looked through when they were opened.
    mutating func findPoints(_ survey: Survey) {
        let readable = sources.allSatisfy(\.isRereadable)
        let isWorthIt =
            sources.count > 1
            || sources.contains { $0.interfaceCount > 1 || $0.captureCount > 1 || $0.bundle != nil }
        guard readable, isWorthIt, let survey = completed(survey) else { return }
        let plan = survey.plan(
            paths: sources.map(\.originPath),
            names: sources.map(name),
            states: sources.map { $0.bundle?.state },
            origin: { [sources] file, interface in sources[file].origin(of: interface) }
        )
        let isOneOfSeveral = plan.vantage.hasSeveral
        var further: [Source] = []
        for (source, views) in zip(sources, plan.views) {
            further += source.learn(views, isOneOfSeveral: isOneOfSeveral)
        }
        sources += further
        vantage = plan.vantage
        unseen =
            plan.vantage.blindness(ofAll: plan.vantage.points.indices)
            .filter { $0.start > .distantPast && $0.end < .distantFuture }
            .map { BlindSpot(from: $0.start, to: $0.end, .betweenFiles) }[...]
    }

    /// A look at all files in their order; `nil` where one cannot be read any more.
    private func completed(_ survey: Survey) -> Survey? {
        // Where passwords are masked, frames are others than they were when their files were opened.
        if !isMasked, sources.allSatisfy(\.needsNoLook) { return survey.arranged(sources.map(\.placeInSurvey)) }
        var survey = Survey()
        do {
            for source in sources { try source.look(into: &survey) }
        } catch {
            // A file that is gone by now is told of when it is read.
            return nil
        }
        return survey.arranged(sources.map(\.placeInSurvey))
    }
}

/// The frames of one instant, to know those that another file of the same point holds as well.
struct RepeatedFrames {
    private struct Seen: Hashable {
        var capture: Int
        var point: Int
        var bytes: Int
    }

    private var instant = CaptureInstant.distantPast
    private var seen: [Seen] = []

    /// Whether another capture of the point has shown a frame at that instant; notes the frame.
    mutating func contains(_ frame: borrowing Frame, _ sighting: Sighting) -> Bool {
        if sighting.instant != instant {
            instant = sighting.instant
            seen.removeAll(keepingCapacity: true)
        }
        let bytes = frame.bytes
        var hasher = Hasher()
        for place in stride(from: 0, through: bytes.count - 8, by: 8) { hasher.combine(bytes.uint64(at: place)) }
        for place in bytes.count / 8 * 8..<bytes.count { hasher.combine(bytes[place]) }
        let one = Seen(capture: sighting.reference.capture, point: sighting.observer, bytes: hasher.finalize())
        let isKnown = seen.contains { $0.capture != one.capture && $0.point == one.point && $0.bytes == one.bytes }
        if !isKnown { seen.append(one) }
        return isKnown
    }
}

/// Sources by the instant of their next frame; those of one instant in their order.
///
/// Those that have not begun wait in order of their first frames, so that a heap holds only the few of one time.
struct SourceQueue {
    private struct Entry {
        var instant: CaptureInstant
        var source: Int

        func precedes(_ other: Self) -> Bool { (instant, source) < (other.instant, other.source) }
    }

    /// The sources that have not begun, in order; those in front of the place have.
    private var waiting: [Entry] = []
    private var place = 0
    /// A heap: each entry precedes those at twice its place and one and two behind.
    private var entries: [Entry] = []

    /// All sources that have frames.
    init(_ sources: [MergedFiles.Source]) {
        waiting.reserveCapacity(sources.count)
        for (index, source) in sources.enumerated() where !source.hasEnded {
            waiting.append(Entry(instant: source.instant ?? .distantFuture, source: index))
        }
        waiting.sort { $0.precedes($1) }
    }

    /// The source that is next among those that have not begun; `nil` where all have.
    private var newcomer: Entry? { place < waiting.count ? waiting[place] : nil }

    mutating func insert(_ source: Int, _ instant: CaptureInstant?) {
        entries.append(Entry(instant: instant ?? .distantFuture, source: source))
        var place = entries.count - 1
        while place > 0, entries[place].precedes(entries[(place - 1) / 2]) {
            entries.swapAt(place, (place - 1) / 2)
            place = (place - 1) / 2
        }
    }

    mutating func removeFirst() -> Int? {
        if let newcomer, entries.first.map({ newcomer.precedes($0) }) ?? true {
            place += 1
            return newcomer.source
        }
        guard let first = entries.first, let last = entries.popLast() else { return nil }
        guard !entries.isEmpty else { return first.source }
        entries[0] = last
        var place = 0
        while true {
            var least = place
            let (left, right) = (2 * place + 1, 2 * place + 2)
            if left < entries.count, entries[left].precedes(entries[least]) { least = left }
            if right < entries.count, entries[right].precedes(entries[least]) { least = right }
            guard least != place else { return first.source }
            entries.swapAt(place, least)
            place = least
        }
    }

    /// The last instant at which a source is still read before all others.
    func limit(of source: Int) -> CaptureInstant {
        var first = entries.first
        if let newcomer, first.map({ newcomer.precedes($0) }) ?? true { first = newcomer }
        guard let rival = first else { return .distantFuture }
        return source < rival.source ? rival.instant : rival.instant - TimeSpan(nanoseconds: 1)
    }
}
