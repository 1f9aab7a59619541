internal import Glibc

/// A file, pipe or device that is open; closed with the last reference to it.
///
/// Failures are ``CaptureError``: `notFound`, `notPermitted`, `cannotOpen`, `cannotRead`, `cannotWrite`.
package final class OpenFile: Sendable {
    /// For calls that take a descriptor, while this object lives.
    package let descriptor: CInt
    /// The file as messages call it.
    private let name: String
    private let isOwned: Bool

    package static let standardOutput = OpenFile(descriptor: STDOUT_FILENO, name: "standard output", isOwned: false)
    package static let standardError = OpenFile(descriptor: STDERR_FILENO, name: "standard error", isOwned: false)

    private init(descriptor: CInt, name: String, isOwned: Bool) {
        self.descriptor = descriptor
        self.name = name
        self.isOwned = isOwned
    }

    /// Takes a descriptor over.
    package convenience init(descriptor: CInt, name: String) {
        self.init(descriptor: descriptor, name: name, isOwned: true)
    }

    package convenience init(reading path: String) throws(CaptureError) {
        self.init(descriptor: unsafe open(fileName(path), O_RDONLY | O_CLOEXEC), name: path)
        guard descriptor >= 0 else { throw CaptureError.system(path, errno) }
    }

    /// Opens what is there for writing, such as a device; a pipe waits for its reader.
    package convenience init(writing path: String) throws(CaptureError) {
        self.init(descriptor: unsafe open(fileName(path), O_WRONLY | O_CLOEXEC), name: path)
        guard descriptor >= 0 else { throw CaptureError.system(path, errno) }
    }

    /// Makes a file without a name for reading and writing, in the directory that `TMPDIR` names, or in `/tmp`.
    package static func temporary() throws(CaptureError) -> OpenFile {
        let folder = environmentVariable("TMPDIR").flatMap { $0.isEmpty ? nil : $0 } ?? "/tmp"
        var template = fileName("\(folder)/vrrpwatch-XXXXXX")
        let descriptor = unsafe mkstemp(&template)
        guard descriptor >= 0 else { throw CaptureError.system(folder, errno) }
        _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
        let file = OpenFile(descriptor: descriptor, name: "temporary file in \(folder)")
        guard unsafe unlink(template) == 0 else { throw CaptureError.system(folder, errno) }
        return file
    }

    deinit {
        if isOwned, descriptor >= 0 { close(descriptor) }
    }

    /// Reads what is there, at most `count` bytes; nothing at the end.
    package func read(atMost count: Int) throws(CaptureError) -> [UInt8] {
        while true {
            var failure: CInt = 0
            let bytes = unsafe [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
                let got = unsafe Glibc.read(descriptor, buffer.baseAddress, count)
                failure = got < 0 ? errno : 0
                filled = max(0, got)
            }
            if failure == 0 { return bytes }
            if failure != EINTR { throw CaptureError.system(name, failure, .cannotRead) }
        }
    }

    /// Reads to the end, at most `count` bytes, also from a pipe that delivers them in pieces.
    package func readAll(atMost count: Int) throws(CaptureError) -> [UInt8] {
        var all: [UInt8] = []
        while all.count < count {
            let part = try read(atMost: min(count - all.count, 1 << 20))
            guard !part.isEmpty else { break }
            all += part
        }
        return all
    }

    package func write(_ bytes: [UInt8]) throws(CaptureError) {
        var written = 0
        while written < bytes.count {
            let count = unsafe bytes.withUnsafeBytes { buffer in
                unsafe Glibc.write(descriptor, buffer.baseAddress?.advanced(by: written), buffer.count - written)
            }
            if count >= 0 {
                written += count
            } else if errno != EINTR {
                throw CaptureError.system(name, errno, .cannotWrite)
            }
        }
    }

    /// Goes back to the first byte.
    package func rewind() throws(CaptureError) {
        guard lseek(descriptor, 0, SEEK_SET) == 0 else { throw CaptureError.system(name, errno, .cannotRead) }
    }

    /// Goes to where at most so many bytes are left of a regular file; returns the size of the file in bytes.
    package func goTo(last count: Int) throws(CaptureError) -> Int {
        let size = lseek(descriptor, 0, SEEK_END)
        guard size >= 0, lseek(descriptor, max(0, size - count), SEEK_SET) >= 0 else {
            throw CaptureError.system(name, errno, .cannotRead)
        }
        return size
    }

    /// Waits until the contents are on the disk.
    package func synchronize() throws(CaptureError) {
        guard fsync(descriptor) == 0 else { throw CaptureError.system(name, errno, .cannotWrite) }
    }

    /// Gives the file the permissions of another one, where that is there.
    package func takePermissions(ofFileAt path: String) throws(CaptureError) {
        var status = stat()
        guard unsafe stat(fileName(path), &status) == 0 else { return }
        guard fchmod(descriptor, status.st_mode & 0o7777) == 0 else {
            throw CaptureError.system(name, errno, .cannotWrite)
        }
    }
}
