import VRRPWire

/// The state of one router's connection.
struct Path {
    var hasLink = true
    /// Whether its process runs.
    var isStalled = false
    /// Losses of 100.
    var inboundLoss = 0
    var outboundLoss = 0
    /// Whether it is in the half that was moved away.
    var isParted = false
}

extension SplitMix64 {
    /// A span from one to another.
    mutating func span(_ least: TimeSpan, _ most: TimeSpan) -> TimeSpan {
        guard least < most else { return least }
        return TimeSpan(nanoseconds: Int64.random(in: least.nanoseconds...most.nanoseconds, using: &self))
    }

    /// Whether something happens that does in so many of `all` cases.
    mutating func chance(_ cases: Int, of all: Int) -> Bool {
        cases > 0 && Int.random(in: 0..<all, using: &self) < cases
    }
}
