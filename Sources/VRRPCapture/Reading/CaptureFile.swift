package import VRRPFacts
package import VRRPWire

/// A capture file, or a pipe that carries one, read frame by frame in constant memory.
///
/// Reads pcap (both byte orders, microseconds, nanoseconds, and the "modified" variant with 24-byte record headers) and
/// pcapng (both byte orders, several sections, several interfaces with link types and resolutions of their own), and snoop;
/// all of them also compressed with gzip or zstd, by their first bytes and not by their names. The formats are
/// described by draft-ietf-opsawg-pcap, draft-ietf-opsawg-pcapng and RFC 1761. Damage ends reading or skips a block, never
/// traps, and is reported in ``summary``.
@safe
package final class CaptureFile {
    private let reader: UnsafeMutablePointer<CaptureReader>

    /// Opens a capture and reads its first bytes, waiting for them on a pipe; `-` is standard input.
    ///
    /// - Parameters:
    ///   - path: of the file.
    ///   - salvages: whether to look for something plausible behind damage and go on there; it remains damage.
    ///   - isRegular: whether it is known to be a regular file, as a directory says of those in it.
    /// - Throws: ``CaptureError``: `notFound`, `notPermitted`, `isDirectory`, `cannotOpen` and `cannotRead` from the
    ///   system; `emptyFile`, `notACapture` and `damagedStream` (damaged input); `unsupported` for a format that is known
    ///   and not read.
    package init(path: String, salvages: Bool = false, isRegular: Bool = false) throws(CaptureError) {
        let source = try ByteSource(path: path, isRegular: isRegular)
        unsafe reader = UnsafeMutablePointer<CaptureReader>.allocate(capacity: 1)
        unsafe reader.initialize(to: CaptureReader(path: path, source: source, salvages: salvages))
        try unsafe reader.pointee.identify()
    }

    /// Reads a capture from an open pipe, which is closed with this object, and waits for its first bytes.
    ///
    /// - Parameters:
    ///   - descriptor: the end of the pipe to read from.
    ///   - path: what it is called.
    /// - Throws: ``CaptureError`` as for files.
    package init(pipe descriptor: CInt, path: String) throws(CaptureError) {
        let source = try ByteSource(Descriptor(adopting: descriptor), path: path)
        unsafe reader = UnsafeMutablePointer<CaptureReader>.allocate(capacity: 1)
        unsafe reader.initialize(to: CaptureReader(path: path, source: source, salvages: false))
        try unsafe reader.pointee.identify()
    }

    /// Reads a small capture again that was read whole before; see ``contents``.
    ///
    /// Throws ``CaptureError`` with `emptyFile`, `notACapture` or `unsupported`.
    package init(contents: FileContents, path: String, salvages: Bool = false) throws(CaptureError) {
        unsafe reader = UnsafeMutablePointer<CaptureReader>.allocate(capacity: 1)
        unsafe reader.initialize(to: CaptureReader(path: path, source: ByteSource(contents), salvages: salvages))
        try unsafe reader.pointee.identify()
    }

    /// Reads a capture in memory, which must not be compressed; the path is what it is called.
    ///
    /// Throws ``CaptureError`` with `emptyFile`, `notACapture` or `unsupported`.
    package init(bytes: [UInt8], path: String, salvages: Bool = false) throws(CaptureError) {
        unsafe reader = UnsafeMutablePointer<CaptureReader>.allocate(capacity: 1)
        unsafe reader.initialize(
            to: CaptureReader(path: path, source: ByteSource(bytes: bytes), salvages: salvages)
        )
        try unsafe reader.pointee.identify()
    }

    deinit {
        unsafe reader.deinitialize(count: 1)
        unsafe reader.deallocate()
    }

    /// The whole file, where it is so small that it was read at once; such a file holds no descriptor.
    package var contents: FileContents? { unsafe reader.pointee.contents }

    /// Moves to the next frame; false at the end, also at the end that damage forces, which ``summary`` then reports.
    ///
    /// Waits where the source is a pipe. Must not be called while a frame is lent.
    package func advance() -> Bool {
        unsafe reader.pointee.advance()
    }

    /// Passes over most frames for which ``Span/isOrdinaryEthernet`` is true; they are still counted.
    ///
    /// A large file is then read by two threads (``Sieve``), with the same result.
    package func passOverOrdinary(_ layout: SieveLayout = SieveLayout()) {
        unsafe reader.pointee.passOverOrdinary(layout)
    }

    /// The latest instant of a frame so far.
    package var latest: CaptureInstant { unsafe CaptureInstant(nanoseconds: reader.pointee.cursor.latest) }

    /// The longest time between two frames that follow each other; of an extract, in the file that it is of.
    package var longestSilence: TimeSpan {
        let stated = unsafe reader.pointee.interfaceSilences
        if stated.count == 1, let stated = stated[0] { return stated }
        return unsafe TimeSpan(nanoseconds: reader.pointee.cursor.longestSilence)
    }

    /// The longest time between two frames of the file of each interface by its number, as an extract says; `nil` elsewhere.
    package var interfaceSilences: [TimeSpan?] { unsafe reader.pointee.interfaceSilences }

    /// The names of the files that an extract is of, in the order of ``FrameOrigin/file``, as far as they are known.
    package var originFiles: [String] { unsafe reader.pointee.pcapNG.extract.names }

    /// The file that the current frame came from, and its number there, in an extract; `nil` in any other capture.
    ///
    /// May be asked while the frame is lent.
    package var frameOrigin: FrameOrigin? { unsafe reader.pointee.frameOrigin }

    /// The lines that name segments, in an extract that tells them apart; `nil` elsewhere.
    package var segmentLines: [String]? { unsafe reader.pointee.pcapNG.extract.segments }

    /// The instant of the current frame; after the last one, of the last.
    package var instant: CaptureInstant { unsafe reader.pointee.instant }

    /// Lends the current frame and the frames behind it.
    ///
    /// Before the first frame and after the last, the current frame has no bytes. Returns now and then in between, so that a
    /// caller can show how far reading is, and always when a gap waits to be taken; the next frame is then the current one.
    ///
    /// - Parameters:
    ///   - limit: the first frame that is later is not lent.
    ///   - body: the work on a frame; after `stop` the frame that was lent last is still the current one.
    /// - Returns: whether there is a current frame.
    package func lendFrames(until limit: CaptureInstant, _ body: (borrowing Frame) -> LoopControl) -> Bool {
        while true {
            unsafe reader.pointee.lent &+= 1
            let control = body(frame)
            unsafe reader.pointee.lent &-= 1
            if control == .stop { return true }
            let isSlow = unsafe !reader.pointee.advanceInBuffer()
            if isSlow, unsafe !reader.pointee.advanceSlowly() { return false }
            if unsafe reader.pointee.cursor.instant > limit.nanoseconds {
                // Another file may be read next, and one at a time is to hold a thread and its blocks.
                unsafe reader.pointee.leaveSieve()
                return true
            }
            if isSlow { return true }
        }
    }

    /// Takes the oldest blind spot not yet taken; ask until `nil` after every ``advance()``, also after the last,
    /// since loss counters often stand at the end of a file.
    package func takeBlindSpot() -> BlindSpot? {
        unsafe reader.pointee.hasGap ? reader.pointee.takeGap() : nil
    }

    /// Bytes of the file on disk read so far, and its size; `nil` for pipes.
    package var progress: (read: UInt64, size: UInt64?) { unsafe reader.pointee.progress }

    /// The facts about the capture that are known so far.
    package var summary: CaptureDescription { unsafe reader.pointee.summary }

    /// The origins of the interfaces by their number, in an extract; `nil` for those of any other capture.
    package var interfaceOrigins: [InterfaceOrigin?] { unsafe reader.pointee.interfaceOrigins }

    /// Tells each heartbeat of a sensor as soon as it is read: the instant before which the sensor told everything, and the
    /// blind spots that are known by then.
    ///
    /// The listener is called while the file is read, and must not ask the file for anything.
    package func tellHeartbeats(to listener: @escaping (CaptureInstant, [BlindSpot]) -> Void) {
        unsafe reader.pointee.heartbeatListener = listener
    }

    /// The names of the sensors of the interfaces by their number, as far as there are interfaces; `nil` for those of none.
    package var interfaceSensors: [String?] { unsafe reader.pointee.interfaceSensors }

    /// The current frame, with bytes that stay while `lent` is not 0.
    ///
    /// No access to the reader spans its use, so that a closure that holds it may use this object as well.
    private var frame: Frame {
        @inline(__always)
        @_lifetime(borrow self)
        get {
            let bytes = unsafe UnsafeBufferPointer(
                start: reader.pointee.cursor.frameStart,
                count: reader.pointee.cursor.frameCount
            )
            let frame = unsafe Frame(
                bytes: bytes.span,
                originalLength: reader.pointee.cursor.originalLength,
                number: reader.pointee.cursor.number,
                instant: reader.pointee.cursor.captureInstant,
                interface: reader.pointee.cursor.interface,
                linkType: reader.pointee.cursor.linkType
            )
            return unsafe _overrideLifetime(frame, borrowing: self)
        }
    }
}

/// Whether a loop over frames goes on.
package enum LoopControl: Hashable, Sendable {
    case `continue`
    case stop
}
