internal import CMemory
internal import Glibc
internal import VRRPFacts

/// O_PATH of open(2), which Glibc's module does not export: a descriptor of the place, without opening what is there.
let openPath: CInt = 0o10_000_000

/// A directory that files are written into, held open so that it can still be reached when privileges are gone.
package final class OutputDirectory: Sendable {
    package let path: String
    let descriptor: CInt

    /// Opens a directory; throws ``CaptureError``: `notFound`, `notPermitted`, `cannotOpen`.
    package init(path: String) throws(CaptureError) {
        descriptor = unsafe Glibc.open(fileName(path), openPath | O_DIRECTORY | O_CLOEXEC)
        self.path = path
        guard descriptor >= 0 else { throw CaptureError.system(path, errno) }
    }

    deinit {
        close(descriptor)
    }

    /// The path of a file in it, as messages call it.
    package func path(of name: String) -> String { path == "." ? name : path == "/" ? "/" + name : path + "/" + name }

    /// Opens a file for writing, and makes it where it is not there.
    ///
    /// A symbolic link is not followed: in a directory that others may write to it could lead anywhere.
    ///
    /// - Parameters:
    ///   - name: of the file, without any slash.
    ///   - mode: its permissions if it is new, less the process's mask.
    ///   - content: what becomes of a file that is there.
    /// - Returns: a descriptor that is the caller's to close.
    /// - Throws: ``CaptureError``.
    package func open(_ name: String, mode: UInt32 = 0o600, content: Content) throws(CaptureError) -> CInt {
        let flags: CInt =
            switch content {
            case .replaced: O_TRUNC
            case .kept: O_APPEND
            case .none, .unfinished: O_EXCL
            }
        let file = unsafe openat(
            descriptor,
            fileName(name),
            O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW | flags,
            mode
        )
        guard file >= 0 else { throw CaptureError.system(path(of: name), errno) }
        if content == .unfinished { unsafe memory_note_unfinished(descriptor, fileName(name)) }
        return file
    }

    /// The treatment of a file that has contents already.
    package enum Content: Sendable {
        case replaced
        /// Writing goes on behind it.
        case kept
        /// There must be none: it is an error if the file is there.
        case none
        /// Likewise. The file is to get another name when it is whole, and is removed if the program ends before for want of
        /// memory.
        case unfinished
    }

    /// Puts bytes in a file's place at once, so that readers see the old or the new and never half of it.
    package func replace(_ name: String, with bytes: [UInt8], mode: UInt32) throws(CaptureError) {
        let temporary = ".\(name).tmp"
        let file = try open(temporary, mode: mode, content: .replaced)
        defer { close(file) }
        do throws(CaptureError) {
            var rest = bytes[...]
            while !rest.isEmpty {
                let written = unsafe rest.withUnsafeBytes { unsafe write(file, $0.baseAddress, $0.count) }
                if written < 0 {
                    if errno == EINTR { continue }
                    throw CaptureError.system(path(of: name), errno, .cannotWrite)
                }
                rest = rest.dropFirst(written)
            }
            // The mask of the process may have taken away what readers need.
            guard fchmod(file, mode) == 0 else { throw CaptureError.system(path(of: name), errno, .cannotWrite) }
            try rename(temporary, to: name)
        } catch {
            _ = unsafe unlinkat(descriptor, fileName(temporary), 0)
            throw error
        }
    }

    package func rename(_ name: String, to other: String) throws(CaptureError) {
        guard unsafe renameat(descriptor, fileName(name), descriptor, fileName(other)) == 0 else {
            throw CaptureError.system(path(of: other), errno, .cannotWrite)
        }
        unsafe memory_note_finished(descriptor, fileName(name))
    }

    /// Removes a file; one that is not there is none the less gone.
    package func remove(_ name: String) throws(CaptureError) {
        unsafe memory_note_finished(descriptor, fileName(name))
        guard unsafe unlinkat(descriptor, fileName(name), 0) != 0, errno != ENOENT else { return }
        throw CaptureError.system(path(of: name), errno, .cannotWrite)
    }

    /// Whether a name still leads to an open file, which somebody may have moved away.
    package func leads(_ name: String, to file: CInt) -> Bool {
        var named = stat()
        var opened = stat()
        guard unsafe fstatat(descriptor, fileName(name), &named, AT_SYMLINK_NOFOLLOW) == 0,
            unsafe fstat(file, &opened) == 0
        else { return false }
        return named.st_dev == opened.st_dev && named.st_ino == opened.st_ino
    }

    /// The names of what lies in a directory, in no order; throws ``CaptureError`` where it cannot be read.
    package static func names(in path: String) throws(CaptureError) -> [String] { try Self(path: path).names() }

    /// The names of the regular files in a directory, to which symbolic links may lead, in no order; throws
    /// ``CaptureError`` where it cannot be read.
    package static func files(in path: String) throws(CaptureError) -> [String] {
        let directory = try Self(path: path)
        var files: [String] = []
        try directory.forEachEntry { name, type in
            // Only links, and file systems that do not tell, need another look.
            let isRegular =
                type == DT_REG
                || (type == DT_LNK || type == DT_UNKNOWN) && FileType(of: directory.path(of: name)) == .regular
            if isRegular { files.append(name) }
        }
        return files
    }

    /// The names of what lies in it, in no order.
    package func names() throws(CaptureError) -> [String] {
        var names: [String] = []
        try forEachEntry { name, _ in names.append(name) }
        return names
    }

    /// Calls a function with the name and the type, as readdir(3) has it, of each thing that lies in it.
    private func forEachEntry(_ body: (String, Int) -> Void) throws(CaptureError) {
        let readable = unsafe openat(descriptor, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard readable >= 0, let stream = unsafe fdopendir(readable) else { throw CaptureError.system(path, errno) }
        defer { unsafe closedir(stream) }
        while let entry = unsafe readdir(stream) {
            let name = unsafe withUnsafeBytes(of: entry.pointee.d_name) { bytes in
                unsafe NameBytes.text(Array(bytes.prefix { $0 != 0 }))
            }
            if name != ".", name != ".." { body(name, unsafe Int(entry.pointee.d_type)) }
        }
    }
}
