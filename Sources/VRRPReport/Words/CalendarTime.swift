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

    /// The date and time of day, by the nanoseconds from the start of 1970.
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
