internal import ArgumentParser
internal import Glibc
internal import VRRPCapture
internal import VRRPReport

/// The destination of the output, and the look of text.
struct OutputOptions: ParsableArguments {
    @Option(
        name: [.customShort("o"), .long],
        help: ArgumentHelp("Write to this file, which gets its name only when it is complete.", valueName: "file"),
        completion: .file()
    )
    var output: String?

    @Flag(name: .long, help: "Show times in UTC instead of local time. JSON is in UTC always.")
    var utc = false

    @Option(name: .long, help: ArgumentHelp("Colour text. NO_COLOR is honoured.", valueName: "when"))
    var color: Colour = .auto

    @Flag(name: .long, help: "Show passwords seen on the wire beside their labels in text.")
    var showSecrets = false

    @Flag(name: .shortAndLong, help: "Show less: of reports only the summary, the incidents and the findings (text).")
    var quiet = false

    @Flag(name: .shortAndLong, help: "Show more, and leave nothing out (text).")
    var verbose = false

    enum Colour: String, CaseIterable, ExpressibleByArgument {
        case auto, always, never
    }

    func validate() throws {
        if quiet, verbose { throw ValidationError("--quiet and --verbose contradict each other; leave one out") }
    }

    /// Whether the output goes to standard output.
    var isStandardOutput: Bool { output == nil || output == "-" }

    var text: TextReport.Options {
        var options = TextReport.Options()
        options.time = utc ? .utc : .system
        options.style = isColoured ? .ansi : .plain
        options.showsSecrets = showSecrets
        options.isVerbose = verbose
        options.isQuiet = quiet
        options.width = isStandardOutput ? LineWidth.ofStandardOutput : TextReport.standardWidth
        return options
    }

    private var isColoured: Bool {
        switch color {
        case .always: return true
        case .never: return false
        case .auto:
            guard (environmentVariable("NO_COLOR") ?? "").isEmpty, environmentVariable("TERM") != "dumb" else {
                return false
            }
            return isStandardOutput && isatty(1) == 1
        }
    }
}

extension TimeStyle {
    /// The time zone that `TZ` or the system names.
    static var system: Self {
        let time = LocalTime()
        return .local { time.secondsFromUTC(at: $0) }
    }
}
