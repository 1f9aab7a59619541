internal import VRRPFacts
package import VRRPWire

/// A time as a log states it, which may lack the year and the zone.
package struct Stamp: Hashable, Sendable {
    /// The time since 1970-01-01T00:00:00 on a clock that shows what the log shows; without a year, that of 1972.
    package var clock: TimeSpan
    /// The time by which that clock is ahead of UTC; `nil` where the log does not say.
    package var zone: TimeSpan?
    package var hasYear: Bool
    /// The step in which the log tells time, the rest being cut off.
    package var resolution: TimeSpan

    package init(clock: TimeSpan, zone: TimeSpan?, hasYear: Bool = true, resolution: TimeSpan) {
        self.clock = clock
        self.zone = zone
        self.hasYear = hasYear
        self.resolution = resolution
    }

    /// The year in which a time without one lies: a leap year, so that every date has a place.
    static let yearWithout: Int64 = 1972

    /// The instant that is meant.
    ///
    /// - Parameters:
    ///   - reference: an instant that the log is about, in whose vicinity a time without a year lies.
    ///   - local: the time by which local time is ahead of UTC at an instant, for a log without a zone.
    /// - Returns: the instant.
    package func instant(
        near reference: CaptureInstant,
        local: (CaptureInstant) -> TimeSpan
    ) -> CaptureInstant {
        guard hasYear else {
            let date = CalendarDate(daysSince1970: CalendarDate.days(of: reference.nanoseconds))
            let candidates = (date.year - 1...date.year + 1).compactMap { year in
                moved(to: year).map { Stamp(clock: $0, zone: zone, resolution: resolution) }
            }
            let instants = candidates.map { $0.instant(near: reference, local: local) }
            return instants.min { ($0 - reference).magnitude < ($1 - reference).magnitude } ?? reference
        }
        let plain = CaptureInstant(nanoseconds: clock.nanoseconds)
        if let zone { return plain - zone }
        // The offset at the instant itself; the first guess may be on the other side of a change.
        let guess = plain - local(plain)
        return plain - local(guess)
    }

    /// The time in another year; `nil` for the 29th of February where there is none.
    private func moved(to year: Int64) -> TimeSpan? {
        let day = CalendarDate.days(of: clock.nanoseconds)
        var date = CalendarDate(daysSince1970: day)
        date.year = year
        guard let moved = date.daysSince1970 else { return nil }
        return clock + .seconds(86_400) * (moved - day)
    }
}
