internal import Glibc

/// The layout of the blocks that two threads read, and the conditions for it.
package struct SieveLayout: Sendable {
    /// Bytes that are copied at once: enough for the hand-over not to count, and no more than a processor's cache holds.
    package var blockSize = 512 << 10
    /// The number of blocks in memory, at least 2.
    package var blockCount = 4
    /// The most frames that are found in a block; where there are more, one thread is as fast.
    package var mostFrames = 256
    /// The fewest bytes that must lie ahead to begin; `.max` for never.
    package var least: UInt64 = 4 << 20
    /// Bytes that one thread reads after two threads that got less far, so that trying in vain costs little.
    package var pause: UInt64 = 64 << 20

    package init() {}
}

/// Reads a large file on two threads, which copy blocks of it in turn and pass over the ordinary frames in them.
///
///     file       │ block 0 │ block 1 │ block 2 │ block 3 │ block 4 │ …
///     copied by    reader    helper    reader    helper    whoever is free first; several are copied at once
///     walked by    reader ──▶ helper ──▶ reader ──▶ helper ──▶ one after the other, each by the thread that copied it:
///                         │         │          a walk takes over the cursor, and the cut record in front of it, that
///                         ▼         ▼          the walk before left
///     lent         the frames that were found, in the order of the file, by the reader alone
///
///     block numbers   released ≤ taken ≤ walked ≤ claimed ≤ released + blockCount
///                     given back  lent    found    copied     the size of the ring
///
/// Reading is mostly copying out of the page cache, and looking at the records of a block that another processor copied
/// takes as long again as copying it. So each thread walks over the blocks that it copied itself, while they are in its
/// cache.
///
/// A block may be copied when the reader has given back the block whose place in the ring it takes, and walked when the
/// block before it has been walked. Reading on two threads ends at the first thing that a cursor leaves alone, at a block
/// that the file does not fill, and at a block with too many frames. The reader goes on from there by itself, so that
/// everything odd, damaged or failing is read in one way.
@safe
final class Sieve: @unchecked Sendable {
    /// Room in front of a block's bytes, for what a cursor leaves unread that is not odd: no record that it reads is longer.
    private static let headroom = CaptureReader.largestFrame + 4096

    /// A stretch of the file in memory.
    ///
    /// It has one owner at a time: the thread that copies and walks it, then the reader.
    @safe
    final class Block {
        let bytes: UnsafeMutablePointer<UInt8>
        /// The place of the first byte in the file.
        fileprivate(set) var offset: UInt64 = 0
        fileprivate var count = 0
        /// The cursors that stand at a frame, with nothing to read behind it.
        fileprivate(set) var found: [CaptureCursor] = unsafe []
        private let memory: UnsafeMutableRawPointer

        fileprivate init(size: Int) {
            // Pages that nothing is put into take no memory.
            unsafe memory = .allocate(byteCount: Sieve.headroom + size, alignment: 4096)
            unsafe bytes = (memory + Sieve.headroom).assumingMemoryBound(to: UInt8.self)
        }

        deinit {
            unsafe memory.deallocate()
        }
    }

    /// The place in the file where the first block begins.
    let start: UInt64
    private let file: Descriptor
    private let layout: SieveLayout
    private let blocks: [Block]
    /// The cursor that the next walk begins with; it belongs to the thread that walks.
    private var cursor: CaptureCursor

    private let mutex: UnsafeMutablePointer<pthread_mutex_t>
    private let change: UnsafeMutablePointer<pthread_cond_t>
    // The mutex guards all fields below. They count blocks since the start.
    private var claimed = 0
    private var walked = 0
    private var taken = 0
    private var released = 0
    /// The number of blocks to walk in all.
    private var last = Int.max

    /// Starts to read at the beginning of a record, which is what the cursor would read next.
    ///
    /// Throws ``CaptureError`` with `cannotOpen` when there is no thread to be had.
    init(
        _ file: Descriptor,
        from start: UInt64,
        cursor: CaptureCursor,
        layout: SieveLayout
    ) throws(CaptureError) {
        self.file = file
        self.start = start
        self.layout = layout
        blocks = (0..<layout.blockCount).map { _ in Block(size: layout.blockSize) }
        unsafe self.cursor = cursor
        unsafe self.cursor.setBuffer(start: blocks[0].bytes, count: 0)
        unsafe mutex = .allocate(capacity: 1)
        unsafe change = .allocate(capacity: 1)
        unsafe pthread_mutex_init(mutex, nil)
        unsafe pthread_cond_init(change, nil)
        // Nobody joins the thread. It owns what it uses, and ends when there is nothing more to do.
        _ = try CaptureThread { [self] in help() }
    }

    deinit {
        unsafe pthread_cond_destroy(change)
        unsafe pthread_mutex_destroy(mutex)
        unsafe change.deallocate()
        unsafe mutex.deallocate()
    }

    /// Returns the next walked block, which stays until the next call; `nil` at the end.
    ///
    /// Copies and walks blocks itself where it would have to wait.
    func next() -> Block? {
        lock()
        defer { unlock() }
        while walked == taken {
            if hasEnded { return nil }
            if canClaim { readBlock() } else { wait() }
        }
        // Released only now: the walk needed the bytes that the block before left over.
        released = taken
        taken += 1
        announce()
        return blocks[(taken - 1) % blocks.count]
    }

    /// The point at which one thread goes on after the last block: the cursor, and the next record's place in the file.
    var end: (cursor: CaptureCursor, offset: UInt64) {
        lock()
        defer { unlock() }
        let block = blocks[(last - 1) % blocks.count]
        return unsafe (cursor, block.offset + UInt64(block.count) - UInt64(cursor.end - cursor.next))
    }

    /// Lets the thread end, because nobody reads on.
    func close() {
        lock()
        last = 0
        announce()
        unlock()
    }

    // MARK: With the mutex held

    private var hasEnded: Bool { walked >= last }
    private var canClaim: Bool { claimed < released + blocks.count }

    private func help() {
        lock()
        while !hasEnded {
            if canClaim { readBlock() } else { wait() }
        }
        unlock()
    }

    /// Copies the next block that no thread has claimed, and walks it when its turn comes; gives up the mutex meanwhile.
    private func readBlock() {
        let index = claimed
        claimed += 1
        unlock()
        let block = blocks[index % blocks.count]
        block.offset = start + UInt64(index) * UInt64(layout.blockSize)
        unsafe block.count = file.read(into: block.bytes, count: layout.blockSize, at: block.offset)
        lock()
        while walked < index, !hasEnded { wait() }
        if hasEnded { return }
        unlock()
        let isLast = walk(block)
        lock()
        walked += 1
        if isLast { last = min(last, walked) }
        announce()
    }

    private func lock() { unsafe pthread_mutex_lock(mutex) }

    private func unlock() { unsafe pthread_mutex_unlock(mutex) }

    private func wait() { unsafe pthread_cond_wait(change, mutex) }

    private func announce() { unsafe pthread_cond_broadcast(change) }

    // MARK: Without it

    /// Finds the frames of a block; returns whether reading ends with it.
    private func walk(_ block: Block) -> Bool {
        var cursor = unsafe cursor
        let rest = unsafe cursor.end - cursor.next
        let first = unsafe block.bytes - rest
        unsafe first.update(from: cursor.next, count: rest)
        unsafe cursor.setBuffer(start: first, count: rest + block.count)
        unsafe block.found.removeAll(keepingCapacity: true)
        // The first is found whatever it holds, so that the reader comes by now and then.
        var isThere = unsafe cursor.advanceInBuffer()
        while isThere {
            var place = unsafe cursor
            unsafe place.end = place.next
            unsafe block.found.append(place)
            isThere = unsafe block.found.count < layout.mostFrames && cursor.advancePastOrdinary()
        }
        unsafe self.cursor = cursor
        return unsafe block.found.count == layout.mostFrames || block.count < layout.blockSize
            || cursor.end - cursor.next > Self.headroom
    }
}
