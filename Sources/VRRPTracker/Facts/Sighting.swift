package import VRRPWire

/// The place where a fact can be looked up: a capture and a frame in it.
///
/// Kept in one word, because every fact holds several: 20 bits for the capture and 44 for the frame. The highest number
/// of either also stands for all higher ones.
public struct FrameReference: Hashable, Sendable {
    @inlinable static var mostCaptures: Int { 1 << 20 }
    @inlinable static var mostFrames: Int { 1 << 44 }

    @usableFromInline var bits: UInt64

    @inlinable
    public init(capture: Int, frame: Int) {
        let capture = UInt64(min(max(capture, 0), Self.mostCaptures - 1))
        bits = capture << 44 | UInt64(min(max(frame, 0), Self.mostFrames - 1))
    }

    /// The capture's position among the sources, from 0.
    @inlinable public var capture: Int { Int(bits >> 44) }

    /// The frame's number in its capture, from 1, as Wireshark counts.
    @inlinable public var frame: Int { Int(bits & (1 << 44 - 1)) }
}

/// The instant and the place at which a frame was seen.
package struct Sighting: Hashable, Sendable {
    package var reference: FrameReference
    package var instant: CaptureInstant
    /// The interface's position within its capture, from 0.
    package var interface: Int
    /// The number of the sensor's interface among those of all sensors; −1 where sensors are not told apart.
    private var sensorPlace: Int32 = -1
    /// The observer that saw it.
    ///
    /// Captures that continue others, as the files of a ring buffer do, share the observer of the first.
    package var observer: Int
    /// The observer whose clock stamps it: that of the first point where the clocks are compared, else its own.
    package var clock: Int
    /// The result of checking the frame against the given keys, where there are any.
    package var verification = Verification.unchecked

    package init(
        _ reference: FrameReference,
        at instant: CaptureInstant,
        interface: Int = 0,
        observer: Int? = nil
    ) {
        self.reference = reference
        self.observer = observer ?? reference.capture
        clock = self.observer
        self.instant = instant
        self.interface = interface
    }

    /// The number by which segments tell interfaces apart: that of the sensor's interface, see ``SegmentMap``, or ``interface``
    /// where sensors are not told apart.
    package var place: Int {
        get { sensorPlace < 0 ? interface : Int(sensorPlace) }
        set { sensorPlace = Int32(clamping: newValue) }
    }
}

/// The number of times that something happened, with references to the first ones and the last.
package struct Occurrences: Hashable, Sendable {
    /// The number of references that are kept besides the last one.
    package static let kept = 8

    package private(set) var count = 0
    package private(set) var start: CaptureInstant
    package private(set) var end: CaptureInstant
    package private(set) var evidence: [FrameReference] = []
    package private(set) var last: FrameReference

    package init(_ sighting: Sighting) {
        start = sighting.instant
        end = sighting.instant
        last = sighting.reference
        add(sighting)
    }

    package mutating func add(_ sighting: Sighting) {
        count += 1
        end = max(end, sighting.instant)
        last = sighting.reference
        if evidence.count < Self.kept { evidence.append(sighting.reference) }
    }

    /// The references kept, the last occurrence included.
    package var references: [FrameReference] {
        evidence.contains(last) ? evidence : evidence + [last]
    }
}
