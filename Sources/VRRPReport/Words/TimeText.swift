package import VRRPWire

/// A calendar date and time of day, by the proleptic Gregorian calendar.
struct CalendarTime: Equatable {
    var year: Int64
    var month: Int64
    var day: Int64
    var hour: Int64
    var minute: Int64
    var second: Int64
    var nanosecond: Int64

    /// The date and time of day, so many nanoseconds from the start of 1970.
    ///
    /// The date is found in eras of 400 years of 146,097 days, with years that begin in March so that the leap day is the
    /// last (H. Hinnant, "chrono-compatible low-level date algorithms", `civil_from_days`).
    init(nanosecondsSince1970 nanoseconds: Int64) {
        let (seconds, nanosecond) = Self.floored(nanoseconds, by: 1_000_000_000)
        let (days, secondOfDay) = Self.floored(seconds, by: 86_400)
        self.nanosecond = nanosecond
        hour = secondOfDay / 3600
        minute = secondOfDay / 60 % 60
        second = secondOfDay % 60

        let (era, dayOfEra) = Self.floored(days + 719_468, by: 146_097)
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let monthFromMarch = (5 * dayOfYear + 2) / 153
        day = dayOfYear - (153 * monthFromMarch + 2) / 5 + 1
        month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
        year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    }

    private static func floored(_ value: Int64, by divisor: Int64) -> (quotient: Int64, remainder: Int64) {
        let (quotient, remainder) = value.quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
    }

    /// `2026-07-29T09:12:55`, without a fraction and an offset.
    var text: String {
        decimal(year, digits: 4) + "-" + decimal(month, digits: 2) + "-" + decimal(day, digits: 2) + "T"
            + decimal(hour, digits: 2) + ":" + decimal(minute, digits: 2) + ":" + decimal(second, digits: 2)
    }
}

extension CaptureInstant {
    /// RFC 3339 in UTC with nine decimals: `2026-07-29T09:12:55.000000001Z`.
    package var utcText: String {
        let time = CalendarTime(nanosecondsSince1970: nanoseconds)
        return time.text + "." + decimal(time.nanosecond, digits: 9) + "Z"
    }
}

/// How instants are shown in text: a time zone as a function, since the zones themselves are the system's.
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

    /// How far local time is ahead of UTC, in whole minutes.
    func offset(at instant: CaptureInstant) -> TimeSpan {
        .seconds(60 * (offset.map { Int64($0(instant)) / 60 } ?? 0))
    }

    /// The time of day: `11:12:55.000`.
    func timeOfDay(_ instant: CaptureInstant, decimals: Int) -> String {
        let text = text(instant, decimals: decimals)
        return String(text.dropFirst(11).prefix(decimals == 0 ? 8 : 9 + decimals))
    }

    /// The date: `2026-07-29`.
    func date(_ instant: CaptureInstant) -> String { String(text(instant, decimals: 0).prefix(10)) }

    /// RFC 3339 with so many decimals, 0 to 9, the rest cut off: `2026-07-29T11:12:55.000+02:00`.
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
