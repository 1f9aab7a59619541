internal import VRRPWire

/// Reads the configuration of a router, in whichever of the dialects it is written.
package enum ConfigurationReader {
    /// Reads a node's configuration with all the files that it includes.
    ///
    /// - Parameters:
    ///   - path: of the file.
    ///   - configID: what conditional lines of keepalived.conf are compared with; `nil` where it is not known.
    ///   - files: where files come from.
    /// - Returns: all that could be read; what could not is in its problems.
    /// - Throws: ``ConfigurationFileError`` where the file itself cannot be read.
    package static func read(
        _ path: String,
        configID: String? = nil,
        from files: any ConfigurationFiles
    ) throws(ConfigurationFileError) -> RouterConfiguration {
        let name = configID ?? name(of: path)
        if isFRR(try files.text(of: path)) { return try FRRReader(path, name: name, from: files).configuration }
        return try KeepalivedReader(path, name: name, configID: configID, from: files).configuration
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

    /// Whether a text holds FRR's commands: a line begins with `vrrp` or `interface` and nothing begins a block.
    private static func isFRR(_ text: String) -> Bool {
        var hasCommand = false
        for line in text.split(whereSeparator: { $0 == "\n" || $0 == "\r\n" }) {
            let words = line.split { $0.isKeepalivedBlank }
            guard let first = words.first, !first.hasPrefix("!"), !first.hasPrefix("#") else { continue }
            if words.last == "{" { return false }
            let second = words.dropFirst().first
            if first == "vrrp", second.map({ UInt8($0) != nil || $0 == "default" }) == true { hasCommand = true }
            if first == "frr", second == "version" || second == "defaults" { hasCommand = true }
        }
        return hasCommand
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
