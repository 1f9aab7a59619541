internal import VRRPFacts
internal import VRRPTracker
internal import VRRPWire

extension Observation {
    /// Returns the part of a stretch of time that the captures could see.
    ///
    /// Loss that cannot be placed counts as seen.
    func sightedTime(from start: CaptureInstant, to end: CaptureInstant) -> TimeSpan {
        let spots = blindSpots.filter { $0.observer == nil }.map { (max($0.start, start), min($0.end, end)) }.filter {
            $0.0 < $0.1
        }
        .sorted { $0.0 < $1.0 }
        var seen = end - start
        var until = start
        for (from, to) in spots where to > until {
            seen = seen - (to - max(from, until))
            until = to
        }
        return seen
    }
}
