internal import ArgumentParser
internal import Foundation
internal import VRRPReport
internal import VRRPWire

/// The time zone in which a report shows times.
struct ZoneOptions: ParsableArguments {
    @Option(
        name: .long,
        help: ArgumentHelp("Show times in this zone instead of local time: UTC, Europe/Berlin.", valueName: "zone")
    )
    var timezone: String?

    @Flag(name: .long, help: "Show times in UTC instead of local time. JSON and CSV are in UTC always.")
    var utc = false

    func validate() throws {
        if utc, timezone != nil { throw ValidationError("--utc and --timezone contradict each other; leave one out") }
    }

    struct Zone {
        var name: String
        var style: TimeStyle
        var secondsFromUTC: @Sendable (CaptureInstant) -> Int
    }

    var zone: Zone {
        get throws { try Self.zone(named: utc ? "UTC" : timezone) }
    }

    /// The zone of a name, local time for `nil`.
    static func zone(named name: String?) throws -> Zone {
        if name == "UTC" || name == "Z" { return Zone(name: "UTC", style: .utc) { _ in 0 } }
        guard let name else { return zone(TimeZone.current) }
        guard let found = TimeZone(identifier: name) else {
            throw Failure.usage("'\(name)' is not a time zone; write UTC or a name such as Europe/Berlin")
        }
        return zone(found)
    }

    private static func zone(_ zone: TimeZone) -> Zone {
        let seconds: @Sendable (CaptureInstant) -> Int = { instant in
            zone.secondsFromGMT(for: Date(timeIntervalSince1970: Double(instant.nanoseconds) / 1e9))
        }
        return Zone(name: zone.identifier, style: .local(seconds), secondsFromUTC: seconds)
    }

    /// The options as they are given.
    var words: [String] { utc ? ["--utc"] : timezone.map { ["--timezone", $0] } ?? [] }
}
