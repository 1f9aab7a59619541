package import VRRPWire

/// The relation of a clock to that of the first point: how far it is ahead, by the frames that it stamped.
package struct ClockCurve: Hashable, Sendable {
    /// A stretch in which the clock runs evenly.
    package struct Piece: Hashable, Sendable {
        /// The place of the file among those of its point, and the number of the first frame there.
        var file: Int
        var number: Int
        /// An instant of the clock, and the nanoseconds by which it is ahead then.
        var start: Int64
        var offset: Int64
        /// The nanoseconds that it gains in a second.
        var gain: Double
    }

    /// In order; empty for a clock that is not ahead.
    var pieces: [Piece] = []

    /// Whether the clock is that of the first point.
    package var isZero: Bool { pieces.allSatisfy { $0.offset == 0 && $0.gain == 0 } }

    init(_ pieces: [Piece] = []) {
        self.pieces = pieces
    }

    /// The difference of clocks up to which they count as one where the end of a capture is concerned.
    private static let nearness = TimeSpan.milliseconds(10)

    /// Whether several clocks show one instant as about the same.
    static func areNear(_ instants: [CaptureInstant]) -> Bool {
        guard let first = instants.min(), let last = instants.max() else { return true }
        return last - first <= nearness
    }

    /// Whether clocks say about the same from an instant on, where each of their pieces begins and an hour later.
    package static func areNear(_ curves: [ClockCurve], from instant: CaptureInstant) -> Bool {
        let starts = curves.flatMap(\.pieces).map { CaptureInstant(nanoseconds: $0.start) } + [instant]
        return starts.flatMap { [$0, $0 + .seconds(3600)] }.allSatisfy { start in
            areNear(curves.map { $0.corrected(start, file: .max, number: .max) })
        }
    }

    /// The instant of a frame by the first point's clock.
    package func corrected(_ instant: CaptureInstant, file: Int, number: Int) -> CaptureInstant {
        guard let first = pieces.first else { return instant }
        var piece = first
        for other in pieces.dropFirst() {
            guard (other.file, other.number) <= (file, number) else { break }
            piece = other
        }
        return CaptureInstant(nanoseconds: instant.nanoseconds &- piece.ahead(at: instant.nanoseconds))
    }
}

extension ClockCurve.Piece {
    /// The nanoseconds by which the clock is ahead at an instant of it.
    func ahead(at instant: Int64) -> Int64 {
        let elapsed = Double(instant &- start) / 1e9 * gain
        return offset &+ (elapsed.magnitude < 1e15 ? Int64(elapsed.rounded()) : 0)
    }
}
