internal import ArgumentParser
internal import Foundation
internal import VRRPCapture
internal import VRRPFindings
internal import VRRPReport
internal import VRRPWire

/// The forms of output there are or will be.
enum Format: String {
    case text, json, ndjson, markdown, html, csv
}

/// Where packets come from.
enum Sources {
    case interfaces([String])
    case files([String])
}

struct FormOptions: ParsableArguments {
    @Flag(name: .long, help: "The form for machines: json from files, ndjson live and from decode.")
    var json = false

    @Option(
        name: [.customShort("o"), .long],
        help: ArgumentHelp("Write to a file, which gets its name only when it is whole.", valueName: "file")
    )
    var output: String?

    @Flag(name: .long, help: "Show times in UTC instead of local time. JSON is in UTC always.")
    var utc = false

    @Option(
        name: .long,
        help: ArgumentHelp("Colour text: auto, always or never. NO_COLOR is honoured.", valueName: "when"),
        transform: { text in
            guard let when = Colour(rawValue: text) else {
                throw ValidationError("--color is auto, always or never, not '\(text)'")
            }
            return when
        }
    )
    var color: Colour = .auto

    @Flag(name: .long, help: "Show passwords seen on the wire beside their labels in text.")
    var showSecrets = false

    @Flag(name: .shortAndLong, help: "In text, show the essential only.")
    var quiet = false

    @Flag(name: .shortAndLong, help: "In text, show more and leave nothing out.")
    var verbose = false

    enum Colour: String {
        case auto, always, never
    }

    func validate() throws {
        if quiet, verbose { throw ValidationError("--quiet and --verbose contradict each other") }
    }

    /// The form that `--format` and `--json` ask for, of which the latter stands for `machine`.
    ///
    /// Pages, which are HTML and Markdown, are to be had where files are read to their end.
    /// Throws ``Failure`` where they contradict each other or the form is not to be had.
    func form(_ name: String?, machine: Format, pages: Bool = false) throws -> Format {
        guard let name else { return json ? machine : .text }
        let known = pages ? "text, \(machine.rawValue), html and markdown" : "text and \(machine.rawValue)"
        guard let format = Format(rawValue: name) else {
            throw Failure.usage("'\(name)' is no format; there are \(known)")
        }
        guard !json || format == machine else {
            throw Failure.usage("--json and --format \(name) contradict each other")
        }
        switch format {
        case .text: return .text
        case machine: return machine
        case .html where pages, .markdown where pages: return format
        case .csv where pages: throw Failure.usage("--format csv is three files, which `vrrpwatch report` writes")
        case .markdown, .html, .csv: throw Failure.usage("--format \(name) does not fit here; there are \(known)")
        case .json, .ndjson:
            throw Failure.usage("--format \(name) does not fit here; the form for machines is \(machine.rawValue)")
        }
    }

    var text: TextReport.Options {
        var options = TextReport.Options()
        options.time = utc ? .utc : .system
        options.style = isColoured ? .ansi : .plain
        options.showsSecrets = showSecrets
        options.isVerbose = verbose
        options.isQuiet = quiet
        return options
    }

    /// How files are to be read.
    func reading(
        _ filter: FilterOptions,
        _ salvage: SalvageOptions,
        _ keys: KeyOptions
    ) throws -> MergedFiles.Options {
        MergedFiles.Options(
            filter: filter.filter,
            salvages: salvage.salvage,
            isVerbose: verbose,
            isQuiet: quiet,
            keys: try keys.ring()
        )
    }

    private var isColoured: Bool {
        switch color {
        case .always: return true
        case .never: return false
        case .auto:
            let environment = ProcessInfo.processInfo.environment
            guard environment["NO_COLOR", default: ""].isEmpty, environment["TERM"] != "dumb" else { return false }
            return (output == nil || output == "-") && isatty(1) == 1
        }
    }
}

struct LimitOptions: ParsableArguments {
    @Option(
        name: [.customShort("c"), .long],
        help: ArgumentHelp("Stop after so many relevant packets.", valueName: "count")
    )
    var count: Int?

    func validate() throws {
        if let count, count < 1 { throw ValidationError("--count is at least 1") }
    }
}

struct VerdictOptions: ParsableArguments {
    @Option(
        name: .long,
        help: ArgumentHelp(
            "Exit with status 1 when a finding of this severity or above was made: notice, warning, critical.",
            valueName: "severity"
        ),
        transform: { text in
            guard let severity = Severity(rawValue: text) else {
                throw ValidationError("--fail-on is notice, warning or critical, not '\(text)'")
            }
            return severity
        }
    )
    var failOn: Severity?

    func status(worst: Severity?) -> ExitStatus {
        guard let failOn, let worst, worst >= failOn else { return .done }
        return .finding
    }
}

struct FilterOptions: ParsableArguments {
    @Option(
        name: [.customShort("f"), .long],
        help: ArgumentHelp("Look only at packets that a filter of pcap-filter(7) lets through.", valueName: "filter")
    )
    var filter: String?
}

struct SalvageOptions: ParsableArguments {
    @Flag(
        name: .long,
        help: "Read on behind damage in a file where something plausible follows; the exit status stays 2."
    )
    var salvage = false

    /// Refuses the option where there are no files.
    func refuseForInterfaces() throws {
        if salvage { throw Failure.usage("--salvage is for files only") }
    }
}

struct LiveOptions: ParsableArguments {
    @Option(
        name: [.customShort("s"), .customLong("snapshot-length")],
        help: ArgumentHelp("Capture so many bytes of each packet.", valueName: "snaplen")
    )
    var snapLength: Int?

    @Option(
        name: [.customShort("B"), .customLong("buffer-size")],
        help: ArgumentHelp("The kernel's buffer in KiB.", valueName: "kib")
    )
    var bufferSize: Int?

    @Flag(name: [.customShort("p"), .customLong("no-promiscuous-mode")], help: "Do not set promiscuous mode.")
    var isNotPromiscuous = false

    func validate() throws {
        if let snapLength, !(64...262_144).contains(snapLength) {
            throw ValidationError("-s is between 64 and 262144 bytes")
        }
        if let bufferSize, !(1...2_097_151).contains(bufferSize) {
            throw ValidationError("-B is between 1 and 2097151 KiB")
        }
    }

    /// Refuses options that files have no use for.
    func refuseForFiles() throws {
        let used = [
            snapLength == nil ? nil : "-s", bufferSize == nil ? nil : "-B", isNotPromiscuous ? "-p" : nil,
        ]
        if let option = used.compactMap({ $0 }).first { throw Failure.usage("\(option) is for live capture only") }
    }
}

struct SourceOptions: ParsableArguments {
    @Argument(help: ArgumentHelp("Interfaces or capture files; - is standard input.", valueName: "source"))
    var sources: [String] = []

    @Option(
        name: [.customShort("i"), .customLong("interface")],
        help: ArgumentHelp("An interface; can be repeated.", valueName: "iface")
    )
    var interfaces: [String] = []

    @Option(
        name: [.customShort("r"), .customLong("read-file")],
        help: ArgumentHelp("A capture file; can be repeated.", valueName: "file")
    )
    var files: [String] = []

    func validate() throws {
        if sources.isEmpty, interfaces.isEmpty, files.isEmpty {
            throw ValidationError("what is to be looked at? Name an interface or a capture file")
        }
    }

    /// Finds out what the sources are.
    ///
    /// What is neither an interface nor a file is taken for an interface where one may come, `waits`.
    func resolved(waits: Bool) throws -> Sources {
        var interfaces = interfaces
        var files = files
        for source in sources {
            let isInterface = Interfaces.exists(source)
            switch (isInterface, source == "-" || FileManager.default.fileExists(atPath: source)) {
            case (true, true):
                throw Failure.usage("\(source) is both an interface and a file: say -i \(source) or -r \(source)")
            case (true, false): interfaces.append(source)
            case (false, true): files.append(source)
            case (false, false) where VRRPWatch.command(named: source) != nil:
                throw Failure.usage("\(source) is a command, which stands before all options: vrrpwatch \(source)")
            case (false, false) where waits && !source.contains("/"): interfaces.append(source)
            case (false, false):
                let hint = "`vrrpwatch interfaces` lists what can be watched"
                throw Failure(.couldNotStart, "\(source): there is no such file or interface; \(hint)")
            }
        }
        guard !interfaces.isEmpty else { return .files(files) }
        guard files.isEmpty else {
            throw Failure.usage("interfaces and files cannot be looked at together: \(interfaces[0]) and \(files[0])")
        }
        return .interfaces(interfaces)
    }
}

extension TimeStyle {
    /// The time zone that `TZ` or the system names.
    static var system: Self {
        let time = LocalTime()
        return .local { time.secondsFromUTC(at: $0) }
    }
}
