internal import CZlib
internal import CZstd
internal import Glibc
internal import Synchronization
internal import VRRPFacts

extension Compression {
    /// The compression that a file's first bytes show, whatever its name.
    init?(head: [UInt8]) {
        switch head.count {
        case 2... where head[0] == 0x1f && head[1] == 0x8b: self = .gzip
        case 4... where head[0...3] == [0x28, 0xb5, 0x2f, 0xfd]: self = .zstd
        case 4... where head[0] & 0xf0 == 0x50 && head[1...3] == [0x2a, 0x4d, 0x18]: self = .zstd
        default: return nil
        }
    }
}

/// The reason why a compressed stream ended early.
struct StreamDamage: Hashable, Sendable {
    var kind: CaptureProblem.Kind
    /// The byte in the compressed file.
    var offset: UInt64
    /// A full sentence.
    var message: String
}

/// Undoes the compression of a stream in constant memory.
///
/// Used by one thread at a time.
@safe
final class Decompressor: @unchecked Sendable {
    private static let inputCapacity = 256 << 10

    private let compression: Compression
    private let descriptor: Descriptor
    private let input: UnsafeMutablePointer<UInt8>
    private let capacity: Int
    /// The part of the input that was read and not yet consumed.
    private var unread = 0..<0
    /// The compressed bytes read so far, which other threads may look at.
    private let read: Atomic<UInt64>
    /// Whether the next compressed byte begins a gzip member or a zstd frame.
    private var isBetween = true
    private let inflater: UnsafeMutablePointer<z_stream>
    /// `ZSTD_DStream`, for zstd only.
    private let zstd: OpaquePointer?
    /// The damage that ended the stream early.
    private(set) var damage: StreamDamage?

    /// Starts a stream whose first bytes, at most ``inputCapacity``, were read already, or all of them.
    ///
    /// Throws ``CaptureError`` with `cannotOpen` when there is no memory.
    init(
        _ compression: Compression,
        _ descriptor: Descriptor,
        head: [UInt8],
        isWhole: Bool = false,
        path: String
    ) throws(CaptureError) {
        self.compression = compression
        capacity = isWhole ? head.count : Self.inputCapacity
        self.descriptor = descriptor
        read = Atomic(UInt64(head.count))
        unsafe input = .allocate(capacity: capacity)
        for (index, byte) in head.enumerated() { unsafe input[index] = byte }
        unread = 0..<head.count
        unsafe inflater = .allocate(capacity: 1)
        unsafe inflater.initialize(to: z_stream())
        // 16 more than the largest window asks zlib for the gzip format.
        let size = unsafe CInt(MemoryLayout<z_stream>.size)
        let status = unsafe inflateInit2_(inflater, 15 + 16, ZLIB_VERSION, size)
        if compression == .zstd { unsafe zstd = ZSTD_createDStream() } else { unsafe zstd = nil }
        guard status == Z_OK, unsafe compression == .gzip || zstd != nil else {
            throw CaptureError(.cannotOpen, path: path, detail: systemMessage(ENOMEM), systemError: ENOMEM)
        }
    }

    deinit {
        unsafe inflateEnd(inflater)
        unsafe inflater.deallocate()
        unsafe ZSTD_freeDStream(zstd)
        unsafe input.deallocate()
    }

    /// Compressed bytes read so far; for any thread.
    var compressedBytesRead: UInt64 { read.load(ordering: .relaxed) }

    /// The place in the compressed file of the next byte to consume.
    private var offset: UInt64 { compressedBytesRead - UInt64(unread.count) }

    /// Decompresses what is there: the count, 0 at the end or at ``damage``, or the negated `errno`.
    ///
    /// Returns with less than `count` bytes rather than wait for more input.
    func decompress(into target: UnsafeMutablePointer<UInt8>, count: Int) -> Int {
        var produced = 0
        while produced < count, damage == nil {
            // Output may be pending though all input was consumed.
            let step = isBetween && unread.isEmpty ? 0 : unsafe self.step(target + produced, count - produced)
            produced += step
            guard step == 0, damage == nil, unread.isEmpty else { continue }
            guard produced == 0 else { break }
            let result = unsafe descriptor.read(into: input, count: capacity)
            guard result >= 0 else { return result }
            guard result > 0 else {
                if !isBetween {
                    damage = StreamDamage(
                        kind: .truncated,
                        offset: offset,
                        message: "The compressed file ends inside its \(compression.rawValue) stream."
                    )
                }
                return 0
            }
            read.add(UInt64(result), ordering: .relaxed)
            unread = 0..<result
        }
        return produced
    }

    /// Decompresses everything; `nil` where that is more than a number of bytes, or damaged.
    func all(atMost most: Int) -> [UInt8]? {
        var result = 0
        let bytes = unsafe [UInt8](unsafeUninitializedCapacity: most + 1) { buffer, length in
            guard let start = buffer.baseAddress else { return }
            repeat {
                result = unsafe decompress(into: start + length, count: most + 1 - length)
                length += max(0, result)
            } while result > 0 && length <= most
        }
        guard result == 0, damage == nil else { return nil }
        // In no more memory than it takes.
        return unsafe [UInt8](unsafeUninitializedCapacity: bytes.count) { buffer, length in
            length = unsafe buffer.initialize(fromContentsOf: bytes)
        }
    }

    /// Decompresses once, consuming input; how many bytes came of it.
    private func step(_ target: UnsafeMutablePointer<UInt8>, _ count: Int) -> Int {
        switch compression {
        case .gzip: unsafe inflateStep(target, count)
        case .zstd: unsafe zstdStep(target, count)
        }
    }

    private func inflateStep(_ target: UnsafeMutablePointer<UInt8>, _ count: Int) -> Int {
        if isBetween {
            // Tapes and disk images leave zeros behind the last member, which gzip passes over as well.
            while let index = unread.first, unsafe input[index] == 0 { unread.removeFirst() }
            guard let index = unread.first else { return 0 }
            guard unsafe input[index] == 0x1f else {
                note("is followed by bytes that are none of it")
                return 0
            }
            unsafe inflateReset(inflater)
            isBetween = false
        }
        unsafe inflater.pointee.next_in = input + unread.lowerBound
        unsafe inflater.pointee.avail_in = UInt32(clamping: unread.count)
        unsafe inflater.pointee.next_out = target
        unsafe inflater.pointee.avail_out = UInt32(clamping: count)
        let status = unsafe inflate(inflater, Z_NO_FLUSH)
        unread = unsafe unread.upperBound - Int(inflater.pointee.avail_in)..<unread.upperBound
        switch status {
        case Z_OK, Z_BUF_ERROR: break
        case Z_STREAM_END: isBetween = true
        default:
            let reason = unsafe inflater.pointee.msg.map { unsafe String(cString: $0) }
            note("is corrupt: \(reason ?? "no reason given")")
        }
        return unsafe count - Int(inflater.pointee.avail_out)
    }

    private func zstdStep(_ target: UnsafeMutablePointer<UInt8>, _ count: Int) -> Int {
        var source = unsafe ZSTD_inBuffer(src: input + unread.lowerBound, size: unread.count, pos: 0)
        var sink = unsafe ZSTD_outBuffer(dst: target, size: count, pos: 0)
        let status = unsafe ZSTD_decompressStream(zstd, &sink, &source)
        unread = unsafe unread.lowerBound + source.pos..<unread.upperBound
        if ZSTD_isError(status) != 0 {
            note("is corrupt: \(unsafe String(cString: ZSTD_getErrorName(status)))")
        } else {
            isBetween = status == 0
        }
        return unsafe sink.pos
    }

    private func note(_ reason: String) {
        damage = StreamDamage(
            kind: .corrupt,
            offset: offset,
            message: "The \(compression.rawValue) stream \(reason)."
        )
    }
}
