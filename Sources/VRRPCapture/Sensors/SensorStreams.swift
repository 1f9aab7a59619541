internal import VRRPFacts
internal import VRRPWire

/// The streams of sensors whose sections a file holds, and what of them is missing or there twice.
///
/// Each start of a sensor numbers the packets that it takes from 0. The header of a section says which number comes first,
/// and each heartbeat says how many there were. So a hole is known as a hole, whatever was lost between the sensor and the
/// reader, and packets that were read already are known by their numbers.
struct SensorStreams {
    /// The most starts of sensors that are followed in a file; sections of others are read as those of no sensor.
    static let limit = 1024
    /// The most interfaces of a start whose counters are followed; losses on others are not told.
    static let interfaceLimit = 256

    /// The part of a stream that was read.
    private struct Stream {
        /// The number of the first packet of its first section.
        let first: UInt64
        /// The number of the next packet that was not read yet.
        var next: UInt64
        /// The latest instant up to which the sensor has told everything.
        var covered: CaptureInstant?
        /// By interface of the file.
        var counters: [Int: Counter] = [:]
    }

    /// The latest heartbeat of an interface.
    private struct Counter {
        var heartbeat: UInt64
        var drops: UInt64
        var instant: CaptureInstant
    }

    /// The section that is read.
    private struct Section {
        var sensor: Sensor
        /// The number of its next packet when so many frames of the file were read.
        var next: UInt64
        var frames: Int
        /// The packets of the section that were read before.
        var repeated: UInt64 = 0
    }

    /// A stretch that ends with the next instant that is read.
    private struct Hole {
        var start: CaptureInstant?
        var reason: BlindSpot.Reason
    }

    private var streams: [Sensor: Stream] = [:]
    private var section: Section?
    private var hole: Hole?
    /// Whether a section is of no sensor that is followed.
    private var hasOtherSections = false

    /// The sensor of the section that is read.
    var sensor: Sensor? { section?.sensor }

    /// The part of the only stream that was read, when so many frames of the file were; `nil` where there is none, or others
    /// are beside it.
    func extent(_ frames: Int) -> SensorExtent? {
        guard streams.count == 1, !hasOtherSections, let (sensor, stream) = streams.first else { return nil }
        let end = section == nil ? stream.next : max(stream.next, number(behind: frames))
        return SensorExtent(name: sensor.name, boot: sensor.boot, packets: min(stream.first, end)..<end)
    }

    /// Ends the section that is read.
    ///
    /// - Parameters:
    ///   - frames: the number of frames of the file that were read.
    ///   - instant: the instant of the latest.
    /// - Returns: the number of packets in the section that were read before, and the sensor.
    mutating func endSection(_ frames: Int, at instant: CaptureInstant) -> (repeated: UInt64, sensor: Sensor)? {
        guard let section else { return nil }
        settle(frames, at: instant)
        self.section = nil
        return (section.repeated, section.sensor)
    }

    /// Begins a section, and returns the number of packets that are missing before it.
    mutating func beginSection(_ position: SensorPosition?, _ frames: Int) -> UInt64 {
        guard let position, streams[position.sensor] != nil || streams.count < Self.limit else {
            hasOtherSections = true
            return 0
        }
        let known = streams[position.sensor]
        section = Section(sensor: position.sensor, next: position.packet, frames: frames)
        guard let known else {
            // The sensor was started anew, or this is the first that is read of it.
            let ends = streams.filter { $0.key.name == position.sensor.name }.compactMap(\.value.covered)
            if let end = ends.max() { hole = Hole(start: end, reason: .betweenFiles) }
            streams[position.sensor] = Stream(first: position.packet, next: position.packet)
            return 0
        }
        guard position.packet > known.next else { return 0 }
        let missing = position.packet - known.next
        hole = Hole(start: known.covered, reason: .dropped(Int(clamping: missing)))
        streams[position.sensor]?.next = position.packet
        return missing
    }

    /// Whether the packet behind so many frames of the file was read before; notes that it was.
    mutating func isRepeated(behind frames: Int) -> Bool {
        guard let section, let stream = streams[section.sensor], number(behind: frames) < stream.next else {
            return false
        }
        self.section?.repeated += 1
        return true
    }

    /// The stretch before an instant that nothing is known of, once.
    mutating func takeHole(before instant: CaptureInstant) -> BlindSpot? {
        guard let hole else { return nil }
        self.hole = nil
        return BlindSpot(from: hole.start ?? instant, to: instant, hole.reason)
    }

    /// The losses that a heartbeat shows.
    struct Finding {
        /// The packets that are missing between it and the heartbeat before.
        var missing: UInt64 = 0
        /// The frames that the interface lost since its heartbeat before.
        var dropped: UInt64 = 0
        /// The instant of the heartbeat before; `nil` for the first.
        var since: CaptureInstant?
    }

    /// Takes the heartbeat of an interface.
    ///
    /// - Parameters:
    ///   - position: its place in the stream.
    ///   - instant: its time.
    ///   - drops: the frames that the interface lost since the sensor's start.
    ///   - interface: the interface's number in the file.
    ///   - frames: the number of frames of the file that were read.
    /// - Returns: what it shows; `nil` where it was read before, or where the section is of no sensor.
    mutating func take(
        _ position: HeartbeatPosition,
        at instant: CaptureInstant,
        drops: UInt64,
        on interface: Int,
        _ frames: Int
    ) -> Finding? {
        guard let sensor = section?.sensor, let stream = streams[sensor] else { return nil }
        let before = stream.counters[interface]
        guard before != nil || stream.counters.count < Self.interfaceLimit else { return nil }
        if let before, position.number <= before.heartbeat { return nil }
        settle(frames, at: nil)
        var finding = Finding(since: before?.instant ?? stream.covered)
        let next = number(behind: frames)
        if position.packets > next {
            finding.missing = position.packets - next
            section?.next = position.packets
            section?.frames = frames
            streams[sensor]?.next = max(stream.next, position.packets)
        }
        // Counters begin with the sensor; the first heartbeat that is read of a later one tells nothing of this file.
        let known = before?.drops ?? (position.number == 1 ? 0 : drops)
        finding.dropped = drops - min(drops, known)
        streams[sensor]?.counters[interface] = Counter(heartbeat: position.number, drops: drops, instant: instant)
        streams[sensor]?.covered = max(stream.covered ?? instant, instant)
        return finding
    }

    /// The number of the packet behind so many frames of the file.
    private func number(behind frames: Int) -> UInt64 {
        guard let section else { return 0 }
        return section.next + UInt64(max(0, frames - section.frames))
    }

    /// Notes how far the stream of the section was read.
    private mutating func settle(_ frames: Int, at instant: CaptureInstant?) {
        guard let section, let stream = streams[section.sensor] else { return }
        let next = max(stream.next, number(behind: frames))
        streams[section.sensor]?.next = next
        guard let instant, frames > section.frames else { return }
        streams[section.sensor]?.covered = max(stream.covered ?? instant, instant)
    }
}
