internal import Glibc
internal import VRRPFacts

/// The source of a capture's bytes: a file or a pipe, with its compression undone.
struct ByteSource: ~Copyable {
    /// Bytes that are enough for any magic number of a compression.
    private static let headLength = 4

    /// `nil` for bytes in memory.
    private let descriptor: Descriptor?
    /// Bytes read to recognize the compression, or all there are, and how many of them were handed on.
    private var head: [UInt8]
    private var headPlace = 0
    private let readAhead: ReadAhead?
    let compression: Compression?
    /// The size of the file on disk, `nil` for pipes and devices.
    let size: UInt64?
    private var plainBytesRead: UInt64 = 0

    /// Opens a file, a pipe or a device for reading, and waits for its first bytes; `-` is standard input.
    ///
    /// Throws ``CaptureError`` with `notFound`, `notPermitted`, `isDirectory`, `cannotOpen` or `cannotRead`.
    init(path: String) throws(CaptureError) {
        let descriptor = try Descriptor(path: path)
        let head = try descriptor.readHead(Self.headLength, path: path)
        let compression = Compression(head: head)
        var readAhead: ReadAhead?
        if let compression {
            readAhead = try ReadAhead(Decompressor(compression, descriptor, head: head, path: path))
        }
        self.descriptor = descriptor
        self.head = compression == nil ? head : []
        self.compression = compression
        self.readAhead = readAhead
        size = descriptor.size
    }

    /// Bytes in memory, taken as they are.
    init(bytes: [UInt8]) {
        descriptor = nil
        head = bytes
        compression = nil
        readAhead = nil
        size = UInt64(bytes.count)
    }

    deinit {
        readAhead?.cancel()
    }

    /// Bytes taken from the file on disk so far, compressed or not.
    var bytesRead: UInt64 { readAhead?.compressedBytesRead ?? plainBytesRead }

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

    /// Opens a file, a pipe or a device; `-` is standard input.
    ///
    /// Throws ``CaptureError`` with `notFound`, `notPermitted`, `isDirectory` or `cannotOpen`.
    init(path: String) throws(CaptureError) {
        isOwned = path != "-"
        number = isOwned ? try Self.open(path) : STDIN_FILENO
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
        var status = stat()
        if unsafe fstat(opened, &status) == 0, status.st_mode & S_IFMT == S_IFDIR {
            close(opened)
            throw CaptureError(.isDirectory, path: path, detail: systemMessage(EISDIR), systemError: EISDIR)
        }
        // Advice may be refused (pipes refuse it), and nothing depends on it.
        _ = posix_fadvise(opened, 0, 0, POSIX_FADV_SEQUENTIAL)
        return opened
    }

    deinit {
        if isOwned { close(number) }
    }

    /// The size of a regular file.
    var size: UInt64? {
        var status = stat()
        guard unsafe fstat(number, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
        return UInt64(clamping: status.st_size)
    }

    /// Reads the first bytes, as many as there are up to a number; throws ``CaptureError`` where reading fails.
    func readHead(_ wanted: Int, path: String) throws(CaptureError) -> [UInt8] {
        var head = [UInt8](repeating: 0, count: wanted)
        var length = 0
        while length < wanted {
            let place = length
            let count = unsafe head.withUnsafeMutableBytes { buffer in
                guard let start = buffer.baseAddress else { return 0 }
                return unsafe read(into: start + place, count: wanted - place)
            }
            guard count >= 0 else {
                let failure = CInt(clamping: -count)
                let code: CaptureError.Code = failure == EISDIR ? .isDirectory : .cannotRead
                throw CaptureError(code, path: path, detail: systemMessage(failure), systemError: failure)
            }
            guard count > 0 else { break }
            length += count
        }
        return Array(head.prefix(length))
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
