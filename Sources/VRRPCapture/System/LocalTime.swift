internal import Glibc
package import VRRPWire

/// The time zone that `TZ` or the system names.
package struct LocalTime: Sendable {
    /// Reads the zone, while its file may still be read.
    package init() {
        tzset()
    }

    /// The time by which its clocks are ahead of UTC at an instant.
    package func secondsFromUTC(at instant: CaptureInstant) -> Int {
        var seconds = time_t(instant.nanoseconds / 1_000_000_000)
        var parts = unsafe tm()
        // It fails only for years that no int holds.
        guard unsafe localtime_r(&seconds, &parts) != nil else { return 0 }
        return unsafe parts.tm_gmtoff
    }
}
