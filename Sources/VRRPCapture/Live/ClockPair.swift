internal import Glibc
package import VRRPWire

/// The system's two clocks read together.
struct ClockPair: Sendable {
    var realtime: CaptureInstant
    var monotonic: TimeSpan

    static func now() -> Self {
        var pair = Self(realtime: CaptureInstant(nanoseconds: 0), monotonic: .zero)
        // A thread that is put to sleep between the readings would look like a clock step: try again then.
        for _ in 0..<4 {
            let before = read(CLOCK_MONOTONIC)
            let realtime = read(CLOCK_REALTIME)
            let after = read(CLOCK_MONOTONIC)
            pair = Self(realtime: CaptureInstant(nanoseconds: realtime), monotonic: TimeSpan(nanoseconds: after))
            if after - before < 1_000_000 { break }
        }
        return pair
    }

    /// The distance that the system's clock moved beyond the time that passed.
    func step(since earlier: Self) -> TimeSpan {
        (realtime - earlier.realtime) - (monotonic - earlier.monotonic)
    }

    fileprivate static func read(_ clock: clockid_t) -> Int64 {
        var time = timespec()
        _ = unsafe clock_gettime(clock, &time)
        return Int64(time.tv_sec) &* 1_000_000_000 &+ Int64(time.tv_nsec)
    }
}

extension CaptureInstant {
    /// The time of the system's clock.
    package static var now: Self { Self(nanoseconds: ClockPair.read(CLOCK_REALTIME)) }
}
