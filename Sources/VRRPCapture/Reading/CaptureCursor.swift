internal import VRRPWire

/// The part of a ``CaptureReader`` that every frame touches: the place of reading, and the current frame.
///
/// Ordinary records are read here, in one pass over bytes that are in the buffer already. Instants are bare nanoseconds in
/// this type, to save instructions in the loop over frames.
@unsafe
struct CaptureCursor {
    /// The kinds of records that ``advanceInBuffer()`` may read by itself.
    enum Records {
        /// Nothing: every record takes the slow path.
        case unusual
        /// Records of a pcap file with 16-byte headers and no frame check sequences.
        case pcap
        /// Blocks of a pcapng section.
        case pcapng
    }

    /// The facts that ``advanceInBuffer()`` needs of a pcapng interface.
    struct Interface {
        var number: Int
        var linkType: LinkType
        /// Nanoseconds a tick, or 0 where there are frame check sequences, offsets or odd resolutions to see to.
        var scale: UInt64
        /// The most captured bytes about which there is nothing to say: the snap length.
        var largestCount: Int
        /// The instant of the interface's last packet, `nil` before the first.
        var previousInstant: Int64?
    }

    /// The next record.
    var next: UnsafePointer<UInt8>
    /// The end of the bytes read.
    var end: UnsafePointer<UInt8>

    var frameStart: UnsafePointer<UInt8>
    var frameCount = 0
    var originalLength = 0
    var instant: Int64 = 0
    var number = 0
    var interface = 0
    var linkType = LinkType(.null)

    /// The longest time between a record and the one after it, in nanoseconds.
    var longestSilence: Int64 = 0
    /// The latest instant so far; a record before the first frame takes the slow path, which sets it.
    var latest: Int64 = 0
    var records = Records.unusual
    var isSwapped = false
    /// The most captured bytes of a pcap record about which there is nothing to say: the snap length.
    var largestCount = CaptureReader.largestFrame
    /// Timestamp units per second: 10⁶ or 10⁹.
    var fractionsPerSecond: UInt32 = 1_000_000
    /// Nanoseconds per timestamp unit: 1000 or 1.
    var nanosecondsPerFraction: Int64 = 1000
    /// The interfaces of a pcapng section.
    var interfaces: [Interface] = []

    init(start: UnsafePointer<UInt8>) {
        unsafe next = start
        unsafe end = start
        unsafe frameStart = start
    }

    /// The instant of the current frame.
    ///
    /// The nanoseconds lie in range already, and the initializer, which would clamp them again, is a call into another
    /// module.
    @inline(__always)
    var captureInstant: CaptureInstant { unsafe unsafeBitCast(instant, to: CaptureInstant.self) }

    /// Starts over with a buffer of which the first `count` bytes are unread; the current frame loses its bytes.
    mutating func setBuffer(start: UnsafePointer<UInt8>, count: Int) {
        unsafe next = start
        unsafe end = start + count
        unsafe frameStart = start
        unsafe frameCount = 0
    }

    /// Leaves nothing to read and a current frame without bytes.
    mutating func finish() {
        unsafe end = next
        unsafe frameStart = next
        unsafe frameCount = 0
        unsafe originalLength = 0
        unsafe records = .unusual
    }

    /// Moves to the next record if it lies whole in the buffer and there is nothing odd about it.
    @inline(__always)
    mutating func advanceInBuffer() -> Bool {
        switch unsafe records {
        case .pcap: unsafe advancePcap()
        case .pcapng: unsafe advancePcapNG()
        case .unusual: false
        }
    }

    /// Whether the first bytes of an Ethernet frame show that it is of no interest here.
    @inline(__always)
    private static func isOrdinary(_ start: UnsafePointer<UInt8>, _ count: Int) -> Bool {
        let bytes = unsafe UnsafeBufferPointer(start: start, count: count)
        return unsafe bytes.span.isOrdinaryEthernet
    }

    /// Moves to the next record that does not hold an ordinary frame, if it and those before it lie whole in the buffer and
    /// there is nothing odd about them.
    @inline(__always)
    mutating func advancePastOrdinary() -> Bool {
        guard unsafe records == .pcap && linkType == .ethernet else { return unsafe advancePastOrdinaryBlocks() }
        return unsafe isSwapped ? advancePastOrdinaryPcap(swapping: true) : advancePastOrdinaryPcap(swapping: false)
    }

    /// A function of its own, because the loop over the records of pcap needs all registers.
    @inline(never)
    private mutating func advancePastOrdinaryBlocks() -> Bool {
        while unsafe advanceInBuffer() {
            guard unsafe linkType == .ethernet && Self.isOrdinary(frameStart, frameCount) else { return true }
        }
        return false
    }

    /// Stores nothing for the records passed over; a constant argument makes a loop for each byte order.
    @inline(__always)
    private mutating func advancePastOrdinaryPcap(swapping: Bool) -> Bool {
        var (place, instant, latest, longest, passed) = unsafe (next, instant, latest, longestSilence, 0)
        var isFound = false
        while !isFound {
            let room = unsafe (end - place) &- CaptureReader.pcapRecordHeaderLength
            guard room >= 0 else { break }
            let fraction = unsafe Self.word(at: 4, of: place, swapping)
            let count = unsafe Int(Self.word(at: 8, of: place, swapping))
            let time =
                unsafe Int64(Self.word(at: 0, of: place, swapping)) &* 1_000_000_000 &+ Int64(fraction)
                &* nanosecondsPerFraction
            let frame = unsafe place + CaptureReader.pcapRecordHeaderLength
            guard
                unsafe count <= room && count <= largestCount && fraction < fractionsPerSecond
                    && time >= instant &- CaptureReader.reorderingTolerance
            else { break }
            if unsafe !Self.isOrdinary(frame, count) {
                unsafe frameStart = frame
                unsafe frameCount = count
                unsafe originalLength = Int(Self.word(at: 12, of: place, swapping))
                isFound = true
            }
            longest = max(longest, time &- instant)
            latest = max(latest, time)
            instant = time
            passed &+= 1
            unsafe place = frame + count
        }
        unsafe next = place
        unsafe self.instant = instant
        unsafe self.latest = latest
        unsafe longestSilence = longest
        unsafe number &+= passed
        return isFound
    }

    /// Reads a record of a pcap file.
    @inline(__always)
    private mutating func advancePcap() -> Bool {
        let room = unsafe (end - next) &- CaptureReader.pcapRecordHeaderLength
        guard room >= 0 else { return false }
        let seconds = unsafe word(at: 0)
        let fraction = unsafe word(at: 4)
        let count = unsafe Int(word(at: 8))
        let original = unsafe Int(word(at: 12))
        // 2^32 seconds in nanoseconds are less than 2^62, so neither operation overflows and nothing needs clamping.
        let time = unsafe Int64(seconds) &* 1_000_000_000 &+ Int64(fraction) &* nanosecondsPerFraction
        guard
            unsafe count <= room && count <= largestCount && fraction < fractionsPerSecond
                && time >= instant &- CaptureReader.reorderingTolerance
        else {
            return false
        }
        unsafe frameStart = next + CaptureReader.pcapRecordHeaderLength
        unsafe frameCount = count
        unsafe originalLength = original
        unsafe next = frameStart + count
        unsafe setTime(time)
        return true
    }

    /// Reads an Enhanced Packet Block without options.
    @inline(__always)
    private mutating func advancePcapNG() -> Bool {
        let room = unsafe end - next
        guard unsafe room >= 32 && word(at: 0) == 6 else { return false }
        let length = unsafe Int(word(at: 4))
        let index = unsafe Int(word(at: 8))
        let count = unsafe Int(word(at: 20))
        // Equality with the shortest block for that many bytes excludes options and lengths out of range alike.
        guard
            unsafe length <= room && count <= CaptureReader.largestFrame && length == 32 + (count + 3) & ~3
                && word(at: length - 4) == UInt32(truncatingIfNeeded: length) && index < interfaces.count
        else {
            return false
        }
        let interface = unsafe interfaces[index]
        guard count <= interface.largestCount else { return false }
        let ticks = unsafe UInt64(word(at: 12)) << 32 | UInt64(word(at: 16))
        let (product, overflow) = ticks.multipliedReportingOverflow(by: interface.scale)
        let time = Int64(truncatingIfNeeded: product)
        guard
            unsafe interface.scale != 0 && !overflow && product <= CaptureReader.latestInstant
                && time >= instant &- CaptureReader.reorderingTolerance
        else {
            return false
        }
        unsafe interfaces[index].previousInstant = time
        unsafe frameStart = next + 28
        unsafe frameCount = count
        unsafe originalLength = Int(word(at: 24))
        unsafe self.interface = interface.number
        unsafe linkType = interface.linkType
        unsafe next += length
        unsafe setTime(time)
        return true
    }

    @inline(__always)
    private mutating func setTime(_ time: Int64) {
        if unsafe time &- instant > longestSilence { unsafe longestSilence = time &- instant }
        unsafe instant = time
        if unsafe time > latest { unsafe latest = time }
        unsafe number &+= 1
    }

    /// A 32-bit integer of the next record in the file's byte order; the bytes must be in the buffer.
    @inline(__always)
    private func word(at offset: Int) -> UInt32 { unsafe Self.word(at: offset, of: next, isSwapped) }

    @inline(__always)
    private static func word(at offset: Int, of record: UnsafePointer<UInt8>, _ isSwapped: Bool) -> UInt32 {
        let word = unsafe UnsafeRawPointer(record).loadUnaligned(fromByteOffset: offset, as: UInt32.self)
        return isSwapped ? word.byteSwapped : word
    }
}
