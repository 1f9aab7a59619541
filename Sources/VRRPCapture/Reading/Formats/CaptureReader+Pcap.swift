internal import VRRPFacts
internal import VRRPWire

/// The layout of a pcap file (draft-ietf-opsawg-pcap; libpcap's `sf-pcap.c` for the variants).
///
///     File header, 24 bytes:                          Record header, 16 or 24 bytes:
///     magic, major, minor, zone, accuracy,            seconds, fraction, captured, original
///     snap length, link type                          [interface index, protocol, packet type, padding]
struct PcapLayout {
    static let fileHeaderLength = 24

    var order = ByteOrder.little
    var isNanoseconds = false
    /// Bytes of a record's header: 24 with the "modified" magic number of old Linux tcpdumps, else 16.
    var headerLength = CaptureReader.pcapRecordHeaderLength
    var lengths = Lengths.capturedFirst
    /// Bytes of frame check sequence at the end of each packet, by the link type word.
    var checkSequence = 0
    var linkType = LinkType(.null)

    /// The order of a record's two lengths; versions before 2.3 and DG/UX's 543.0 had the original one first.
    enum Lengths {
        case capturedFirst
        case originalFirst
        /// Version 2.3, whose writers did either: the smaller one is the captured length.
        case unknown
    }

    init() {}

    /// The layout for the first four bytes of a file, read in network byte order.
    init?(magic: UInt32) {
        switch magic {
        case 0xa1b2_c3d4: order = .big
        case 0xd4c3_b2a1: order = .little
        case 0xa1b2_3c4d: (order, isNanoseconds) = (.big, true)
        case 0x4d3c_b2a1: (order, isNanoseconds) = (.little, true)
        case 0xa1b2_cd34: (order, headerLength) = (.big, 24)
        case 0x34cd_b2a1: (order, headerLength) = (.little, 24)
        default: return nil
        }
    }

    var fractionsPerSecond: UInt32 { isNanoseconds ? 1_000_000_000 : 1_000_000 }
    var nanosecondsPerFraction: Int64 { isNanoseconds ? 1 : 1000 }

    /// Whether the records are those that ``CaptureCursor/advanceInBuffer()`` reads.
    var isPlain: Bool {
        headerLength == CaptureReader.pcapRecordHeaderLength && lengths == .capturedFirst && checkSequence == 0
    }
}

extension CaptureReader {
    /// Reads the file header after its magic number; a header that is cut short leaves a capture without frames.
    ///
    /// Throws ``CaptureError`` with `unsupported` for versions that libpcap does not read either.
    mutating func readPcapHeader() throws(CaptureError) {
        guard ensure(PcapLayout.fileHeaderLength) else {
            let count = available
            _ = endTruncated(
                at: 0,
                "The file ends inside its header: \(count) of \(PcapLayout.fileHeaderLength) bytes are there."
            )
            endAtDamage()
            return
        }
        let order = pcap.order
        let (major, minor, limit, word) = withUnread(PcapLayout.fileHeaderLength) { bytes in
            (
                bytes.uint16(at: 4, order), bytes.uint16(at: 6, order),
                bytes.uint32(at: 16, order), bytes.uint32(at: 20, order)
            )
        }
        switch (major, minor) {
        case (2, 0...2), (543, 0): pcap.lengths = .originalFirst
        case (2, 3): pcap.lengths = .unknown
        case (2, 4): pcap.lengths = .capturedFirst
        default:
            throw CaptureError(
                .unsupported,
                path: path,
                detail: "Version \(major).\(minor) of the pcap format is not read; versions 2.0 to 2.4 are.",
                offset: 4
            )
        }
        // The upper half of the word: bit 26 says that bits 28 to 31 count 16-bit words of frame check sequence.
        pcap.linkType = LinkType(rawValue: word & 0xffff)
        pcap.checkSequence = word & 0x0400_0000 != 0 ? Int(word >> 28) * 2 : 0
        // Zero means no limit, and so do, in practice, values that are negative numbers to their writers.
        snapLength = limit == 0 || limit > Int32.max ? nil : Int(limit)
        interfaceNames = [nil]
        note(pcap.linkType, at: 20)
        consume(PcapLayout.fileHeaderLength)
        // The first record is read slowly, which notes the first instant; it then sets the cursor to the fast path.
        unsafe cursor.isSwapped = order == .big
        unsafe cursor.fractionsPerSecond = pcap.fractionsPerSecond
        unsafe cursor.nanosecondsPerFraction = pcap.nanosecondsPerFraction
        unsafe cursor.linkType = pcap.linkType
        if let snapLength {
            // The kernels of the 24-byte headers did not count the Ethernet header (libpcap's sf-pcap.c).
            let extra = pcap.isPlain || pcap.linkType != .ethernet ? 0 : 14
            unsafe cursor.largestCount = min(snapLength + extra, Self.largestFrame)
        }
    }
}

extension RecordHeader {
    /// The header of a record of a pcap file.
    init(pcap bytes: Span<UInt8>, _ layout: PcapLayout) {
        seconds = bytes.uint32(at: 0, layout.order)
        fraction = bytes.uint32(at: 4, layout.order)
        captured = Int(bytes.uint32(at: 8, layout.order))
        original = Int(bytes.uint32(at: 12, layout.order))
        let isReversed =
            switch layout.lengths {
            case .capturedFirst: false
            case .originalFirst: true
            case .unknown: captured > original
            }
        if isReversed { swap(&captured, &original) }
        length = layout.headerLength + captured
        nanosecondsPerFraction = layout.nanosecondsPerFraction
        isBlank = seconds == 0 && fraction == 0 && captured == 0 && original == 0
    }
}
