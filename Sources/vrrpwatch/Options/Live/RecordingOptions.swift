internal import ArgumentParser
internal import VRRPCapture
internal import VRRPWire

/// The files of packets that a watch leaves behind.
struct RecordingOptions: ParsableArguments, LiveOnlyOptions {
    @Option(
        name: [.customShort("w"), .customLong("write-file")],
        help: ArgumentHelp(
            "Write the relevant packets as pcapng, each at once; with -C, -G or -W to a ring of files named after this one.",
            valueName: "file"
        ),
        completion: .file()
    )
    var file: String?

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
        if file == "-" {
            throw ValidationError("-w cannot write to standard output, which is for the events; name a file")
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

    var given: [String] { [file == nil ? nil : "-w", evidence == nil ? nil : "--evidence"].compactMap { $0 } }
}
