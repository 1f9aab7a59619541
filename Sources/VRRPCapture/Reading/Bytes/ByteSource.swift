internal import Glibc
internal import VRRPFacts

/// A file that was read whole, because it is small.
package struct FileContents: Sendable {
    /// The bytes with their compression undone.
    let bytes: [UInt8]
    let compression: Compression?
    /// The number of bytes on disk.
    let size: UInt64

    /// The number of bytes in memory.
    package var count: Int { bytes.count }
}

/// The source of a capture's bytes: a file or a pipe, with its compression undone.
///
/// A small file is read whole at once and needs no open file from then on, so that many of them cost little each.
struct ByteSource: ~Copyable {
    /// Bytes that are enough for any magic number of a compression.
    private static let headLength = 4
    /// The size of the largest file that is read whole, on disk and without its compression.
    private static let largestWhole = 1 << 16

    /// `nil` for bytes in memory.
    private let descriptor: Descriptor?
    /// Bytes read to recognize the compression, or all there are, and how many of them were handed on.
    private var head: [UInt8]
    private var headPlace = 0
    private let readAhead: ReadAhead?
    /// The whole file; `nil` for one that is read piece by piece.
    let contents: FileContents?
    let compression: Compression?
    /// The size of the file on disk, `nil` for pipes and devices.
    let size: UInt64?
    private var plainBytesRead: UInt64 = 0

    /// Opens a file, a pipe or a device for reading, and waits for its first bytes; `-` is standard input.
    ///
    /// - Parameters:
    ///   - path: of the file, the pipe or the device.
    ///   - isRegular: whether it is known to be a regular file; a small one then needs to be asked for nothing but its bytes.
    /// - Throws: ``CaptureError`` with `notFound`, `notPermitted`, `isDirectory`, `cannotOpen` or `cannotRead`.
    init(path: String, isRegular: Bool = false) throws(CaptureError) {
        if isRegular, let bytes = try Descriptor.contents(of: path, atMost: Self.largestWhole), !bytes.isEmpty,
            Compression(head: bytes) == nil
        {
            self.init(FileContents(bytes: bytes, compression: nil, size: UInt64(bytes.count)))
            return
        }
        try self.init(Descriptor(path: path), path: path)
    }

    /// Reads from an open file, a pipe or a device, and waits for its first bytes.
    ///
    /// - Parameters:
    ///   - descriptor: what was opened.
    ///   - path: what errors call it.
    /// - Throws: ``CaptureError`` with `cannotRead`.
    init(_ descriptor: Descriptor, path: String) throws(CaptureError) {
        let small = descriptor.size.flatMap { (1...UInt64(Self.largestWhole)).contains($0) ? Int($0) : nil }
        let head = try descriptor.readHead(small ?? Self.headLength, path: path)
        let compression = Compression(head: head)
        let contents = head.count == small ? Self.contents(head, compression, descriptor, path) : nil
        if small == nil { descriptor.expectToBeReadInOrder() }
        var readAhead: ReadAhead?
        if let compression, contents == nil {
            if small != nil { descriptor.seek(to: UInt64(Self.headLength)) }
            let start = Array(head.prefix(Self.headLength))
            readAhead = try ReadAhead(Decompressor(compression, descriptor, head: start, path: path))
        }
        self.descriptor = contents == nil ? descriptor : nil
        self.head = contents?.bytes ?? (compression == nil ? head : [])
        self.contents = contents
        self.compression = compression
        self.readAhead = readAhead
        size = descriptor.size
    }

    /// The contents of a file of which all bytes were read; `nil` where they are damaged or much larger without compression.
    private static func contents(
        _ bytes: [UInt8],
        _ compression: Compression?,
        _ descriptor: Descriptor,
        _ path: String
    ) -> FileContents? {
        let size = UInt64(bytes.count)
        guard let compression else { return FileContents(bytes: bytes, compression: nil, size: size) }
        // Whatever fails here fails again where the file is read piece by piece, and is told there.
        guard let decompressor = try? Decompressor(compression, descriptor, head: bytes, isWhole: true, path: path),
            let plain = decompressor.all(atMost: largestWhole)
        else { return nil }
        return FileContents(bytes: plain, compression: compression, size: size)
    }

    /// The contents of a small file that was open before.
    init(_ contents: FileContents) {
        descriptor = nil
        head = contents.bytes
        self.contents = contents
        compression = contents.compression
        readAhead = nil
        size = contents.size
    }

    /// Bytes in memory, taken as they are.
    init(bytes: [UInt8]) {
        descriptor = nil
        head = bytes
        contents = nil
        compression = nil
        readAhead = nil
        size = UInt64(bytes.count)
    }

    deinit {
        readAhead?.cancel()
    }

    /// Bytes taken from the file on disk so far, compressed or not.
    var bytesRead: UInt64 {
        if let contents, contents.compression != nil { return contents.size }
        return readAhead?.compressedBytesRead ?? plainBytesRead
    }

    /// The number of bytes without compression, where it is known.
    var plainSize: UInt64? { contents.map { UInt64($0.bytes.count) } ?? (compression == nil ? size : nil) }

    /// The reason why a compressed stream ended early; asked once there are no more bytes.
    var damage: StreamDamage? { readAhead?.damage }

    /// The file, where it can be read at any place: one that is named, of known size and not compressed.
    var file: Descriptor? {
        guard let descriptor, descriptor.isOwned, size != nil, compression == nil else { return nil }
        return descriptor
    }

    /// Notes how far ``file`` has been read by others.
    mutating func note(position: UInt64) { plainBytesRead = position }

    /// Goes on reading ``file`` at a place.
    mutating func seek(to offset: UInt64) {
        descriptor?.seek(to: offset)
        plainBytesRead = offset
    }

    /// Lends what is there, where the source has buffers of its own; see ``ReadAhead/lend()``.
    func lend() -> (start: UnsafeMutablePointer<UInt8>, count: Int)? { unsafe readAhead?.lend() }

    /// Reads what is there, waiting until there is something: the count, 0 at the end, or the negated `errno`.
    mutating func read(into target: UnsafeMutablePointer<UInt8>, count: Int) -> Int {
        if let readAhead { return unsafe readAhead.read(into: target, count: count) }
        if headPlace < head.count {
            let length = min(head.count - headPlace, count)
            unsafe head.withUnsafeBufferPointer { source in
                guard let start = source.baseAddress else { return }
                unsafe target.update(from: start + headPlace, count: length)
            }
            headPlace += length
            plainBytesRead += UInt64(length)
            return length
        }
        guard let descriptor else { return 0 }
        let result = unsafe descriptor.read(into: target, count: count)
        plainBytesRead += UInt64(max(0, result))
        return result
    }
}

/// A file descriptor open for reading.
///
/// Closing it is its deinitialization; standard input is left open.
final class Descriptor: Sendable {
    private let number: CInt
    let isOwned: Bool
    /// The size of a regular file when it was opened.
    let size: UInt64?

    /// Opens a file, a pipe or a device; `-` is standard input.
    ///
    /// Throws ``CaptureError`` with `notFound`, `notPermitted`, `isDirectory` or `cannotOpen`.
    init(path: String) throws(CaptureError) {
        isOwned = path != "-"
        number = isOwned ? try Self.open(path) : STDIN_FILENO
        var status = stat()
        let isKnown = unsafe fstat(number, &status) == 0
        size = isKnown && status.st_mode & S_IFMT == S_IFREG ? UInt64(clamping: status.st_size) : nil
        if isOwned, isKnown, status.st_mode & S_IFMT == S_IFDIR {
            throw CaptureError(.isDirectory, path: path, detail: systemMessage(EISDIR), systemError: EISDIR)
        }
    }

    /// Takes over a pipe that is open for reading.
    init(adopting number: CInt) {
        isOwned = true
        self.number = number
        size = nil
    }

    private static func open(_ path: String) throws(CaptureError) -> CInt {
        var opened: CInt
        repeat {
            opened = unsafe Glibc.open(fileName(path), O_RDONLY | O_CLOEXEC | O_NOCTTY)
        } while opened < 0 && errno == EINTR
        let failure = errno
        guard opened >= 0 else {
            let code: CaptureError.Code =
                switch failure {
                case ENOENT, ENOTDIR, ENAMETOOLONG, ELOOP: .notFound
                case EACCES, EPERM: .notPermitted
                default: .cannotOpen
                }
            throw CaptureError(code, path: path, detail: systemMessage(failure), systemError: failure)
        }
        return opened
    }

    /// All bytes of a regular file; `nil` where there are more than a number of them, or reading fails.
    ///
    /// A regular file gives all that was asked for unless it ends, so one call reads it.
    static func contents(of path: String, atMost most: Int) throws(CaptureError) -> [UInt8]? {
        let number = try open(path)
        defer { close(number) }
        return unsafe withUnsafeTemporaryAllocation(of: UInt8.self, capacity: most + 1) { buffer in
            let count = unsafe Glibc.read(number, buffer.baseAddress, most + 1)
            guard (0...most).contains(count) else { return nil }
            return unsafe [UInt8](buffer[..<count])
        }
    }

    /// Tells the system that the file will be read from the front to the back.
    func expectToBeReadInOrder() {
        // Advice may be refused (pipes refuse it), and nothing depends on it.
        _ = posix_fadvise(number, 0, 0, POSIX_FADV_SEQUENTIAL)
    }

    deinit {
        if isOwned { close(number) }
    }

    /// Reads the first bytes, as many as there are up to a number; throws ``CaptureError`` where reading fails.
    func readHead(_ wanted: Int, path: String) throws(CaptureError) -> [UInt8] {
        var failure: CInt = 0
        let head = unsafe [UInt8](unsafeUninitializedCapacity: wanted) { buffer, length in
            guard let start = buffer.baseAddress else { return }
            while length < wanted {
                let count = unsafe read(into: start + length, count: wanted - length)
                if count < 0 { failure = CInt(clamping: -count) }
                guard count > 0 else { return }
                length += count
            }
        }
        guard failure == 0 else {
            let code: CaptureError.Code = failure == EISDIR ? .isDirectory : .cannotRead
            throw CaptureError(code, path: path, detail: systemMessage(failure), systemError: failure)
        }
        return head
    }

    /// Reads what is there, waiting until there is something: the count, 0 at the end, or the negated `errno`.
    func read(into target: UnsafeMutableRawPointer, count: Int) -> Int {
        while true {
            let result = unsafe Glibc.read(number, target, count)
            if result >= 0 { return result }
            let failure = errno
            if failure != EINTR { return -Int(failure) }
        }
    }

    /// Reads a regular file from a place on: the count, less than was asked for where the file ends or reading fails.
    func read(into target: UnsafeMutableRawPointer, count: Int, at offset: UInt64) -> Int {
        var length = 0
        while length < count {
            let place = off_t(clamping: offset + UInt64(length))
            let result = unsafe pread(number, target + length, count - length, place)
            if result > 0 { length += result } else if result == 0 || errno != EINTR { break }
        }
        return length
    }

    /// Makes a regular file be read from a place on.
    func seek(to offset: UInt64) {
        lseek(number, off_t(clamping: offset), SEEK_SET)
    }
}

/// The operating system's text for an `errno`.
func systemMessage(_ code: CInt) -> String {
    var buffer = [CChar](repeating: 0, count: 256)
    guard unsafe strerror_r(code, &buffer, buffer.count) == 0 else { return "error \(code)" }
    return String(decoding: buffer.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
}
