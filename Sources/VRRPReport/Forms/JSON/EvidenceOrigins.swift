internal import VRRPFacts
internal import VRRPTracker

/// The origins of the frames of extracts, for those who write evidence as JSON.
package struct EvidenceOrigins: Sendable {
    /// The origins by the position of the capture; empty where no capture is an extract.
    private let captures: [FrameOrigins]

    /// The origins of frames of captures that are no extracts.
    package static let none = EvidenceOrigins([])

    /// Takes the origins of all captures, in the order of their positions.
    init(_ captures: [FrameOrigins]) { self.captures = captures.allSatisfy(\.isEmpty) ? [] : captures }

    /// The frames as JSON: capture and number of each, and the origin, `null` for none.
    func json(of frames: [FrameReference]) -> JSONValue {
        .array(
            frames.map { frame in
                .object([
                    ("capture", JSONValue(frame.capture)), ("frame", JSONValue(frame.frame)),
                    ("origin", origin(of: frame)),
                ])
            }
        )
    }

    private func origin(of frame: FrameReference) -> JSONValue {
        guard captures.indices.contains(frame.capture),
            let origin = captures[frame.capture].origin(of: frame.frame)
        else { return .null }
        return .object([("file", .string(origin.file)), ("frame", JSONValue(origin.frame))])
    }
}
