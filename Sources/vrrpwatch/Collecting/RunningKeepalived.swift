internal import VRRPCapture

/// The keepalived processes of this network namespace, by the configurations that they read.
enum RunningKeepalived {
    /// A configuration as a process was told of it.
    struct Use: Hashable {
        var path: String
        var configID: String?
    }

    private static let usual = "/etc/keepalived/keepalived.conf"
    private static let mostProcesses = 100_000

    /// The configurations of the processes that run, or else the usual one.
    static var uses: [Use] {
        // Without /proc nobody can be asked, and the usual file is the best guess.
        let names = (try? OutputDirectory.names(in: "/proc")) ?? []
        let own = FileType.target(ofLink: "/proc/self/ns/net")
        var found: Set<Use> = []
        for name in names.prefix(mostProcesses) where name.allSatisfy(\.isNumber) {
            let folder = "/proc/\(name)"
            // A process that ended by now is none.
            guard let command = contents("\(folder)/comm"), command.starts(with: "keepalived".utf8),
                FileType.target(ofLink: "\(folder)/ns/net") == own, let line = contents("\(folder)/cmdline")
            else { continue }
            let arguments = line.split(separator: 0).map { String(decoding: $0, as: UTF8.self) }
            found.insert(use(arguments, in: FileType.target(ofLink: "\(folder)/cwd") ?? "/"))
        }
        return found.isEmpty
            ? [Use(path: usual, configID: nil)]
            : found.sorted { ($0.path, $0.configID ?? "") < ($1.path, $1.configID ?? "") }
    }

    /// The contents of a file of `/proc`; `nil` where its process is gone.
    private static func contents(_ path: String) -> [UInt8]? {
        try? OpenFile(reading: path).readAll(atMost: 1 << 20)
    }

    /// The configuration that a command line names (keepalived(8): `-f`, `-i`).
    static func use(_ arguments: [String], in folder: String) -> Use {
        func value(_ short: String, _ long: String) -> String? {
            for (index, argument) in arguments.enumerated() {
                if argument == short || argument == long {
                    return index + 1 < arguments.count ? arguments[index + 1] : nil
                }
                if argument.hasPrefix(long + "=") { return String(argument.dropFirst(long.count + 1)) }
                if argument.hasPrefix(short), !argument.hasPrefix("--") {
                    return String(argument.dropFirst(short.count))
                }
            }
            return nil
        }
        let path = value("-f", "--use-file") ?? usual
        return Use(path: path.hasPrefix("/") ? path : "\(folder)/\(path)", configID: value("-i", "--config-id"))
    }
}
