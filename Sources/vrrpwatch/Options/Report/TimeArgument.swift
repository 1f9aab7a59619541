internal import VRRPWire

/// A point in time as people type it: with a date and an offset from UTC, or without either.
///
/// `2026-07-29T03:10:00.250+02:00`, `2026-07-29 03:10`, `03:10:00`. Without an offset it is meant in the zone shown,
/// without a date it is the first such time of day from the beginning of the capture on.
struct TimeArgument: Equatable {
    /// Days since 1970-01-01; `nil` without a date.
    private var day: Int64?
    private var timeOfDay: TimeSpan
    /// Seconds east of UTC; `nil` without an offset.
    private var offset: Int64?

    init?(_ text: String) {
        let pattern =
            /(?:(\d{4})-(\d\d)-(\d\d)[Tt ])?(\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,9}))?)?([Zz]|[+\-]\d\d:\d\d)?/
        guard let match = text.wholeMatch(of: pattern) else { return nil }
        guard let hour = Int64(match.4), let minute = Int64(match.5), hour < 24, minute < 60 else { return nil }
        let second = match.6.flatMap { Int64($0) } ?? 0
        guard second < 61 else { return nil }
        let fraction = match.7.map(String.init) ?? ""
        let padded = fraction + String(repeating: "0", count: 9 - fraction.count)
        timeOfDay = .seconds(hour * 3600 + minute * 60 + second) + TimeSpan(nanoseconds: Int64(padded) ?? 0)
        if let year = match.1.flatMap({ Int64($0) }), let month = match.2.flatMap({ Int64($0) }),
            let day = match.3.flatMap({ Int64($0) })
        {
            guard (1...12).contains(month), (1...Self.length(of: month, year)).contains(day) else { return nil }
            self.day = Self.days(year, month, day)
        }
        if let zone = match.8 {
            guard zone.lowercased() != "z" else {
                offset = 0
                return
            }
            let parts = zone.dropFirst().split(separator: ":").compactMap { Int64($0) }
            guard parts.count == 2, parts[0] < 24, parts[1] < 60 else { return nil }
            offset = (zone.hasPrefix("-") ? -1 : 1) * (parts[0] * 3600 + parts[1] * 60)
        }
    }

    /// The instant meant; without a date, in the day that begins at `start`.
    func instant(after start: CaptureInstant?, _ secondsFromUTC: (CaptureInstant) -> Int) -> CaptureInstant {
        let dayLength = TimeSpan.seconds(86_400)
        guard let day else {
            let start = start ?? CaptureInstant(nanoseconds: 0)
            let shift = TimeSpan.seconds(offset ?? Int64(secondsFromUTC(start)))
            let local = (start + shift).nanoseconds
            let remainder = local % dayLength.nanoseconds
            let midnight = local - (remainder < 0 ? remainder + dayLength.nanoseconds : remainder)
            let instant = CaptureInstant(nanoseconds: midnight) + timeOfDay - shift
            // A time of day that names no second means the whole of it, so one just before the start is that day's.
            return instant + .seconds(60) <= start ? instant + dayLength : instant
        }
        let local = CaptureInstant(nanoseconds: 0) + dayLength * day + timeOfDay
        if let offset { return local - .seconds(offset) }
        // The offset in force at the instant itself, found from the one in force nearby.
        let guess = local - .seconds(Int64(secondsFromUTC(local)))
        return local - .seconds(Int64(secondsFromUTC(guess)))
    }

    private static func length(of month: Int64, _ year: Int64) -> Int64 {
        switch month {
        case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    /// Days since 1970-01-01, by Hinnant's "chrono-compatible low-level date algorithms", `days_from_civil`.
    private static func days(_ year: Int64, _ month: Int64, _ day: Int64) -> Int64 {
        let year = month <= 2 ? year - 1 : year
        let era = year / 400
        let yearOfEra = year - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        return era * 146_097 + dayOfEra - 719_468
    }
}
