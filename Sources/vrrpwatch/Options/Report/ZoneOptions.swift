internal import ArgumentParser
internal import VRRPCapture
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

    /// The zone of a name, local time for `nil`; that of a name becomes the zone of the process.
    ///
    /// - Throws: ``Failure`` with status 64 for a name that the system has no zone for.
    static func zone(named name: String?) throws -> Zone {
        if name == "UTC" || name == "Z" { return Zone(name: "UTC", style: .utc) { _ in 0 } }
        guard let name else { return zone(LocalTime()) }
        guard let found = LocalTime(named: name) else {
            throw Failure.usage(
                "'\(name)' is not a time zone of this system; write UTC or a name such as Europe/Berlin, "
                    + "which the system's package tzdata has"
            )
        }
        return zone(found)
    }

    private static func zone(_ time: LocalTime) -> Zone {
        Zone(name: time.name, style: .local(time.secondsFromUTC), secondsFromUTC: time.secondsFromUTC)
    }

    /// The options as they are given.
    var words: [String] { utc ? ["--utc"] : timezone.map { ["--timezone", $0] } ?? [] }
}
