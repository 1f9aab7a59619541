internal import Glibc
internal import Synchronization

/// Decompresses on a thread of its own, a few buffers ahead of the reader.
///
/// Buffers go round between two semaphores: the thread fills those that are free, the reader frees those that are filled.
/// A semaphore orders memory, so that a buffer has one owner at any time. An empty buffer is the end of the stream.
///
/// Buffers are lent, not copied: copying would cost as much as decompressing.
@safe
final class ReadAhead: @unchecked Sendable {
    /// Room in front of each buffer, into which the reader may write the rest of the previous buffer.
    static let headroom = 64 << 10
    private static let bufferCount = 4
    /// Large, because each costs the waking of a thread.
    private static let bufferSize = 1 << 20
    private static let stride = headroom + bufferSize

    private let decompressor: Decompressor
    private let bytes: UnsafeMutablePointer<UInt8>
    private let counts: UnsafeMutablePointer<Int>
    private let free: UnsafeMutablePointer<sem_t>
    private let filled: UnsafeMutablePointer<sem_t>
    private let isCancelled = Atomic(false)

    /// The reader's own: the buffer it reads, how far, and whether it owns it.
    private var current = 0
    private var place = 0
    private var isHolding = false
    private var hasEnded = false

    /// Starts decompressing; throws ``CaptureError`` with `cannotOpen` when there is no thread to be had.
    init(_ decompressor: Decompressor) throws(CaptureError) {
        self.decompressor = decompressor
        // Pages that nothing is put into take no memory.
        unsafe bytes = .allocate(capacity: Self.bufferCount * Self.stride)
        unsafe counts = .allocate(capacity: Self.bufferCount)
        unsafe counts.initialize(repeating: 0, count: Self.bufferCount)
        unsafe free = .allocate(capacity: 1)
        unsafe filled = .allocate(capacity: 1)
        unsafe sem_init(free, 0, UInt32(Self.bufferCount))
        unsafe sem_init(filled, 0, 0)
        // Nobody joins the thread: it may wait for a pipe for ever. It owns what it uses, and ends when it is cancelled.
        _ = try CaptureThread { [self] in fill() }
    }

    deinit {
        unsafe sem_destroy(free)
        unsafe sem_destroy(filled)
        unsafe free.deallocate()
        unsafe filled.deallocate()
        unsafe counts.deallocate()
        unsafe bytes.deallocate()
    }

    /// Compressed bytes read so far.
    var compressedBytesRead: UInt64 { decompressor.compressedBytesRead }

    /// The damage that ended the stream early; `nil` before its end.
    var damage: StreamDamage? { hasEnded ? decompressor.damage : nil }

    /// Lets the thread end, because nobody reads on.
    func cancel() {
        isCancelled.store(true, ordering: .releasing)
        unsafe sem_post(free)
    }

    private func fill() {
        var index = 0
        var count = 1
        while count > 0 {
            unsafe wait(for: free)
            if isCancelled.load(ordering: .acquiring) { return }
            count = unsafe decompressor.decompress(into: start(of: index), count: Self.bufferSize)
            unsafe counts[index] = count
            unsafe sem_post(filled)
            index = (index + 1) % Self.bufferCount
        }
    }

    private func start(of index: Int) -> UnsafeMutablePointer<UInt8> {
        unsafe bytes + index * Self.stride + Self.headroom
    }

    /// Lends what is there until the next call of this or ``read(into:count:)``, waiting until there is something.
    ///
    /// - Returns: the bytes, in front of which there is ``headroom``, and their count: 0 at the end, or the negated `errno`.
    func lend() -> (start: UnsafeMutablePointer<UInt8>, count: Int) {
        let count = next()
        defer { place += max(0, count) }
        return unsafe (start(of: current) + place, count)
    }

    /// Copies what is there, waiting until there is something: the count, 0 at the end, or the negated `errno`.
    func read(into target: UnsafeMutablePointer<UInt8>, count: Int) -> Int {
        let length = min(count, next())
        guard length > 0 else { return length }
        unsafe target.update(from: start(of: current) + place, count: length)
        place += length
        return length
    }

    /// The unread bytes of the current buffer, or of the next one where none are left: 0 at the end, or the negated
    /// `errno`.
    private func next() -> Int {
        guard !hasEnded else { return 0 }
        if isHolding {
            let rest = unsafe counts[current] - place
            guard rest == 0 else { return rest }
            current = (current + 1) % Self.bufferCount
            unsafe sem_post(free)
        }
        unsafe wait(for: filled)
        isHolding = true
        place = 0
        let count = unsafe counts[current]
        hasEnded = count <= 0
        return count
    }

    private func wait(for semaphore: UnsafeMutablePointer<sem_t>) {
        // Only signals interrupt it.
        while unsafe sem_wait(semaphore) != 0 {}
    }
}
