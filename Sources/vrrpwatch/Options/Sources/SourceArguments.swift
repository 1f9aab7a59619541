internal import ArgumentParser
internal import VRRPCapture
internal import VRRPFacts

/// Interfaces or capture files, at least one.
struct SourceArguments: ParsableArguments {
    /// Sources of one kind.
    enum Sources {
        case interfaces([String])
        case files([String])
    }

    @Argument(
        help: ArgumentHelp("Interfaces or capture files; - is standard input.", valueName: "source"),
        completion: .file()
    )
    var sources: [String] = []

    @OptionGroup var interfaceOptions: InterfaceOptions
    @OptionGroup var fileOptions: FileOptions
    @OptionGroup var points: PointOptions

    func validate() throws {
        if sources.isEmpty, interfaceOptions.interfaces.isEmpty, fileOptions.files.isEmpty, points.at.isEmpty {
            throw ValidationError("no source given: name an interface or a capture file")
        }
    }

    /// Finds out whether the sources are interfaces or files.
    ///
    /// - Parameter waits: whether a name of neither is an interface that may come.
    /// - Returns: the names of the interfaces, or the paths of the files.
    /// - Throws: ``Failure``: status 64 for a name of both, for interfaces beside files and for a command behind options;
    ///   3 for a name of neither.
    func resolved(waits: Bool) throws -> Sources {
        var interfaces = interfaceOptions.interfaces
        var files = fileOptions.files
        // Beside files, a name of nothing is a file that cannot be read, and the others are none the worse.
        let hasFiles = !files.isEmpty || sources.contains { $0 == "-" || FileType(of: $0) != nil }
        for (index, source) in sources.enumerated() {
            let near = NearMiss.of(source, among: VRRPWatch.offeredCommands + ["help"])
            switch (Interfaces.exists(source), source == "-" || FileType(of: source) != nil) {
            case (true, true):
                throw Failure.usage(
                    "\(source) is both an interface and a file; say -i \(source) for the interface, -r \(source) for the file"
                )
            case (true, false): interfaces.append(source)
            case (false, true): files.append(source)
            case (false, false) where VRRPWatch.command(named: source) != nil:
                throw Failure.usage("'\(source)' is a command; put it before the options: vrrpwatch \(source) …")
            case (false, false) where waits && !source.contains("/"): interfaces.append(source)
            case (false, false) where hasFiles && (index > 0 || near == nil): files.append(source)
            case (false, false):
                let hint =
                    near.map { "did you mean `vrrpwatch \($0)`?" } ?? "`vrrpwatch interfaces` lists what can be watched"
                throw Failure(.couldNotStart, "\(source): there is no such file or interface; \(hint)")
            }
        }
        files = points.joined(to: files)
        guard let interface = interfaces.first else { return .files(files) }
        if let file = files.first {
            throw Failure.usage(
                "'\(interface)' is an interface and '\(file)' a file, which do not go together; name only one kind"
            )
        }
        return .interfaces(interfaces)
    }
}
