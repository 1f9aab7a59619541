internal import VRRPFindings
package import VRRPReport
package import VRRPTracker
package import VRRPWire

/// The latest frames, kept in memory until a critical finding shows that they are evidence.
///
/// A value without clock, input or output: frames, events and the passing of time go in, and cases come out when the time
/// after their finding is over.
package struct EvidenceRing: Sendable {
    /// A frame with where it was seen.
    package struct Frame: Sendable {
        package var reference: FrameReference
        package var instant: CaptureInstant
        package var interface: String?
        package var linkType: LinkType
        package var originalLength: Int
        package var bytes: [UInt8]

        package init(
            reference: FrameReference,
            instant: CaptureInstant,
            interface: String?,
            linkType: LinkType,
            originalLength: Int,
            bytes: [UInt8]
        ) {
            self.reference = reference
            self.instant = instant
            self.interface = interface
            self.linkType = linkType
            self.originalLength = originalLength
            self.bytes = bytes
        }
    }

    /// Everything around a critical finding.
    package struct Case: Sendable {
        /// The finding that it is about, and further critical ones that came within its time.
        package var findings: [ReportDocument.Finding]
        /// The instant at which the first of the findings was told.
        package var opened: CaptureInstant
        package var frames: [Frame]
        /// Whether frames that belong to it had to make room for later ones.
        package var isIncomplete: Bool
        /// By frame: what is said about it.
        package var comments: [FrameReference: [String]]
    }

    /// The approximate memory of a frame besides its captured bytes, in bytes.
    private static let overhead = 160
    /// The number of findings that a case names.
    ///
    /// The case is about the first of them.
    package static let mostFindings = 64

    private let before: TimeSpan
    private let after: TimeSpan
    private let mostBytes: Int
    private var frames: [Frame?] = []
    /// The first frame that is still there.
    private var head = 0
    private var bytes = 0
    /// The instant of the latest frame that made room before its time.
    private var displaced: CaptureInstant?
    private var pending: (findings: [ReportDocument.Finding], opened: CaptureInstant)?

    /// - Parameters:
    ///   - before: how much of the time before a finding belongs to its case.
    ///   - after: how much of the time after it.
    ///   - mostBytes: how much memory the frames may take.
    package init(before: TimeSpan, after: TimeSpan, mostBytes: Int) {
        self.before = before
        self.after = after
        self.mostBytes = mostBytes
    }

    package mutating func append(_ frame: Frame) {
        bytes += frame.bytes.count + Self.overhead
        frames.append(frame)
        forget(before: (pending?.opened ?? frame.instant) - before)
        while bytes > mostBytes, let oldest = first {
            displaced = oldest.instant
            removeFirst()
        }
    }

    /// Takes note of critical findings.
    package mutating func note(_ event: LiveEvent) {
        switch event.kind {
        case .findingOpened(let finding) where finding.severity == .critical:
            guard pending != nil else {
                pending = ([finding], event.instant)
                return
            }
            if pending?.findings.count ?? 0 < Self.mostFindings { pending?.findings.append(finding) }
        case .findingClosed(let finding) where finding.severity == .critical:
            // The closed finding replaces the open one, with all its evidence.
            let same = pending?.findings.lastIndex {
                $0.id == finding.id && $0.virtualRouter == finding.virtualRouter
            }
            if let same { pending?.findings[same] = finding }
        case .capture, .router, .transition, .masterLost, .findingOpened, .findingClosed, .link, .sensor, .statistics,
            .incidentOpened, .incidentChanged, .incidentClosed:
            break
        }
    }

    /// The instant at which the pending case is complete.
    package var nextDue: CaptureInstant? { pending.map { $0.opened + after } }

    /// The case whose time is over at an instant, if there is one.
    package mutating func due(at instant: CaptureInstant) -> Case? {
        guard let pending, instant >= pending.opened + after else { return nil }
        return close()
    }

    /// The case that is still waiting, when nothing more will come.
    package mutating func close() -> Case? {
        guard let (findings, opened) = pending else { return nil }
        pending = nil
        let start = opened - before
        let kept = frames[head...].compactMap { $0 }.filter { $0.instant >= start }
        return Case(
            findings: findings,
            opened: opened,
            frames: kept,
            isIncomplete: displaced.map { $0 >= start } ?? false,
            comments: Self.comments(findings, on: kept)
        )
    }

    /// Returns each finding as a comment of the frames that show it.
    ///
    /// A finding whose evidence is not there becomes a comment of the frame nearest to its beginning.
    private static func comments(
        _ findings: [ReportDocument.Finding],
        on frames: [Frame]
    ) -> [FrameReference: [String]] {
        let there = Set(frames.map(\.reference))
        var comments: [FrameReference: [String]] = [:]
        for finding in findings {
            let comment = "vrrpwatch: \(finding.id): \(finding.summary)"
            var shown = finding.evidence.filter(there.contains)
            if shown.isEmpty, let nearest = frames.first(where: { $0.instant >= finding.start }) ?? frames.last {
                shown = [nearest.reference]
            }
            for reference in shown where comments[reference]?.contains(comment) != true {
                comments[reference, default: []].append(comment)
            }
        }
        return comments
    }

    // MARK: The ring

    private var first: Frame? { head < frames.count ? frames[head] : nil }

    private mutating func forget(before instant: CaptureInstant) {
        while let oldest = first, oldest.instant < instant { removeFirst() }
    }

    private mutating func removeFirst() {
        guard let oldest = first else { return }
        bytes -= oldest.bytes.count + Self.overhead
        frames[head] = nil
        head += 1
        // Move the remaining frames only when they are fewer than the removed ones.
        guard head > 1024, head * 2 > frames.count else { return }
        frames.removeFirst(head)
        head = 0
    }
}
