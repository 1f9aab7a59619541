internal import ArgumentParser
internal import Foundation
internal import VRRPCapture
internal import VRRPWire

/// What a capture leaves behind beside its events, and as whom it runs.
struct ServiceOptions: ParsableArguments {
    @OptionGroup var recording: RecordingOptions
    @OptionGroup var monitoring: MonitoringOptions
    @OptionGroup var privileges: PrivilegeOptions

    var settings: LiveService.Settings {
        LiveService.Settings(
            recording: recording.file.map { (path: $0, rotation: recording.rotation) },
            evidence: recording.evidence.map {
                (path: $0, minutes: recording.evidenceMinutes, files: recording.evidenceFiles)
            },
            metricsFile: monitoring.metricsFile,
            program: monitoring.program.map { (path: $0, timeout: monitoring.timeout) },
            privileges: privileges
        )
    }

    /// Refuses options that files have no use for.
    func refuseForFiles() throws {
        let used = [
            recording.file == nil ? nil : "-w", recording.evidence == nil ? nil : "--evidence",
            monitoring.metricsFile == nil ? nil : "--metrics-file", monitoring.program == nil ? nil : "--exec",
            monitoring.journal ? "--journal" : nil,
        ]
        if let option = used.compactMap({ $0 }).first { throw Failure.usage("\(option) is for live capture only") }
        try privileges.refuseForFiles()
    }
}

struct RecordingOptions: ParsableArguments {
    @Option(
        name: [.customShort("w"), .customLong("write-file")],
        help: ArgumentHelp(
            "Write the relevant packets as pcapng, each at once; with -C, -G or -W a ring of files named after it.",
            valueName: "file"
        )
    )
    var file: String?

    @Option(
        name: [.customShort("C"), .customLong("file-size")],
        help: ArgumentHelp("Begin the next file before one grows beyond so many million bytes.", valueName: "size")
    )
    var size: Int?

    @Option(
        name: [.customShort("G"), .customLong("rotate-seconds")],
        help: ArgumentHelp(
            "Begin the next file after so many seconds, also when no packet comes.",
            valueName: "seconds"
        )
    )
    var seconds: Int?

    @Option(
        name: [.customShort("W"), .customLong("file-count")],
        help: ArgumentHelp("Keep so many files; the oldest is removed for the next.", valueName: "count")
    )
    var count: Int?

    @Option(
        name: .long,
        help: ArgumentHelp(
            "For each critical finding, write the packets around it to a file of this directory.",
            valueName: "directory"
        )
    )
    var evidence: String?

    @Option(
        name: .long,
        help: ArgumentHelp("How many minutes before and after a finding are evidence.", valueName: "minutes")
    )
    var evidenceMinutes = 2

    @Option(
        name: .long,
        help: ArgumentHelp("Keep so many files of evidence; the oldest is removed for the next.", valueName: "count")
    )
    var evidenceFiles = 100

    func validate() throws {
        if let size, !(1...1_000_000).contains(size) { throw ValidationError("-C is between 1 and 1000000") }
        if let seconds, !(1...31_622_400).contains(seconds) {
            throw ValidationError("-G is between 1 and 31622400 seconds")
        }
        if let count, !(1...100_000).contains(count) { throw ValidationError("-W is between 1 and 100000") }
        if count != nil, size == nil, seconds == nil { throw ValidationError("-W goes with -C or -G") }
        if file == nil, size != nil || seconds != nil { throw ValidationError("-C and -G go with -w") }
        if file == "-" {
            throw ValidationError("live, -w takes a file: standard output is for the events")
        }
        if !(1...60).contains(evidenceMinutes) { throw ValidationError("--evidence-minutes is between 1 and 60") }
        if !(1...100_000).contains(evidenceFiles) { throw ValidationError("--evidence-files is between 1 and 100000") }
    }

    var rotation: CaptureRecorder.Rotation {
        CaptureRecorder.Rotation(
            size: size.map { UInt64($0) * 1_000_000 },
            period: seconds.map { .seconds(Int64($0)) },
            files: count
        )
    }
}

struct MonitoringOptions: ParsableArguments {
    @Option(
        name: .long,
        help: ArgumentHelp(
            "Write metrics for node_exporter's textfile collector, anew every 10 seconds.",
            valueName: "file.prom"
        )
    )
    var metricsFile: String?

    @Option(
        name: .customLong("exec"),
        help: ArgumentHelp(
            "Run a program for each transition and finding, with keepalived's notify arguments and the event as JSON.",
            valueName: "program"
        )
    )
    var program: String?

    @Option(
        name: .customLong("exec-timeout"),
        help: ArgumentHelp("End the program when it runs for so many seconds.", valueName: "seconds")
    )
    var timeout = 10

    @Flag(
        name: .long,
        help: "In text, begin lines with their priority for journald; by default where standard output goes there."
    )
    var journal = false

    func validate() throws {
        if let metricsFile, !metricsFile.hasSuffix(".prom") {
            throw ValidationError("--metrics-file ends in .prom, or node_exporter does not read it")
        }
        if !(1...3600).contains(timeout) { throw ValidationError("--exec-timeout is between 1 and 3600 seconds") }
    }

    /// Whether lines of text are for the journal: asked for, or found out as systemd.exec(5) says.
    var isForJournal: Bool {
        if journal { return true }
        guard let stream = ProcessInfo.processInfo.environment["JOURNAL_STREAM"] else { return false }
        return ProcessSignals.identity(of: 1) == stream
    }
}

struct PrivilegeOptions: ParsableArguments {
    @Option(
        name: .customShort("Z"),
        help: ArgumentHelp(
            "As root, become this user once the interfaces are open; under sudo it is the one who called.",
            valueName: "user"
        )
    )
    var user: String?

    @Flag(name: .long, help: "Do not confine the process to the files that it needs (Landlock).")
    var noSandbox = false

    /// Refuses options that files have no use for.
    func refuseForFiles() throws {
        let used = [user == nil ? nil : "-Z", noSandbox ? "--no-sandbox" : nil]
        if let option = used.compactMap({ $0 }).first { throw Failure.usage("\(option) is for live capture only") }
    }
}
