internal import VRRPWire

/// Reads the configuration of a router, in whichever of the dialects it is written.
package enum ConfigurationReader {
    /// More than the largest example of keepalived.conf(5) expands to, which has 65,024 instances.
    package static let mostLines = 1_000_000

    /// Reads a node's configuration with all the files that it includes.
    ///
    /// - Parameters:
    ///   - path: of the file.
    ///   - configID: what conditional lines of keepalived.conf are compared with; `nil` where it is not known.
    ///   - mostLines: how many lines definitions and sequences may expand to.
    ///   - files: where files come from.
    /// - Returns: all that could be read; what could not is in its problems.
    /// - Throws: ``ConfigurationFileError`` where the file itself cannot be read.
    package static func read(
        _ path: String,
        configID: String? = nil,
        mostLines: Int = mostLines,
        from files: any ConfigurationFiles
    ) throws(ConfigurationFileError) -> RouterConfiguration {
        let name = configID ?? name(of: path)
        switch Language(of: try files.text(of: path)) {
        case .frr: return try FRRReader(path, name: name, from: files).configuration
        case .keepalived:
            return try KeepalivedReader(path, name: name, configID: configID, mostLines: mostLines, from: files)
                .configuration
        case .foreign(let vendor):
            return unread(path, name, "this is a configuration of \(vendor), which is not read here")
        case .unknown: return unread(path, name, "this is no configuration of keepalived or FRR")
        }
    }

    /// A router of whose configuration nothing is known but the reason.
    private static func unread(_ path: String, _ name: String, _ reason: String) -> RouterConfiguration {
        var configuration = RouterConfiguration(name: name, dialect: .other, files: [path])
        configuration.problems = [ConfigurationProblem(.dialect, SourceLocation(path, 1), reason)]
        return configuration
    }

    /// Gives names that tell routers apart: where several have one, each is called by its file, or else by its path.
    package static func distinguish(_ configurations: inout [RouterConfiguration]) {
        for naming in [Self.name(of:), { $0 }] {
            let names = Dictionary(grouping: configurations.map(\.name)) { $0 }.mapValues(\.count)
            for index in configurations.indices where names[configurations[index].name, default: 0] > 1 {
                configurations[index].name = naming(configurations[index].files.first ?? "")
            }
        }
        var seen: [String: Int] = [:]
        for index in configurations.indices {
            let name = configurations[index].name
            seen[name, default: 0] += 1
            if let count = seen[name], count > 1 { configurations[index].name = "\(name) (\(count))" }
        }
    }

    /// `r1` for `/etc/r1.conf`.
    private static func name(of path: String) -> String {
        let file = path.split(separator: "/").last.map(String.init) ?? path
        guard let dot = file.lastIndex(of: "."), dot != file.startIndex else { return file }
        return String(file[..<dot])
    }
}

extension TimeSpan {
    /// Decimal seconds without a sign, such as `1`, `0.25` or `.5`; digits behind the ninth are dropped.
    init?(seconds text: some StringProtocol) {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count <= 2, let whole = parts.first, text.utf8.contains(where: { 0x30...0x39 ~= $0 }),
            parts.allSatisfy({ $0.utf8.allSatisfy { 0x30...0x39 ~= $0 } })
        else { return nil }
        let fraction = parts.count == 2 ? String(parts[1].prefix(9)) : ""
        let nanoseconds = Int64(fraction + String(repeating: "0", count: 9 - fraction.utf8.count)) ?? 0
        guard let seconds = Int64(whole.isEmpty ? "0" : String(whole)) else { return nil }
        self = .seconds(seconds) + Self(nanoseconds: nanoseconds)
    }
}
