internal import VRRPCapture
internal import VRRPFacts
internal import VRRPTracker
internal import VRRPWire

/// Frames and blind spots in order, kept on disk until the frames that are evidence are known.
///
/// The file has no name, so that nothing is left behind however the program ends. The format of its records is private
/// to this type: eleven integers and the bytes of the frame.
final class FrameSpool {
    /// A frame with where it was seen; its bytes are lent.
    struct Entry {
        var reference: FrameReference
        var observer: Int
        var instant: CaptureInstant
        /// The interface's position in its capture.
        var interface: Int
        var linkType: LinkType
        var originalLength: Int
        var bytes: [UInt8]
        /// The origin that the frame had already, by the file that it was read from; `nil` outside of extracts.
        var origin: FrameOrigin?

        init(_ frame: borrowing Frame, _ sighting: Sighting, from origin: FrameOrigin?) {
            reference = sighting.reference
            observer = sighting.observer
            instant = frame.instant
            interface = sighting.interface
            linkType = frame.linkType
            originalLength = frame.originalLength
            bytes = frame.bytes.array
            self.origin = origin
        }

        fileprivate init(_ fields: [Int64], _ bytes: [UInt8]) {
            reference = FrameReference(capture: Int(fields[1]), frame: Int(fields[2]))
            instant = CaptureInstant(nanoseconds: fields[3])
            interface = Int(fields[4])
            linkType = LinkType(rawValue: UInt32(truncatingIfNeeded: fields[5]))
            originalLength = Int(fields[6])
            observer = Int(fields[8])
            origin = fields[9] < 0 ? nil : FrameOrigin(file: Int(fields[9]), frame: Int(fields[10]))
            self.bytes = bytes
        }
    }

    enum Record {
        case frame(Entry)
        case blindSpot(BlindSpot)
    }

    private static let fieldCount = 11
    private static let chunk = 1 << 18

    private let file: OpenFile
    private var buffer: [UInt8] = []

    /// Makes the file in the directory for temporary files; ``Failure`` where that is impossible.
    init() throws {
        do throws(CaptureError) {
            file = try OpenFile.temporary()
        } catch {
            throw Failure(.outputFailed, "\(error)")
        }
    }

    /// Adds a frame; ``Failure`` where the disk is full.
    func append(_ entry: Entry) throws {
        let fields = [
            1, Int64(entry.reference.capture), Int64(entry.reference.frame), entry.instant.nanoseconds,
            Int64(entry.interface), Int64(entry.linkType.rawValue), Int64(entry.originalLength),
            Int64(entry.bytes.count), Int64(entry.observer), Int64(entry.origin?.file ?? -1),
            Int64(entry.origin?.frame ?? 0),
        ]
        try append(fields, entry.bytes)
    }

    /// Adds a blind spot; ``Failure`` where the disk is full.
    func append(_ blindSpot: BlindSpot) throws {
        let reason: Int64 =
            switch blindSpot.reason {
            case .dropped: 0
            case .linkDown: 1
            case .betweenFiles: 2
            case .damaged: 3
            case .clockStep: 4
            }
        let (start, end) = (blindSpot.start.nanoseconds, blindSpot.end.nanoseconds)
        try append([2, reason, Int64(blindSpot.droppedFrames), start, end, 0, 0, 0, 0, 0, 0], [])
    }

    private func append(_ fields: [Int64], _ bytes: [UInt8]) throws {
        for field in fields {
            for shift in stride(from: 0, to: 64, by: 8) { buffer.append(UInt8(truncatingIfNeeded: field >> shift)) }
        }
        buffer += bytes
        if buffer.count >= Self.chunk { try flush() }
    }

    private func flush() throws {
        do throws(CaptureError) {
            try file.write(buffer)
        } catch {
            throw Failure(.outputFailed, "\(error)")
        }
        buffer.removeAll(keepingCapacity: true)
    }

    /// Gives everything back in the order in which it came.
    func forEach(_ body: (Record) throws -> Void) throws {
        try flush()
        try file.rewind()
        let header = Self.fieldCount * 8
        var place = 0
        func fill(_ count: Int) throws -> Bool {
            while buffer.count - place < count {
                let more = try file.read(atMost: Self.chunk)
                guard !more.isEmpty else { return false }
                buffer.removeFirst(place)
                place = 0
                buffer += more
            }
            return true
        }
        while try fill(header) {
            let fields = (0..<Self.fieldCount).map { field in
                (0..<8).reduce(Int64(0)) { $0 | Int64(buffer[place + 8 * field + $1]) << Int64(8 * $1) }
            }
            let length = Int(fields[7])
            guard try fill(header + length) else { break }
            if fields[0] == 1 {
                try body(.frame(Entry(fields, Array(buffer[place + header..<place + header + length]))))
            } else {
                try body(.blindSpot(Self.blindSpot(fields)))
            }
            place += header + length
        }
        buffer.removeAll()
    }

    private static func blindSpot(_ fields: [Int64]) -> BlindSpot {
        let reasons: [BlindSpot.Reason] = [
            .dropped(Int(fields[2])), .linkDown, .betweenFiles, .damaged, .clockStep,
        ]
        return BlindSpot(
            from: CaptureInstant(nanoseconds: fields[3]),
            to: CaptureInstant(nanoseconds: fields[4]),
            reasons[Int(fields[1])]
        )
    }
}
