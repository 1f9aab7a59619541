/// A length of time in whole nanoseconds.
///
/// All arithmetic saturates: times come from packets and files, and no input may trap.
public struct TimeSpan: Hashable, Comparable, Sendable {
    public var nanoseconds: Int64

    @inlinable
    public init(nanoseconds: Int64) {
        self.nanoseconds = nanoseconds
    }

    @inlinable public static var zero: Self { Self(nanoseconds: 0) }

    /// A whole number of seconds, as VRRPv2 states its intervals (RFC 3768 section 5.3.7).
    @inlinable
    public static func seconds(_ count: Int64) -> Self { Self(nanoseconds: 1_000_000_000) * count }

    @inlinable
    public static func milliseconds(_ count: Int64) -> Self { Self(nanoseconds: 1_000_000) * count }

    /// A whole number of centiseconds, as VRRPv3 states its intervals (RFC 9568 section 5.2.7).
    @inlinable
    public static func centiseconds(_ count: Int64) -> Self { Self(nanoseconds: 10_000_000) * count }

    /// The length in milliseconds, for output.
    public var milliseconds: Double { Double(nanoseconds) / 1e6 }

    /// The length in seconds, for output.
    @inlinable public var seconds: Double { Double(nanoseconds) / 1e9 }

    @inlinable
    public var magnitude: Self { nanoseconds < 0 ? .zero - self : self }

    @inlinable
    public static func < (left: Self, right: Self) -> Bool { left.nanoseconds < right.nanoseconds }

    @inlinable
    public static func + (left: Self, right: Self) -> Self {
        let (sum, overflow) = left.nanoseconds.addingReportingOverflow(right.nanoseconds)
        return Self(nanoseconds: overflow ? (right.nanoseconds < 0 ? .min : .max) : sum)
    }

    @inlinable
    public static func - (left: Self, right: Self) -> Self {
        let (difference, overflow) = left.nanoseconds.subtractingReportingOverflow(right.nanoseconds)
        return Self(nanoseconds: overflow ? (right.nanoseconds < 0 ? .max : .min) : difference)
    }

    @inlinable
    public static func * (left: Self, right: Int64) -> Self {
        let (product, overflow) = left.nanoseconds.multipliedReportingOverflow(by: right)
        return Self(nanoseconds: overflow ? ((left.nanoseconds < 0) == (right < 0) ? .max : .min) : product)
    }

    /// The quotient rounded toward zero; the divisor must not be zero.
    @inlinable
    public static func / (left: Self, right: Int64) -> Self { Self(nanoseconds: left.nanoseconds / right) }

    /// The quotient of two lengths as a number; the divisor must not be zero.
    @inlinable
    public static func / (left: Self, right: Self) -> Double { Double(left.nanoseconds) / Double(right.nanoseconds) }
}

/// A point in time as a capture states it: nanoseconds since 1970-01-01T00:00:00Z, without leap seconds.
///
/// Invariant: the value lies within 2^62 nanoseconds of the epoch (years 1823 to 2116), so that the difference of
/// any two instants is a ``TimeSpan``. Values from files that lie outside are clamped.
public struct CaptureInstant: Hashable, Comparable, Sendable {
    public let nanoseconds: Int64

    @inlinable static var limit: Int64 { 1 << 62 }

    @inlinable
    public init(nanoseconds: Int64) {
        self.nanoseconds = min(max(nanoseconds, -Self.limit), Self.limit)
    }

    @inlinable public static var distantPast: Self { Self(nanoseconds: .min) }
    @inlinable public static var distantFuture: Self { Self(nanoseconds: .max) }

    @inlinable
    public static func < (left: Self, right: Self) -> Bool { left.nanoseconds < right.nanoseconds }

    @inlinable
    public static func + (left: Self, right: TimeSpan) -> Self {
        Self(nanoseconds: (TimeSpan(nanoseconds: left.nanoseconds) + right).nanoseconds)
    }

    @inlinable
    public static func - (left: Self, right: TimeSpan) -> Self {
        Self(nanoseconds: (TimeSpan(nanoseconds: left.nanoseconds) - right).nanoseconds)
    }

    @inlinable
    public static func - (left: Self, right: Self) -> TimeSpan {
        TimeSpan(nanoseconds: left.nanoseconds) - TimeSpan(nanoseconds: right.nanoseconds)
    }
}
