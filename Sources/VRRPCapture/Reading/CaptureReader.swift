internal import Glibc
internal import VRRPFacts
internal import VRRPWire

/// The state of a ``CaptureFile`` and everything that reads.
///
/// A structure, because the compiler checks the accesses to it; those to a class are checked at run time.
///
/// Invariant: `cursor.next` and `cursor.end` lie within the buffer, one that the source lends, or a block of the sieve,
/// `next <= end`, and the bytes between them are those of the file from ``offset`` on.
@safe
struct CaptureReader: ~Copyable {
    /// The largest number of captured bytes a frame may have, as in libpcap (`MAXIMUM_SNAPLEN`).
    static var largestFrame: Int { 262_144 }
    /// Bytes of the header of an ordinary pcap record.
    static var pcapRecordHeaderLength: Int { 16 }
    /// The time in nanoseconds by which a frame may lie before the one in front of it while no clock was set back.
    static var reorderingTolerance: Int64 { 1_000_000_000 }
    /// The latest instant that ``CaptureInstant`` holds, in nanoseconds.
    static var latestInstant: UInt64 { 1 << 62 }
    /// Holds the largest pcap record twice, so that only blocks of pcapng make the buffer grow.
    private static var initialCapacity: Int { 2 * largestFrame }
    /// The largest pcapng block that is read; larger ones that matter are damage, others are skipped unread.
    static var largestBlock: Int { 16 << 20 }

    var cursor: CaptureCursor
    let path: String
    private var source: ByteSource
    /// Whether reading goes on behind damage where something plausible follows.
    let salvages: Bool
    private var buffer: UnsafeMutablePointer<UInt8>
    private var capacity: Int
    /// A byte in memory, of the buffer, of one that the source lends or of a block of the sieve, and its place in the file.
    private var origin: UnsafePointer<UInt8>
    private var originOffset: UInt64 = 0
    private var readFailure: CInt = 0
    /// Whether the source had no more to give, or failed.
    private(set) var isSourceEnded = false
    /// Whether ordinary frames may be passed over; one of them is lent now and then all the same.
    private var passesOverOrdinary = false
    /// The conditions for reading on two threads.
    private var sieveLayout = SieveLayout()
    /// Reads ahead on two threads; there is then nothing in the buffer, and frames come from its ``block``.
    private var sieve: Sieve?
    private var block: Sieve.Block?
    /// The number of frames of the block that were lent.
    private var foundPlace = 0
    /// The place in the file from which two threads may read.
    private var sieveOffset: UInt64 = 0
    /// The number of callers that hold the current frame; its bytes stay in place while it is not 0.
    var lent = 0

    private(set) var format = CaptureFormat.pcap
    private(set) var isEnded = false
    private var linkTypes: [LinkType] = []
    private var problems = ProblemList()
    private var gaps = GapQueue()
    private(set) var firstInstant: CaptureInstant?
    private var hasCarriedFraction = false
    private var hasUntimedFrame = false
    /// Whether a frame longer than its snap length was seen; one is enough to say so.
    private(set) var hasOversizedFrame = false
    /// Frames that could not be read since the last one that could; a stretch that was skipped counts as one.
    private var lost: UInt64 = 0
    /// The damage at which reading stands; ``recover()`` reports it and goes on behind it or ends.
    var damage: CaptureProblem?
    /// Whether that damage is a header of zeros, as a machine leaves that lost power and went on.
    var isAtBlank = false

    var pcap = PcapLayout()
    var pcapNG = PcapNGState()
    var interfaceNames: [String?] = []
    var interfaceOrigins: [InterfaceOrigin?] = []
    var interfaceSensors: [String?] = []
    /// The longest time between two frames of each interface's file, as extracts say.
    var interfaceSilences: [TimeSpan?] = []
    /// The latest frame of which an extract states the origin, by its number; `nil` for none yet.
    var statedOrigin: (number: Int, origin: FrameOrigin)?
    /// Hears each heartbeat of a sensor, with the blind spots that are known by then.
    var heartbeatListener: ((CaptureInstant, [BlindSpot]) -> Void)?
    var snapLength: Int?
    /// The sum over all interfaces; `nil` while no counter was seen.
    var dropped: UInt64?
    /// The end of capturing by the latest statistics that state one.
    var captureEnd: CaptureInstant?
    /// The counter of the last snoop record.
    var snoopDrops: UInt32 = 0

    init(path: String, source: consuming ByteSource, salvages: Bool) {
        self.path = path
        self.salvages = salvages
        // A small file needs no large buffer; it grows where the file does.
        capacity = min(Self.initialCapacity, max(1024, Int(clamping: source.plainSize ?? .max)))
        self.source = source
        unsafe buffer = UnsafeMutablePointer<UInt8>.allocate(capacity: capacity)
        unsafe origin = UnsafePointer(buffer)
        unsafe cursor = CaptureCursor(start: origin)
    }

    deinit {
        sieve?.close()
        unsafe buffer.deallocate()
    }

    /// Moves to the next frame; false at the end.
    @inline(__always)
    mutating func advance() -> Bool { advanceInBuffer() || advanceSlowly() }

    /// Moves to the next frame if it and what is before it lie whole in the buffer and there is nothing odd about them,
    /// which therefore leave no gaps.
    @inline(__always)
    mutating func advanceInBuffer() -> Bool {
        guard passesOverOrdinary else { return unsafe cursor.advanceInBuffer() }
        return unsafe cursor.advancePastOrdinary() || advanceInBlock()
    }

    /// The instant of the current frame.
    var instant: CaptureInstant { unsafe cursor.captureInstant }

    /// The origin of the current frame, as an extract states it.
    var frameOrigin: FrameOrigin? {
        guard let statedOrigin, unsafe statedOrigin.number == cursor.number else { return nil }
        return statedOrigin.origin
    }

    /// The number that the next frame bears.
    var nextNumber: Int { unsafe cursor.number + 1 }

    /// The progress of reading: bytes of the file on disk so far, and its size, `nil` for pipes.
    var progress: (read: UInt64, size: UInt64?) { (source.bytesRead, source.size) }

    /// The whole file, where it was read at once.
    var contents: FileContents? { source.contents }

    var hasGap: Bool { !gaps.isEmpty }

    mutating func takeGap() -> BlindSpot? { gaps.take() }

    /// The facts about the capture that are known so far.
    var summary: CaptureDescription {
        var list = problems
        if let dropped, dropped > 0 {
            list.append(
                CaptureProblem(
                    kind: .dropped,
                    offset: nil,
                    frame: nil,
                    message: "The capture lost \(dropped) packets, as its own counters say.",
                    isDamage: false
                )
            )
        }
        var description = CaptureDescription(source: path, format: format)
        description.compression = source.compression
        description.linkTypes = linkTypes
        description.interfaceNames = interfaceNames
        description.bytes = offset
        description.packets = unsafe cursor.number
        description.firstPacket = firstInstant
        description.lastPacket = firstInstant == nil ? nil : CaptureInstant(nanoseconds: unsafe cursor.latest)
        description.captureEnd = plausibleEnd
        description.dropped = dropped
        description.problems = list.problems
        description.omittedProblems = list.omitted
        description.snapLength = snapLength
        description.sensor = sensorExtent
        description.origins.files = pcapNG.extract.names
        return description
    }
}

extension CaptureReader {
    /// The part of a sensor's stream that the file is, or of which it is an extract; `nil` for several or none.
    private var sensorExtent: SensorExtent? {
        let extract = pcapNG.extract
        return pcapNG.streams.extent(nextNumber - 1) ?? (extract.names.count == 1 ? extract.extents[0] : nil)
    }

    /// The longest time in which a capture may state nothing and still be believed that it went on.
    static var longestPause: TimeSpan { .seconds(86400) }

    /// The end of the capture, if plausible: not before the last frame and not more than a day after it; of a sensor's stream,
    /// a day after its heartbeat before.
    private var plausibleEnd: CaptureInstant? {
        guard let captureEnd else { return nil }
        let isOfSensor = sensorExtent != nil
        guard firstInstant != nil else { return isOfSensor ? captureEnd : nil }
        // The clock may have been set back, so the last frame counts and not the latest.
        let last = instant
        return captureEnd >= last && (isOfSensor || captureEnd - last <= Self.longestPause) ? captureEnd : nil
    }
}

// MARK: - The slow path

extension CaptureReader {
    /// Moves to the next frame where ``CaptureCursor/advanceInBuffer()`` cannot: refilling, oddities, damage, the end.
    @inline(never)
    mutating func advanceSlowly() -> Bool {
        guard !isEnded else { return false }
        if advanceToNextBlock() { return true }
        repeat {
            let isThere =
                switch format {
                case .pcap, .snoop: advanceRecord()
                case .pcapng: advancePcapNG()
                case .live: false
                }
            if isThere { return true }
        } while recover()
        return false
    }

    mutating func queue(_ gap: BlindSpot) {
        gaps.append(gap)
    }

    /// Recognizes the format by its magic number and reads the file header, as far as there is one.
    mutating func identify() throws(CaptureError) {
        let isReadable = ensure(4)
        guard readFailure == 0 else {
            let code: CaptureError.Code = readFailure == EISDIR ? .isDirectory : .cannotRead
            throw CaptureError(code, path: path, detail: systemMessage(readFailure), systemError: readFailure)
        }
        if !isReadable, let damage = source.damage {
            throw CaptureError(.damagedStream, path: path, detail: damage.message, offset: damage.offset)
        }
        guard available > 0 else {
            throw CaptureError(.emptyFile, path: path, detail: "The file is empty.", offset: 0)
        }
        // No capture is shorter, so waiting for more on a pipe costs nothing.
        _ = ensure(8)
        guard isReadable else { throw notACapture() }
        let magic = withUnread(4) { $0.uint32(at: 0) }
        if magic == PcapNGState.sectionHeader {
            format = .pcapng
        } else if let layout = PcapLayout(magic: magic) {
            pcap = layout
            try readPcapHeader()
        } else if magic == SnoopLayout.magic, available >= 8, withUnread(8, { $0.uint32(at: 4) }) == 0x7000_0000 {
            format = .snoop
            try readSnoopHeader()
        } else {
            throw Self.knownButUnread(magic: magic, path: path) ?? notACapture()
        }
    }

    private func notACapture() -> CaptureError {
        let head = copy(min(available, 8))
        let digits = Array("0123456789abcdef".utf8)
        let text = head.map { byte in
            String(decoding: [digits[Int(byte >> 4)], digits[Int(byte & 15)]], as: UTF8.self)
        }
        return CaptureError(
            .notACapture,
            path: path,
            detail:
                "The file is not a capture that vrrpwatch reads (pcap, pcapng, snoop); it begins with \(text.joined(separator: " ")).",
            offset: 0
        )
    }

    private static func knownButUnread(magic: UInt32, path: String) -> CaptureError? {
        let reason: (detail: String, hint: String)
        switch magic {
        case _ where magic >> 16 == 0x1f8b:
            reason = ("The file is compressed twice, inside with gzip.", "zcat FILE | vrrpwatch -")
        case 0x28b5_2ffd:
            reason = ("The file is compressed twice, inside with zstd.", "zstdcat FILE | vrrpwatch -")
        case 0xa1b2_34cd, 0xcd34_b2a1, 0xa12b_3c4d, 0x4d3c_2ba1:
            reason = ("The file is a variant of pcap that is not read.", "tcpdump -r FILE -w - | vrrpwatch -")
        case 0xa1b2_c3cb, 0xcbc3_b2a1:
            reason = ("The file holds a filter program and no packets.", "give the capture that it was made for")
        default: return nil
        }
        return CaptureError(.unsupported, path: path, detail: reason.detail, offset: 0, hint: reason.hint)
    }
}

// MARK: - Bytes

extension CaptureReader {
    /// The number of unread bytes in the buffer.
    var available: Int { unsafe cursor.end - cursor.next }

    /// The place in the file of the next unread byte.
    var offset: UInt64 { unsafe originOffset + UInt64(cursor.next - origin) }

    /// The first `count` unread bytes, which must be available; refilling and growing the buffer ends their life.
    func withUnread<Result>(_ count: Int, _ body: (Span<UInt8>) -> Result) -> Result {
        precondition(count <= available)
        let bytes = unsafe UnsafeBufferPointer(
            start: cursor.next,
            count: count
        )
        return body(unsafe bytes.span)
    }

    /// Passes over unread bytes, which must be available.
    mutating func consume(_ count: Int) {
        precondition(count <= available)
        unsafe cursor.next += count
    }

    /// Reads until that many unread bytes are in memory in one piece; false where the source ends or fails before.
    ///
    /// Moves or replaces the buffer, so nobody may hold a frame.
    mutating func ensure(_ count: Int) -> Bool {
        guard available < count else { return true }
        guard !isSourceEnded else { return false }
        precondition(lent == 0, "advance() while a frame is lent")
        while available < count {
            let result = refillByLoan() ?? refill(for: count)
            guard result > 0 else {
                readFailure = CInt(clamping: -result)
                isSourceEnded = true
                return false
            }
        }
        return true
    }

    /// Reads into the buffer behind what is unread: the count, 0 at the end, or the negated `errno`.
    private mutating func refill(for count: Int) -> Int {
        moveToFront()
        if unsafe cursor.end == UnsafePointer(buffer) + capacity { grow(to: count) }
        let filled = unsafe cursor.end - UnsafePointer(buffer)
        let result = unsafe source.read(into: buffer + filled, count: capacity - filled)
        unsafe cursor.end += max(0, result)
        return result
    }

    /// Reads from a buffer of the source's own, in front of which is put what is unread: the count, 0 at the end, or the
    /// negated `errno`; `nil` where the source has none, or more is unread than fits in front.
    private mutating func refillByLoan() -> Int? {
        guard available <= ReadAhead.headroom else { return nil }
        // The buffer lent before is gone with the next.
        moveToFront()
        guard let (start, count) = unsafe source.lend() else { return nil }
        guard count > 0 else { return count }
        let unread = available
        let first = unsafe start - unread
        unsafe first.update(from: cursor.next, count: unread)
        unsafe origin = UnsafePointer(first)
        unsafe cursor.setBuffer(start: origin, count: unread + count)
        return count
    }

    /// Moves what is unread to the front of the buffer.
    private mutating func moveToFront() {
        guard unsafe cursor.next != UnsafePointer(buffer) else { return }
        let unread = available
        // The lent bytes may be more than the buffer holds.
        guard unread <= capacity else { return replaceBuffer(by: unread) }
        originOffset = offset
        unsafe memmove(buffer, cursor.next, unread)
        unsafe origin = UnsafePointer(buffer)
        unsafe cursor.setBuffer(start: origin, count: unread)
    }

    /// Makes the buffer, which is full and all unread, up to twice as large.
    ///
    /// Because it grows in steps, a wrong length in a file costs no more memory than the file has bytes.
    private mutating func grow(to count: Int) {
        replaceBuffer(by: min(max(count, Self.initialCapacity), 2 * capacity))
    }

    /// Moves what is unread to the front of another buffer, which must be large enough.
    private mutating func replaceBuffer(by size: Int) {
        let unread = available
        let replacement = UnsafeMutablePointer<UInt8>.allocate(capacity: size)
        unsafe replacement.update(from: cursor.next, count: unread)
        originOffset = offset
        unsafe buffer.deallocate()
        unsafe buffer = replacement
        capacity = size
        unsafe origin = UnsafePointer(buffer)
        unsafe cursor.setBuffer(start: origin, count: unread)
    }

    /// Passes over bytes without keeping them; false where the source ends or fails before.
    mutating func skip(_ count: UInt64) -> Bool {
        var rest = count
        while rest > UInt64(available) {
            rest -= UInt64(available)
            consume(available)
            guard ensure(1) else { return false }
        }
        consume(Int(rest))
        return true
    }

    private func copy(_ count: Int) -> [UInt8] {
        withUnread(count) { bytes in bytes.indices.map { bytes[$0] } }
    }
}

// MARK: - Two threads

extension CaptureReader {
    /// The most interfaces that a capture may have: a cursor holds their state, and each frame that is found comes with one.
    private static var sieveInterfaceLimit: Int { 16 }

    /// Passes over ordinary frames from the next one on.
    mutating func passOverOrdinary(_ layout: SieveLayout) {
        passesOverOrdinary = true
        sieveLayout = layout
        if sieve == nil { startSieve() }
    }

    /// Moves to the next frame that the sieve found in its block.
    @inline(__always)
    private mutating func advanceInBlock() -> Bool {
        guard let block, unsafe foundPlace < block.found.count else { return false }
        unsafe cursor = block.found[foundPlace]
        foundPlace += 1
        return true
    }

    /// Moves to the first frame of the sieve's next block, and starts it where that is worth it; false where one thread
    /// is to go on.
    private mutating func advanceToNextBlock() -> Bool {
        guard let sieve = sieve ?? startSieve() else { return false }
        precondition(lent == 0, "advance() while a frame is lent")
        while let block = sieve.next() {
            self.block = block
            foundPlace = 0
            unsafe origin = UnsafePointer(block.bytes)
            originOffset = block.offset
            source.note(position: block.offset)
            if advanceInBlock() { return true }
        }
        let (cursor, end) = unsafe sieve.end
        unsafe self.cursor = cursor
        leaveSieve(at: end, keeping: 0)
        return false
    }

    /// Starts two threads at the next record, where they are worth it; the current frame stays.
    @discardableResult
    private mutating func startSieve() -> Sieve? {
        guard
            unsafe passesOverOrdinary && cursor.records != .unusual
                && cursor.interfaces.count <= Self.sieveInterfaceLimit,
            !isSourceEnded, offset >= sieveOffset,
            let file = source.file, let size = source.size, size >= offset, size - offset >= sieveLayout.least
        else {
            return nil
        }
        sieve = unsafe try? Sieve(file, from: offset, cursor: cursor, layout: sieveLayout)
        // The system may have no thread to give; reading on one thread is the same, only slower.
        if sieve == nil { sieveOffset = .max } else { unsafe cursor.end = cursor.next }
        return sieve
    }

    /// Goes on with one thread behind the current frame, which stays.
    mutating func leaveSieve() {
        guard sieve != nil else { return }
        unsafe leaveSieve(at: offset, keeping: cursor.frameCount)
    }

    /// Goes on with one thread at a place in the file, keeping so many bytes of the current frame.
    private mutating func leaveSieve(at end: UInt64, keeping count: Int) {
        guard let sieve else { return }
        sieve.close()
        if end - sieve.start < sieveLayout.pause { sieveOffset = end + sieveLayout.pause }
        // The buffer may be smaller than a frame where the file was.
        let replacement = UnsafeMutablePointer<UInt8>.allocate(capacity: Self.initialCapacity)
        unsafe replacement.update(from: cursor.frameStart, count: count)
        unsafe buffer.deallocate()
        unsafe buffer = replacement
        capacity = Self.initialCapacity
        unsafe cursor.setBuffer(start: UnsafePointer(buffer) + count, count: 0)
        unsafe cursor.frameStart = UnsafePointer(buffer)
        unsafe cursor.frameCount = count
        unsafe origin = cursor.next
        originOffset = end
        source.seek(to: end)
        self.sieve = nil
        block = nil
        foundPlace = 0
    }
}

// MARK: - What is reported

extension CaptureReader {
    mutating func report(
        _ kind: CaptureProblem.Kind,
        at offset: UInt64,
        frame: Int? = nil,
        isDamage: Bool = false,
        _ message: String
    ) {
        problems.append(
            CaptureProblem(kind: kind, offset: offset, frame: frame, message: message, isDamage: isDamage)
        )
    }

    /// Notes a link type that the capture declares, and whether its frames can be decoded.
    mutating func note(_ linkType: LinkType, at offset: UInt64) {
        guard !linkTypes.contains(linkType), linkTypes.count < PcapNGState.interfaceLimit else { return }
        linkTypes.append(linkType)
        if !linkType.isSupported {
            report(
                .unsupported,
                at: offset,
                "Frames of link type \(linkType.rawValue) (\(linkType.name)) are counted and not decoded."
            )
        }
    }

    /// Ends reading; always false, for ``advance()`` to return.
    mutating func end() -> Bool {
        isEnded = true
        endSectionOfSensor()
        if readFailure != 0 {
            report(
                .truncated,
                at: offset + UInt64(available),
                isDamage: true,
                "Reading failed: \(systemMessage(readFailure))."
            )
        } else if isSourceEnded, let damage = source.damage {
            report(damage.kind, at: damage.offset, frame: nextNumber, isDamage: true, damage.message)
        }
        unsafe cursor.finish()
        return false
    }

    /// Stops reading at bytes that cannot be right, or before them; always false.
    mutating func endCorrupt(at offset: UInt64, frame: Int? = nil, _ message: String) -> Bool {
        damage = CaptureProblem(kind: .corrupt, offset: offset, frame: frame, message: message, isDamage: true)
        return false
    }

    /// Stops reading where the source ends within a record that began at `offset`; always false.
    mutating func endTruncated(at offset: UInt64, frame: Int? = nil, _ message: String) -> Bool {
        damage = CaptureProblem(kind: .truncated, offset: offset, frame: frame, message: message, isDamage: true)
        return false
    }

    /// Reports the damage at which reading stands, if there is any; whether there is something to read behind it.
    private mutating func recover() -> Bool {
        guard var problem = damage, let start = problem.offset else { return false }
        let isBlank = isAtBlank
        isAtBlank = false
        guard salvages || isBlank else { return endAtDamage() }
        // Behind zeros, the next record begins where the packet ends whose header they were.
        let furthest = salvages ? UInt64.max : start + UInt64(Self.largestFrame + Self.pcapRecordHeaderLength)
        guard let resumption = findRecord(behind: start, before: furthest) else {
            if salvages { consume(available) }
            return endAtDamage()
        }
        damage = nil
        problem.kind = .corrupt
        problem.message += " \(resumption - start) bytes were skipped; reading goes on at offset \(resumption)."
        problems.append(problem)
        lost += 1
        // The slow path sees to the gap.
        unsafe cursor.records = .unusual
        return true
    }

    /// Reports the damage at which reading stands and ends; always false.
    @discardableResult
    mutating func endAtDamage() -> Bool {
        guard let problem = damage else { return end() }
        damage = nil
        if problem.kind == .truncated { consume(available) }
        // Where the source itself is damaged, the last record ends early because of that.
        let isOfTheSource = isSourceEnded && (readFailure != 0 || source.damage != nil)
        if problem.kind == .corrupt || !isOfTheSource { problems.append(problem) }
        return end()
    }

    /// Counts a frame that is there and cannot be read; the gap it leaves ends at the next one that can.
    mutating func skipFrame(at offset: UInt64, _ message: String) {
        unsafe cursor.number += 1
        unsafe report(.corrupt, at: offset, frame: cursor.number, isDamage: true, message)
        lost += 1
        // The slow path sees to the gap.
        unsafe cursor.records = .unusual
    }

    /// Counts a frame that is not to be lent, and passes over its block.
    mutating func passOverFrame(_ length: Int) {
        unsafe cursor.number += 1
        consume(length)
    }

    /// Makes the unread bytes from `next + skip` on the current frame and passes over `length` bytes.
    ///
    /// `skip + count <= length <= available` must hold. Instants that go back are noted here, frame check sequences cut.
    mutating func deliver(
        skip: Int,
        count: Int,
        length: Int,
        originalLength: Int,
        checkSequence: Int,
        instant: CaptureInstant,
        interface: Int,
        linkType: LinkType
    ) {
        precondition(skip + count <= length && length <= available)
        let previous = self.instant
        let number = unsafe cursor.number + 1
        let isFirst = firstInstant == nil
        if isFirst {
            firstInstant = instant
            unsafe cursor.latest = instant.nanoseconds
        } else if instant < previous - TimeSpan(nanoseconds: Self.reorderingTolerance) {
            report(
                .clockStep,
                at: offset,
                frame: number,
                "The clock was set back by \((previous - instant).words(.table)) before frame \(number)."
            )
        }
        if lost > 0 {
            let start = isFirst ? instant : previous
            queue(BlindSpot(from: start, to: instant, .damaged))
            lost = 0
        }
        if !isFirst { unsafe cursor.longestSilence = max(cursor.longestSilence, (instant - previous).nanoseconds) }
        let whole = max(0, originalLength - checkSequence)
        unsafe cursor.number = number
        unsafe cursor.frameStart = cursor.next + skip
        unsafe cursor.frameCount = checkSequence == 0 ? count : min(count, whole)
        unsafe cursor.originalLength = whole
        unsafe cursor.instant = instant.nanoseconds
        unsafe cursor.latest = max(cursor.latest, instant.nanoseconds)
        unsafe cursor.interface = interface
        unsafe cursor.linkType = linkType
        unsafe cursor.records =
            switch format {
            case _ where salvages: .unusual
            case .pcapng: .pcapng
            case .pcap where pcap.isPlain: .pcap
            case .pcap, .snoop, .live: .unusual
            }
        consume(length)
    }

    /// Whether this is the first time that seconds are found in a fraction of a second.
    mutating func noteCarriedFraction() -> Bool {
        defer { hasCarriedFraction = true }
        return !hasCarriedFraction
    }

    /// Whether this is the first frame that bears no time.
    mutating func noteUntimedFrame() -> Bool {
        defer { hasUntimedFrame = true }
        return !hasUntimedFrame
    }

    /// Reports a packet that is longer than its capture allows; only the first one is reported.
    mutating func noteOversized(_ count: Int, limit: Int, at start: UInt64) {
        hasOversizedFrame = true
        unsafe cursor.largestCount = Self.largestFrame
        for index in unsafe cursor.interfaces.indices {
            unsafe cursor.interfaces[index].largestCount = Self.largestFrame
        }
        report(
            .corrupt,
            at: start,
            frame: nextNumber,
            """
            Packet \(nextNumber) has \(count) captured bytes, more than the snap length of \(limit) that the file states; \
            such packets are read whole.
            """
        )
    }
}
