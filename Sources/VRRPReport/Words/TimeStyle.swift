package import VRRPWire

/// The zone in which text shows instants: a function, since the zones themselves are the system's.
package struct TimeStyle: Sendable {
    private let offset: (@Sendable (CaptureInstant) -> Int)?

    package static let utc = Self(offset: nil)

    private init(offset: (@Sendable (CaptureInstant) -> Int)?) {
        self.offset = offset
    }

    /// Local time by the offset in force at an instant, in seconds east of UTC.
    ///
    /// Whole minutes of it are shown (RFC 3339 section 4.2).
    package static func local(_ secondsEastOfUTC: @escaping @Sendable (CaptureInstant) -> Int) -> Self {
        Self(offset: secondsEastOfUTC)
    }

    /// The offset of local time from UTC, in whole minutes.
    func offset(at instant: CaptureInstant) -> TimeSpan {
        .seconds(60 * (offset.map { Int64($0(instant)) / 60 } ?? 0))
    }

    /// Whether times are those of UTC, and written so.
    var isUTC: Bool { offset == nil }

    /// The instants from which on an offset holds, in minutes, the first of them at the start.
    ///
    /// Offsets change at whole quarters of an hour; a span of years is looked at in wider steps.
    func offsets(from start: CaptureInstant, to end: CaptureInstant) -> [(since: CaptureInstant, minutes: Int64)] {
        let step = max(TimeSpan.seconds(900), (end - start) / 4096)
        var offsets = [(start, offset(at: start).nanoseconds / 60_000_000_000)]
        var instant = CaptureInstant(nanoseconds: start.nanoseconds / step.nanoseconds * step.nanoseconds) + step
        while instant < end {
            let minutes = offset(at: instant).nanoseconds / 60_000_000_000
            if minutes != offsets[offsets.count - 1].1 { offsets.append((instant, minutes)) }
            instant = instant + step
        }
        return offsets
    }

    /// The time of day: `11:12:55.000`.
    func timeOfDay(_ instant: CaptureInstant, decimals: Int) -> String {
        let text = text(instant, decimals: decimals)
        return String(text.dropFirst(11).prefix(decimals == 0 ? 8 : 9 + decimals))
    }

    /// The date: `2026-07-29`.
    func date(_ instant: CaptureInstant) -> String { String(text(instant, decimals: 0).prefix(10)) }

    /// RFC 3339 with 0 to 9 decimals, the rest cut off: `2026-07-29T11:12:55.000+02:00`.
    package func text(_ instant: CaptureInstant, decimals: Int = 3) -> String {
        let minutes = offset.map { Int64($0(instant)) / 60 } ?? 0
        let shifted = TimeSpan(nanoseconds: instant.nanoseconds) + .seconds(60 * minutes)
        let time = CalendarTime(nanosecondsSince1970: shifted.nanoseconds)
        let fraction = decimals == 0 ? "" : "." + decimal(time.nanosecond, digits: 9).prefix(decimals)
        guard offset != nil else { return time.text + fraction + "Z" }
        let magnitude = minutes.magnitude
        let zone = decimal(magnitude / 60, digits: 2) + ":" + decimal(magnitude % 60, digits: 2)
        return time.text + fraction + (minutes < 0 ? "-" : "+") + zone
    }
}
