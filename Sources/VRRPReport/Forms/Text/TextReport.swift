internal import VRRPFacts
internal import VRRPFindings
internal import VRRPTracker
internal import VRRPWire

/// The report for people at a terminal, of a page or so.
///
/// Each part of the report is an extension in `Sections`.
package struct TextReport {
    package struct Options: Sendable {
        package var time = TimeStyle.utc
        package var style = TextStyle.plain
        /// Whether passwords seen on the wire are shown beside their labels.
        package var showsSecrets = false
        /// Whether long lists are shown whole.
        package var isVerbose = false
        /// Whether only the summary line and the findings are shown.
        package var isQuiet = false
        /// The number of places of a line.
        package var width = standardWidth

        package init() {}
    }

    /// The width of files and pipes, and the least width that a terminal is taken to have.
    package static let standardWidth = 80
    package static let leastWidth = 40
    /// The numbers of rows of a long list that are shown at its two ends.
    static let firstRows = 12
    static let lastRows = 6
    /// The number of virtual routers up to which they are shown in detail; of more, there is an overview.
    static let mostDetailed = 4
    /// The number of virtual routers that the overview is made of.
    static let mostListed = 4096
    /// The number of virtual routers, or of findings of one kind, from which on those alike are told as one.
    static let many = 3

    let document: ReportDocument
    let options: Options
    var text = ""

    /// The virtual routers that a report by these options tells of; where there are few, it tells of all.
    ///
    /// A quiet report lists none, and its first sentence names them all the same.
    package static func selection(_ options: Options) -> ReportDocument.Selection {
        options.isVerbose ? .all : .some(first: mostListed, accused: mostListed)
    }

    /// The report as text, with a line break at its end.
    ///
    /// - Parameters:
    ///   - document: what there is to say, of the virtual routers in ``selection(_:)`` at least.
    ///   - options: how to say it.
    /// - Returns: the text.
    package static func render(_ document: ReportDocument, _ options: Options) -> String {
        var report = Self(document: document, options: options)
        report.write()
        return report.text
    }

    private init(document: ReportDocument, options: Options) {
        self.document = document
        self.options = options
    }

    private mutating func write() {
        writeHeadline()
        write(document.incidents)
        write(document.findings)
        if !options.isQuiet { writeVirtualRouters() }
        if !options.isQuiet { writeOtherProtocols() }
        if !options.isQuiet { writeTestimony() }
        if !options.isQuiet { writeVantage() }
        if !options.isQuiet { writeCaptures() }
    }

    /// The number of places of a line.
    var width: Int { options.width }

    /// The date and the offset of all instants of the report, `2026-07-29 at +02:00`; `nil` where there are several.
    var day: String? {
        guard let start = document.start, let end = document.end else { return nil }
        func day(_ instant: CaptureInstant) -> String {
            let text = options.time.text(instant, decimals: 0)
            return "\(text.prefix(10)), UTC\(text.dropFirst(19) == "Z" ? "" : text.dropFirst(19))"
        }
        return day(start) == day(end) ? day(start) : nil
    }

    func name(ofCapture index: Int) -> String {
        guard document.captures.indices.contains(index) else { return "capture \(index)" }
        let source = document.captures[index].description.source
        return source == "-" ? "standard input" : source.escapedForTerminal
    }

    func reference(_ reference: FrameReference) -> String {
        document.captures.count > 1 ? "\(reference.capture):\(reference.frame)" : "\(reference.frame)"
    }

    /// The last priorities above 0, in the order of their changes.
    static func priorities(of router: ReportDocument.Router) -> String {
        var values: [UInt8] = []
        for change in router.priorities where change.value > 0 && values.last != change.value {
            values.append(change.value)
        }
        guard values.count > 4 else { return values.map(String.init).joined(separator: "→") }
        return "…→" + values.suffix(3).map(String.init).joined(separator: "→")
    }

    /// Each name once, in the order of its first appearance.
    static func distinct(_ names: [String]) -> [String] {
        var seen: Set<String> = []
        return names.filter { seen.insert($0).inserted }
    }

    static func first(of names: [String]) -> String {
        guard names.count > 1 else { return names.first ?? "" }
        return "\(names[0]) +\(names.count - 1)"
    }

    static func announcement(_ announced: ReportDocument.Announced?) -> String {
        guard let announced else { return "" }
        let after = announced.firstAfter.map { " in \($0.inMilliseconds)" } ?? ""
        return "\(announced.addresses)/\(announced.of)\(after)"
    }
}

extension ReportDocument {
    var virtualRouterCount: Int { virtualRouters.count + otherVirtualRouters.count }

    /// The outcome in one line: `1 virtual router, 5 master changes in 25.400 s; 1 critical, 0 warnings, 1 notice`.
    package var summaryLine: String {
        let changes = virtualRouters.reduce(otherVirtualRouters.changes) { $0 + $1.changes }
        var line = Words.count(virtualRouterCount, "virtual router") + ", "
        line += Words.count(changes, "change") + " of master"
        if let start, let end { line += " in " + (end - start).words(.table) }
        line += "; findings: \(count(of: .critical)) critical, "
        line += Words.count(count(of: .warning), "warning") + ", "
        return line + Words.count(count(of: .notice), "notice")
    }
}
