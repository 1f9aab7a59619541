internal import Glibc

extension ProcessPrivileges.User {
    /// The numbers that systemd takes for users that exist as long as a service runs, in no distribution anybody's.
    private static let numbers: ClosedRange<UInt32> = 61_184...65_519

    /// Finds a user who owns nothing and is nobody else: with a number that no name has and no process runs as.
    ///
    /// `nil` where this process may not become another, as in a container without the capabilities for that, or where the
    /// numbers have no meaning, as in a user namespace of a single user.
    package static func unused() -> Self? {
        guard ProcessPrivileges.canBecomeAnother, let ids = mapped("uid"), let groups = mapped("gid") else {
            return nil
        }
        let candidates = numbers.filter { number in
            ids.contains { $0.contains(number) } && groups.contains { $0.contains(number) }
        }
        guard !candidates.isEmpty else { return nil }
        let taken = running()
        // Two that start at the same time see nothing of each other, and begin elsewhere.
        let start = Int(getpid()) % candidates.count
        let free = (candidates[start...] + candidates[..<start]).first { number in
            guard !taken.contains(number) else { return false }
            return unsafe getpwuid(number) == nil && getgrgid(number) == nil
        }
        return free.map { Self(name: nil, id: $0, group: $0) }
    }

    /// The numbers that mean something here (user_namespaces(7)); `nil` where the system does not say.
    private static func mapped(_ kind: String) -> [Range<UInt32>]? {
        let lines = text(of: "/proc/self/\(kind)_map")?.split(separator: "\n")
        return lines?.compactMap { line in
            let parts = line.split(separator: " ").compactMap { UInt32($0) }
            guard parts.count == 3 else { return nil }
            let (end, isBeyond) = parts[0].addingReportingOverflow(parts[2])
            return parts[0]..<(isBeyond ? .max : end)
        }
    }

    /// The users of the processes that run now, as far as can be seen.
    private static func running() -> Set<UInt32> {
        // Without /proc nobody is seen.
        let processes = (try? OutputDirectory.names(in: "/proc")) ?? []
        let users = processes.filter { $0.utf8.allSatisfy { 48...57 ~= $0 } }.flatMap { process -> [UInt32] in
            let line = text(of: "/proc/\(process)/status")?.split(separator: "\n").first { $0.hasPrefix("Uid:") }
            return line?.split(separator: "\t").compactMap { UInt32($0) } ?? []
        }
        return Set(users)
    }

    private static func text(of path: String) -> String? {
        guard let file = try? OpenFile(reading: path), let bytes = try? file.readAll(atMost: 1 << 16) else {
            return nil
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
