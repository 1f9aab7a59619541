/// The file and the number there of a frame of an extract.
package struct FrameOrigin: Hashable, Sendable {
    /// The position of the file among those that the extract names, from 0.
    package var file: Int
    /// The frame's number in that file, from 1.
    package var frame: Int

    package init(file: Int, frame: Int) {
        self.file = file
        self.frame = frame
    }
}

/// The origins of the frames of an extract, in three to five bytes each.
///
/// Frames are added in their order. Every so often an entry states whole numbers, where a search begins; the others state the
/// distance from the entry in front.
package struct FrameOrigins: Hashable, Sendable {
    /// The most bytes that are kept; frames behind have no origin.
    package static let mostBytes = 64 << 20
    /// The number of entries from one beginning of a search to the next.
    private static let stride = 256

    /// A place where a search begins.
    private struct Mark: Hashable, Sendable {
        /// The number of the frame in the extract.
        var number: Int
        var place: Int
    }

    /// The names of the files, as the extract has them.
    package var files: [String] = []
    /// The number of frames that have no origin for lack of room.
    package private(set) var omitted = 0
    private var bytes: [UInt8] = []
    private var marks: [Mark] = []
    private var entries = 0
    private var latest = 0
    private var previous = FrameOrigin(file: 0, frame: 0)

    /// No origins.
    package init() {}

    /// Whether no frame has an origin.
    package var isEmpty: Bool { entries == 0 }

    /// Adds the origin of the frame of a number, which must be greater than all before; others are left out.
    package mutating func append(_ origin: FrameOrigin, of number: Int) {
        guard number > latest else { return }
        guard bytes.count < Self.mostBytes else {
            omitted += 1
            return
        }
        if entries % Self.stride == 0 {
            marks.append(Mark(number: number, place: bytes.count))
            (latest, previous) = (0, FrameOrigin(file: 0, frame: 0))
        }
        append(UInt64(number - latest))
        append(UInt64(origin.file))
        let step = Int64(origin.frame) - Int64(previous.frame)
        append(UInt64(bitPattern: step << 1 ^ step >> 63))
        (latest, previous) = (number, origin)
        entries += 1
    }

    /// The origin of the frame of a number: the name of its file, and its number there; `nil` for none.
    package func origin(of number: Int) -> (file: String, frame: Int)? {
        let behind = marks.partitioningIndex { $0.number > number }
        guard behind > 0 else { return nil }
        var place = marks[behind - 1].place
        let end = behind < marks.count ? marks[behind].place : bytes.count
        var (at, frame) = (0, Int64(0))
        while place < end {
            at += Int(next(&place))
            let file = Int(next(&place))
            let step = next(&place)
            frame += Int64(bitPattern: step >> 1) ^ -Int64(bitPattern: step & 1)
            guard at < number else {
                return at == number && files.indices.contains(file) ? (files[file], Int(frame)) : nil
            }
        }
        return nil
    }

    /// Appends a number in groups of seven bits, the least first.
    private mutating func append(_ value: UInt64) {
        var rest = value
        while rest > 0x7f {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(truncatingIfNeeded: rest))
    }

    private func next(_ place: inout Int) -> UInt64 {
        var (value, shift): (UInt64, UInt64) = (0, 0)
        while true {
            let byte = bytes[place]
            place += 1
            value |= UInt64(byte & 0x7f) << shift
            guard byte & 0x80 != 0 else { return value }
            shift += 7
        }
    }
}
