import Glibc
import VRRPCapture
import VRRPFacts
import VRRPWire

/// Integers in the order of a file's writer, one after the other.
struct FileBytes {
    var isBigEndian = false
    var bytes: [UInt8] = []

    mutating func add<Value: FixedWidthInteger>(_ value: Value) {
        let ordered = isBigEndian ? value.byteSwapped : value
        for index in 0..<Value.bitWidth / 8 {
            bytes.append(UInt8(truncatingIfNeeded: ordered >> Value(8 * index)))
        }
    }

    mutating func pad() {
        while bytes.count % 4 != 0 { bytes.append(0) }
    }
}

/// A pcap file as a test states it; what is not said is as tcpdump writes it.
struct PcapFile {
    var isBigEndian = false
    var magic: UInt32 = 0xa1b2_c3d4
    var version: (UInt16, UInt16) = (2, 4)
    var snapLength: UInt32 = 65535
    var linkType: UInt32 = 1
    /// Bytes between record header and packet, for the 24-byte headers.
    var extraHeader = 0

    struct Record {
        var seconds: UInt32
        var fraction: UInt32
        var first: UInt32
        var second: UInt32
        var data: [UInt8]

        init(_ seconds: UInt32, _ fraction: UInt32, _ data: [UInt8], original: Int? = nil) {
            self.seconds = seconds
            self.fraction = fraction
            self.first = UInt32(data.count)
            self.second = UInt32(original ?? data.count)
            self.data = data
        }
    }

    func bytes(_ records: [Record]) -> [UInt8] {
        var file = FileBytes(isBigEndian: isBigEndian)
        file.add(magic)
        file.add(version.0)
        file.add(version.1)
        file.add(UInt64(0))
        file.add(snapLength)
        file.add(linkType)
        for record in records {
            file.add(record.seconds)
            file.add(record.fraction)
            file.add(record.first)
            file.add(record.second)
            file.bytes += [UInt8](repeating: 0xee, count: extraHeader) + record.data
        }
        return file.bytes
    }
}

/// Blocks of a pcapng file as a test states them.
struct PcapNGFile {
    var isBigEndian = false
    var bytes: [UInt8] = []

    init(isBigEndian: Bool = false) {
        self.isBigEndian = isBigEndian
        section()
    }

    mutating func block(_ type: UInt32, _ body: (inout FileBytes) -> Void) {
        var content = FileBytes(isBigEndian: isBigEndian)
        body(&content)
        content.pad()
        var whole = FileBytes(isBigEndian: isBigEndian)
        let length = UInt32(content.bytes.count + 12)
        whole.add(type)
        whole.add(length)
        whole.bytes += content.bytes
        whole.add(length)
        bytes += whole.bytes
    }

    mutating func section() {
        block(0x0a0d_0d0a) { body in
            body.add(UInt32(0x1a2b_3c4d))
            body.add(UInt16(1))
            body.add(UInt16(0))
            body.add(Int64(-1))
        }
    }

    mutating func interface(
        linkType: UInt16 = 1,
        snapLength: UInt32 = 0,
        name: String? = nil,
        resolution: UInt8? = nil,
        offset: Int64? = nil,
        checkSequence: UInt8? = nil
    ) {
        block(1) { body in
            body.add(linkType)
            body.add(UInt16(0))
            body.add(snapLength)
            if let name { body.option(2, Array(name.utf8)) }
            if let resolution { body.option(9, [resolution]) }
            if let checkSequence { body.option(13, [checkSequence]) }
            if let offset { body.option64(14, UInt64(bitPattern: offset)) }
            body.option(0, [])
        }
    }

    mutating func packet(
        _ ticks: UInt64,
        _ data: [UInt8],
        interface: UInt32 = 0,
        original: Int? = nil,
        flags: UInt32? = nil,
        drops: UInt64? = nil
    ) {
        block(6) { body in
            body.add(interface)
            body.add(UInt32(ticks >> 32))
            body.add(UInt32(truncatingIfNeeded: ticks))
            body.add(UInt32(data.count))
            body.add(UInt32(original ?? data.count))
            body.bytes += data
            body.pad()
            if let flags { body.option32(2, flags) }
            if let drops { body.option64(4, drops) }
        }
    }

    mutating func simplePacket(_ data: [UInt8], original: Int? = nil) {
        block(3) { body in
            body.add(UInt32(original ?? data.count))
            body.bytes += data
        }
    }

    mutating func oldPacket(_ ticks: UInt64, _ data: [UInt8], interface: UInt16 = 0, drops: UInt16 = .max) {
        block(2) { body in
            body.add(interface)
            body.add(drops)
            body.add(UInt32(ticks >> 32))
            body.add(UInt32(truncatingIfNeeded: ticks))
            body.add(UInt32(data.count))
            body.add(UInt32(data.count))
            body.bytes += data
        }
    }

    mutating func statistics(
        _ ticks: UInt64,
        interface: UInt32 = 0,
        interfaceDrops: UInt64? = nil,
        systemDrops: UInt64?
    ) {
        block(5) { body in
            body.add(interface)
            body.add(UInt32(ticks >> 32))
            body.add(UInt32(truncatingIfNeeded: ticks))
            if let interfaceDrops { body.option64(5, interfaceDrops) }
            if let systemDrops { body.option64(7, systemDrops) }
            body.option(0, [])
        }
    }
}

extension FileBytes {
    mutating func option(_ code: UInt16, _ value: [UInt8]) {
        add(code)
        add(UInt16(value.count))
        bytes += value
        pad()
    }

    mutating func option32(_ code: UInt16, _ value: UInt32) {
        add(code)
        add(UInt16(4))
        add(value)
    }

    mutating func option64(_ code: UInt16, _ value: UInt64) {
        add(code)
        add(UInt16(8))
        add(value)
    }
}

/// A frame that outlives its capture.
struct KeptFrame: Hashable {
    var bytes: [UInt8]
    var originalLength: Int
    var number: Int
    var nanoseconds: Int64
    var interface: Int
    var linkType: UInt32

    init(_ frame: borrowing Frame) {
        let bytes = frame.bytes
        self.bytes = bytes.indices.map { bytes[$0] }
        originalLength = frame.originalLength
        number = frame.number
        nanoseconds = frame.instant.nanoseconds
        interface = frame.interface
        linkType = frame.linkType.rawValue
    }
}

/// All that a capture gives.
struct KeptCapture {
    var frames: [KeptFrame] = []
    var gaps: [BlindSpot] = []
    var summary: CaptureDescription
    var interfaceOrigins: [InterfaceOrigin?]

    init(_ file: CaptureFile) {
        var frames: [KeptFrame] = []
        var gaps: [BlindSpot] = []
        var isThere = file.advance()
        while isThere {
            while let gap = file.takeBlindSpot() { gaps.append(gap) }
            isThere = file.lendFrames(until: .distantFuture) { frame in
                frames.append(KeptFrame(frame))
                return .continue
            }
        }
        while let gap = file.takeBlindSpot() { gaps.append(gap) }
        self.frames = frames
        self.gaps = gaps
        summary = file.summary
        interfaceOrigins = file.interfaceOrigins
    }

    /// Reads bytes by way of a file without a name.
    init(_ bytes: [UInt8]) throws {
        self.init(try openCapture(bytes))
    }

    var times: [Int64] { frames.map(\.nanoseconds) }
    var messages: [String] { summary.problems.map(\.message) }
}

func openCapture(_ bytes: [UInt8], salvages: Bool = false) throws(CaptureError) -> CaptureFile {
    let descriptor = temporaryFile(bytes)
    defer { close(descriptor) }
    return try CaptureFile(path: "/proc/self/fd/\(descriptor)", salvages: salvages)
}

/// A file without a name that holds bytes, read from its start by whoever opens it.
func temporaryFile(_ bytes: [UInt8]) -> CInt {
    let descriptor = unsafe open("/tmp", O_RDWR | CInt(bitPattern: 0o20200000) | O_CLOEXEC, 0o600)
    precondition(descriptor >= 0, "no temporary file in /tmp")
    var written = 0
    while written < bytes.count {
        let count = unsafe bytes.withUnsafeBytes { buffer in
            unsafe write(descriptor, buffer.baseAddress.map { unsafe $0 + written }, buffer.count - written)
        }
        precondition(count > 0, "no room in /tmp")
        written += count
    }
    return descriptor
}
