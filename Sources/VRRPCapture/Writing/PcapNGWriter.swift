internal import Glibc
package import VRRPFacts
package import VRRPWire

/// Writes frames to a descriptor as one pcapng section in little-endian order with nanosecond timestamps.
///
/// Opening, naming and closing the file are the caller's business, and so is giving it its final name only when
/// ``finish(droppedFrames:)`` has succeeded. What was not flushed when the writer is destroyed is lost.
package struct PcapNGWriter: ~Copyable {
    /// The description of an interface.
    package struct InterfaceProperties: Hashable, Sendable {
        /// `nil` where it is not known.
        package var name: String?
        /// The limit of the capture on bytes a frame, `nil` for none.
        package var snapLength: Int?
        /// The origin of the interface, in an extract.
        package var origin: InterfaceOrigin?
        /// The sensor that captured, in an extract.
        package var sensor: String?
        /// The longest time between two frames of its file, in an extract, which leaves most frames out.
        package var longestSilence: TimeSpan?

        package init(
            name: String?,
            snapLength: Int?,
            origin: InterfaceOrigin? = nil,
            sensor: String? = nil,
            longestSilence: TimeSpan? = nil
        ) {
            self.name = name
            self.snapLength = snapLength
            self.origin = origin
            self.sensor = sensor
            self.longestSilence = longestSilence
        }
    }

    /// An interface as the Interface Description Block states it; each distinct one gets a block.
    private struct Interface: Hashable {
        var linkType: LinkType
        var properties: InterfaceProperties
    }

    /// Bytes that wait for a write of reasonable size.
    private static let flushThreshold = 64 << 10
    /// The longest option value in bytes, a multiple of four.
    private static let longestOption = 65_532

    private let descriptor: CInt
    private let path: String
    private let flushesEachFrame: Bool
    private let isInMemory: Bool
    private var buffer: [UInt8] = []
    private var numbers: [Interface: UInt32] = [:]
    private var lastInterface: (interface: Interface, number: UInt32)?
    private var latest = CaptureInstant(nanoseconds: 0)
    /// The bytes that the operating system has taken, up to the end of a block.
    package private(set) var size: UInt64 = 0

    /// Starts a file with its section header.
    ///
    /// - Parameters:
    ///   - descriptor: where to write; it stays open.
    ///   - path: how errors call the destination.
    ///   - application: the program's name and version, for the section header.
    ///   - position: the place of the section in the stream of a sensor; `nil` for none.
    ///   - comments: texts about the section; each is cut at 65532 bytes.
    ///   - flushesEachFrame: whether every frame is handed to the operating system at once, for live captures.
    /// - Throws: ``CaptureError`` with `cannotWrite`.
    package init(
        descriptor: CInt,
        path: String,
        application: String,
        _ position: SensorPosition? = nil,
        comments: [String] = [],
        flushesEachFrame: Bool = false
    ) throws(CaptureError) {
        self.descriptor = descriptor
        self.path = path
        self.flushesEachFrame = flushesEachFrame
        isInMemory = false
        begin(application, position, comments)
        if flushesEachFrame { try flush() }
    }

    /// Starts a file in memory with its section header, to be had from ``bytes``.
    ///
    /// - Parameters:
    ///   - application: the program's name and version, for the section header.
    ///   - position: the place of the section in the stream of a sensor; `nil` for none.
    package init(inMemoryBy application: String, _ position: SensorPosition? = nil) {
        descriptor = -1
        path = "memory"
        flushesEachFrame = false
        isInMemory = true
        begin(application, position)
    }

    /// The bytes that were not handed to the operating system: all of them in memory.
    package var bytes: [UInt8] { buffer }

    /// Takes the bytes of whole blocks that are in memory, to which those to come are to be appended.
    mutating func takeBytes() -> [UInt8] {
        defer { buffer.removeAll(keepingCapacity: true) }
        return buffer
    }

    private mutating func begin(_ application: String, _ position: SensorPosition?, _ comments: [String] = []) {
        appendBlock(type: PcapNGState.sectionHeader) { block in
            block.append32(0x1a2b_3c4d)
            block.append16(1)
            block.append16(0)
            // The section's length is not known beforehand: -1.
            block.append64(.max)
            if let position { block.appendOption(1, Self.cut(position.comment)) }
            for comment in comments { block.appendOption(1, Self.cut(comment)) }
            block.appendOption(4, Array(application.utf8.prefix(Self.longestOption)))
            block.appendOption(0, [])
        }
    }

    /// Appends a frame with the time it bears; instants before 1970, which the format cannot express, become 1970.
    ///
    /// - Parameters:
    ///   - frame: the frame; its number and interface number are not written.
    ///   - properties: of the interface that the frame was seen on.
    ///   - comments: texts for people who open the file; each is cut at 65532 bytes.
    /// - Throws: ``CaptureError`` with `cannotWrite`; of a live capture, the frame is left out, and others may follow.
    package mutating func write(
        _ frame: borrowing Frame,
        _ properties: InterfaceProperties,
        comments: [String] = []
    ) throws(CaptureError) {
        let interface = Interface(linkType: frame.linkType, properties: properties)
        let number = self.number(of: interface)
        latest = max(latest, frame.instant)
        let ticks = UInt64(max(0, frame.instant.nanoseconds))
        let bytes = frame.bytes
        let originalLength = UInt32(clamping: frame.originalLength)
        let start = buffer.count
        appendBlock(type: 6) { block in
            block.append32(number)
            block.append32(UInt32(truncatingIfNeeded: ticks >> 32))
            block.append32(UInt32(truncatingIfNeeded: ticks))
            block.append32(UInt32(clamping: bytes.count))
            block.append32(originalLength)
            for index in bytes.indices { block.append(bytes[index]) }
            block.pad()
            if !comments.isEmpty {
                for comment in comments { block.appendOption(1, Self.cut(comment)) }
                block.appendOption(0, [])
            }
        }
        guard flushesEachFrame || buffer.count >= Self.flushThreshold else { return }
        try flush(orRemoveFrom: start)
    }

    /// Flushes; where that fails for a live capture, removes the blocks from a place in the buffer on.
    private mutating func flush(orRemoveFrom start: Int) throws(CaptureError) {
        do throws(CaptureError) {
            try flush()
        } catch {
            // The descriptions of interfaces are written before the next block that is.
            if flushesEachFrame { buffer.removeLast(buffer.count - start) }
            throw error
        }
    }

    /// Describes an interface before its first frame; throws ``CaptureError`` with `cannotWrite`.
    package mutating func declareInterface(
        _ linkType: LinkType,
        _ properties: InterfaceProperties
    ) throws(CaptureError) {
        _ = number(of: Interface(linkType: linkType, properties: properties))
        if flushesEachFrame { try flush() }
    }

    /// Whether there are interfaces, without which ``note(_:)`` has nothing to belong to.
    package var hasInterfaces: Bool { !numbers.isEmpty }

    /// Notes, in an extract, a stretch of time that the captures which it is of do not cover.
    ///
    /// - Parameters:
    ///   - blindSpot: the stretch.
    ///   - droppedFrames: the number of frames lost up to here, `nil` where it was not counted.
    /// - Throws: ``CaptureError`` with `cannotWrite`.
    package mutating func note(_ blindSpot: BlindSpot, droppedFrames: UInt64?) throws(CaptureError) {
        appendStatistics(.blindSpot(blindSpot.reason), from: blindSpot.start, to: blindSpot.end, droppedFrames)
        if buffer.count >= Self.flushThreshold { try flush() }
    }

    /// Notes, in an extract, when the captures which it is of ended, and hands everything to the operating system.
    ///
    /// - Parameters:
    ///   - end: the end of the last of them.
    ///   - droppedFrames: the number of frames that they lost, `nil` where it was not counted.
    /// - Throws: ``CaptureError`` with `cannotWrite`.
    package mutating func finish(extractUntil end: CaptureInstant, droppedFrames: UInt64?) throws(CaptureError) {
        if hasInterfaces { appendStatistics(.endOfObservation, from: nil, to: end, droppedFrames) }
        try flush()
    }

    /// Writes a sensor's heartbeat as the statistics of each of its interfaces.
    ///
    /// - Parameters:
    ///   - heartbeat: the heartbeat.
    ///   - position: its place in the sensor's stream.
    /// - Throws: ``CaptureError`` with `cannotWrite`; of a live capture, the heartbeat is left out, and others may follow.
    mutating func beat(_ heartbeat: Heartbeat, _ position: HeartbeatPosition) throws(CaptureError) {
        let numbers = heartbeat.interfaces.map {
            number(of: Interface(linkType: $0.linkType, properties: $0.properties))
        }
        let start = buffer.count
        for (number, interface) in zip(numbers, heartbeat.interfaces) {
            appendBlock(type: 5) { block in
                block.append32(number)
                block.appendTime(heartbeat.instant)
                block.appendOption(1, Self.cut(position.comment))
                block.append16(3)
                block.append16(8)
                block.appendTime(heartbeat.instant)
                // isb_ifrecv and isb_ifdrop.
                for (option, value) in [(4, interface.received), (5, interface.dropped)] as [(UInt16, UInt64)] {
                    block.append16(option)
                    block.append16(8)
                    block.append64(value)
                }
                block.appendOption(0, [])
            }
        }
        guard flushesEachFrame || buffer.count >= Self.flushThreshold else { return }
        try flush(orRemoveFrom: start)
    }

    private mutating func appendStatistics(
        _ remark: StatisticsRemark,
        from start: CaptureInstant?,
        to end: CaptureInstant,
        _ droppedFrames: UInt64?
    ) {
        appendBlock(type: 5) { block in
            block.append32(0)
            block.appendTime(end)
            block.appendOption(1, Self.cut(remark.comment))
            if let start {
                block.append16(2)
                block.append16(8)
                block.appendTime(start)
            }
            block.append16(3)
            block.append16(8)
            block.appendTime(end)
            if let droppedFrames {
                block.append16(7)
                block.append16(8)
                block.append64(droppedFrames)
            }
            block.appendOption(0, [])
        }
    }

    /// Hands everything to the operating system, with statistics for each interface if drops are known.
    ///
    /// - Parameter droppedFrames: frames lost while capturing, `nil` if not known; stated for the first interface.
    /// - Throws: ``CaptureError`` with `cannotWrite`.
    package mutating func finish(droppedFrames: UInt64?) throws(CaptureError) {
        if let droppedFrames, !numbers.isEmpty {
            let ticks = UInt64(max(0, latest.nanoseconds))
            appendBlock(type: 5) { block in
                block.append32(0)
                block.append32(UInt32(truncatingIfNeeded: ticks >> 32))
                block.append32(UInt32(truncatingIfNeeded: ticks))
                block.append16(7)
                block.append16(8)
                block.append64(droppedFrames)
                block.appendOption(0, [])
            }
        }
        try flush()
    }

    /// Hands what has been written to the operating system; throws ``CaptureError`` with `cannotWrite`.
    package mutating func flush() throws(CaptureError) {
        guard !isInMemory else { return }
        var written = 0
        while written < buffer.count {
            let start = written
            let result = unsafe buffer.withUnsafeBytes { bytes in
                unsafe Glibc.write(descriptor, bytes.baseAddress.map { unsafe $0 + start }, bytes.count - start)
            }
            if result < 0 {
                let failure = errno
                if failure == EINTR { continue }
                throw CaptureError(
                    .cannotWrite,
                    path: path,
                    detail: systemMessage(failure),
                    systemError: failure
                )
            }
            written += result
        }
        size += UInt64(written)
        buffer.removeAll(keepingCapacity: true)
    }

    private mutating func number(of interface: Interface) -> UInt32 {
        if let lastInterface, lastInterface.interface == interface { return lastInterface.number }
        let number: UInt32
        if let known = numbers[interface] {
            number = known
        } else {
            number = UInt32(clamping: numbers.count)
            numbers[interface] = number
            appendBlock(type: 1) { block in
                block.append16(UInt16(truncatingIfNeeded: interface.linkType.rawValue))
                block.append16(0)
                block.append32(UInt32(clamping: interface.properties.snapLength ?? 0))
                if let name = interface.properties.name {
                    block.appendOption(2, Array(name.utf8.prefix(Self.longestOption)))
                }
                if let origin = interface.properties.origin {
                    block.appendOption(1, Self.cut(origin.comment))
                }
                if let sensor = interface.properties.sensor {
                    block.appendOption(1, Self.cut(InterfaceRemark.sensor(sensor).comment))
                }
                if let silence = interface.properties.longestSilence {
                    block.appendOption(1, Self.cut(InterfaceRemark.longestSilence(silence).comment))
                }
                // if_tsresol: nanoseconds.
                block.appendOption(9, [9])
                block.appendOption(0, [])
            }
        }
        lastInterface = (interface, number)
        return number
    }

    /// Appends a block whose body is a multiple of four bytes, between its two lengths.
    private mutating func appendBlock(type: UInt32, _ body: (inout [UInt8]) -> Void) {
        let start = buffer.count
        buffer.append32(type)
        buffer.append32(0)
        body(&buffer)
        let length = UInt32(clamping: buffer.count - start + 4)
        buffer.append32(length)
        for index in 0..<4 {
            buffer[start + 4 + index] = UInt8(truncatingIfNeeded: length >> (8 * UInt32(index)))
        }
    }

    /// The UTF-8 of a comment, cut between characters where it is too long for an option.
    private static func cut(_ comment: String) -> [UInt8] {
        var length = 0
        for scalar in comment.unicodeScalars {
            let next = length + UTF8.width(scalar)
            if next > longestOption { break }
            length = next
        }
        return Array(comment.utf8.prefix(length))
    }
}

extension [UInt8] {
    fileprivate mutating func append16(_ value: UInt16) {
        append(UInt8(truncatingIfNeeded: value))
        append(UInt8(truncatingIfNeeded: value >> 8))
    }

    fileprivate mutating func append32(_ value: UInt32) {
        append16(UInt16(truncatingIfNeeded: value))
        append16(UInt16(truncatingIfNeeded: value >> 16))
    }

    /// An instant in nanoseconds, upper half first.
    fileprivate mutating func appendTime(_ instant: CaptureInstant) {
        let ticks = UInt64(instant.nanoseconds < 0 ? 0 : instant.nanoseconds)
        append32(UInt32(truncatingIfNeeded: ticks >> 32))
        append32(UInt32(truncatingIfNeeded: ticks))
    }

    fileprivate mutating func append64(_ value: UInt64) {
        append32(UInt32(truncatingIfNeeded: value))
        append32(UInt32(truncatingIfNeeded: value >> 32))
    }

    /// Fills up to 32 bits; blocks start on such a bound, since flushing empties the whole buffer.
    fileprivate mutating func pad() {
        while count % 4 != 0 { append(0) }
    }

    fileprivate mutating func appendOption(_ code: UInt16, _ value: [UInt8]) {
        append16(code)
        append16(UInt16(clamping: value.count))
        append(contentsOf: value)
        pad()
    }
}
