package import VRRPWire

/// The form in which a capture reaches us; the raw value is the name in the JSON report.
package enum CaptureFormat: String, Sendable {
    case pcap
    case pcapng
    /// RFC 1761, of Solaris.
    case snoop
    case live
}

/// A compression that is undone while a capture is read; the raw value is the name in the JSON report.
package enum Compression: String, Sendable {
    /// RFC 1952, any number of members.
    case gzip
    /// RFC 8878, any number of frames, skippable ones among them.
    case zstd
}

/// Something about a capture that its reader should know before trusting the result.
package struct CaptureProblem: Hashable, Sendable {
    /// The sort of problem; the raw value is the name in the JSON report.
    package enum Kind: String, Hashable, Sendable {
        /// The file ends inside a record.
        case truncated
        /// The file holds values that no writer produces.
        case corrupt
        /// A frame is stamped more than a second before the frame it follows.
        case clockStep = "clock-step"
        /// Part of the capture is of a kind that is not read.
        case unsupported
        /// The capturing side says that it lost packets, or packets that it captured are missing.
        case dropped
        /// Part of the capture was there before, and is passed over.
        case repeated
    }

    package var kind: Kind
    /// The byte in the file at which the record begins that shows the problem; `nil` for a live capture.
    package var offset: UInt64?
    /// The number of the frame concerned, from 1, also of one that could not be delivered.
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

/// Everything that is known of a capture besides its frames.
package struct CaptureDescription: Sendable {
    /// The file or interface as the user named it.
    package var source: String
    package var format: CaptureFormat
    /// The compression that was undone; `nil` for none.
    package var compression: Compression?
    /// In order of appearance, each once.
    package var linkTypes: [LinkType] = []
    /// By the interface's position in its capture; `nil` where the capture names none.
    package var interfaceNames: [String?] = []
    /// Bytes of the file read so far, decompressed, as are the offsets of problems; 0 for a live capture.
    package var bytes: UInt64 = 0
    /// SHA-256 of the file as it lies there, in hexadecimal; `nil` where the file cannot be read twice.
    package var sha256: String?
    package var packets = 0
    /// The instant of the first frame in the capture.
    package var firstPacket: CaptureInstant?
    /// The latest instant of any frame.
    package var lastPacket: CaptureInstant?
    /// The instant at which capturing ended, where the capture states one that is not before the last frame, or a sensor's
    /// stream without frames does; `nil` live.
    package var captureEnd: CaptureInstant?
    /// Frames lost by interface and kernel; `nil` where nobody counted.
    package var dropped: UInt64?
    /// The problems kept, damage always among them; see ``omittedProblems``.
    package var problems: [CaptureProblem] = []
    /// The number of problems beyond those kept.
    package var omittedProblems = 0
    /// The smallest limit on captured bytes a frame, in bytes; `nil` for no limit.
    package var snapLength: Int?
    /// The part of a sensor's stream that the capture is; `nil` where it is of no sensor or of several starts.
    package var sensor: SensorExtent?
    /// The files and numbers that its frames came from, where it is an extract.
    package var origins = FrameOrigins()

    package init(source: String, format: CaptureFormat) {
        self.source = source
        self.format = format
    }

    /// Whether frames are missing because the input is damaged (exit status 2).
    package var isDamaged: Bool { problems.contains { $0.isDamage } }

    /// The problems for a report: those kept, and one that says how many more there were.
    package var listedProblems: [CaptureProblem] {
        guard omittedProblems > 0 else { return problems }
        let message = "There were \(omittedProblems) more problems."
        return problems
            + [CaptureProblem(kind: .corrupt, offset: nil, frame: nil, message: message, isDamage: false)]
    }
}
