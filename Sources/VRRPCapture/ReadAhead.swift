internal import Glibc
internal import Synchronization

/// Decompresses on a thread of its own, a few buffers ahead of whoever reads.
///
/// Buffers go round between two semaphores: the thread fills those that are free, the reader frees those that are filled.
/// A semaphore orders memory, so that a buffer has one owner at any time. An empty buffer is the end of the stream.
@safe
final class ReadAhead: @unchecked Sendable {
    private static let bufferCount = 4
    private static let bufferSize = 256 << 10

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
        unsafe bytes = .allocate(capacity: Self.bufferCount * Self.bufferSize)
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

    /// What ended the stream early; `nil` before its end.
    var damage: StreamDamage? { hasEnded ? decompressor.damage : nil }

    /// Lets the thread end, for nobody will read on.
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
            count = unsafe decompressor.decompress(into: bytes + index * Self.bufferSize, count: Self.bufferSize)
            unsafe counts[index] = count
            unsafe sem_post(filled)
            index = (index + 1) % Self.bufferCount
        }
    }

    /// Hands over what is there, waiting until there is something: the count, 0 at the end, or the negated `errno`.
    func read(into target: UnsafeMutablePointer<UInt8>, count: Int) -> Int {
        guard !hasEnded else { return 0 }
        if !isHolding {
            unsafe wait(for: filled)
            isHolding = true
            place = 0
        }
        let filledCount = unsafe counts[current]
        guard filledCount > 0 else {
            hasEnded = true
            return filledCount
        }
        let length = min(count, filledCount - place)
        unsafe target.update(from: bytes + current * Self.bufferSize + place, count: length)
        place += length
        if place == filledCount {
            isHolding = false
            current = (current + 1) % Self.bufferCount
            unsafe sem_post(free)
        }
        return length
    }

    private func wait(for semaphore: UnsafeMutablePointer<sem_t>) {
        // Only signals interrupt it.
        while unsafe sem_wait(semaphore) != 0 {}
    }
}
