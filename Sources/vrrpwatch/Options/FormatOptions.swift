internal import ArgumentParser
internal import VRRPFacts

/// The forms that a command can write, by the names that `--format` takes.
///
/// Each command has an enumeration of its own, so that a form that the command cannot write cannot be asked for: help,
/// completion and the refusal come from the cases.
protocol NamedForm: RawRepresentable<String>, CaseIterable, ExpressibleByArgument, Sendable {
    /// The help of `--format`.
    static var help: String { get }
}

/// Forms of which one is text and one, by `--json` for short, is for machines.
protocol OutputForm: NamedForm {
    static var text: Self { get }
    static var machine: Self { get }
}

/// The form in which a command writes.
struct FormatOptions<Form: NamedForm>: ParsableArguments {
    @Option(name: .long, help: ArgumentHelp(Form.help, valueName: "form"))
    var format: Form?

    @Flag(name: .long, help: "Write the form for programs: json from files, ndjson live and from decode.")
    var json = false

    /// The form that was asked for, text by default.
    ///
    /// - Parameters:
    ///   - forms: the forms that can be written to the sources that were named.
    ///   - sources: these sources, for the refusal.
    /// - Returns: the form.
    /// - Throws: ``Failure`` with status 64 where the form cannot be written, or `--json` asks for another one.
    func chosen<Chosen: OutputForm>(_ forms: Chosen.Type, for sources: String) throws -> Chosen {
        guard let format else { return json ? .machine : .text }
        guard let chosen = Chosen(rawValue: format.rawValue) else {
            let known = Chosen.allCases.map(\.rawValue).joined(separator: ", ")
            throw Failure.usage("--format \(format.rawValue) is not available for \(sources); use one of \(known)")
        }
        guard !json || format.rawValue == Chosen.machine.rawValue else {
            throw Failure.usage("--json and --format \(format.rawValue) contradict each other; leave one out")
        }
        return chosen
    }
}

extension FormatOptions where Form: OutputForm {
    /// The form that was asked for, text by default.
    ///
    /// Throws ``Failure`` with status 64 where `--json` and `--format` contradict each other.
    var form: Form {
        get throws { try chosen(Form.self, for: "this command") }
    }
}

/// The forms of a report on capture files.
enum AnalysisForm: String, OutputForm {
    case text, json, html, markdown

    static let machine = Self.json
    static let help = "The form of the report; `vrrpwatch report` writes csv, too."
}

/// The forms of the events of a watch.
enum EventForm: String, OutputForm {
    case text, ndjson

    static let machine = Self.ndjson
    static let help = "The form of the events."
}

/// The forms of a packet's line.
enum PacketForm: String, OutputForm {
    case text, ndjson

    static let machine = Self.ndjson
    static let help = "The form of a line."
}

/// The forms of what is said of configurations.
enum CheckForm: String, OutputForm {
    case text, json

    static let machine = Self.json
    static let help = "The form of the report."
}

/// The forms that files or interfaces can be reported in, before it is known which of them the sources are.
///
/// They are those of ``AnalysisForm`` and of ``EventForm``.
struct SourceForm: NamedForm {
    let rawValue: String

    private static let ofFiles = AnalysisForm.allCases.map(\.rawValue)
    private static let ofInterfaces = EventForm.allCases.map(\.rawValue)
    private static let ofFilesAlone = ofFiles.filter { !ofInterfaces.contains($0) }
    private static let ofInterfacesAlone = ofInterfaces.filter { !ofFiles.contains($0) }

    static let allCases = (ofFiles + ofInterfacesAlone).compactMap { Self(rawValue: $0) }

    static let help =
        "The form of the report; only files give \(list(ofFilesAlone)), only interfaces give \(list(ofInterfacesAlone))."

    init?(rawValue: String) {
        guard Self.ofFiles.contains(rawValue) || Self.ofInterfaces.contains(rawValue) else { return nil }
        self.rawValue = rawValue
    }
}

/// The forms of a post-incident report.
enum ReportForm: String, NamedForm {
    case html, markdown, json, csv

    static let help = "The form of the report, where the ending of OUT does not say it."
    /// The endings of names that stand for a form.
    static let endings = ["html", "htm", "md", "markdown", "json", "csv"]

    /// The form that the ending of a file's name stands for; `nil` for any other ending.
    init?(ending: String) {
        switch ending.lowercased() {
        case "html", "htm": self = .html
        case "md", "markdown": self = .markdown
        case "json": self = .json
        case "csv": self = .csv
        default: return nil
        }
    }
}
