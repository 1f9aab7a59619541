internal import VRRPFacts
internal import VRRPWire

/// The header of one record of a pcap or snoop file.
struct RecordHeader {
    var seconds: UInt32
    /// The part of a second, in micro- or nanoseconds.
    var fraction: UInt32
    /// Bytes of the packet in the file, and on the wire.
    var captured: Int
    var original: Int
    /// Bytes of the whole record: header, packet, padding.
    var length: Int
    var nanosecondsPerFraction: Int64 = 1000
    /// Frames lost so far, where the format counts them.
    var drops: UInt32?
    /// Whether a header that could be right is all zeros.
    var isBlank = false

    /// The time of the packet.
    ///
    /// A fraction of a second or more carries over by itself: 2^32 of each are less than 2^63 nanoseconds.
    var instant: CaptureInstant {
        CaptureInstant(nanoseconds: Int64(seconds) * 1_000_000_000 + Int64(fraction) * nanosecondsPerFraction)
    }
}

/// Reading the records of pcap and snoop, which have one shape: a header that states lengths and a time, then the packet.
extension CaptureReader {
    private var recordHeaderLength: Int {
        format == .snoop ? SnoopLayout.recordHeaderLength : pcap.headerLength
    }

    /// Moves to the next record, whatever its layout and wherever it lies.
    mutating func advanceRecord() -> Bool {
        let start = offset
        let number = nextNumber
        guard let record = readRecordHeader() else { return false }
        if let message = contradiction(in: record) {
            isAtBlank = record.isBlank
            return endCorrupt(at: start, frame: number, message)
        }
        guard ensure(record.length) else {
            let count = available - recordHeaderLength
            return endTruncated(
                at: start,
                frame: number,
                "The file ends inside packet \(number): \(count) of \(record.captured) captured bytes are there."
            )
        }
        if salvages, format == .pcap, !isTrustworthy(record) {
            return endCorrupt(
                at: start,
                frame: number,
                "Neither the header of packet \(number) nor what follows it is plausible."
            )
        }
        noteOddities(of: record, at: start)
        let previous = firstInstant == nil ? nil : instant
        unsafe deliver(
            skip: recordHeaderLength,
            count: record.captured,
            length: record.length,
            originalLength: record.original,
            checkSequence: pcap.checkSequence,
            instant: record.instant,
            interface: 0,
            linkType: cursor.linkType
        )
        if let drops = record.drops { noteDrops(drops, since: previous) }
        return true
    }

    /// The header of the next record, which stays unread; `nil` at the end of the file, which is noted.
    private mutating func readRecordHeader() -> RecordHeader? {
        let length = recordHeaderLength
        guard ensure(length) else {
            let (start, number, count) = (offset, nextNumber, available)
            guard count > 0 else {
                _ = end()
                return nil
            }
            _ = endTruncated(
                at: start,
                frame: number,
                "The file ends inside the header of packet \(number): \(count) of \(length) bytes are there."
            )
            return nil
        }
        let layout = pcap
        let isSnoop = format == .snoop
        return withUnread(length) { isSnoop ? RecordHeader(snoop: $0) : RecordHeader(pcap: $0, layout) }
    }

    /// The reason, as a sentence, why a record's header cannot be right; `nil` where it can.
    private func contradiction(in record: RecordHeader) -> String? {
        let number = nextNumber
        if record.isBlank, let first = firstInstant, first.nanoseconds > Self.reorderingTolerance {
            // A machine that lost power leaves zeros at the end; as packets they would set the clock back to 1970.
            return "The header of packet \(number) is all zeros."
        }
        guard record.captured <= Self.largestFrame else {
            return """
                Packet \(number) claims \(record.captured) captured bytes, more than the \(Self.largestFrame) that a \
                packet can have.
                """
        }
        let padding = record.length - recordHeaderLength - record.captured
        guard (0...SnoopLayout.largestPadding).contains(padding) else {
            return "Packet \(number) has \(record.captured) captured bytes in a record of \(record.length) bytes."
        }
        return nil
    }

    /// Reports what is odd about a record and loses nothing.
    private mutating func noteOddities(of record: RecordHeader, at start: UInt64) {
        if unsafe record.fraction >= cursor.fractionsPerSecond, noteCarriedFraction() {
            // This is no damage; but times from such a writer deserve a doubt.
            report(
                .corrupt,
                at: start,
                frame: nextNumber,
                """
                The time of packet \(nextNumber) has a fraction of a second or more, which was carried into the seconds.
                """
            )
        }
        if unsafe record.captured > cursor.largestCount {
            noteOversized(record.captured, limit: snapLength ?? 0, at: start)
        }
    }

    /// Counts the frames that the kernel lost between two packets; the counter may have wrapped.
    private mutating func noteDrops(_ counter: UInt32, since previous: CaptureInstant?) {
        let growth = UInt64(counter &- snoopDrops)
        snoopDrops = counter
        dropped = (dropped ?? 0).saturatingAdd(growth)
        guard growth > 0 else { return }
        queue(BlindSpot(from: previous ?? instant, to: instant, .dropped(Int(clamping: growth))))
    }
}
