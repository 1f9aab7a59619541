internal import ArgumentParser

/// Capture files by option.
struct FileOptions: ParsableArguments {
    @Option(
        name: [.customShort("r"), .customLong("read-file")],
        help: ArgumentHelp("A capture file; can be repeated.", valueName: "file"),
        completion: .file()
    )
    var files: [String] = []
}

/// Capture files, at least one.
struct FileArguments: ParsableArguments {
    @Argument(
        help: ArgumentHelp("Capture files or directories; - is standard input.", valueName: "file"),
        completion: .file()
    )
    var sources: [String] = []

    @OptionGroup var options: FileOptions
    @OptionGroup var points: PointOptions

    func validate() throws {
        if paths.isEmpty { throw ValidationError("no source given: name a capture file, or - for standard input") }
    }

    var paths: [String] { points.joined(to: sources + options.files) }
}
