internal import VRRPFacts
internal import VRRPWire

/// Points that were seen to go blind, as where the link of their host goes down: silence there proves nothing while no other
/// point captures.
struct Pauses {
    /// The number of frames in a pause that others saw and that this point shows as a rule.
    private static let witnesses = 2
    /// The shortest pause, in nanoseconds.
    private static let shortest: Int64 = 2_000_000_000
    /// Of more silences, the longest are looked at.
    private static let mostSilences = 64

    private let clocks: PointClocks

    init(_ clocks: PointClocks) {
        self.clocks = clocks
    }

    /// Adds to the blind stretches of each point the silences that are like its pauses, while it captures alone.
    func note(in vantage: inout Vantage) {
        guard vantage.hasSeveral, vantage.points.count <= Vantage.mostPoints else { return }
        let instants = clocks.sights.indices.map { point in
            clocks.sights[point].map { clocks.instant(of: $0, at: point) }.sorted()
        }
        let before = vantage
        for point in vantage.points.indices {
            let silences = zip(instants[point], instants[point].dropFirst())
                .filter { $1 - $0 >= Self.shortest }.map { (start: $0, end: $1) }
                .sorted { $0.end - $0.start > $1.end - $1.start }.prefix(Self.mostSilences)
            let known = silences.filter { isPause($0.start, $0.end, at: point, instants) }
            guard known.count > 1, let least = known.map({ $0.end - $0.start }).min() else { continue }
            for silence in silences where (silence.end - silence.start) * 4 >= least * 3 {
                let (start, end) = (
                    CaptureInstant(nanoseconds: silence.start), CaptureInstant(nanoseconds: silence.end)
                )
                let isAlone = before.points.indices.allSatisfy { other in
                    other == point || !(before.points[other].isOpen(at: start) && before.points[other].isOpen(at: end))
                }
                if isAlone { vantage.points[point].blind.append(VantagePoint.Stretch(from: start, to: end)) }
            }
            vantage.points[point].blind = VantagePoint.Stretch.joined(vantage.points[point].blind)
        }
    }

    /// Whether others saw frames of hosts in a silence of which the point shows frames at other times.
    private func isPause(_ start: Int64, _ end: Int64, at point: Int, _ instants: [[Int64]]) -> Bool {
        let shown = Set(clocks.sights[point].map(\.speaker))
        var count = 0
        for other in clocks.sights.indices where other != point {
            for sight in clocks.sights[other] where shown.contains(sight.speaker) {
                let instant = clocks.instant(of: sight, at: other)
                if instant > start + 100_000_000, instant < end - 100_000_000 { count += 1 }
            }
        }
        return count >= Self.witnesses
    }
}
