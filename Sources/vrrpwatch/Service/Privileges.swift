internal import VRRPCapture

/// Gives up the privileges that are not needed once interfaces and directories are open.
///
/// First come no_new_privs, capabilities and the user. When the files of the output are open too, access to all
/// unneeded parts of the file system follows, and calls to the kernel that are not needed. A privilege that cannot be given up
/// ends the program.
struct Privileges {
    private let user: ProcessPrivileges.User?
    private let isConfining: Bool
    private let runsPrograms: Bool
    /// Whether files of the output are root's although the process is nobody's, which takes Landlock around it.
    private let keepsFiles: Bool

    /// Determines the user to become.
    ///
    /// - Parameters:
    ///   - options: what is asked for.
    ///   - runsPrograms: whether programs will be started. They may do what the process may, so root remains root then, without
    ///     capabilities, unless a user is asked for.
    /// - Throws: ``Failure`` where there is no such user or the change is not possible.
    init(_ options: PrivilegeOptions, runsPrograms: Bool) throws {
        isConfining = !options.noSandbox
        self.runsPrograms = runsPrograms
        let isRoot = ProcessPrivileges.effectiveUser == 0
        if let name = options.user {
            guard let wanted = ProcessPrivileges.user(named: name) else {
                throw Failure(.couldNotStart, "-Z \(name): there is no such user")
            }
            guard isRoot || wanted.id == ProcessPrivileges.effectiveUser else {
                throw Failure(.couldNotStart, "-Z \(name): only root can become another user; leave it out")
            }
            user = isRoot && wanted.id != 0 ? wanted : nil
            keepsFiles = false
        } else if let caller = isRoot ? try Self.caller(environmentVariable) : nil {
            user = caller
            keepsFiles = false
        } else {
            // Elsewhere nobody could write where root wants the output, and a hook of root is root's.
            let canBeNobody = isRoot && isConfining && !runsPrograms && ProcessPrivileges.hasLandlock
            user = canBeNobody ? ProcessPrivileges.User.unused() : nil
            keepsFiles = user != nil
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

    /// The name or number of the user who owns the output files, for messages; `nil` where that is who runs this.
    var userName: String? { keepsFiles ? nil : user.map { $0.name ?? "\($0.id)" } }

    /// Gives up capabilities and user.
    ///
    /// - Parameter keepsRawSockets: whether interfaces will be opened again.
    /// - Throws: ``Failure`` where anything remains.
    func drop(keepsRawSockets: Bool) throws {
        do throws(ProcessPrivileges.Failure) {
            try ProcessPrivileges.drop(to: user, keepsRawSockets: keepsRawSockets, keepsFiles: keepsFiles)
        } catch {
            throw Failure(.couldNotStart, "privileges could not be given up: \(error.message)")
        }
    }

    /// The files that the C library reads where an interface is opened again with a filter that has names in it, and time
    /// zones.
    private static let readable =
        ["hosts", "host.conf", "resolv.conf", "networks", "protocols", "services", "ethers", "localtime"].map {
            "/etc/\($0)"
        }
        + ["/usr/share/zoneinfo", "/sys/class/net", "/sys/devices"]
    private static let devices = ["/dev/null", "/dev/zero", "/dev/full", "/dev/random", "/dev/urandom", "/dev/tty"]
    private static let temporary = ["/tmp", "/var/tmp"]

    /// Confines the process to the files and the calls to the kernel that it needs.
    ///
    /// A program that is run may read and run everything that its user may, and write to the directories of the output and
    /// for temporary files.
    ///
    /// - Parameters:
    ///   - directories: those of the output.
    ///   - opensInterfaces: whether interfaces will be opened again.
    /// - Throws: ``Failure`` where the kernel refuses.
    func confine(writing directories: [OutputDirectory], opensInterfaces: Bool) throws {
        do throws(ProcessPrivileges.Failure) {
            if keepsFiles, directories.isEmpty { try ProcessPrivileges.giveUpFiles() }
            guard isConfining else { return }
            if try ProcessPrivileges.confine(to: places(directories), allowsNetwork: runsPrograms) == nil {
                Diagnostics.say(
                    "this kernel has no Landlock: only the rights of its user confine this process to files"
                )
            }
            let work = ProcessPrivileges.Work(opensInterfaces: opensInterfaces, runsPrograms: runsPrograms)
            if try !ProcessPrivileges.limitCalls(to: work) {
                Diagnostics.say("this kernel has no seccomp filters: this process may make any call to it")
            }
        } catch {
            throw Failure(.couldNotStart, "\(error.message); --no-sandbox goes without")
        }
    }

    private func places(_ directories: [OutputDirectory]) -> [ProcessPrivileges.Access] {
        var places = Self.readable.map { ProcessPrivileges.Access(.read, at: $0) }
        places += Self.devices.map { ProcessPrivileges.Access(.use, at: $0) }
        places += directories.map { ProcessPrivileges.Access(.maintain, in: $0) }
        guard runsPrograms else { return places }
        places.append(ProcessPrivileges.Access(.execute, at: "/"))
        return places + Self.temporary.map { ProcessPrivileges.Access(.maintain, at: $0) }
    }
}
