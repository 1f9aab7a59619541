package import VRRPWire

/// How a capture reaches us; the raw value is the name in the JSON report.
package enum CaptureFormat: String, Sendable {
    case pcap
    case pcapng
    /// RFC 1761, of Solaris.
    case snoop
    case live
}

/// Something about a capture that its reader should know before trusting what was read.
package struct CaptureProblem: Hashable, Sendable {
    /// What sort of problem; the raw value is the name in the JSON report.
    package enum Kind: String, Hashable, Sendable {
        /// The file ends inside a record.
        case truncated
        /// The file holds values that no writer produces.
        case corrupt
        /// A frame is stamped more than a second before the frame it follows.
        case clockStep = "clock-step"
        /// Part of the capture is of a kind that is not read.
        case unsupported
        /// The capturing side says that it lost packets.
        case dropped
    }

    package var kind: Kind
    /// The byte in the file at which the record begins that shows the problem; `nil` for a live capture.
    package var offset: UInt64?
    /// The 1-based number of the frame concerned, also of one that could not be delivered.
    package var frame: Int?
    /// A full sentence, without the name of the capture and the offset.
    package var message: String
    /// Whether frames are missing because of it, so that the input counts as damaged (exit status 2).
    package var isDamage: Bool

    package init(kind: Kind, offset: UInt64?, frame: Int?, message: String, isDamage: Bool) {
        self.kind = kind
        self.offset = offset
        self.frame = frame
        self.message = message
        self.isDamage = isDamage
    }
}

/// A stretch of time in which frames passed that the capture does not hold: silence there proves nothing.
package struct ObservationGap: Hashable, Sendable {
    package enum Cause: Hashable, Sendable {
        /// The kernel, the interface or the capturing program counted lost frames.
        case dropped
        /// The file holds packets that could not be read.
        case damage
        /// The interface had no link.
        case linkDown
        /// An extract of several files says that none of them covers the time.
        case betweenFiles
    }

    /// The last instant before the loss.
    package var start: CaptureInstant
    /// The first instant after the loss, never before ``start``.
    package var end: CaptureInstant
    /// How many frames are known to be lost, 0 where nobody counted.
    package var droppedFrames: UInt64
    package var cause: Cause

    package init(start: CaptureInstant, end: CaptureInstant, droppedFrames: UInt64, cause: Cause) {
        self.start = start
        self.end = max(start, end)
        self.droppedFrames = droppedFrames
        self.cause = cause
    }
}

/// Where the frames of an interface come from, in a capture that `vrrpwatch extract` made.
///
/// An extract holds the frames of several captures, and tells them apart by their interfaces. Each description of an
/// interface has a comment that says which it was: `vrrpwatch: interface 0 of capture 1 of 2: r1.pcap`.
package struct InterfaceOrigin: Hashable, Sendable {
    /// The most captures that are told apart; extracts of more make the rest one.
    package static let mostCaptures = 1000

    /// The interface's position in its capture, from 0.
    package var interface: Int
    /// The capture's position among the sources of the extract, from 0.
    package var capture: Int
    /// How many sources there were.
    package var captureCount: Int
    /// What the source was called.
    package var source: String

    package init(interface: Int, capture: Int, captureCount: Int, source: String) {
        self.interface = interface
        self.capture = capture
        self.captureCount = captureCount
        self.source = source
    }

    /// The origin that a comment states; `nil` for comments of any other kind.
    package init?(comment: String) {
        let words = comment.split(separator: " ", maxSplits: 8, omittingEmptySubsequences: false)
        guard words.count == 9, words[0] == "vrrpwatch:", words[1] == "interface", words[3] == "of",
            words[4] == "capture", words[6] == "of", words[7].last == ":",
            let interface = Int(words[2]), let number = Int(words[5]), let count = Int(words[7].dropLast()),
            (0..<PcapNGState.interfaceLimit).contains(interface), (1...Self.mostCaptures).contains(count),
            (1...count).contains(number)
        else {
            return nil
        }
        self.init(interface: interface, capture: number - 1, captureCount: count, source: String(words[8]))
    }

    /// What ``init(comment:)`` reads.
    package var comment: String {
        "vrrpwatch: interface \(interface) of capture \(capture + 1) of \(captureCount): \(source)"
    }
}

/// What a capture says about itself besides its frames.
package struct CaptureSummary: Sendable {
    /// The path or interface as the user named it.
    package var source: String
    package var format: CaptureFormat
    /// The compression that is undone; `nil` for none.
    package var compression: Compression?
    /// In order of appearance, each once.
    package var linkTypes: [LinkType]
    /// By ``Frame/interface``; `nil` where the capture names none.
    package var interfaceNames: [String?]
    /// By ``Frame/interface``; `nil` in captures that are no extracts.
    package var interfaceOrigins: [InterfaceOrigin?] = []
    /// Bytes of the file read so far, decompressed, as are the offsets of problems; 0 for a live capture.
    package var bytes: UInt64
    package var packets: Int
    /// The instant of the first frame in the file.
    package var firstPacket: CaptureInstant?
    /// The latest instant of any frame.
    package var lastPacket: CaptureInstant?
    /// When capturing ended, where the capture says so and it is not before the last frame; `nil` in a live capture.
    package var captureEnd: CaptureInstant?
    /// Frames lost by interface and kernel; `nil` where the capture does not say.
    package var dropped: UInt64?
    /// The first ``ProblemList/limit`` problems, damage always among them.
    package var problems: [CaptureProblem]
    /// How many more problems there were.
    package var omittedProblems: Int
    /// The smallest limit on captured bytes a frame, in bytes; `nil` for no limit.
    package var snapLength: Int?

    /// Whether frames are missing because the input is damaged (exit status 2).
    package var isDamaged: Bool { problems.contains { $0.isDamage } }
}

/// Problems in order of appearance, bounded, for a hostile file has one a packet.
struct ProblemList {
    static let limit = 64

    private(set) var problems: [CaptureProblem] = []
    private(set) var omitted = 0

    /// Adds a problem; when the list is full damage replaces the last problem that is none, for it decides the exit
    /// status.
    mutating func append(_ problem: CaptureProblem) {
        guard problems.count == Self.limit else {
            problems.append(problem)
            return
        }
        omitted += 1
        if problem.isDamage, let victim = problems.lastIndex(where: { !$0.isDamage }) {
            problems.remove(at: victim)
            problems.append(problem)
        }
    }
}

/// Gaps not yet taken, oldest first, bounded: when full, the newest one grows.
struct GapQueue {
    static let limit = 64

    private var gaps: [ObservationGap] = []

    var isEmpty: Bool { gaps.isEmpty }

    mutating func append(_ gap: ObservationGap) {
        guard gaps.count == Self.limit, var last = gaps.popLast() else {
            gaps.append(gap)
            return
        }
        last.start = min(last.start, gap.start)
        last.end = max(last.end, gap.end)
        last.droppedFrames = last.droppedFrames.saturatingAdd(gap.droppedFrames)
        gaps.append(last)
    }

    mutating func take() -> ObservationGap? {
        gaps.isEmpty ? nil : gaps.removeFirst()
    }
}

extension UInt64 {
    /// The sum, or the greatest value: counters come from files.
    func saturatingAdd(_ other: Self) -> Self {
        let (sum, overflow) = addingReportingOverflow(other)
        return overflow ? .max : sum
    }
}
