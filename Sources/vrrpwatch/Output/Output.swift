internal import Foundation
internal import VRRPCapture

/// A destination of results: standard output, or a file that gets its name only when it is whole.
///
/// Errors are ``Failure``: status 5, or silent success where the reader of a pipe went away.
final class Output {
    private static let bufferSize = 1 << 16

    private var handle: FileHandle
    private var buffer = Data()
    /// The unfinished file and the name it is to have; `nil` where writing goes straight to its destination.
    private var unfinished: (temporary: URL, final: URL)?
    /// The file that lines are appended to under its own name.
    private var log: (directory: OutputDirectory, name: String)?
    /// The name of the destination in errors.
    let name: String

    /// Opens the destination; `nil` and `-` are standard output.
    init(path: String?) throws {
        guard let path, path != "-" else {
            name = "standard output"
            handle = .standardOutput
            return
        }
        name = path
        let final = URL(filePath: path).resolvingSymlinksInPath()
        // Absence is the meaning: a file that is not there has no type.
        let attributes = try? FileManager.default.attributesOfItem(atPath: final.path)
        let type = attributes?[.type] as? FileAttributeType
        do {
            // Devices and pipes are written to; a rename would replace them.
            guard type == nil || type == .typeRegular else {
                handle = try FileHandle(forWritingTo: final)
                return
            }
            let temporary = final.deletingLastPathComponent()
                .appending(path: ".\(final.lastPathComponent).\(UUID().uuidString).tmp")
            try Data().write(to: temporary, options: .withoutOverwriting)
            unfinished = (temporary, final)
            handle = try FileHandle(forWritingTo: temporary)
        } catch {
            throw Self.failure(error, name: path)
        }
    }

    /// Opens a file for appending, which has its name from the beginning: for lines of a program that runs for months.
    init(appendingTo directory: OutputDirectory, _ file: String) throws {
        name = directory.path(of: file)
        log = (directory, file)
        handle = try Self.open(directory, file)
    }

    /// Opens a file that lines are appended to again, after it was moved away; does nothing for other destinations.
    func reopen() throws {
        guard let log else { return }
        try flush()
        handle = try Self.open(log.directory, log.name)
    }

    private static func open(_ directory: OutputDirectory, _ name: String) throws -> FileHandle {
        do throws(CaptureError) {
            let descriptor = try directory.open(name, mode: 0o644, content: .kept)
            return FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
        } catch {
            throw Failure(.couldNotStart, error.message)
        }
    }

    /// The descriptor for bytes that others write, to be used instead of ``write(_:)``.
    var descriptor: Int32 { handle.fileDescriptor }

    deinit {
        abandon()
    }

    /// Adds text, which may be kept until ``flush()``.
    func write(_ text: String) throws {
        buffer.append(contentsOf: text.utf8)
        if buffer.count >= Self.bufferSize { try flush() }
    }

    /// Hands all text written so far to the system.
    func flush() throws {
        guard !buffer.isEmpty else { return }
        do {
            try handle.write(contentsOf: buffer)
        } catch {
            buffer.removeAll()
            throw Self.failure(error, name: name)
        }
        buffer.removeAll(keepingCapacity: true)
    }

    /// Writes the rest and gives a file its name.
    func finish() throws {
        try flush()
        guard let (temporary, final) = unfinished else { return }
        do {
            try handle.synchronize()
            try handle.close()
            if FileManager.default.fileExists(atPath: final.path) {
                // Foundation's one safe way to put a file in another's place: `replaceItemAt` loses both on Linux.
                try Data(contentsOf: temporary, options: .mappedIfSafe).write(to: final, options: .atomic)
                abandon()
            } else {
                try FileManager.default.moveItem(at: temporary, to: final)
            }
            unfinished = nil
        } catch {
            throw Self.failure(error, name: name)
        }
    }

    /// Removes an unfinished file.
    private func abandon() {
        guard let unfinished else { return }
        // Nothing is left to be done where even that fails.
        try? FileManager.default.removeItem(at: unfinished.temporary)
    }

    private static func failure(_ error: any Error, name: String) -> Failure {
        let cause = (error as NSError).userInfo[NSUnderlyingErrorKey] as? NSError ?? error as NSError
        if cause.domain == NSPOSIXErrorDomain, cause.code == Int(EPIPE) { return .readerGone }
        let preamble = "The operation could not be completed. "
        let description = cause.localizedDescription
        let reason = description.hasPrefix(preamble) ? String(description.dropFirst(preamble.count)) : description
        return Failure(.outputFailed, "\(name): \(reason)")
    }
}
