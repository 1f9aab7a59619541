internal import Glibc

/// How and when a file is read on two threads.
package struct SieveLayout: Sendable {
    /// Bytes that are copied at once: enough for the hand-over not to count, and no more than a processor's cache holds.
    package var blockSize = 512 << 10
    /// How many blocks are in memory, at least 2.
    package var blockCount = 4
    /// The most frames that are found in a block; where there are more, one thread is as fast.
    package var mostFrames = 256
    /// How many bytes must lie ahead to begin; `.max` for never.
    package var least: UInt64 = 4 << 20
    /// How many bytes one thread reads after two that did not get as far, so that trying in vain costs little.
    package var pause: UInt64 = 64 << 20

    package init() {}
}

/// Reads a large file on two threads, the reader's and one of its own, both of which pass over ordinary frames.
///
/// Reading is copying out of the page cache, for the most part; but to look at each record of what another processor copied
/// would take as long again. So the threads copy blocks of the file in turn, and each walks over the records in the blocks
/// that it copied. The walks follow each other, since a cursor at the end of one block is what the walk over the next
/// begins with. The reader gets the frames that they found.
///
/// Blocks lie in a ring. One may be copied when the reader has given back the one whose place it takes, and walked when the
/// one before it has been; what that left of its last record is then put in front. The end is whatever a cursor leaves
/// alone, a block that the file does not fill, and one with too many frames. The reader goes on from there by itself, so
/// that there is one way to read what is odd, damaged or failing.
@safe
final class Sieve: @unchecked Sendable {
    /// Room in front of a block's bytes, for what a cursor leaves unread that is not odd: no record that it reads is longer.
    private static let headroom = CaptureReader.largestFrame + 4096

    /// A stretch of the file in memory.
    ///
    /// It has one owner at any time: who copies and walks it, then the reader.
    @safe
    final class Block {
        let bytes: UnsafeMutablePointer<UInt8>
        /// The place in the file of the first byte.
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
    /// Where the next walk begins; of whoever walks.
    private var cursor: CaptureCursor

    private let mutex: UnsafeMutablePointer<pthread_mutex_t>
    private let change: UnsafeMutablePointer<pthread_cond_t>
    // What follows is looked at with the mutex held only. The numbers are of blocks since the start.
    private var claimed = 0
    private var walked = 0
    private var taken = 0
    private var released = 0
    /// How many blocks are walked in all.
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

    /// The next block that has been walked, which stays until this is called again; `nil` at the end.
    ///
    /// Helps with reading where it would have to wait.
    func next() -> Block? {
        lock()
        defer { unlock() }
        while walked == taken {
            if hasEnded { return nil }
            if canClaim { readBlock() } else { wait() }
        }
        // Not before, for the walk needs what this block's predecessor left.
        released = taken
        taken += 1
        announce()
        return blocks[(taken - 1) % blocks.count]
    }

    /// Where one thread is to go on after the last block: the cursor, and the place in the file of the next record.
    var end: (cursor: CaptureCursor, offset: UInt64) {
        lock()
        defer { unlock() }
        let block = blocks[(last - 1) % blocks.count]
        return unsafe (cursor, block.offset + UInt64(block.count) - UInt64(cursor.end - cursor.next))
    }

    /// Lets the thread end, for nobody will read on.
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

    /// Copies the next block that nobody copies, and walks it when its turn comes; gives up the mutex meanwhile.
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

    /// Finds the frames of a block; whether reading ends with it.
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
