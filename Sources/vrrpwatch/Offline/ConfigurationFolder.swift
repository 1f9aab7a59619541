internal import VRRPCapture
internal import VRRPConfiguration

/// Configuration files on this machine.
struct ConfigurationFolder: ConfigurationFiles {
    /// The largest size of a configuration, in bytes.
    private static let largest = 16 << 20
    /// The number of names that are read of a directory, and that a pattern matches, more than any directory of configurations holds.
    private static let mostNames = 10_000

    func text(of path: String) throws(ConfigurationFileError) -> String {
        switch FileType(of: path) {
        case .directory: throw ConfigurationFileError(path, "is a directory")
        // keepalived skips anything but regular files, and reading a pipe may never end.
        case .other: throw ConfigurationFileError(path, "is no regular file")
        // Opening what cannot be seen says why.
        case .regular, nil: break
        }
        let bytes: [UInt8]
        do throws(CaptureError) {
            bytes = try OpenFile(reading: path).readAll(atMost: Self.largest + 1)
        } catch {
            throw ConfigurationFileError(path, Self.reason(error))
        }
        guard bytes.count <= Self.largest else { throw ConfigurationFileError(path, "is larger than 16 MiB") }
        // Bytes that are not UTF-8 become replacement characters; they can stand in comments and strings only.
        return String(decoding: bytes, as: UTF8.self)
    }

    func paths(matching pattern: String) -> [String] {
        GlobPattern.alternatives(pattern).flatMap { alternative in
            Self.paths(matching: alternative).sorted()
        }
    }

    private static func paths(matching pattern: String) -> [String] {
        var found = [pattern.hasPrefix("/") ? "/" : ""]
        for component in pattern.split(separator: "/") {
            found = found.prefix(mostNames).flatMap { folder -> [String] in
                let prefix = folder.isEmpty || folder.hasSuffix("/") ? folder : folder + "/"
                guard GlobPattern.isPattern(component) else { return [prefix + component] }
                let glob = GlobPattern(component)
                // A folder that cannot be listed matches nothing, as with glob(3).
                let names = (try? OutputDirectory.names(in: folder.isEmpty ? "." : folder)) ?? []
                return names.prefix(mostNames).filter(glob.matches).map { prefix + $0 }
            }
        }
        // A path without a type does not exist.
        return found.prefix(mostNames).filter { path in FileType(of: path).map { $0 != .directory } ?? false }
    }

    private static func reason(_ error: CaptureError) -> String {
        switch error.code {
        case .notFound: "there is no such file"
        case .notPermitted: "permission denied"
        default: error.detail
        }
    }

    // MARK: Arguments

    /// Reads the configurations that the command line names, each a node; `FILE@ID` reads FILE with a config-id.
    ///
    /// Throws ``Failure``, status 3, for one that cannot be read.
    static func routers(_ arguments: [String]) throws -> [RouterConfiguration] {
        var routers = try arguments.map { argument in
            let (path, configID) = split(argument)
            do throws(ConfigurationFileError) {
                return try ConfigurationReader.read(path, configID: configID, from: Self())
            } catch {
                throw Failure(.couldNotStart, "\(error.path): \(error.reason)")
            }
        }
        ConfigurationReader.distinguish(&routers)
        return routers
    }

    /// A name that exists is a file, whatever is in it.
    private static func split(_ argument: String) -> (path: String, configID: String?) {
        guard FileType(of: argument) == nil, let sign = argument.lastIndex(of: "@") else {
            return (argument, nil)
        }
        return (String(argument[..<sign]), String(argument[argument.index(after: sign)...]))
    }
}
