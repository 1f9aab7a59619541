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
        var bytes: [UInt8] = []
        appendText(to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Appends ``text``.
    func appendText(to bytes: inout [UInt8]) {
        bytes.append(date.year, digits: 4)
        bytes.append(UInt8(ascii: "-"))
        bytes.append(date.month, digits: 2)
        bytes.append(UInt8(ascii: "-"))
        bytes.append(date.day, digits: 2)
        bytes.append(UInt8(ascii: "T"))
        bytes.append(hour, digits: 2)
        bytes.append(UInt8(ascii: ":"))
        bytes.append(minute, digits: 2)
        bytes.append(UInt8(ascii: ":"))
        bytes.append(second, digits: 2)
    }
}

extension CaptureInstant {
    /// RFC 3339 in UTC with nine decimals: `2026-07-29T09:12:55.000000001Z`.
    package var utcText: String {
        var bytes: [UInt8] = []
        appendUTCText(to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Appends ``utcText``.
    func appendUTCText(to bytes: inout [UInt8]) {
        let time = CalendarTime(nanosecondsSince1970: nanoseconds)
        time.appendText(to: &bytes)
        bytes.append(UInt8(ascii: "."))
        bytes.append(time.nanosecond, digits: 9)
        bytes.append(UInt8(ascii: "Z"))
    }
}

extension [UInt8] {
    /// Appends a decimal number with zeros in front up to a number of digits.
    fileprivate mutating func append(_ number: Int64, digits: Int) {
        guard number >= 0, number < 10_000_000_000 else {
            append(contentsOf: decimal(number, digits: digits).utf8)
            return
        }
        var scale: Int64 = 1
        var places = 1
        while places < digits || number / scale >= 10 { (scale, places) = (scale * 10, places + 1) }
        while scale > 0 {
            append(UInt8(ascii: "0") + UInt8(number / scale % 10))
            scale /= 10
        }
    }
}
