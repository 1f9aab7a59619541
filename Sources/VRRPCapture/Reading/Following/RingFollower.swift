internal import Glibc
internal import Synchronization

/// Follows a directory in which the files of a ring grow, as one stream.
///
/// The files are pcapng, of which sections may stand one behind the other, as `vrrpwatch watch -w` writes them: each is
/// followed until a younger one is there. Other files are passed over.
package final class RingFollower: Sendable {
    /// The time between two looks at a file that has no more bytes.
    private static let pause: CInt = 100
    private static let piece = 65_536
    private static let magic: [UInt8] = [0x0a, 0x0d, 0x0d, 0x0a]

    /// A file by what stays the same when it is renamed.
    private struct File: Hashable {
        var inode: UInt64
        var name: String
        var modified: Int64
    }

    private let directory: String
    private let stopSignal: StopSignal
    private let writer: CInt
    /// The end of the pipe that the stream comes from; it is the caller's to close.
    package let descriptor: CInt

    /// Begins to follow a directory with its oldest file.
    ///
    /// - Throws: ``CaptureError`` where it cannot be listed, or the system has no pipe or thread to give.
    package init(directory: String) throws(CaptureError) {
        self.directory = directory.hasSuffix("/") ? directory : directory + "/"
        stopSignal = try StopSignal()
        _ = try OutputDirectory.files(in: directory)
        var ends: [CInt] = [-1, -1]
        guard unsafe pipe(&ends) == 0 else { throw CaptureError.system(directory, errno, .cannotOpen) }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        (descriptor, writer) = (ends[0], ends[1])
        _ = try CaptureThread { [self] in
            follow()
            close(writer)
        }
    }

    /// Ends the stream.
    package func stop() { stopSignal.stop() }

    private func follow() {
        var done: Set<UInt64> = []
        while true {
            let files = files().filter { !done.contains($0.inode) }
            guard let file = files.first else {
                guard waits() else { return }
                continue
            }
            guard let number = try? Descriptor(path: directory + file.name) else {
                // A ring removes its oldest file at any moment.
                done.insert(file.inode)
                continue
            }
            guard copy(number, inode: file.inode, &done) else { return }
            done.insert(file.inode)
        }
    }

    /// Copies a file until a younger one is there; false where the stream is to end.
    private func copy(_ file: Descriptor, inode: UInt64, _ done: inout Set<UInt64>) -> Bool {
        var bytes = [UInt8](repeating: 0, count: Self.piece)
        var isFirst = true
        var isSucceeded = false
        while true {
            let count = unsafe bytes.withUnsafeMutableBytes { buffer in
                guard let start = buffer.baseAddress else { return 0 }
                return unsafe file.read(into: start, count: Self.piece)
            }
            if count > 0 {
                if isFirst, count >= 4, Array(bytes[..<4]) != Self.magic { return true }
                isFirst = false
                guard send(bytes[..<count]) else { return false }
                continue
            }
            // What was written before the younger file began was read by now.
            if isSucceeded || count < 0 { return true }
            isSucceeded = files().contains { $0.inode != inode && !done.contains($0.inode) }
            if !isSucceeded, !waits() { return false }
        }
    }

    private func send(_ bytes: ArraySlice<UInt8>) -> Bool {
        var rest = bytes
        while !rest.isEmpty {
            var watched = [writer, stopSignal.descriptor].map { pollfd(fd: $0, events: 0, revents: 0) }
            watched[0].events = Int16(POLLOUT)
            watched[1].events = Int16(POLLIN)
            guard unsafe poll(&watched, 2, -1) > 0 || errno == EINTR else { return false }
            if watched[1].revents != 0 { return false }
            // No more than a pipe with any room takes without waiting (`PIPE_BUF` of pipe(7)).
            let count = unsafe rest.withUnsafeBytes { buffer in
                unsafe write(writer, buffer.baseAddress, min(4096, buffer.count))
            }
            if count < 0, errno != EINTR, errno != EAGAIN { return false }
            rest = rest.dropFirst(max(0, count))
        }
        return true
    }

    /// Waits a moment; false where the stream is to end, also because nobody reads it.
    private func waits() -> Bool {
        var watched = [writer, stopSignal.descriptor].map { pollfd(fd: $0, events: 0, revents: 0) }
        watched[1].events = Int16(POLLIN)
        let count = unsafe poll(&watched, 2, Self.pause)
        return count == 0 || count < 0 && errno == EINTR
    }

    /// The files of the directory, those that were written last at the end.
    private func files() -> [File] {
        // A directory that cannot be listed any more shows nothing new.
        let names = (try? OutputDirectory.files(in: directory)) ?? []
        return names.filter { !$0.hasPrefix(".") }.compactMap { name in
            var status = stat()
            guard unsafe stat(fileName(directory + name), &status) == 0 else { return nil }
            let modified = Int64(status.st_mtim.tv_sec) &* 1_000_000_000 &+ Int64(status.st_mtim.tv_nsec)
            return File(inode: UInt64(status.st_ino), name: name, modified: modified)
        }.sorted { ($0.modified, $0.name) < ($1.modified, $1.name) }
    }
}
