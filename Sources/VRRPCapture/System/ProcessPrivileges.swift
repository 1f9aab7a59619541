internal import CLinux
internal import Glibc

/// The rights of this process, and giving them up for good.
///
/// All of it concerns the calling thread, from which later threads inherit; that is why it has to be done while there is
/// no other.
package enum ProcessPrivileges {
    /// The failure to give up rights, after which the process must not go on.
    package struct Failure: Error, Hashable, Sendable {
        /// The attempt and the reason of its failure, as one sentence without a full stop.
        package var message: String
    }

    /// Somebody to go on as.
    package struct User: Hashable, Sendable {
        /// `nil` where the system knows no name.
        package var name: String?
        package var id: UInt32
        package var group: UInt32

        package init(name: String?, id: UInt32, group: UInt32) {
            self.name = name
            self.id = id
            self.group = group
        }
    }

    /// CAP_NET_RAW, which opening a packet socket takes (capabilities(7)).
    private static let rawSockets: Int = 13
    /// CAP_SETGID and CAP_SETUID, which becoming another user takes.
    private static let setUserAndGroup: UInt64 = 1 << 6 | 1 << 7
    /// CAP_SETPCAP, which dropping from the bounding set takes.
    private static let setCapabilities: Int = 8
    /// More than any kernel knows; a set has 64 bits.
    private static let mostCapabilities = 64

    /// The user whose rights this process has.
    package static var effectiveUser: UInt32 { geteuid() }

    /// Whether this process has the capabilities to become another user.
    package static var canBecomeAnother: Bool { linux_capabilities() & setUserAndGroup == setUserAndGroup }

    /// Looks a user up; `nil` where no user has that name.
    package static func user(named name: String) -> User? {
        guard let entry = unsafe getpwnam(name) else { return nil }
        return unsafe User(name: name, id: entry.pointee.pw_uid, group: entry.pointee.pw_gid)
    }

    /// The name of a user, where the system knows one.
    package static func name(ofUser id: UInt32) -> String? {
        guard let entry = unsafe getpwuid(id) else { return nil }
        return unsafe String(cString: entry.pointee.pw_name)
    }

    /// Gives up all capabilities, for this process and for all it starts, and becomes another user.
    ///
    /// - Parameters:
    ///   - user: whom to become; `nil` to remain who this is.
    ///   - keepsRawSockets: whether interfaces will have to be opened again, so that CAP_NET_RAW stays.
    ///   - keepsFiles: whether files are still opened and made as the user who this is now, without a capability, up to
    ///     ``giveUpFiles()``. Programs that are started never are.
    /// - Throws: ``Failure`` where anything could not be given up, or is still there afterwards.
    package static func drop(to user: User?, keepsRawSockets: Bool, keepsFiles: Bool) throws(Failure) {
        try requireSingleThread()
        let had = linux_capabilities()
        let kept: UInt64 = keepsRawSockets ? had & 1 << UInt64(rawSockets) : 0
        let files = keepsFiles ? (user: geteuid(), group: getegid()) : nil
        try check(linux_set_no_new_privileges(), "no_new_privs could not be set")
        if had & 1 << UInt64(setCapabilities) != 0 { try emptyBoundingSet(except: kept) }
        // Kernels before 4.3 have no ambient set, and no capability in it.
        if linux_clear_ambient_capabilities() != 0, errno != EINVAL {
            throw systemFailure("the ambient capabilities could not be dropped")
        }
        if let user {
            let isKeeping = kept != 0 || files != nil
            try check(linux_keep_capabilities(isKeeping ? 1 : 0), "capabilities could not be kept for the new user")
            try become(user)
            if let files {
                try check(linux_set_capabilities(kept | setUserAndGroup), "capabilities could not be kept for files")
                try check(linux_make_files_as(files.user, files.group), "files could not be kept within reach")
            }
        }
        try check(linux_set_capabilities(kept), "capabilities could not be dropped")
        try verify(user, kept)
    }

    /// Opens and makes files as the user from now on who this process is, after it kept files.
    package static func giveUpFiles() throws(Failure) {
        try check(linux_make_files_as(geteuid(), getegid()), "files could not be given up")
    }

    private static func become(_ user: User) throws(Failure) {
        let title = user.name ?? "\(user.id)"
        let groups =
            if let name = user.name {
                unsafe initgroups(name, user.group)
            } else {
                unsafe setgroups(1, [user.group])
            }
        try check(groups, "the groups of user \(title) could not be taken")
        try check(setgid(user.group), "group \(user.group) could not be taken")
        try check(setuid(user.id), "user \(title) could not be taken")
    }

    private static func emptyBoundingSet(except kept: UInt64) throws(Failure) {
        for capability in 0..<mostCapabilities where kept & 1 << UInt64(capability) == 0 {
            // Beyond the last capability that the kernel knows it answers EINVAL.
            guard linux_is_in_bounding_set(capability) == 1 else { continue }
            try check(linux_drop_from_bounding_set(capability), "capability \(capability) could not be ruled out")
        }
    }

    /// Checks which rights are left, because a call can succeed and still leave rights behind.
    private static func verify(_ user: User?, _ kept: UInt64) throws(Failure) {
        guard linux_capabilities() == kept else { throw Failure(message: "capabilities are left after dropping them") }
        guard linux_no_new_privileges() == 1 else { throw Failure(message: "no_new_privs is not set after setting it") }
        guard let user else { return }
        guard getuid() == user.id, geteuid() == user.id, getgid() == user.group, getegid() == user.group else {
            throw Failure(message: "the process is not user \(user.id) after becoming it")
        }
        if user.id != 0, setuid(0) == 0 { throw Failure(message: "the process could become root again") }
    }

    private static func requireSingleThread() throws(Failure) {
        guard let stream = unsafe opendir("/proc/self/task") else {
            throw systemFailure("the threads of the process could not be counted")
        }
        defer { unsafe closedir(stream) }
        var count = 0
        while let entry = unsafe readdir(stream) {
            // Digits, beside the two names that every directory has.
            if unsafe entry.pointee.d_name.0 != CChar(UInt8(ascii: ".")) { count += 1 }
        }
        guard count == 1 else { throw Failure(message: "\(count) threads are running where one was expected") }
    }

    private static func check(_ status: CInt, _ complaint: String) throws(Failure) {
        guard status == 0 else { throw systemFailure(complaint) }
    }

    fileprivate static func systemFailure(_ complaint: String) -> Failure {
        Failure(message: "\(complaint): \(systemMessage(errno))")
    }
}

// MARK: - Landlock

extension ProcessPrivileges {
    /// The parts of the file system that stay accessible.
    package struct Access: Sendable {
        package enum Kind: Sendable {
            /// Files and directories may be read.
            case read
            /// Everything may be read, and programs may be started.
            case execute
            /// Files that are there may be written: devices.
            case use
            /// Files may be read, written, made, renamed and removed, all in the one directory.
            case maintain
        }

        fileprivate enum Place {
            case path(String)
            case directory(OutputDirectory)
        }

        fileprivate var place: Place
        fileprivate var kind: Kind

        /// Access to all that lies at or beneath a path; one that is not there gives none.
        package init(_ kind: Kind, at path: String) {
            place = .path(path)
            self.kind = kind
        }

        package init(_ kind: Kind, in directory: OutputDirectory) {
            place = .directory(directory)
            self.kind = kind
        }
    }

    /// The rights of linux/landlock.h by their bits.
    private enum Right {
        static let execute: UInt64 = 1 << 0
        static let write: UInt64 = 1 << 1
        static let read: UInt64 = 1 << 2
        static let list: UInt64 = 1 << 3
        static let remove: UInt64 = 1 << 5
        static let make: UInt64 = 1 << 8
        /// LANDLOCK_ACCESS_FS_TRUNCATE, since version 3 of the interface.
        static let truncate: UInt64 = 1 << 14
        /// Every right of version 1.
        static let first: UInt64 = (1 << 13) - 1
        /// LANDLOCK_ACCESS_FS_REFER, since version 2: moving files between directories.
        static let refer: UInt64 = 1 << 13
    }

    /// Whether this kernel has Landlock, and it is on.
    package static var hasLandlock: Bool { linux_landlock_version() > 0 }

    /// Lets this process, and all it starts, reach nothing of the file system but what is granted, and no TCP.
    ///
    /// Files that are open already stay open.
    ///
    /// - Parameters:
    ///   - granted: what stays within reach.
    ///   - allowsNetwork: whether TCP and abstract sockets stay within reach too, for programs that are started.
    /// - Returns: the version of Landlock's interface that was used; `nil` where this kernel has none or it is off.
    /// - Throws: ``Failure`` where Landlock is there and refuses.
    package static func confine(to granted: [Access], allowsNetwork: Bool) throws(Failure) -> Int? {
        let version = linux_landlock_version()
        guard version > 0 else { return nil }
        var handled = Right.first
        if version >= 2 { handled |= Right.refer }
        if version >= 3 { handled |= Right.truncate }
        // Since version 4 bind and connect by TCP; since version 6 abstract sockets and signals.
        let network: UInt64 = version >= 4 && !allowsNetwork ? 0b11 : 0
        let scopes: UInt64 = version >= 6 && !allowsNetwork ? 0b11 : 0
        let size = version >= 6 ? 24 : version >= 4 ? 16 : 8
        let ruleset = linux_landlock_create(handled, network, scopes, size)
        guard ruleset >= 0 else { throw systemFailure("Landlock made no ruleset") }
        defer { close(ruleset) }
        for access in granted { try allow(access, handled, in: ruleset) }
        try check(linux_landlock_restrict(ruleset), "Landlock could not be put in force")
        return version
    }

    private static func allow(_ access: Access, _ handled: UInt64, in ruleset: CInt) throws(Failure) {
        let rights: UInt64 =
            switch access.kind {
            case .read: Right.read | Right.list
            case .execute: Right.read | Right.list | Right.execute
            case .use: Right.read | Right.write
            case .maintain:
                Right.read | Right.list | Right.write | Right.make | Right.remove | Right.truncate
            }
        switch access.place {
        case .directory(let directory):
            try check(
                linux_landlock_allow(ruleset, directory.descriptor, rights & handled),
                "Landlock took no rule for \(directory.path)"
            )
        case .path(let path):
            let place = unsafe open(fileName(path), openPath | O_CLOEXEC)
            guard place >= 0 else {
                // A path that does not exist, or that this user cannot reach anyway, needs no rule.
                if errno == ENOENT || errno == EACCES { return }
                throw systemFailure("\(path) could not be opened for Landlock")
            }
            defer { close(place) }
            var status = stat()
            try check(unsafe fstat(place, &status), "\(path) could not be looked at for Landlock")
            // Rights to directories must not be asked for of anything else.
            let isDirectory = status.st_mode & S_IFMT == S_IFDIR
            let fitting = isDirectory ? rights : rights & (Right.read | Right.write | Right.execute | Right.truncate)
            try check(linux_landlock_allow(ruleset, place, fitting & handled), "Landlock took no rule for \(path)")
        }
    }
}
