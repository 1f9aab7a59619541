internal import ArgumentParser
internal import VRRPBundle
internal import VRRPCapture
internal import VRRPFindings
internal import VRRPTestimony
internal import VRRPWire

/// Logs and dumps, in which routers speak of themselves.
struct LogOptions: ParsableArguments {
    @Option(
        name: .customLong("log"),
        help: ArgumentHelp(
            "A router's log, journal (-o export, json, short-iso) or state dump (keepalived.json, FRR's show vrrp json), such "
                + "as r1=r1.log or 10.0.0.1=r1.log; can be repeated. Lines of several hosts in one file are told apart by "
                + "the names in them.",
            valueName: "name=file"
        )
    )
    var log: [String] = []

    /// The options as they are given.
    var words: [String] { log.flatMap { ["--log", $0] } }

    /// The name and the path in an argument; a name that exists is a file, whatever is in it.
    static func parts(of argument: String) -> (name: String?, path: String) {
        guard FileType(of: argument) == nil, let sign = argument.firstIndex(of: "="),
            sign > argument.startIndex
        else { return (nil, argument) }
        return (String(argument[..<sign]), String(argument[argument.index(after: sign)...]))
    }

    /// Reads the logs, and those in bundles, which are of the router that the bundle names.
    ///
    /// - Throws: ``Failure`` with status 3 for one that cannot be read.
    func read(with bundles: [BundleFile]) throws -> [GivenLog] {
        let zone = LocalTime()
        let local: @Sendable (CaptureInstant) -> TimeSpan = { .seconds(Int64(zone.secondsFromUTC(at: $0))) }
        let collected = bundles.flatMap { file in
            file.bundle.logs.flatMap { name, text in
                let testimonies = TestimonyReader.read(text)
                return GivenLog.all(source: "\(file.path):\(name)", name: file.name, testimonies, local: local)
            }
        }
        return try collected
            + log.flatMap { argument in
                let (name, path) = Self.parts(of: argument)
                var reader = TestimonyReader(written: FileType.modification(of: path))
                let damage: String?
                do throws(CaptureError) {
                    damage = try TextSource.read(path: path) { reader.take($0) }
                } catch {
                    throw Failure(.couldNotStart, error.message)
                }
                var given = GivenLog.all(source: path, name: name, reader.finish(), local: local)
                if let damage { for index in given.indices { given[index].testimony.note(problem: damage) } }
                var told: Set<String> = []
                for problem in given.flatMap(\.testimony.problems) where told.insert(problem).inserted {
                    Diagnostics.say("\(path): \(problem)")
                }
                return given
            }
    }

    /// Refuses the option for interfaces.
    func refuseForInterfaces() throws {
        if !log.isEmpty { throw Failure.usage("--log is for capture files only; leave it out for interfaces") }
    }
}
