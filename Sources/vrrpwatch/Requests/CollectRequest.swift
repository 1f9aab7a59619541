internal import Glibc
internal import VRRPBundle
internal import VRRPCapture
internal import VRRPFacts

/// The state of this router and its packets, for somebody else to look at.
struct CollectRequest {
    var interfaces: [String]
    /// The argument of `-o`.
    var output: String
    /// The name of the router.
    var name: String
    /// The length of the capture.
    var seconds: Int
    /// The beginning of the journal, as journalctl(1) takes it.
    var since: String
    var showsSecrets: Bool
    var isQuiet: Bool

    /// Collects, and writes the bundle.
    ///
    /// - Throws: ``Failure`` where an interface does not exist, or the output fails.
    func run() throws -> ExitStatus {
        if output == "-", isatty(STDOUT_FILENO) == 1 {
            throw Failure.usage(
                "a bundle is binary, and standard output is a terminal; name a file with -o, or redirect the output"
            )
        }
        let output = try Output(path: output)
        try output.makePrivate()
        var collector = Collector(self)
        let compressed: [UInt8]
        let stop = try StopSignal.made()
        stop.receive([SIGINT, SIGTERM, SIGHUP])
        let archive = try collector.collect(until: stop)
        do throws(CaptureError) {
            compressed = try ZstandardFrame.compressed(archive, path: output.name)
        } catch {
            throw Failure(.couldNotStart, error.message)
        }
        try output.write(compressed)
        try output.finish()
        if !isQuiet { tell(collector) }
        return .done
    }

    /// Says what the bundle holds and what not.
    private func tell(_ collector: Collector) {
        for remark in collector.remarks { Diagnostics.say(remark) }
        let missing = collector.missing.map { String($0.source.prefix { $0 != " " }) }
        if !missing.isEmpty { Diagnostics.say("nothing came from \(Words.list(missing.unique)); CONTENTS says why") }
        let secrets = showsSecrets ? "Passwords are shown in it" : "Passwords are masked in it"
        let look = output == "-" ? "" : "; `tar --zstd -xOf \(output) CONTENTS` says what it holds"
        Diagnostics.say("\(output): \(Words.count(collector.members.count, "member")). \(secrets)\(look)")
    }
}

extension [String] {
    /// The texts without those that came before.
    fileprivate var unique: [String] {
        var seen: Set<String> = []
        return filter { seen.insert($0).inserted }
    }
}
