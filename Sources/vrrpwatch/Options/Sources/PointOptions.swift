internal import ArgumentParser

/// Capture files with the place that each was made at.
struct PointOptions: ParsableArguments {
    @Option(
        name: .customLong("at"),
        help: ArgumentHelp(
            "A capture file and the name of the place where it was captured, such as r1=r1.pcap; can be repeated, also "
                + "for one place.",
            valueName: "name=file"
        )
    )
    var at: [String] = []

    func validate() throws {
        for argument in at where Self.parts(of: argument) == nil {
            throw ValidationError("--at '\(argument)' does not name a place and a file; write --at r1=r1.pcap")
        }
    }

    /// The name and the path in an argument; the name holds no equals sign.
    private static func parts(of argument: String) -> (name: String, path: String)? {
        guard let sign = argument.firstIndex(of: "="), sign > argument.startIndex else { return nil }
        let path = argument[argument.index(after: sign)...]
        return path.isEmpty ? nil : (String(argument[..<sign]), String(path))
    }

    /// The files, in their order.
    var paths: [String] { at.compactMap { Self.parts(of: $0)?.path } }

    /// The place of each file, by its path.
    var places: [String: String] {
        Dictionary(at.compactMap { Self.parts(of: $0).map { ($0.path, $0.name) } }) { first, _ in first }
    }

    /// The given files, and the named ones that are not among them.
    func joined(to paths: [String]) -> [String] {
        let given = Set(paths)
        return paths + self.paths.filter { !given.contains($0) }
    }

    /// The options as they are given.
    var words: [String] { at.flatMap { ["--at", $0] } }
}
