internal import VRRPFacts
package import VRRPWire

/// A calendar date and time of day, by the proleptic Gregorian calendar.
struct CalendarTime: Equatable {
    var date: CalendarDate
    var hour: Int64
    var minute: Int64
    var second: Int64
    var nanosecond: Int64

    /// The date and time of day, by the nanoseconds from the start of 1970.
    init(nanosecondsSince1970 nanoseconds: Int64) {
        let (seconds, nanosecond) = Self.floored(nanoseconds, by: 1_000_000_000)
        let (days, secondOfDay) = Self.floored(seconds, by: 86_400)
        self.nanosecond = nanosecond
        hour = secondOfDay / 3600
        minute = secondOfDay / 60 % 60
        second = secondOfDay % 60
        date = CalendarDate(daysSince1970: days)
    }

    private static func floored(_ value: Int64, by divisor: Int64) -> (quotient: Int64, remainder: Int64) {
        let (quotient, remainder) = value.quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
    }

    /// `2026-07-29T09:12:55`, without a fraction and an offset.
    var text: String {
        decimal(date.year, digits: 4) + "-" + decimal(date.month, digits: 2) + "-" + decimal(date.day, digits: 2) + "T"
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
