internal import VRRPFacts
internal import VRRPWire

/// The facts that the blocks of a pcapng file have stated so far (draft-ietf-opsawg-pcapng).
///
///     Block: type, total length, body padded to 32 bits, total length again
struct PcapNGState {
    /// Reads the same in either byte order.
    static let sectionHeader: UInt32 = 0x0a0d_0d0a
    /// Bytes of a block that are not its body.
    static let frameLength = 12
    /// The most interfaces that a section, and all sections together, may describe.
    static let interfaceLimit = 4096

    var order = ByteOrder.little
    var isInSection = false
    /// The interfaces of the section, by the number that its packets bear.
    var interfaces: [PcapNGInterface] = []
    /// The number of earlier interfaces in this section with the same name and link type.
    var ordinals: [PcapNGInterface.Key: Int] = [:]
    /// The numbers of interfaces in the whole file.
    ///
    /// Concatenated captures describe the same interface once a section; it stays one interface for the consumer.
    var globals: [PcapNGInterface.Key: Int] = [:]
    /// The streams of sensors in the file, and the place of the section that is read.
    var streams = SensorStreams()
    var sectionOffset: UInt64 = 0
    /// The statements of the headers of extracts.
    var extract = ExtractHeader()
}

/// The facts that section headers of extracts state about the files which they are of.
struct ExtractHeader {
    /// The names of all files, each once.
    private(set) var names: [String] = []
    /// The parts of sensors' streams, by the position of the file.
    private(set) var extents: [Int: SensorExtent] = [:]
    /// The lines that name segments, in their order; `nil` where segments are not told apart.
    private(set) var segments: [String]?
    private var known: [String: Int] = [:]
    /// By the number of a file in the section: its position among the names.
    private var positions: [Int: Int] = [:]

    /// Begins a section, with the comments of its header.
    mutating func begin(_ comments: [String]) {
        positions.removeAll()
        for comment in comments {
            if let file = OriginFile(comment: comment) {
                note(file)
            } else if let stream = OriginStream(comment: comment), let position = positions[stream.number] {
                extents[position] = stream.extent
            } else if let line = SegmentRemark.line(in: comment) {
                segments = (segments ?? []) + (line.isEmpty ? [] : [line])
            }
        }
    }

    private mutating func note(_ file: OriginFile) {
        if let position = known[file.name] {
            positions[file.number] = position
        } else if names.count < OriginFile.most {
            positions[file.number] = names.count
            known[file.name] = names.count
            names.append(file.name)
        }
    }

    /// Whether frames of the section may have origins.
    var namesFiles: Bool { !positions.isEmpty }

    /// An origin by the section's numbers, with the file's position among all names; `nil` where the file has no name.
    func resolved(_ origin: FrameOrigin) -> FrameOrigin? {
        positions[origin.file + 1].map { FrameOrigin(file: $0, frame: origin.frame) }
    }
}

/// An interface of one section, by its Interface Description Block.
struct PcapNGInterface {
    /// The properties by which interfaces of different sections are the same one.
    struct Key: Hashable {
        var name: String?
        var linkType: LinkType
        /// The interface's origin, in an extract.
        var origin: InterfaceOrigin?
        /// The name of the section's sensor.
        var sensor: String?
        /// 0 for the first interface of that name, link type, origin and sensor in its section.
        var ordinal = 0
    }

    var number: Int
    var linkType: LinkType
    /// 0 for no limit.
    var snapLength: Int
    var checkSequence = 0
    var clock = PcapNGClock()
    /// The longest time between two frames in the file that an extract is of, as that says; `nil` elsewhere.
    var longestSilence: TimeSpan?
    var statisticsInstant: CaptureInstant?
    /// Frames lost by the drop counts of packets, and those of them since the last statistics.
    var packetDrops: UInt64 = 0
    var packetDropsSinceStatistics: UInt64 = 0
    /// Frames lost by the last statistics.
    var statisticsDrops: UInt64 = 0

    /// Both count the same frames, and neither need be complete.
    var drops: UInt64 { max(packetDrops, statisticsDrops) }
}

/// The unit of an interface's timestamps, `if_tsresol`, and where they start, `if_tsoffset`.
struct PcapNGClock {
    /// `if_tsresol`: the exponent of ten, or of two with the highest bit set; microseconds by default.
    var resolution: UInt8 = 6 {
        didSet { scale = resolution <= 9 ? Self.powerOfTen(9 - resolution) : 0 }
    }
    /// Whole seconds to add.
    var offset: Int64 = 0
    /// Nanoseconds a tick where that is a whole number, else 0.
    private var scale: UInt64 = 1000

    /// Nanoseconds a tick, or 0 where an instant takes more than that factor.
    var simpleScale: UInt64 { offset == 0 ? scale : 0 }

    /// The instant of a number of ticks; those out of range are clamped.
    func instant(ticks: UInt64) -> CaptureInstant {
        let origin = TimeSpan.seconds(offset)
        let (product, overflow) = ticks.multipliedReportingOverflow(by: scale)
        if scale != 0, !overflow {
            return CaptureInstant(nanoseconds: (TimeSpan(nanoseconds: Int64(clamping: product)) + origin).nanoseconds)
        }
        let exponent = resolution & 0x7f
        let nanoseconds: UInt64
        if resolution & 0x80 != 0 {
            let (high, low) = ticks.multipliedFullWidth(by: 1_000_000_000)
            nanoseconds = UInt64(clamping: (UInt128(high) << 64 | UInt128(low)) >> UInt128(exponent))
        } else if exponent > 9 {
            // Ticks are less than 10^20.
            nanoseconds = exponent - 9 > 19 ? 0 : ticks / Self.powerOfTen(exponent - 9)
        } else {
            // The product overflowed; an offset far in the past could bring it back, but no writer makes such files.
            nanoseconds = .max
        }
        return CaptureInstant(nanoseconds: (TimeSpan(nanoseconds: Int64(clamping: nanoseconds)) + origin).nanoseconds)
    }

    /// Ten to an exponent of at most 19, which fits.
    private static func powerOfTen(_ exponent: UInt8) -> UInt64 {
        (0..<exponent).reduce(1) { power, _ in power &* 10 }
    }
}
