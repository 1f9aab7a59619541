internal import ArgumentParser
internal import Glibc
internal import VRRPCapture
internal import VRRPWire

/// The files of packets that a watch leaves behind.
struct RecordingOptions: ParsableArguments, LiveOnlyOptions {
    @Option(
        name: [.customShort("w"), .customLong("write-file")],
        help: ArgumentHelp(
            """
            Write the relevant packets as pcapng, each at once; with -C, -G or -W to a ring of files named after this one. - \
            is standard output; events go to standard error then, or to the file of -o.
            """,
            valueName: "file"
        ),
        completion: .file()
    )
    var file: String?

    @Option(
        name: .long,
        help: ArgumentHelp(
            "The name of this sensor in what -w writes. Default: the name of the host.",
            valueName: "name"
        )
    )
    var sensor: String?

    @Option(
        name: [.customShort("C"), .customLong("file-size")],
        help: ArgumentHelp("Begin the next file before a file grows beyond this many million bytes.", valueName: "size")
    )
    var size: Int?

    @Option(
        name: [.customShort("G"), .customLong("rotate-seconds")],
        help: ArgumentHelp(
            "Begin the next file after this many seconds, even when no packet comes.",
            valueName: "seconds"
        )
    )
    var seconds: Int?

    @Option(
        name: [.customShort("W"), .customLong("file-count")],
        help: ArgumentHelp("Keep this many files, and remove the oldest for the next.", valueName: "count")
    )
    var count: Int?

    @Option(
        name: .long,
        help: ArgumentHelp(
            "For each critical finding, write the packets around it to a file in this directory.",
            valueName: "directory"
        ),
        completion: .directory
    )
    var evidence: String?

    @Option(
        name: .long,
        help: ArgumentHelp("Keep this many minutes before and after a finding.", valueName: "minutes")
    )
    var evidenceMinutes = 2

    @Option(
        name: .long,
        help: ArgumentHelp("Keep this many files of evidence, and remove the oldest for the next.", valueName: "count")
    )
    var evidenceFiles = 100

    func validate() throws {
        if let size, !(1...1_000_000).contains(size) {
            throw ValidationError("-C is between 1 and 1000000 million bytes, not \(size)")
        }
        if let seconds, !(1...31_622_400).contains(seconds) {
            throw ValidationError("-G is between 1 and 31622400 seconds, not \(seconds)")
        }
        if let count, !(1...100_000).contains(count) {
            throw ValidationError("-W is between 1 and 100000 files, not \(count)")
        }
        if count != nil, size == nil, seconds == nil { throw ValidationError("-W has no effect alone; add -C or -G") }
        if file == nil, size != nil || seconds != nil {
            throw ValidationError("-C and -G have no effect alone; name a file with -w")
        }
        if file == "-", size != nil || seconds != nil {
            throw ValidationError("-C and -G begin new files, and -w - is standard output; name a file with -w")
        }
        if let sensor {
            guard file != nil else { throw ValidationError("--sensor has no effect alone; add -w") }
            guard Sensor.isName(sensor) else {
                throw ValidationError(
                    "--sensor \(sensor) is no name: take up to \(Sensor.longestName) letters, digits, dots, hyphens and underscores"
                )
            }
        }
        if !(1...60).contains(evidenceMinutes) {
            throw ValidationError("--evidence-minutes is between 1 and 60, not \(evidenceMinutes)")
        }
        if !(1...100_000).contains(evidenceFiles) {
            throw ValidationError("--evidence-files is between 1 and 100000, not \(evidenceFiles)")
        }
    }

    var rotation: CaptureRecorder.Rotation {
        CaptureRecorder.Rotation(
            size: size.map { UInt64($0) * 1_000_000 },
            period: seconds.map { .seconds(Int64($0)) },
            files: count
        )
    }

    /// Whether packets go to standard output, which is not for events then.
    var isStream: Bool { file == "-" }

    /// Refuses what would write to standard output beside the packets.
    ///
    /// - Throws: ``Failure`` with status 64 where something would, and where standard output is a terminal.
    func refuse(_ form: EventForm, _ output: OutputOptions, _ watch: WatchOptions) throws {
        guard isStream else { return }
        if watch.screen.screen { throw Failure.usage("--screen and -w - contradict each other; leave one out") }
        if output.output == "-" {
            throw Failure.usage("-o - and -w - both write to standard output; name a file with one of them")
        }
        if output.output == nil {
            let data = [(form != .text, "--format \(form.rawValue)"), (watch.once.once != nil, "--once")]
            for (isGiven, option) in data where isGiven {
                throw Failure.usage("\(option) and -w - both write to standard output; name a file with -o or -w")
            }
        }
        if isatty(STDOUT_FILENO) == 1 {
            throw Failure.usage(
                "-w - writes binary packets, and standard output is a terminal; name a file with -w, or redirect the output"
            )
        }
    }

    var given: [String] { [file == nil ? nil : "-w", evidence == nil ? nil : "--evidence"].compactMap { $0 } }
}
