internal import VRRPCapture

/// Gives up the privileges that are not needed once interfaces and directories are open.
///
/// First come no_new_privs, capabilities and the user. When the files of the output are open too, access to all
/// unneeded parts of the file system follows. A privilege that cannot be given up ends the program.
struct Privileges {
    private let user: ProcessPrivileges.User?
    private let isConfining: Bool

    /// Determines the user to become; throws ``Failure`` where there is no such user or the change is not possible.
    init(_ options: PrivilegeOptions) throws {
        isConfining = !options.noSandbox
        let isRoot = ProcessPrivileges.effectiveUser == 0
        if let name = options.user {
            guard let wanted = ProcessPrivileges.user(named: name) else {
                throw Failure(.couldNotStart, "-Z \(name): there is no such user")
            }
            guard isRoot || wanted.id == ProcessPrivileges.effectiveUser else {
                throw Failure(.couldNotStart, "-Z \(name): only root can become another user; leave it out")
            }
            user = isRoot && wanted.id != 0 ? wanted : nil
        } else {
            user = isRoot ? try Self.caller(environmentVariable) : nil
        }
    }

    /// Returns the user who ran sudo (sudo(8), SUDO_UID and SUDO_GID); `nil` where nobody did, or root.
    static func caller(_ variable: (String) -> String?) throws -> ProcessPrivileges.User? {
        guard let id = variable("SUDO_UID") else { return nil }
        guard let user = UInt32(id), let group = variable("SUDO_GID").flatMap(UInt32.init) else {
            throw Failure(
                .couldNotStart,
                "SUDO_UID and SUDO_GID do not name whom to return to; say it with -Z, or -Z root to remain root"
            )
        }
        guard user != 0 else { return nil }
        return ProcessPrivileges.User(name: ProcessPrivileges.name(ofUser: user), id: user, group: group)
    }

    /// The name or number of the user who owns the output files, for messages.
    var userName: String? { user.map { $0.name ?? "\($0.id)" } }

    /// Gives up capabilities and user.
    ///
    /// - Parameter keepsRawSockets: whether interfaces will be opened again.
    /// - Throws: ``Failure`` where anything remains.
    func drop(keepsRawSockets: Bool) throws {
        do throws(ProcessPrivileges.Failure) {
            try ProcessPrivileges.drop(to: user, keepsRawSockets: keepsRawSockets)
        } catch {
            throw Failure(.couldNotStart, "privileges could not be given up: \(error.message)")
        }
    }

    /// The paths that every process needs to read: libraries, time zones, and the kernel's information.
    private static let readable = ["/usr", "/lib", "/lib64", "/etc", "/proc", "/sys"]
    private static let devices = ["/dev/null", "/dev/zero", "/dev/full", "/dev/random", "/dev/urandom", "/dev/tty"]
    private static let temporary = ["/tmp", "/var/tmp"]

    /// Confines the process to the files it needs.
    ///
    /// A program that is run may read and run everything that its user may, and write to the directories of the output and
    /// for temporary files.
    func confine(writing directories: [OutputDirectory], runsPrograms: Bool) throws {
        guard isConfining else { return }
        var granted = Self.readable.map { ProcessPrivileges.Access(.read, at: $0) }
        granted += Self.devices.map { ProcessPrivileges.Access(.use, at: $0) }
        granted += directories.map { ProcessPrivileges.Access(.maintain, in: $0) }
        if runsPrograms {
            granted.append(ProcessPrivileges.Access(.execute, at: "/"))
            granted += Self.temporary.map { ProcessPrivileges.Access(.maintain, at: $0) }
        }
        do throws(ProcessPrivileges.Failure) {
            let version = try ProcessPrivileges.confine(to: granted, allowsNetwork: runsPrograms)
            if version == nil {
                Diagnostics.say("this kernel has no Landlock: only the rights of its user confine this process")
            }
        } catch {
            throw Failure(.couldNotStart, "\(error.message); --no-sandbox goes without")
        }
    }
}
