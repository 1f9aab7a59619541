internal import ArgumentParser
internal import Glibc
internal import SystemPackage
internal import VRRPAuthentication
internal import VRRPCapture

/// Keys to hold advertisements against.
///
/// The keys come from files, because every user of the host can read command lines.
struct KeyOptions: ParsableArguments {
    @Option(
        name: .long,
        help: ArgumentHelp(
            "Check authentication with the keys in a file that only you can read. A line is KEY, text:KEY or hex:BYTES; "
                + "vrid=N, segment=NAME and id=N before it limit its use. Can be repeated.",
            valueName: "file"
        ),
        completion: .file()
    )
    var keyFile: [String] = []

    /// The keys of all files; `nil` where none is named.
    ///
    /// - Throws: ``Failure`` with status 3 where a file cannot be read, where other users can read it, or where a line is
    ///   malformed.
    func ring() throws -> KeyRing? {
        guard !keyFile.isEmpty else { return nil }
        return KeyRing(try keyFile.flatMap(Self.keys))
    }

    /// The options as they are given.
    var words: [String] { keyFile.flatMap { ["--key-file", $0] } }

    private static func keys(inFile path: String) throws -> [GivenKey] {
        let bytes = try content(of: path)
        do throws(KeyFile.ParseError) {
            return try KeyFile.keys(in: bytes, name: path)
        } catch {
            throw Failure(.couldNotStart, "\(error)")
        }
    }

    /// Reads a file, after checking the rights of the very file that was opened.
    private static func content(of path: String) throws -> [UInt8] {
        do {
            let file = try OpenFile(reading: path)
            try refuse(path, try FileDescriptor(rawValue: file.descriptor).stat())
            // One byte more than the limit reveals a file that is too large.
            return try file.readAll(atMost: KeyFile.mostBytes + 1)
        } catch let error as CaptureError {
            throw Failure(.couldNotStart, "\(path): the key file cannot be read: \(error.detail)")
        } catch let error as Errno {
            throw Failure(.couldNotStart, "\(path): the key file cannot be read: \(error)")
        }
    }

    private static func refuse(_ path: String, _ status: Stat) throws {
        guard [.regular, .fifo].contains(status.type) else {
            throw Failure(.couldNotStart, "\(path): not a regular file but a \(status.type), so it cannot hold keys")
        }
        let others: FilePermissions = [.groupReadWriteExecute, .otherReadWriteExecute]
        guard status.permissions.isDisjoint(with: others) else {
            let mode = String(status.permissions.rawValue, radix: 8)
            let mend = "Make it private: chmod 600 \(path)"
            throw Failure(
                .couldNotStart,
                "\(path): other users can read or write this key file (mode \(mode)). \(mend)"
            )
        }
        guard owners.contains(status.userID.rawValue) else {
            let owner = status.userID.rawValue
            let mend = "Make it yours: chown \(getuid()) \(path)"
            throw Failure(.couldNotStart, "\(path): this key file belongs to another user (\(owner)). \(mend)")
        }
    }

    /// The user, root, and the user who became root with sudo(8).
    private static var owners: Set<uid_t> {
        var owners: Set<uid_t> = [0, getuid(), geteuid()]
        if geteuid() == 0, let invoker = environmentVariable("SUDO_UID").flatMap({ uid_t($0) }) {
            owners.insert(invoker)
        }
        return owners
    }
}

extension KeyRing? {
    /// The labels that stand for the keys in output; none without a ring.
    var labels: [String] { self?.labels ?? [] }
}
