internal import ArgumentParser
internal import VRRPCapture

/// The programs that are told what a watch sees.
struct MonitoringOptions: ParsableArguments, LiveOnlyOptions {
    @Option(
        name: .long,
        help: ArgumentHelp(
            "Write metrics for node_exporter's textfile collector, every 10 seconds.",
            valueName: "file.prom"
        ),
        completion: .file(extensions: ["prom"])
    )
    var metricsFile: String?

    @Option(
        name: .customLong("exec"),
        help: ArgumentHelp(
            "Run this program for each incident, change of master and finding, with keepalived's notify arguments and the "
                + "event as JSON on standard input.",
            valueName: "program"
        ),
        completion: .file()
    )
    var program: String?

    @Option(
        name: .customLong("exec-timeout"),
        help: ArgumentHelp("End the program when it runs for this many seconds.", valueName: "seconds")
    )
    var timeout = 10

    @Flag(
        name: .long,
        help:
            "Begin lines of text with their priority for journald. This is the default where the lines go to the journal."
    )
    var journal = false

    func validate() throws {
        if let metricsFile, !metricsFile.hasSuffix(".prom") {
            throw ValidationError(
                "--metrics-file \(metricsFile) does not end in .prom, so node_exporter does not read it; rename it"
            )
        }
        if !(1...3600).contains(timeout) {
            throw ValidationError("--exec-timeout is between 1 and 3600 seconds, not \(timeout)")
        }
    }

    /// Whether lines of text on a descriptor are for the journal: by the option, or by the test of systemd.exec(5).
    func isForJournal(on descriptor: CInt) -> Bool {
        if journal { return true }
        guard let stream = environmentVariable("JOURNAL_STREAM") else { return false }
        return ProcessSignals.identity(of: descriptor) == stream
    }

    var given: [String] {
        [metricsFile == nil ? nil : "--metrics-file", program == nil ? nil : "--exec", journal ? "--journal" : nil]
            .compactMap { $0 }
    }
}
