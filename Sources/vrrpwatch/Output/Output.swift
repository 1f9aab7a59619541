internal import Glibc
internal import SystemPackage
internal import VRRPCapture

/// A destination of results: standard output, or a file that gets its name only when it is whole.
///
/// Errors are ``Failure``: status 5, or silent success where the reader of a pipe went away.
final class Output {
    private static let bufferSize = 1 << 16

    private var file: OpenFile
    private var buffer: [UInt8] = []
    /// The file that is not whole yet; `nil` where writing goes straight to its destination.
    private var unfinished: Unfinished?
    /// The file that lines are appended to under its own name.
    private var log: (directory: OutputDirectory, name: String)?
    /// The name of the destination in errors.
    let name: String

    /// A file beside the one whose place it is to take.
    private struct Unfinished {
        var directory: OutputDirectory
        var temporary: String
        var final: String
    }

    /// Opens the destination; `nil` and `-` are standard output.
    init(path: String?) throws {
        guard let path, path != "-" else {
            name = "standard output"
            file = .standardOutput
            return
        }
        name = path
        do throws(CaptureError) {
            // Devices and pipes are written to; a rename would replace them.
            if let type = FileType(of: path), type != .regular {
                file = try OpenFile(writing: path)
                return
            }
            // A link stays, and what it leads to is replaced.
            let final = FilePath(FileType.resolved(path) ?? path)
            let folder = final.removingLastComponent()
            let base = final.lastComponent?.string ?? ""
            let unfinished = Unfinished(
                directory: try OutputDirectory(path: folder.isEmpty ? "." : folder.string),
                temporary: ".\(base).\(UInt64.random(in: 0...UInt64.max)).tmp",
                final: base
            )
            file = OpenFile(
                descriptor: try unfinished.directory.open(unfinished.temporary, mode: 0o666, content: .unfinished),
                name: path
            )
            self.unfinished = unfinished
        } catch {
            throw Self.failure(error, name: path)
        }
    }

    /// Takes a file that is open.
    private init(_ file: OpenFile, name: String) {
        self.file = file
        self.name = name
    }

    /// Standard error, for the lines of a program whose packets go to standard output.
    static var standardError: Output { Output(.standardError, name: "standard error") }

    /// Opens a file for appending, which has its name from the beginning: for lines of a program that runs for months.
    init(appendingTo directory: OutputDirectory, _ name: String) throws {
        self.name = directory.path(of: name)
        log = (directory, name)
        file = try Self.open(directory, name)
    }

    /// Opens a file that lines are appended to again, after it was moved away; does nothing for other destinations.
    func reopen() throws {
        guard let log else { return }
        try flush()
        file = try Self.open(log.directory, log.name)
    }

    private static func open(_ directory: OutputDirectory, _ name: String) throws -> OpenFile {
        do throws(CaptureError) {
            let descriptor = try directory.open(name, mode: 0o644, content: .kept)
            return OpenFile(descriptor: descriptor, name: directory.path(of: name))
        } catch {
            throw Failure(.couldNotStart, error.message)
        }
    }

    /// The descriptor for bytes that others write, to be used instead of ``write(_:)``.
    var descriptor: Int32 { file.descriptor }

    deinit {
        abandon()
    }

    /// Adds text, which may be kept until ``flush()``.
    func write(_ text: String) throws {
        buffer.append(contentsOf: text.utf8)
        if buffer.count >= Self.bufferSize { try flush() }
    }

    /// Adds bytes.
    func write(_ bytes: [UInt8]) throws {
        buffer.append(contentsOf: bytes)
        if buffer.count >= Self.bufferSize { try flush() }
    }

    /// Makes a file that is not finished its owner's alone, who is the user that called sudo(8) where one did.
    func makePrivate() throws {
        guard unfinished != nil else { return }
        fchmod(file.descriptor, 0o600)
        guard geteuid() == 0, let user = try Privileges.caller(environmentVariable) else { return }
        // A file system without owners keeps its own.
        _ = fchown(file.descriptor, user.id, user.group)
    }

    /// Hands all text written so far to the system.
    func flush() throws {
        guard !buffer.isEmpty else { return }
        do throws(CaptureError) {
            try file.write(buffer)
        } catch {
            buffer.removeAll()
            throw Self.failure(error, name: name)
        }
        buffer.removeAll(keepingCapacity: true)
    }

    /// Writes the rest and gives a file its name; one that it replaces leaves its permissions to it.
    func finish() throws {
        try flush()
        guard let unfinished else { return }
        let directory = unfinished.directory
        do throws(CaptureError) {
            try file.takePermissions(ofFileAt: directory.path(of: unfinished.final))
            try file.synchronize()
            try directory.rename(unfinished.temporary, to: unfinished.final)
            self.unfinished = nil
        } catch {
            throw Self.failure(error, name: name)
        }
    }

    /// Removes an unfinished file.
    private func abandon() {
        guard let unfinished else { return }
        // Nothing is left to be done where even that fails.
        try? unfinished.directory.remove(unfinished.temporary)
    }

    private static func failure(_ error: CaptureError, name: String) -> Failure {
        if error.systemError == EPIPE { return .readerGone }
        return Failure(.outputFailed, "\(name): \(error.detail)")
    }
}
