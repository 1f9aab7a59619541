internal import ArgumentParser
internal import Foundation
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
                + "as r1=r1.log or 10.0.0.1=r1.log; can be repeated.",
            valueName: "name=file"
        )
    )
    var log: [String] = []

    /// The options as they are given.
    var words: [String] { log.flatMap { ["--log", $0] } }

    /// The name and the path in an argument; a name that exists is a file, whatever is in it.
    static func parts(of argument: String) -> (name: String?, path: String) {
        guard !FileManager.default.fileExists(atPath: argument), let sign = argument.firstIndex(of: "="),
            sign > argument.startIndex
        else { return (nil, argument) }
        return (String(argument[..<sign]), String(argument[argument.index(after: sign)...]))
    }

    /// Reads the logs.
    ///
    /// - Throws: ``Failure`` with status 3 for one that cannot be read.
    func read() throws -> [GivenLog] {
        let zone = LocalTime()
        return try log.map { argument in
            let (name, path) = Self.parts(of: argument)
            let written = Self.modification(of: path)
            var reader = TestimonyReader(written: written)
            let damage: String?
            do throws(CaptureError) {
                damage = try TextSource.read(path: path) { reader.take($0) }
            } catch {
                throw Failure(.couldNotStart, error.message)
            }
            var testimony = reader.finish()
            if let damage { testimony.note(problem: damage) }
            for problem in testimony.problems { Diagnostics.say("\(path): \(problem)") }
            return GivenLog(source: path, name: name, testimony: testimony) { instant in
                .seconds(Int64(zone.secondsFromUTC(at: instant)))
            }
        }
    }

    /// The instant at which a file was written last, which is when a dump says what it says.
    private static func modification(of path: String) -> CaptureInstant? {
        let attributes = try? FileManager.default.attributesOfItem(atPath: path)
        guard let date = attributes?[.modificationDate] as? Date else { return nil }
        let milliseconds = date.timeIntervalSince1970 * 1000
        guard milliseconds.magnitude < 4e12 else { return nil }
        return CaptureInstant(nanoseconds: Int64(milliseconds) * 1_000_000)
    }

    /// Refuses the option for interfaces.
    func refuseForInterfaces() throws {
        if !log.isEmpty { throw Failure.usage("--log is for capture files only; leave it out for interfaces") }
    }
}
