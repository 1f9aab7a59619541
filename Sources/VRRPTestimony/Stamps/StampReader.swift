internal import VRRPFacts
internal import VRRPWire

/// Reads the times that lines of logs begin with.
///
/// The forms are those of syslog (RFC 3164 section 4.1.2 and RFC 5424 section 6.2.3), of `journalctl -o short`, `short-iso`,
/// `short-full` and `short-unix`, of keepalived's console and log file (`vlog_message` in logger.c), and of FRR (`zlog_ts`
/// in zlog.c).
enum StampReader {
    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ].map { Array($0.utf8) }
    private static let weekdays = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"].map { Array($0.utf8) }

    /// Reads the times at the start of a line, of which there are several where one program wrote down what another said.
    ///
    /// - Returns: the most precise one, and the rest of the line behind all of them.
    static func read(_ line: ArraySlice<UInt8>) -> (stamp: Stamp?, rest: ArraySlice<UInt8>) {
        var cursor = ByteCursor(line)
        takePriority(&cursor)
        var best: Stamp?
        while true {
            var attempt = cursor
            guard let stamp = stamp(&attempt) else { break }
            if best.map({ rank(stamp) > rank($0) }) ?? true { best = stamp }
            cursor = attempt
            _ = cursor.take(":")
            cursor.takeSpaces()
        }
        return (best, cursor.rest)
    }

    /// A stamp that states more is better, and of those alike the finer one.
    private static func rank(_ stamp: Stamp) -> (Int, Int64) {
        ((stamp.zone == nil ? 0 : 1) + (stamp.hasYear ? 1 : 0), -stamp.resolution.nanoseconds)
    }

    /// Passes over `<30>` and `<30>1 `.
    private static func takePriority(_ cursor: inout ByteCursor) {
        var attempt = cursor
        guard attempt.take("<"), attempt.number(1...3) != nil, attempt.take(">") else { return }
        cursor = attempt
        if attempt.take("1"), attempt.takeSpaces() { cursor = attempt }
    }

    private static func stamp(_ cursor: inout ByteCursor) -> Stamp? {
        for form in [numeric, byName] {
            var attempt = cursor
            guard let stamp = form(&attempt) else { continue }
            cursor = attempt
            return stamp
        }
        return nil
    }

    // MARK: Forms

    /// `1795345476.100042`, `2026-11-22T11:04:36.1+01:00`, `2026-11-22 11:04:36,100`, `2026/11/22 11:04:36`.
    private static func numeric(_ cursor: inout ByteCursor) -> Stamp? {
        guard let number = cursor.number(4...11) else { return nil }
        if number > 99_999_999, let next = cursor.next, next == UInt8(ascii: ".") || next == UInt8(ascii: " ") {
            let (fraction, resolution) = fraction(&cursor)
            guard cursor.next == UInt8(ascii: " ") else { return nil }
            return Stamp(clock: .seconds(number) + fraction, zone: .zero, resolution: resolution)
        }
        let separator: Unicode.Scalar = cursor.next == UInt8(ascii: "/") ? "/" : "-"
        guard number <= 9999, cursor.take(separator), let month = cursor.number(2...2), cursor.take(separator),
            let day = cursor.number(2...2), cursor.take("T") || cursor.takeSpaces()
        else { return nil }
        return time(on: CalendarDate(year: number, month: month, day: day), hasYear: true, &cursor)
    }

    /// `Nov 22 11:04:36`, `Sun Nov 22 11:04:36.123456789 2026`, `Sun 2026-11-22 11:04:36 UTC`.
    private static func byName(_ cursor: inout ByteCursor) -> Stamp? {
        if cursor.word(of: weekdays) != nil {
            guard cursor.takeSpaces() else { return nil }
            if let digit = cursor.next, ByteCursor.digit(digit) != nil { return numeric(&cursor) }
        }
        guard let month = cursor.word(of: months), cursor.takeSpaces(), let day = cursor.number(1...2),
            cursor.takeSpaces()
        else { return nil }
        let date = CalendarDate(year: Stamp.yearWithout, month: month, day: day)
        guard var stamp = time(on: date, hasYear: false, &cursor) else { return nil }
        var attempt = cursor
        if attempt.takeSpaces(), let year = attempt.number(4...4), year >= 1970,
            attempt.isAtEnd || attempt.next == UInt8(ascii: ":") || attempt.next == UInt8(ascii: " "),
            let days = CalendarDate(year: year, month: month, day: day).daysSince1970,
            let plain = date.daysSince1970
        {
            stamp.clock = stamp.clock + .seconds(86_400) * (days - plain)
            stamp.hasYear = true
            cursor = attempt
        }
        return stamp
    }

    /// The time of day, its fraction, and its zone.
    private static func time(on date: CalendarDate, hasYear: Bool, _ cursor: inout ByteCursor) -> Stamp? {
        guard let days = date.daysSince1970, let hour = cursor.number(2...2), hour < 24, cursor.take(":"),
            let minute = cursor.number(2...2), minute < 60, cursor.take(":"), let second = cursor.number(2...2),
            second <= 60
        else { return nil }
        let (fraction, resolution) = fraction(&cursor)
        let clock = TimeSpan.seconds(days * 86_400 + hour * 3600 + minute * 60 + second) + fraction
        return Stamp(clock: clock, zone: zone(&cursor), hasYear: hasYear, resolution: resolution)
    }

    /// `.123456` or `,123`; digits behind the ninth are passed over.
    private static func fraction(_ cursor: inout ByteCursor) -> (TimeSpan, TimeSpan) {
        var attempt = cursor
        guard attempt.take(".") || attempt.take(",") else { return (.zero, .seconds(1)) }
        let start = attempt.place
        guard var value = attempt.number(1...9) else { return (.zero, .seconds(1)) }
        var step: Int64 = 1
        for _ in attempt.place - start..<9 {
            value *= 10
            step *= 10
        }
        while let digit = attempt.next, ByteCursor.digit(digit) != nil { attempt.place += 1 }
        cursor = attempt
        return (TimeSpan(nanoseconds: value), TimeSpan(nanoseconds: step))
    }

    /// `Z`, ` UTC`, `+0100`, `+01:00`; other names of zones mean one thing here and another there.
    private static func zone(_ cursor: inout ByteCursor) -> TimeSpan? {
        if cursor.take("Z") { return .zero }
        var attempt = cursor
        if attempt.takeSpaces() {
            for name in ["UTC", "GMT"] where attempt.rest.starts(with: name.utf8) {
                attempt.place += 3
                guard attempt.isAtEnd || attempt.next == UInt8(ascii: " ") else { continue }
                cursor = attempt
                return .zero
            }
            return nil
        }
        let isWest = attempt.take("-")
        guard isWest || attempt.take("+"), let hours = attempt.number(2...2) else { return nil }
        _ = attempt.take(":")
        let minutes = attempt.number(2...2) ?? 0
        cursor = attempt
        return .seconds((isWest ? -1 : 1) * (hours * 3600 + minutes * 60))
    }
}
